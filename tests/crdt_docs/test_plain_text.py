"""A content's words, of every kind that has a title of its own."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map, Text

from crdt_docs.content import KINDS, authoring, rubric, wall
from crdt_docs.content.plain_text import plain_text

CARD: dict[str, Any] = {
    "title": "Huellas",
    "text": "de nutria",
    "tint": 1,
    "author_id": "a",
    "author_name": "Ana",
    "school_id": "s",
}
QUESTION = {"id": "q", "type": "single_choice", "label": "Which?", "options": [{"id": "o", "label": "This one"}]}


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.is_part])
def test_the_words_of_every_kind_are_there(kind: str) -> None:
    doc: Doc[Any] = Doc()
    KINDS[kind].start(doc, "A title")
    if kind == "document":
        authoring.write_text(doc, [("heading2", "Two rivers"), ("list", ["one", "two"]), ("paragraph", "End.")])
        wanted = ["Two rivers", "one", "two", "End."]
    elif kind == "wall":
        wall.add_card(doc, card_id="c", at_ms=1, **CARD)
        wanted = ["Huellas", "de nutria"]
    elif kind == "rubric":
        level = {"id": "level-4", "label": "All there"}
        rubric.write(doc, {"levels": [level], "criteria": [{"id": "x", "label": "Ours", "cells": {"level-4": "Said"}}]})
        wanted = ["All there", "Ours", "Said"]
    elif kind == "whiteboard":
        look = {"type": "note", "tint": 1, "width": 20}
        doc.get("objects", type=Map)["n"] = Map({"look": look, "box": [0, 0, 9, 9], "words": Text("Otters")})
        wanted = ["Otters"]
    else:
        authoring.write_questions(doc, [QUESTION])
        wanted = ["A title", "Which?", "This one"]
    assert plain_text(KINDS[kind].blocks(doc)).split("\n") == wanted


def test_quotes_and_code_have_words_and_unknown_blocks_have_none() -> None:
    spans = [{"text": "a "}, {"text": "b"}]
    blocks: list[dict[str, Any]] = [
        {"type": "quote", "blocks": [{"type": "paragraph", "spans": spans}]},
        {"type": "code", "language": "", "text": "x = 1"},
        {"type": "rule"},
        {"type": "hologram"},
    ]
    assert plain_text(blocks) == "a b\nx = 1"
