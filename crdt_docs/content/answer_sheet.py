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
from crdt_docs.errors import ContentError

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
    """What stands in it by the questions' ids; their words are kept with the form. JSON without fractions."""
    kept = doc.get(ANSWERS, type=Map)
    found: dict[str, Any] = {key: _whole(_plain(kept[key])) for key in kept.keys() if kept[key] is not None}
    for name in doc.keys():
        if name.startswith(TEXT) and (text := str(doc.get(name, type=Text)).strip()):
            found[name.removeprefix(TEXT)] = text
    return [{"type": "answer", "question_id": key, "answer": found[key]} for key in sorted(found)]


def answers_of(blocks: list[Block], form: Definition) -> dict[str, Any]:
    """What those blocks say of this form's questions, as far as it can be an answer."""
    given = {block["question_id"]: block["answer"] for block in blocks if block["type"] == "answer"}
    found: dict[str, Any] = {}
    for question in form["questions"]:
        answer = given.get(question["id"])
        if question["type"] == "number" and isinstance(answer, str):
            answer = float(answer)
        try:
            cleaned = None if answer is None else TYPES[question["type"]].clean({**question, "required": False}, answer)
        except ContentError:
            continue
        if cleaned is not None:
            found[question["id"]] = cleaned
    return found


def _whole(value: Any) -> Any:
    return str(value) if isinstance(value, float) else value


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
