"""The texts of a document in reading order, each piece with the client id and clock it was written under.

The engine shows texts but not who wrote which character. So its complete state is read here and put in order as Yjs
does it (yjs structs/Item.js, integrate). It takes time: call it where nobody waits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.update_header import HAS_ORIGIN, HAS_PARENT_SUB, HAS_RIGHT_ORIGIN, Id, Range, TypeItem, UpdateScan

_STRING, _TYPE, _DELETED = 4, 7, 1


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that were written one after the other by one client."""

    client: int
    clock: int
    text: str
    starts_text: bool
    """It is the first of its text: of a paragraph, or of a part of it that is a shared type of its own."""


@dataclass(slots=True, eq=False)
class Item:
    client: int
    clock: int
    length: int
    content: int
    text: str
    origin: Id | None
    right_origin: Id | None
    parent: str | Id | None
    key: str | None
    list: _List | None = None
    right: Item | None = None

    def split(self, at: int) -> Item:
        """Cut at this many clocks; returns the right part."""
        units = self.text.encode("utf-16-le", "surrogatepass") if self.content == _STRING else b""
        rest = Item(
            self.client,
            self.clock + at,
            self.length - at,
            self.content,
            units[at * 2 :].decode("utf-16-le", "surrogatepass"),
            (self.client, self.clock + at - 1),
            self.right_origin,
            self.parent,
            self.key,
            self.list,
            self.right,
        )
        self.text = units[: at * 2].decode("utf-16-le", "surrogatepass")
        self.length, self.right = at, rest
        return rest


@dataclass(slots=True, eq=False)
class _List:
    """The items of one parent, or of one key of it, in their order."""

    first: Item | None = None


class StructScan(UpdateScan):
    """The scan of an update that keeps its items."""

    __slots__ = ("items",)

    def __init__(self, update: bytes, limits: Limits) -> None:
        super().__init__(update, 1 << 40, limits.nesting, limits.name_bytes)
        self.items: dict[int, list[Item]] = {}

    def _item(self, info: int, content: int) -> int:
        reader = self.reader
        clock = self.clock
        origin = (reader.read_varuint(), reader.read_varuint()) if info & HAS_ORIGIN else None
        right_origin = (reader.read_varuint(), reader.read_varuint()) if info & HAS_RIGHT_ORIGIN else None
        parent: str | Id | None = None
        key: str | None = None
        if origin is None and right_origin is None:
            is_name = reader.read_varuint() == 1
            parent = reader.read_string(reader.end) if is_name else (reader.read_varuint(), reader.read_varuint())
            key = reader.read_string(reader.end) if info & HAS_PARENT_SUB else None
        start = reader.position
        length = self._content(content)
        text = ""
        if content == _STRING:
            reader.position = start
            text = reader.read_string(reader.end)
        if content == _TYPE:
            above = None if isinstance(parent, str) else parent
            self.types.append(TypeItem((self.client, clock), above, origin, right_origin))
        item = Item(self.client, clock, length, content, text, origin, right_origin, parent, key)
        self.items.setdefault(self.client, []).append(item)
        return length


@dataclass(slots=True)
class _Store:
    """Items that are in their place. Kept per client in the order of clocks, as they were read."""

    items: dict[int, list[Item]]
    placed: dict[int, int] = field(default_factory=dict)
    """Per client how many of its items are in their place."""
    lists: dict[tuple[str | Id, str | None], _List] = field(default_factory=dict)

    def find(self, place: Id) -> tuple[int, Item] | None:
        """The item that holds a clock and its number; None while it is not in its place, or was garbage."""
        client, clock = place
        items = self.items.get(client, [])
        low, high = 0, self.placed.get(client, 0)
        while low < high:
            middle = (low + high) // 2
            item = items[middle]
            if clock < item.clock:
                high = middle
            elif clock >= item.clock + item.length:
                low = middle + 1
            else:
                return middle, item
        return None

    def ending_at(self, place: Id) -> Item | None:
        found = self.find(place)
        if found is None:
            return None
        number, item = found
        self._split(number, item, place[1] + 1 - item.clock)
        return item

    def starting_at(self, place: Id) -> Item | None:
        found = self.find(place)
        if found is None:
            return None
        number, item = found
        return item if place[1] == item.clock else self._split(number, item, place[1] - item.clock)

    def _split(self, number: int, item: Item, at: int) -> Item:
        if at >= item.length:
            return item
        rest = item.split(at)
        self.items[item.client].insert(number + 1, rest)
        self.placed[item.client] += 1
        return rest


