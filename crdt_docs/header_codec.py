"""An update's header as bytes: read where the update is tried, so that nobody else has to pass over all of it again."""

from __future__ import annotations

from collections.abc import Iterable

from crdt_docs.encoding import Reader, encode_varuint
from crdt_docs.update_header import Id, Range, TypeItem, UpdateHeader


def encode_header(header: UpdateHeader) -> bytes:
    numbers: list[int] = [header.structs]
    for ranges in (header.ranges, header.deletions):
        numbers += (len(ranges), *(number for each in ranges for number in each))
    for pairs in (header.needs.items(), header.forward_references):
        numbers += (len(pairs), *(number for pair in pairs for number in pair))
    numbers.append(len(header.types))
    for item in header.types:
        numbers += item.place
        for beside in (item.parent, item.origin, item.right_origin):
            numbers += (0,) if beside is None else (1, *beside)
    return b"".join(map(encode_varuint, numbers))


def read_header(data: bytes) -> UpdateHeader:
    """Raise ProtocolError."""
    reader = Reader(data)
    read = reader.read_varuint

    def ranges() -> Iterable[Range]:
        return ((read(), read(), read()) for _ in range(read()))

    def pairs() -> Iterable[Id]:
        return ((read(), read()) for _ in range(read()))

    def beside() -> Id | None:
        return (read(), read()) if read() else None

    structs = read()
    brought, deleted, needs, forward = tuple(ranges()), tuple(ranges()), dict(pairs()), tuple(pairs())
    types = tuple(TypeItem((read(), read()), beside(), beside(), beside()) for _ in range(read()))
    return UpdateHeader(brought, deleted, needs, structs, forward, types)
