"""How deep shared types lie inside each other: the engine reads them by recursion, and dies of some thousands (UH6).

A type's depth is told from its parent or from a type beside it. What lies beside other things, and what was there
before anybody asked, takes one pass over the whole state.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping

from crdt_docs.encoding import Reader, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.text_order import StructScan
from crdt_docs.update_header import Id, TypeItem


def check_depth(depths: Mapping[Id, int], limits: Limits) -> None:
    """Raise ProtocolError when a type lies too deep."""
    if depths and max(depths.values()) > limits.type_nesting:
        raise ProtocolError("invalid", f"shared types nest deeper than {limits.type_nesting}")


def depths_beside(types: Iterable[TypeItem], known: Mapping[Id, int]) -> dict[Id, int] | None:
    """The depths of new types, from those of known ones; None: they can't be told from these alone."""
    found: dict[Id, int] = {}
    waiting = list(types)
    while waiting:
        still = []
        for item in waiting:
            depth = _depth_beside(item, known, found)
            if depth is None:
                still.append(item)
            else:
                found[item.place] = depth
        if len(still) == len(waiting):
            return None
        waiting = still
    return found


def _depth_beside(item: TypeItem, known: Mapping[Id, int], found: Mapping[Id, int]) -> int | None:
    beside = item.origin or item.right_origin
    if beside is None:
        if item.parent is None:
            return 1
        above = found.get(item.parent) or known.get(item.parent)
        return None if above is None else above + 1
    return found.get(beside) or known.get(beside)


def depths_in(state: bytes, limits: Limits) -> dict[Id, int]:
    """The depth of every type in a complete state; it takes time in proportion to its size. Raise ProtocolError."""
    scan = StructScan(state, limits)
    header = scan.run()
    types = {item.place for item in header.types}
    starts = {client: [item.clock for item in items] for client, items in scan.items.items()}
    levels: dict[int, list[int]] = {client: [] for client in scan.items}

    def level_of(place: Id) -> int | None:
        client, clock = place
        number = bisect_right(starts.get(client, []), clock) - 1
        if number >= 0 and clock < scan.items[client][number].clock + scan.items[client][number].length:
            return levels[client][number] if number < len(levels[client]) else None
        # What was collected as garbage makes garbage of what lies beside or in it; what is missing may yet come.
        return 1 if any(of == client and start <= clock < end for of, start, end in header.ranges) else None

    progress = True
    while progress:
        progress = False
        for client, items in scan.items.items():
            done = levels[client]
            while len(done) < len(items):
                item = items[len(done)]
                beside = item.origin or item.right_origin
                if beside is not None:
                    level = level_of(beside)
                elif isinstance(item.parent, tuple):
                    above = level_of(item.parent)
                    level = None if above is None else above + 1
                else:
                    level = 1
                if level is None:
                    break
                done.append(level)
                progress = True
    return {
        (client, item.clock): level
        for client, done in levels.items()
        for item, level in zip(scan.items[client], done, strict=False)
        if (client, item.clock) in types
    }


def encode_depths(depths: Mapping[Id, int]) -> bytes:
    numbers = (number for (client, clock), depth in depths.items() for number in (client, clock, depth))
    return encode_varuint(len(depths)) + b"".join(map(encode_varuint, numbers))


def read_depths(data: bytes) -> dict[Id, int]:
    """Raise ProtocolError."""
    reader = Reader(data)
    read = reader.read_varuint
    return {(read(), read()): read() for _ in range(read())}