def pieces(state: bytes, limits: Limits) -> Iterator[Piece]:
    """Every piece of text that is still there. `state` must be complete; raise ProtocolError when it is not."""
    scan = StructScan(state, limits)
    deleted = _by_client(scan.run().deletions)
    store = _Store(scan.items)
    _place_all(store)
    children: dict[str | Id, list[_List]] = {}
    for (parent, _key), items in sorted(store.lists.items(), key=lambda entry: entry[0][1] or ""):
        children.setdefault(parent, []).append(items)
    roots = sorted(parent for parent in children if isinstance(parent, str))
    walk = [_walk(children[root]) for root in reversed(roots)]
    starts_text = True
    while walk:
        item = next(walk[-1], None)
        if item is None:
            walk.pop()
            starts_text = True
        elif item.content == _TYPE:
            if not _is_deleted(deleted, item.client, item.clock):
                walk.append(_walk(children.get((item.client, item.clock), [])))
                starts_text = True
        elif item.content == _STRING:
            for clock, text in _alive(item, deleted.get(item.client, [])):
                yield Piece(item.client, clock, text, starts_text)
                starts_text = False


def _walk(lists: list[_List]) -> Iterator[Item]:
    for items in lists:
        item = items.first
        while item is not None:
            yield item
            item = item.right


def _place_all(store: _Store) -> None:
    waiting = True
    while waiting:
        waiting = progress = False
        for client in store.items:
            while (number := store.placed.get(client, 0)) < len(store.items[client]):
                if not _place(store, store.items[client][number], client):
                    waiting = True
                    break
                progress = True
        if waiting and not progress:
            raise ProtocolError("invalid", "a state refers to what it does not hold")


def _place(store: _Store, item: Item, client: int) -> bool:
    """Yjs's rule for items written at the same place at the same time. False: what it leans on has no place yet."""
    left = right = None
    if item.origin is not None and (left := store.ending_at(item.origin)) is None:
        return False
    if item.right_origin is not None and (right := store.starting_at(item.right_origin)) is None:
        return False
    beside = left or right
    if beside is not None:
        item.parent, item.key, item.list = beside.parent, beside.key, beside.list
    elif item.parent is not None:
        if not isinstance(item.parent, str) and store.find(item.parent) is None:
            return False
        item.list = store.lists.setdefault((item.parent, item.key), _List())
    assert item.list is not None
    before: set[Item] = set()
    conflicting: set[Item] = set()
    other = left.right if left is not None else item.list.first
    while other is not None and other is not right:
        before.add(other)
        conflicting.add(other)
        if item.origin == other.origin:
            if other.client < item.client:
                left = other
                conflicting.clear()
            elif item.right_origin == other.right_origin:
                break
        else:
            found = store.find(other.origin) if other.origin is not None else None
            if found is None or found[1] not in before:
                break
            if found[1] not in conflicting:
                left = other
                conflicting.clear()
        other = other.right
    if left is not None:
        item.right, left.right = left.right, item
    else:
        item.right, item.list.first = item.list.first, item
    store.placed[client] = store.placed.get(client, 0) + 1
    return True


def _by_client(ranges: tuple[Range, ...]) -> dict[int, list[tuple[int, int]]]:
    by_client: dict[int, list[tuple[int, int]]] = {}
    for client, start, end in sorted(ranges):
        by_client.setdefault(client, []).append((start, end))
    return by_client


def _is_deleted(deleted: dict[int, list[tuple[int, int]]], client: int, clock: int) -> bool:
    return any(start <= clock < end for start, end in deleted.get(client, ()))


def _alive(item: Item, deleted: list[tuple[int, int]]) -> Iterator[tuple[int, str]]:
    """The parts of a text item that are not deleted."""
    start, end = item.clock, item.clock + item.length
    cuts = [(first, last) for first, last in deleted if first < end and last > start]
    if not cuts:
        yield start, item.text
        return
    units = item.text.encode("utf-16-le", "surrogatepass")
    for first, last in [*cuts, (end, end)]:
        if first > start:
            part = units[(start - item.clock) * 2 : (first - item.clock) * 2]
            yield start, part.decode("utf-16-le", "surrogatepass")
        start = max(start, last)
