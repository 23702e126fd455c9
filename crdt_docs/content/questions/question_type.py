"""What a form has to know of a type of question."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from pycrdt import Map

from crdt_docs.errors import ContentError

YMap = Map[Any]
Question = dict[str, Any]
"""`{id, type, label, required}` and what the type adds: plain JSON without floats, as PROTOCOL.md has it."""

Tally = Literal["none", "texts", "options", "steps", "places", "amounts", "days", "rows", "drawings", "files"]
"""How answers are put together: `options`, `steps` and `days` are counted, `places` are ranks, `amounts` have a mean,
`rows` are several counts, `texts`, `drawings` and `files` stand beside each other, `none` has no answers."""


@dataclass(frozen=True, slots=True)
class QuestionType:
    name: str
    tally: Tally
    read: Callable[[YMap], Question]
    """What the builder holds of this type, beside what every question has."""
    problem: Callable[[Question], str | None]
    """Why nobody could answer it as it is, as the end of a sentence; None when somebody can."""
    clean: Callable[[Question, Any], Any]
    """The answer as it is kept, None when it is empty. Raise ContentError when it is wrong. Never called with None."""


def nothing_more(value: YMap) -> Question:
    return {}


def no_problem(question: Question) -> None:
    return None


def wrong(question: Question, sentence: str) -> ContentError:
    return ContentError(sentence, field=question["id"])
