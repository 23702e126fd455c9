"""Passages of documents that were pinned: whether their words stand there, and their going with what is erased.

A pin keeps the words as they were when it was made, so that it still shows something when they are written over; the
hub takes them only while they stand in the document, so that nobody puts words into another's mouth.
"""

from __future__ import annotations

from typing import Any

from crdt_docs.content import KINDS, document
from crdt_docs.content.plain_text import plain_text
from hub.context import Context
from storage.records import ContentId


def holds(text: str, words: str) -> bool:
    """Whether the words stand in the text, however they are spaced and broken into lines."""
    wanted = _joined(words)
    return bool(wanted) and wanted in _joined(text)


async def read_text(context: Context, content_id: str) -> str:
    """All words of a document as it stands. Raise storage's NotFound."""
    kind = document.KIND.name

    def read(doc: Any) -> str:
        return plain_text(KINDS[kind].blocks(doc))

    return await context.live_docs.read(ContentId(content_id), kind, read)


def _joined(text: str) -> str:
    return " ".join(text.split())
