"""What a stored document says, without opening it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pycrdt

from crdt_docs.compaction import continue_log
from crdt_docs.content.kind import Block, Doc
from crdt_docs.limits import Limits


def read_blocks(
    state: bytes | None, entries: Sequence[bytes], limits: Limits, blocks: Callable[[Doc], list[Block]]
) -> list[Block]:
    """The blocks of a log, up to what waits for something missing. Raise ProtocolError."""
    doc: Doc = pycrdt.Doc()
    doc.apply_update(continue_log(state, entries, limits).state)
    return blocks(doc)
