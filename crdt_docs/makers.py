"""Under which client id each entry of a document's map was put there: the hub knows whose id that is (rules AU).

The engine shows entries but not who made them. So its complete state is read here. It takes time: call it where nobody
waits.
"""

from __future__ import annotations

from crdt_docs.limits import Limits
from crdt_docs.text_order import Item, StructScan
from crdt_docs.update_header import Id


def makers(state: bytes, root: str, limits: Limits) -> dict[str, int]:
    """Key → client id, for what is there in the root map of this name. Raise ProtocolError."""
    scan = StructScan(state, limits)
    deleted: dict[int, list[tuple[int, int]]] = {}
    for client, start, end in scan.run().deletions:
        deleted.setdefault(client, []).append((start, end))
    # An entry that took another's place names that one, and neither map nor key.
    behind: dict[Id, list[Item]] = {}
    entries: list[tuple[str, Item]] = []
    for items in scan.items.values():
        for item in items:
            if item.parent == root and item.key is not None:
                entries.append((item.key, item))
            elif item.parent is None and item.origin is not None:
                behind.setdefault(item.origin, []).append(item)
    found: dict[str, int] = {}
    while entries:
        key, item = entries.pop()
        if not any(start <= item.clock < end for start, end in deleted.get(item.client, ())):
            found[key] = item.client
        for clock in range(item.clock, item.clock + item.length):
            entries += ((key, each) for each in behind.get((item.client, clock), ()))
    return found
