"""A large update cut into small ones, each of which continues the one before, so that others need not wait for all.

Made where the update is tried, since it takes a pass over all of it in Python.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from crdt_docs.encoding import encode_varuint
from crdt_docs.limits import Limits
from crdt_docs.update_header import Range, UpdateHeader, UpdateScan

SLICE_STRUCTS = 4_000
"""The engine takes so many in some milliseconds."""
_GC, _SKIP = 0, 10


@dataclass(slots=True)
class _Struct:
    clock: int
    end: int
    """The first clock after it."""
    encoded: bytes
    needs: dict[int, int]


@dataclass(slots=True)
class _Queue:
    structs: list[_Struct] = field(default_factory=list)
    taken: int = 0


class _SliceScan(UpdateScan):
    """The scan of an update that keeps the bytes of each struct, and what each refers to."""

    __slots__ = ("queues",)

    def __init__(self, update: bytes, limits: Limits) -> None:
        super().__init__(update, 1 << 40, limits.nesting, limits.name_bytes)
        self.queues: dict[int, _Queue] = {}

    def _client(self, ranges: list[Range]) -> None:
        reader = self.reader
        count, client = reader.read_varuint(), reader.read_varuint()
        clock = reader.read_varuint()
        queue = self.queues.setdefault(client, _Queue())
        for _ in range(count):
            self._count()
            start = reader.position
            info = reader.read_byte()
            content = info & 0x1F
            if content == _SKIP:
                clock += reader.read_varuint()
                continue
            self.client, self.clock, self.needs = client, clock, {}
            length = reader.read_varuint() if content == _GC else self._item(info, content)
            encoded = reader.data[start : reader.position]
            queue.structs.append(_Struct(clock, clock + length, encoded, self.needs))
            clock += length
        self.needs = {}


Slice = tuple[bytes, UpdateHeader]


def slices(update: bytes, clocks: Mapping[int, int], limits: Limits, size: int = SLICE_STRUCTS) -> list[Slice]:
    """Updates that bring together what this one brings, in an order in which each continues the one before it.

    `clocks`: of the document. None of them: it can't be cut, or is small. Their headers name no types, whose depths are
    to be told from the whole. Raise ProtocolError.
    """
    scan = _SliceScan(update, limits)
    header = scan.run()
    if header.structs <= size:
        return []
    known = dict(clocks)
    deletions = _Deletions(header.deletions)
    cut: list[Slice] = []
    while any(queue.taken < len(queue.structs) for queue in scan.queues.values()):
        blocks = _next_blocks(scan.queues, known, size)
        if not blocks:
            # It has a hole, so it waits aside as a whole.
            return []
        # Some of a slice may come as deleted already. A deletion by itself would be no news then, and not be stored,
        # though the log may have the same with its content.
        spans = {client: (block[0].clock, block[-1].end) for client, block in blocks.items()}
        cut.append(_slice(blocks, deletions.take(spans)))
    if rest := deletions.take_rest():
        cut.append(_slice({}, rest))
    return cut


class _Deletions:
    """Those of an update, of which each slice takes what it brings itself, and the last one what was there before."""

    def __init__(self, deletions: Iterable[Range]) -> None:
        self._waiting: dict[int, deque[tuple[int, int]]] = {}
        for client, start, end in sorted(deletions):
            self._waiting.setdefault(client, deque()).append((start, end))
        self._rest: list[Range] = []

    def take(self, spans: Mapping[int, tuple[int, int]]) -> list[Range]:
        """Those within these clocks of each client, which lie behind all that were asked for before."""
        taken: list[Range] = []
        for client, (first, last) in spans.items():
            waiting = self._waiting.get(client, deque())
            while waiting and waiting[0][0] < last:
                start, end = waiting.popleft()
                if start < first:
                    self._rest.append((client, start, min(end, first)))
                if end > first:
                    taken.append((client, max(start, first), min(end, last)))
                if end > last:
                    waiting.appendleft((last, end))
        return taken

    def take_rest(self) -> list[Range]:
        left = [(client, start, end) for client, waiting in self._waiting.items() for start, end in waiting]
        return self._rest + left


def _next_blocks(queues: Mapping[int, _Queue], known: dict[int, int], size: int) -> dict[int, list[_Struct]]:
    """At most `size` structs that continue what is known; one client's may need another's, so all are asked in turn."""
    blocks: dict[int, list[_Struct]] = {}
    left, before = size, -1
    while left and left != before:
        before = left
        for client, queue in queues.items():
            block = blocks.setdefault(client, [])
            had = len(block)
            _take(client, queue, block, known, left)
            left -= len(block) - had
    return {client: block for client, block in blocks.items() if block}


def _take(client: int, queue: _Queue, block: list[_Struct], known: dict[int, int], most: int) -> None:
    """Take the next structs of one client that continue what is known, without a hole between them."""
    for _ in range(most):
        if queue.taken == len(queue.structs):
            return
        struct = queue.structs[queue.taken]
        if struct.clock > known.get(client, 0) or (block and struct.clock != block[-1].end):
            return
        # What it needs of its own client lies before it.
        if any(clock > known.get(other, 0) for other, clock in struct.needs.items()):
            return
        known[client] = max(known.get(client, 0), struct.end)
        block.append(struct)
        queue.taken += 1


def _slice(blocks: Mapping[int, list[_Struct]], deletions: list[Range]) -> Slice:
    """An update and its header. As Yjs writes them: the highest client id first."""
    clients = sorted(blocks, reverse=True)
    needs: dict[int, int] = {}
    parts = [encode_varuint(len(blocks))]
    for client in clients:
        block = blocks[client]
        parts += (encode_varuint(len(block)), encode_varuint(client), encode_varuint(block[0].clock))
        parts += (struct.encoded for struct in block)
        for struct in block:
            for needed, clock in struct.needs.items():
                needs[needed] = max(needs.get(needed, 0), clock)
    deleted: dict[int, list[Range]] = {}
    for deletion in sorted(deletions):
        deleted.setdefault(deletion[0], []).append(deletion)
    parts.append(encode_varuint(len(deleted)))
    ordered: list[Range] = []
    for client in sorted(deleted, reverse=True):
        ordered += deleted[client]
        parts += (encode_varuint(client), encode_varuint(len(deleted[client])))
        for _, start, end in deleted[client]:
            parts += (encode_varuint(start), encode_varuint(end - start))
        needs[client] = max(needs.get(client, 0), deleted[client][-1][2])
    ranges = tuple((client, blocks[client][0].clock, blocks[client][-1].end) for client in clients)
    structs = sum(map(len, blocks.values())) + len(ordered)
    return b"".join(parts), UpdateHeader(ranges, tuple(ordered), needs, structs)
