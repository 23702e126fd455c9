"""`answer_sheet`: one set of answers that several schools fill in at the same moment (rules CA in SPEC.md).

Root `Y.Map "answers"`: question id → answer, as rows of answers have it. Answers in words are root texts
`"text:<question id>"`, which exist for everybody at once, so that two may begin to write one at the same moment.
"""

from __future__ import annotations

from typing import Any

from pycrdt import Array, Map, Text

from crdt_docs.content.form import Definition
from crdt_docs.content.kind import Block, Doc, Kind
from crdt_docs.content.questions import TYPES

ANSWERS = "answers"
TEXT = "text:"


def read_answers(doc: Doc, form: Definition) -> dict[str, Any]:
    """What stands in the sheet for the questions of this form, unchecked: `form.check_answers` says what is missing."""
    kept = doc.get(ANSWERS, type=Map)
    found: dict[str, Any] = {}
    for question in form["questions"]:
        question_id = question["id"]
        if TYPES[question["type"]].tally == "texts":
            if text := str(doc.get(f"{TEXT}{question_id}", type=Text)).strip():
                found[question_id] = text
        elif TYPES[question["type"]].tally != "none" and kept.get(question_id) is not None:
            found[question_id] = _plain(kept.get(question_id))
    return found


def _plain(value: Any) -> Any:
    """JSON as clients send it: Yjs knows only JavaScript's numbers, so whole ones come back as floats."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, Map):
        return {key: _plain(value[key]) for key in value.keys()}
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | Array):
        return [_plain(each) for each in value]
    return value


def blocks(doc: Doc) -> list[Block]:
    """Nothing: what was handed in is kept beside the form, where its questions are."""
    return []


def start(doc: Doc, title: str) -> None:
    doc.get(ANSWERS, type=Map)


KIND = Kind(
    name="answer_sheet",
    written_by="members",
    write_act="answer",
    start=start,
    blocks=blocks,
    is_part=True,
    can_be_sealed=True,
)
