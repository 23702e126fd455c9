"""A heading between questions. It has a place and an id like a question, and no answer."""

from __future__ import annotations

from typing import Any

from crdt_docs.content.kind import text_of
from crdt_docs.content.questions.question_type import Question, QuestionType, YMap, wrong

MAX_TEXT = 2_000


def _read(value: YMap) -> Question:
    # Nobody can be made to answer what does not ask.
    return {"text": text_of(value.get("text")).strip(), "required": False}


def _problem(question: Question) -> str | None:
    return f"has a text longer than {MAX_TEXT} characters" if len(question["text"]) > MAX_TEXT else None


def _clean(question: Question, answer: Any) -> None:
    raise wrong(question, "This is a heading and takes no answer.")


TYPES = (QuestionType("section", "none", _read, _problem, _clean),)
