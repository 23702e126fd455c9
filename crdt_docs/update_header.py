"""What a Yjs update (V1) is about, read without the engine: whose clocks it carries, what it needs, how deep it nests.

The engine sees an update only after this scan (rules UH in SPEC.md). Format: yjs UpdateDecoderV1, structs/Item.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from crdt_docs.encoding import Reader, encode_varuint
from crdt_docs.errors import ProtocolError

EMPTY_UPDATE = b"\x00\x00"
"""No structs, no deletions: what a client sends that has nothing new."""

MAX_CLOCK = (1 << 31) - 1
"""The engine counts clocks in 32 bits; a struct that claims a huge length must not make them overflow."""

_GC, _DELETED, _JSON, _BINARY, _STRING, _EMBED, _FORMAT, _TYPE, _ANY, _SKIP = 0, 1, 2, 3, 4, 5, 6, 7, 8, 10
HAS_ORIGIN, HAS_RIGHT_ORIGIN, HAS_PARENT_SUB = 0x80, 0x40, 0x20
_NAMED_TYPES = (3, 5)
"""Y.XmlElement and Y.XmlHook carry a name after their type number."""
_LAST_TYPE = 6

Range = tuple[int, int, int]
"""Client id, first clock, first clock after."""
Id = tuple[int, int]
"""Client id and clock."""


@dataclass(frozen=True, slots=True)
class TypeItem:
    """A shared type that an update brings, and what it was put beside or into."""

    place: Id
    parent: Id | None
    """None: a root, or known only from what it lies beside."""
    origin: Id | None
    right_origin: Id | None


@dataclass(slots=True)
class UpdateHeader:
    """Nobody changes it. It is not frozen, since one is made for every keystroke and that would take twice as long."""

    ranges: tuple[Range, ...]
    """The clocks this update brings, in the order of the bytes; a hole between two of them starts a new range."""
    deletions: tuple[Range, ...]
    needs: Mapping[int, int]
    """Per client the first clock after the last one that an item or a deletion refers to."""
    structs: int
    forward_references: tuple[tuple[int, int], ...] = ()
    """Items (client, clock) that lean on themselves or on a later item of the same client, which no editor produces."""
    types: tuple[TypeItem, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.ranges and not self.deletions

    def continues(self, clocks: Mapping[int, int]) -> bool:
        """Whether a document with these clocks can integrate all of it at once (rule UH4)."""
        if len(self.ranges) == 1:
            # A keystroke, told in few steps: it is asked several times about each.
            ((typing, start, end),) = self.ranges
            if start > clocks.get(typing, 0):
                return False
            for client, clock in self.needs.items():
                if clock > clocks.get(client, 0) and (client != typing or clock > end):
                    return False
            return True
        known: dict[int, int] = {}
        for client, start, end in sorted(self.ranges):
            have = known.get(client, clocks.get(client, 0))
            if start > have:
                return False
            known[client] = max(have, end)
        return all(clock <= max(known.get(client, 0), clocks.get(client, 0)) for client, clock in self.needs.items())

    def follows(self, clocks: Mapping[int, int]) -> bool:
        """Whether all that is new begins where these clocks end, as it does while somebody types."""
        for client, start, end in self.ranges:
            have = clocks.get(client, 0)
            if end > have and start != have:
                return False
        return self.continues(clocks)

    def is_known(self, clocks: Mapping[int, int]) -> bool:
        """Whether a document with these clocks has all its structs; says nothing about deletions."""
        for client, _, end in self.ranges:
            if end > clocks.get(client, 0):
                return False
        return True

    def bends_time(self, clocks: Mapping[int, int]) -> bool:
        """Whether an item that is new to these clocks leans on its own future: the engine could walk in circles."""
        if not self.forward_references:
            return False
        return any(clock >= clocks.get(client, 0) for client, clock in self.forward_references)

    def advance(self, clocks: dict[int, int]) -> None:
        """Note that a document with these clocks has integrated the update."""
        for client, _, end in self.ranges:
            if end > clocks.get(client, 0):
                clocks[client] = end


def read_update_header(update: bytes, *, max_structs: int, max_nesting: int, max_name_bytes: int) -> UpdateHeader:
    """Scan the whole update. Raise ProtocolError: it is malformed, too deep, or holds what the hub does not take."""
    if update == EMPTY_UPDATE:
        return UpdateHeader((), (), {}, 0)
    return UpdateScan(update, max_structs, max_nesting, max_name_bytes).run()


class UpdateScan:
    """One pass over an update. `crdt_docs.text_order` keeps the items that it passes over here."""

    __slots__ = (
        "client",
        "clock",
        "forward_references",
        "max_name_bytes",
        "max_nesting",
        "max_structs",
        "needs",
        "reader",
        "structs",
        "types",
    )

    def __init__(self, update: bytes, max_structs: int, max_nesting: int, max_name_bytes: int) -> None:
        self.reader = Reader(update)
        self.max_structs = max_structs
        self.max_nesting = max_nesting
        self.max_name_bytes = max_name_bytes
        self.needs: dict[int, int] = {}
        self.structs = 0
        self.client = self.clock = 0
        self.forward_references: list[tuple[int, int]] = []
        self.types: list[TypeItem] = []

    def run(self) -> UpdateHeader:
        ranges: list[Range] = []
        reader = self.reader
        for _ in range(reader.read_varuint()):
            self._client(ranges)
        deletions: list[Range] = []
        for _ in range(reader.read_varuint()):
            client = reader.read_varuint()
            for _ in range(reader.read_varuint()):
                self._count()
                start = reader.read_varuint()
                end = _bounded(start + reader.read_varuint())
                deletions.append((client, start, end))
                if end > self.needs.get(client, 0):
                    self.needs[client] = end
        if not reader.at_end:
            raise ProtocolError("invalid", "an update has bytes left over")
        return UpdateHeader(
            tuple(ranges),
            tuple(deletions),
            self.needs,
            self.structs,
            tuple(self.forward_references),
            tuple(self.types),
        )

    def _count(self) -> None:
        self.structs += 1
        if self.structs > self.max_structs:
            raise ProtocolError("too_large", f"an update has more than {self.max_structs} parts")

    def _client(self, ranges: list[Range]) -> None:
        reader = self.reader
        count = reader.read_varuint()
        client = reader.read_varuint()
        start = clock = _bounded(reader.read_varuint())
        for _ in range(count):
            self._count()
            info = reader.read_byte()
            content = info & 0x1F
            if content == _SKIP:
                if clock > start:
                    ranges.append((client, start, clock))
                start = clock = _bounded(clock + reader.read_varuint())
                continue
            self.client, self.clock = client, clock
            length = reader.read_varuint() if content == _GC else self._item(info, content)
            # An empty struct would let two structs share a clock, which the engine's search does not expect.
            if length == 0:
                raise ProtocolError("invalid", "an update has a part without length")
            clock = _bounded(clock + length)
        if clock > start:
            ranges.append((client, start, clock))

    def _item(self, info: int, content: int) -> int:
        reader = self.reader
        origin = self._refer() if info & HAS_ORIGIN else None
        right_origin = self._refer() if info & HAS_RIGHT_ORIGIN else None
        parent: Id | None = None
        if origin is None and right_origin is None:
            is_name = reader.read_varuint()
            if is_name == 1:
                self._name()
            elif is_name == 0:
                parent = self._refer()
            else:
                raise ProtocolError("invalid", "an update names a parent in an unknown way")
            if info & HAS_PARENT_SUB:
                self._name()
        if content == _TYPE:
            self.types.append(TypeItem((self.client, self.clock), parent, origin, right_origin))
        return self._content(content)

    def _refer(self) -> Id:
        client = self.reader.read_varuint()
        clock = _bounded(self.reader.read_varuint()) + 1
        if client == self.client and clock > self.clock:
            self.forward_references.append((client, self.clock))
        if clock > self.needs.get(client, 0):
            self.needs[client] = clock
        return client, clock - 1

    def _name(self) -> None:
        self.reader.read_string(self.max_name_bytes)

    def _content(self, content: int) -> int:
        """Pass over an item's content and return how many clocks it takes."""
        reader = self.reader
        if content == _STRING:
            data = reader.read_bytes(reader.end)
            # Yjs counts UTF-16 units, as JavaScript does.
            return len(data) if data.isascii() else len(_decode(data).encode("utf-16-le")) // 2
        if content == _DELETED:
            return reader.read_varuint()
        if content == _TYPE:
            kind = reader.read_varuint()
            if kind > _LAST_TYPE:
                raise ProtocolError("invalid", f"an update holds a shared type of unknown number {kind}")
            if kind in _NAMED_TYPES:
                self._name()
        elif content == _FORMAT:
            self._name()
            self._json()
        elif content == _EMBED:
            self._json()
        elif content == _ANY:
            count = reader.read_varuint()
            for _ in range(count):
                self._any()
            return count
        elif content == _JSON:
            count = reader.read_varuint()
            for _ in range(count):
                self._json()
            return count
        elif content == _BINARY:
            reader.skip(reader.read_varuint())
        else:
            # 9 is a document inside a document, 11 a move: no content of the hub has them.
            raise ProtocolError("invalid", f"an update holds content of unknown number {content}")
        return 1

    def _json(self) -> None:
        check_json_nesting(_decode(self.reader.read_bytes(self.reader.end)), self.max_nesting)

    def _any(self) -> None:
        """Pass over one lib0 "any" value (decoding.js readAny), without recursion."""
        reader = self.reader
        remaining: list[tuple[int, bool]] = [(1, False)]
        while remaining:
            count, keyed = remaining.pop()
            if count == 0:
                continue
            remaining.append((count - 1, keyed))
            if keyed:
                self._name()
            kind = reader.read_byte()
            if kind in (117, 118):
                if len(remaining) > self.max_nesting:
                    raise ProtocolError("invalid", f"a value nests deeper than {self.max_nesting}")
                remaining.append((reader.read_varuint(), kind == 118))
            elif kind == 119:
                _decode(reader.read_bytes(reader.end))
            elif kind == 125:
                reader.skip_varint()
            elif kind in (122, 123):
                reader.skip(8)
            elif kind == 124:
                reader.skip(4)
            elif kind == 116:
                reader.skip(reader.read_varuint())
            elif kind not in (120, 121, 126, 127):
                raise ProtocolError("invalid", f"a value has the unknown type {kind}")


