"""Questions that are answered by a number: a step of a scale, a face, an amount."""

from __future__ import annotations

from typing import Any

from crdt_docs.content.kind import text_of, whole
from crdt_docs.content.questions.question_type import Question, QuestionType, YMap, no_problem, wrong

SCALE = (0, 10)
"""No scale goes beyond; a row of more steps does not fit a phone."""
FACES = (3, 5)
"""How many faces there may be; 1 is the saddest."""
MAX_AMOUNT = 10**12
MAX_DECIMALS = 3
MAX_UNIT = 20


def _read_scale(value: YMap) -> Question:
    return {"min": whole(value.get("min"), 1), "max": whole(value.get("max"), 5)}


def _read_faces(value: YMap) -> Question:
    return {"min": 1, "max": min(FACES[1], max(FACES[0], whole(value.get("max"), FACES[1])))}


def _read_number(value: YMap) -> Question:
    def bound(name: str) -> int | None:
        given = value.get(name)
        return None if given is None else whole(given)

    decimals = min(MAX_DECIMALS, max(0, whole(value.get("decimals"), 0)))
    return {
        "min": bound("min"),
        "max": bound("max"),
        "decimals": decimals,
        "unit": text_of(value.get("unit")).strip()[:MAX_UNIT],
    }


def _problem_of_scale(question: Question) -> str | None:
    if not SCALE[0] <= question["min"] < question["max"] <= SCALE[1]:
        return f"needs a scale that grows, between {SCALE[0]} and {SCALE[1]}"
    return None


def _problem_of_number(question: Question) -> str | None:
    low, high = question["min"], question["max"]
    if any(bound is not None and abs(bound) > MAX_AMOUNT for bound in (low, high)):
        return f"needs bounds of at most {MAX_AMOUNT}"
    if low is not None and high is not None and low >= high:
        return "needs a smallest number below the greatest"
    return None


def _clean_step(question: Question, answer: Any) -> int:
    # bool is an int in Python and not a number in JSON.
    if not isinstance(answer, int) or isinstance(answer, bool) or not question["min"] <= answer <= question["max"]:
        raise wrong(question, f"The answer has to be a whole number from {question['min']} to {question['max']}.")
    return answer


def _clean_amount(question: Question, answer: Any) -> int | float:
    if not isinstance(answer, int | float) or isinstance(answer, bool) or not abs(answer) <= MAX_AMOUNT:
        raise wrong(question, "The answer has to be a number.")
    decimals = question["decimals"]
    if round(answer, decimals) != answer:
        raise wrong(question, f"The answer has at most {decimals} decimal places.")
    if question["min"] is not None and answer < question["min"]:
        raise wrong(question, f"The answer is at least {question['min']}.")
    if question["max"] is not None and answer > question["max"]:
        raise wrong(question, f"The answer is at most {question['max']}.")
    return int(answer) if decimals == 0 else answer


TYPES = (
    QuestionType("scale", "steps", _read_scale, _problem_of_scale, _clean_step),
    QuestionType("faces", "steps", _read_faces, no_problem, _clean_step),
    QuestionType("number", "amounts", _read_number, _problem_of_number, _clean_amount),
)
