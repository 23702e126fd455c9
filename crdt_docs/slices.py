"""A large update cut into small ones, each of which continues the one before, so that others need not wait for all.

Made where the update is tried, since it takes a pass over all of it in Python.
"""

from __future__ import annotations

from collections.abc import Mapping
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

    __slots__ = ("deletions_at", "queues")

    def __init__(self, update: bytes, limits: Limits) -> None:
        super().__init__(update, 1 << 40, limits.nesting, limits.name_bytes)
        self.queues: dict[int, _Queue] = {}
        self.deletions_at = 0

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
        self.deletions_at = reader.position


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
    cut: list[Slice] = []
    while any(queue.taken < len(queue.structs) for queue in scan.queues.values()):
        blocks = _next_blocks(scan.queues, known, size)
        if not blocks:
            # It has a hole, so it waits aside as a whole.
            return []
        cut.append((_encode(blocks), _header(blocks)))
    needs: dict[int, int] = {}
    for client, _, end in header.deletions:
        needs[client] = max(needs.get(client, 0), end)
    deleting = UpdateHeader((), header.deletions, needs, len(header.deletions))
    return [*cut, (b"\x00" + update[scan.deletions_at :], deleting)]


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


def _header(blocks: Mapping[int, list[_Struct]]) -> UpdateHeader:
    needs: dict[int, int] = {}
    for block in blocks.values():
        for struct in block:
            for client, clock in struct.needs.items():
                if clock > needs.get(client, 0):
                    needs[client] = clock
    ranges = tuple((client, blocks[client][0].clock, blocks[client][-1].end) for client in sorted(blocks, reverse=True))
    return UpdateHeader(ranges, (), needs, sum(map(len, blocks.values())))


def _encode(blocks: Mapping[int, list[_Struct]]) -> bytes:
    parts = [encode_varuint(len(blocks))]
    # As Yjs writes them: the highest client id first.
    for client in sorted(blocks, reverse=True):
        block = blocks[client]
        parts += (encode_varuint(len(block)), encode_varuint(client), encode_varuint(block[0].clock))
        parts += (struct.encoded for struct in block)
    return b"".join(parts) + b"\x00"