def check_json_nesting(text: str, max_nesting: int) -> None:
    """Raise ProtocolError when brackets outside of strings nest deeper than allowed; does not parse."""
    if text.count("[") + text.count("{") <= max_nesting:
        return
    depth = 0
    in_string = escaped = False
    for character in text:
        if in_string:
            if escaped:
                escaped = False
            elif character == "\\":
                escaped = True
            elif character == '"':
                in_string = False
        elif character == '"':
            in_string = True
        elif character in "[{":
            depth += 1
            if depth > max_nesting:
                raise ProtocolError("invalid", f"a value nests deeper than {max_nesting}")
        elif character in "]}":
            depth -= 1


def covers(known: tuple[Range, ...], wanted: tuple[Range, ...]) -> bool:
    """Whether every wanted range lies inside the known ones."""
    by_client: dict[int, list[tuple[int, int]]] = {}
    for client, start, end in sorted(known):
        spans = by_client.setdefault(client, [])
        if spans and start <= spans[-1][1]:
            spans[-1] = (spans[-1][0], max(spans[-1][1], end))
        else:
            spans.append((start, end))
    return all(
        any(first <= start and end <= last for first, last in by_client.get(client, ()))
        for client, start, end in wanted
    )


def _decode(data: bytes) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise ProtocolError("invalid", "a text is not UTF-8") from None


def _bounded(clock: int) -> int:
    if clock > MAX_CLOCK:
        raise ProtocolError("invalid", "a clock is too large")
    return clock


def encode_deletion(client: int, clock: int, length: int) -> bytes:
    """An update that only deletes: the smallest thing a state vector does not show."""
    return b"\x00\x01" + b"".join(encode_varuint(n) for n in (client, 1, clock, length))
