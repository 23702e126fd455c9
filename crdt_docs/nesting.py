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
from crdt_docs.text_order import Item, StructScan
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


def depths_in(updates: Iterable[bytes], limits: Limits) -> dict[Id, int]:
    """The depth of every type in these updates together, of those that hang together with a root.

    The first is a state without holes. It takes time in proportion to their size. The engine has no part in it, since
    what it would be asked is how to read what nobody has tried yet. Raise ProtocolError.
    """
    scans = [StructScan(update, limits) for update in updates]
    headers = [scan.run() for scan in scans]
    types = {item.place for header in headers for item in header.types}
    ranges = [each for header in headers for each in header.ranges]
    placed: dict[int, list[Item]] = {}
    for scan in scans:
        for client, brought in scan.items.items():
            placed.setdefault(client, []).extend(brought)
    for items in placed.values():
        # What is there already comes again at times, cut otherwise; what comes again says the same.
        items.sort(key=lambda item: item.clock)
    starts = {client: [item.clock for item in items] for client, items in placed.items()}
    levels: dict[int, list[int]] = {client: [] for client in placed}

    def level_of(place: Id) -> int | None:
        client, clock = place
        number = bisect_right(starts.get(client, []), clock) - 1
        if number >= 0 and clock < placed[client][number].clock + placed[client][number].length:
            return levels[client][number] if number < len(levels[client]) else None
        # What was collected as garbage makes garbage of what lies beside or in it; what is missing may yet come.
        return 1 if any(of == client and start <= clock < end for of, start, end in ranges) else None

    progress = True
    while progress:
        progress = False
        for client, items in placed.items():
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
        for item, level in zip(placed[client], done, strict=False)
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
