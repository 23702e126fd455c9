"""What a form's answers come to: numbers by school, texts without a name. Who answered what is nobody's business."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Any

from crdt_docs.content.questions import TYPES, Question
from hub.payloads.forms import Amounts, Count, QuestionResults, RowResults
from storage.records import FormResponse, Json

Given = Sequence[tuple[str, Any]]
"""`(school_id, answer)` of everybody who answered a question."""


def tally(definition: Json, responses: Iterable[FormResponse]) -> list[QuestionResults]:
    """The results of a frozen form, question by question; headings have none."""
    kept = [(response.school_id, response.answers) for response in responses]
    return [
        _tally_question(
            question, [(school, sheet[question["id"]]) for school, sheet in kept if question["id"] in sheet]
        )
        for question in definition["questions"]
        if TYPES[question["type"]].tally != "none"
    ]


def _tally_question(question: Question, given: Given) -> QuestionResults:
    shown = {"id": question["id"], "type": question["type"], "label": question["label"], "answer_count": len(given)}
    match TYPES[question["type"]].tally:
        case "texts":
            return QuestionResults(**shown, texts=[answer for _, answer in given])
        case "options":
            chosen = [(school, choice) for school, answer in given for choice in _choices(answer)]
            return QuestionResults(**shown, counts=_counts(_labels(question["options"]), chosen))
        case "places":
            return QuestionResults(**shown, counts=_count_places(question, given))
        case "steps":
            steps = {step: str(step) for step in range(question["min"], question["max"] + 1)}
            mean = fmean(answer for _, answer in given) if given else None
            return QuestionResults(**shown, counts=_counts(steps, given), mean=mean)
        case "days":
            days = {day: day for day in sorted({answer for _, answer in given})}
            return QuestionResults(**shown, counts=_counts(days, given))
        case "amounts":
            return QuestionResults(**shown, amounts=_amounts(given))
        case "rows":
            labels = _labels(question["options"])
            rows = [RowResults(**row, counts=_counts(labels, _of_row(row["id"], given))) for row in question["rows"]]
            return QuestionResults(**shown, rows=rows)
        case "none":
            raise ValueError(f"{question['type']} has no answers to tally")


def _labels(options: Iterable[dict[str, str]]) -> dict[str, str]:
    return {option["id"]: option["label"] for option in options}


def _choices(answer: str | list[str]) -> list[str]:
    return answer if isinstance(answer, list) else [answer]


def _of_row(row_id: str, given: Given) -> Given:
    return [(school, answer[row_id]) for school, answer in given if row_id in answer]


def _counts(labels: dict[Any, str], given: Given) -> list[Count]:
    counts = []
    for value, label in labels.items():
        by_school = Counter(school for school, answer in given if answer == value)
        counts.append(Count(value=value, label=label, total=by_school.total(), by_school=dict(by_school)))
    return counts


def _count_places(question: Question, given: Given) -> list[Count]:
    """How often each option came first, and its mean place."""
    first = _counts(_labels(question["options"]), [(school, answer[0]) for school, answer in given])
    if not given:
        return first
    places = {count.value: fmean(answer.index(count.value) + 1 for _, answer in given) for count in first}
    return [count.model_copy(update={"place": places[count.value]}) for count in first]


def _amounts(given: Given) -> Amounts | None:
    if not given:
        return None
    amounts = [amount for _, amount in given]
    schools = sorted({school for school, _ in given})
    by_school = {school: fmean(amount for its, amount in given if its == school) for school in schools}
    return Amounts(least=min(amounts), greatest=max(amounts), mean=fmean(amounts), by_school=by_school)
