"""The kinds of content. To add one: write its file beside these and add its line to the registry."""

from __future__ import annotations

from crdt_docs.content import answer_sheet, document, form, rubric, rubric_talk, wall, whiteboard
from crdt_docs.content.kind import Block, Kind

__all__ = ["KINDS", "Block", "Kind"]

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        document.KIND,
        wall.KIND,
        whiteboard.KIND,
        form.KIND,
        answer_sheet.KIND,
        rubric.KIND,
        rubric_talk.KIND,
    )
}
