"""Questions that are only asked when an earlier one was answered in a certain way (rules CF5 and CF6 in SPEC.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pycrdt import Array, Map

from crdt_docs.content.kind import whole
from crdt_docs.content.questions.labels import MAX_ID
from crdt_docs.content.questions.question_type import Question

MAX_VALUES = 50
ASKABLE = ("single_choice", "picture_choice", "multiple_choice", "consent", "scale", "faces")
"""What a condition may look at: types whose answers can be told one by one."""


def read_condition(value: Any) -> dict[str, Any] | None:
    """`{"question_id", "any_of": [option id or step]}`, or None when there is none."""
    if not isinstance(value, Map):
        return None
    question_id, any_of = value.get("question_id"), value.get("any_of")
    if not isinstance(question_id, str) or not 0 < len(question_id) <= MAX_ID or not isinstance(any_of, Array):
        return None
    values = [each if isinstance(each, str) else whole(each) for each in any_of if isinstance(each, str | int | float)]
    return {"question_id": question_id, "any_of": values}


def loop_of(questions: Sequence[Question]) -> list[int]:
    """The numbers of questions that wait for each other's answers, the first one again at the end; empty: none do."""
    number = {question["id"]: place for place, question in enumerate(questions, 1)}
    waits_for = {question["id"]: question.get("show_if", {}).get("question_id") for question in questions}
    for question in questions:
        path: list[str] = []
        at: str | None = question["id"]
        while at is not None and at in waits_for and at not in path:
            path.append(at)
            at = waits_for[at]
        if at in path:
            return [number[each] for each in [*path[path.index(at) :], at]]
    return []


def problem_of_condition(question: Question, earlier: Mapping[str, Question]) -> str | None:
    """Only what comes before can decide: so conditions can't go round in a circle."""
    condition = question.get("show_if")
    if condition is None:
        return None
    asked = earlier.get(condition["question_id"])
    if asked is None:
        return "is to be shown by the answer to a question that does not come before it"
    if asked["type"] not in ASKABLE:
        return "is to be shown by the answer to a question of another type"
    if not condition["any_of"] or len(condition["any_of"]) > MAX_VALUES:
        return "is to be shown by an answer that is not chosen yet"
    if any(value not in _values_of(asked) for value in condition["any_of"]):
        return "is to be shown by an answer that is not there"
    return None


def _values_of(question: Question) -> Sequence[Any]:
    if "options" in question:
        return [option["id"] for option in question["options"]]
    return range(question["min"], question["max"] + 1)


def is_asked(question: Question, answers: Mapping[str, Any]) -> bool:
    """Whether these answers to the questions before it, hidden ones left out, make somebody see this one."""
    condition = question.get("show_if")
    if condition is None:
        return True
    answer = answers.get(condition["question_id"])
    given = answer if isinstance(answer, list) else [answer]
    return any(value in condition["any_of"] for value in given)
