"""Questions with a right answer: what counts as right, how much it is worth, and what is said about it (rules CF9)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import text_of, whole
from crdt_docs.content.questions.question_type import Question

KEYED = ("single_choice", "picture_choice", "multiple_choice", "short_text", "number", "scale", "date")
"""Types that have right answers."""
MAX_POINTS = 100
MAX_RIGHT = 50
MAX_FEEDBACK = 1_000

Key = dict[str, Any]
"""`{any_of: [option id, number or text], points, right, wrong}`; of a multiple choice, all of `any_of` is right."""


def read_key(value: Any) -> Key | None:
    if not isinstance(value, Map):
        return None
    any_of = value.get("any_of")
    given: list[Any] = []
    for each in any_of if isinstance(any_of, Array) else ():
        if isinstance(each, str) and each.strip():
            given.append(each.strip())
        elif isinstance(each, int | float) and not isinstance(each, bool):
            given.append(int(each) if float(each).is_integer() else float(each))
    return {
        "any_of": given[: MAX_RIGHT + 1],
        "points": min(MAX_POINTS, max(0, whole(value.get("points"), 1))),
        "right": text_of(value.get("right")).strip(),
        "wrong": text_of(value.get("wrong")).strip(),
    }


def problem_of_key(question: Question) -> str | None:
    key = question.get("key")
    if key is None:
        return None
    if question["type"] not in KEYED:
        return "is of a type that has no right answer"
    if not key["any_of"]:
        return "has no right answer yet"
    if len(key["any_of"]) > MAX_RIGHT:
        return f"has more than {MAX_RIGHT} right answers"
    if any(len(str(each)) > MAX_FEEDBACK for each in (*key["any_of"], key["right"], key["wrong"])):
        return f"has a right answer or feedback longer than {MAX_FEEDBACK} characters"
    offered = _offered(question)
    if offered is not None and any(each not in offered for each in key["any_of"]):
        return "has a right answer that is not offered"
    return None


def _offered(question: Question) -> Sequence[Any] | None:
    if "options" in question:
        return [option["id"] for option in question["options"]]
    return range(question["min"], question["max"] + 1) if question["type"] == "scale" else None


def is_right(question: Question, answer: Any) -> bool:
    """Whether this answer, cleaned, is right. Texts are compared without case, accents and doubled spaces."""
    right = question["key"]["any_of"]
    if isinstance(answer, list):
        return set(answer) == set(right)
    if question["type"] == "short_text":
        return _plain(answer or "") in {_plain(str(each)) for each in right}
    if question["type"] == "number":
        return any(str(each) == str(answer) or each == answer for each in right)
    return answer in right


def _plain(text: str) -> str:
    bare = "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char))
    return " ".join(bare.casefold().split())
