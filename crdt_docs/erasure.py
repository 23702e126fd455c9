"""Takes text out of a document for good: deletes what some client ids wrote, and what was deleted leaves no byte.

Of what is deleted a document's state keeps only how long it was (Yjs's garbage collection); a merged log keeps it all.
So a log is rewritten from the state of a document that it was applied to: every id stays, clients need nothing new, and
an edit that somebody made offline beside erased text finds its place. Rules ER in SPEC.md.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pycrdt

from crdt_docs.compaction import continue_log
from crdt_docs.content.kind import Block, Doc
from crdt_docs.encoding import encode_varuint
from crdt_docs.limits import Limits
from crdt_docs.text_order import pieces
from crdt_docs.update_header import Range

_WHOLE = b"\x00"


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A log as it may stand in place of the one it was made from."""

    state: bytes
    aside: list[int]
    """Which entries wait for something missing, by their place; they are not in the state."""


def text_ranges(state: bytes, clients: Collection[int], limits: Limits) -> list[Range]:
    """Where the text is that is there and was written under these client ids. Raise ProtocolError."""
    return [
        (piece.client, piece.clock, piece.clock + len(piece.text.encode("utf-16-le", "surrogatepass")) // 2)
        for piece in pieces(state, limits)
        if piece.client in clients
    ]


def deletion_of(ranges: Iterable[Range]) -> bytes:
    """An update that deletes these clocks and brings nothing."""
    by_client: dict[int, list[tuple[int, int]]] = {}
    for client, start, end in ranges:
        by_client.setdefault(client, []).append((start, end - start))
    parts = [encode_varuint(0), encode_varuint(len(by_client))]
    for client, runs in sorted(by_client.items(), reverse=True):
        parts += (encode_varuint(client), encode_varuint(len(runs)))
        parts += (encode_varuint(number) for run in runs for number in run)
    return b"".join(parts)


def delete_text(doc: Doc, clients: Collection[int], limits: Limits) -> int:
    """Inside the hub's edit: delete what was written under these client ids; returns how many clocks that were."""
    ranges = text_ranges(doc.get_update(_WHOLE), clients, limits)
    if ranges:
        doc.apply_update(deletion_of(ranges))
    return sum(end - start for _, start, end in ranges)


def rewrite_log(state: bytes | None, entries: Sequence[bytes], limits: Limits) -> Rewritten:
    """The same document without what was deleted from it. Raise ProtocolError."""
    continuation = continue_log(state, entries, limits)
    doc: Doc = pycrdt.Doc()
    doc.apply_update(continuation.state)
    waiting = [place for place, entry in enumerate(entries) if any(entry is each for each in continuation.aside)]
    return Rewritten(doc.get_update(_WHOLE), waiting)


def change_state(
    state: bytes, change: Callable[[Doc], Any], blocks: Callable[[Doc], list[Block]]
) -> tuple[bytes, list[Block]]:
    """A kept state after a change, without what the change deleted, and its blocks. Raise what `change` raises."""
    doc: Doc = pycrdt.Doc()
    doc.apply_update(state)
    with doc.transaction():
        change(doc)
    return doc.get_update(_WHOLE), blocks(doc)
