"""What a form's answers come to: numbers by school, texts without a name. Who answered what is nobody's business.

Hands that a teacher counted in a class count as that many answers. Small numbers are hidden (`hub.form_cells`).
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import fmean
from typing import Any

from crdt_docs.content.questions import TYPES, Question
from crdt_docs.content.questions.quiz_keys import is_right
from hub.form_cells import hide_small
from hub.payloads.form_results import Amounts, Count, QuestionResults, RowResults
from hub.payloads.forms import Drawing
from hub.small_cells import SMALLEST
from storage.records import ClassTally, Json, SchoolId

Sheet = tuple[SchoolId, Mapping[str, Any]]
"""The school of somebody who answered, and the answers: question id → answer."""
Given = Sequence[tuple[SchoolId, Any]]
"""`(school_id, answer)` of everybody who answered a question."""
Counted = Mapping[Any, Mapping[SchoolId, int]]
"""Answer → school → how many."""
TALLIED = ("options", "steps")
"""How questions are counted for which a class can put its hands up."""


def tally(definition: Json, sheets: Iterable[Sheet], tallies: Sequence[ClassTally] = ()) -> list[QuestionResults]:
    """The results of a frozen form, question by question; headings have none."""
    given: dict[str, list[tuple[SchoolId, Any]]] = defaultdict(list)
    for school_id, answers in sheets:
        for question_id, answer in answers.items():
            given[question_id].append((school_id, answer))
    return [
        _tally_question(question, given[question["id"]], _hands(question, tallies))
        for question in definition["questions"]
        if TYPES[question["type"]].tally != "none"
    ]


def takes_hands(question: Question) -> bool:
    return TYPES[question["type"]].tally in TALLIED


def hand_values(question: Question) -> list[Any]:
    """The answers for which a class can put its hands up."""
    return list(_labels(question) if "options" in question else _steps(question))


def _hands(question: Question, tallies: Sequence[ClassTally]) -> list[tuple[ClassTally, dict[Any, int]]]:
    if not takes_hands(question):
        return []
    found = []
    for each in tallies:
        by_word = each.counts.get(question["id"], {})
        counts = {value: by_word[str(value)] for value in hand_values(question) if by_word.get(str(value))}
        if counts:
            found.append((each, counts))
    return found


def _tally_question(
    question: Question, given: Given, hands: Sequence[tuple[ClassTally, dict[Any, int]]]
) -> QuestionResults:
    several = question["type"] == "multiple_choice"
    tallied = sum(max(counts.values()) if several else sum(counts.values()) for _, counts in hands)
    asked = len(given) + tallied
    shown: dict[str, Any] = {
        "id": question["id"],
        "type": question["type"],
        "label": question["label"],
        "words": question.get("words"),
        "answer_count": asked,
        "tally_count": tallied,
    }
    if "key" in question:
        right = sum(is_right(question, answer) for _, answer in given)
        [(_, right_shown), _] = hide_small([{"": right}, {"": len(given) - right}])
        shown["right_count"] = right_shown
    match TYPES[question["type"]].tally:
        case "texts":
            # In the alphabet's order: that of arrival would say whose is whose.
            return QuestionResults(**shown, texts=sorted(answer for _, answer in given))
        case "drawings":
            return QuestionResults(**shown, drawings=[Drawing(**answer) for _, answer in given])
        case "files":
            return QuestionResults(**shown, files=sorted(answer for _, answer in given))
        case "options":
            labels = _labels(question)
            counted = _count(labels, ((school, choice) for school, answer in given for choice in _choices(answer)))
            return QuestionResults(**shown, counts=_counts(labels, _with_hands(counted, hands)))
        case "steps":
            steps = _steps(question)
            counted = _with_hands(_count(steps, given), hands)
            counts = _counts(steps, counted)
            total = sum(value * number for value, by_school in counted.items() for number in by_school.values())
            mean = total / asked if asked >= SMALLEST else None
            return QuestionResults(**shown, counts=counts, **_mean(mean, counts))
        case "places":
            return QuestionResults(**shown, counts=_count_places(question, given))
        case "days":
            days = {day: day for day in sorted({answer for _, answer in given})}
            return QuestionResults(**shown, counts=_counts(days, _count(days, given)))
        case "amounts":
            return QuestionResults(**shown, amounts=_amounts(given))
        case "rows":
            return QuestionResults(**shown, rows=_count_rows(question, given))
        case "none":
            raise ValueError(f"{question['type']} has no answers to tally")


def _labels(question: Question) -> dict[str, str]:
    return {option["id"]: option["label"] for option in question["options"]}


def _steps(question: Question) -> dict[int, str]:
    return {step: str(step) for step in range(question["min"], question["max"] + 1)}


def _choices(answer: str | list[str]) -> list[str]:
    return answer if isinstance(answer, list) else [answer]


def _count(values: Iterable[Any], given: Iterable[tuple[SchoolId, Any]]) -> dict[Any, Counter[SchoolId]]:
    counted: dict[Any, Counter[SchoolId]] = {value: Counter() for value in values}
    for school, answer in given:
        counted[answer][school] += 1
    return counted


def _with_hands(
    counted: dict[Any, Counter[SchoolId]], hands: Sequence[tuple[ClassTally, dict[Any, int]]]
) -> dict[Any, Counter[SchoolId]]:
    for each, counts in hands:
        for value, number in counts.items():
            counted[value][each.school_id] += number
    return counted


def _counts(labels: Mapping[Any, str], counted: Counted) -> list[Count]:
    shown = hide_small([counted[value] for value in labels])
    return [
        Count(value=value, label=label, total=total, by_school=by_school)
        for (value, label), (by_school, total) in zip(labels.items(), shown, strict=True)
    ]


def _mean(mean: float | None, counts: Sequence[Count]) -> dict[str, Any]:
    """From an exact mean beside a total, hidden numbers could be worked out: then it is told in halves."""
    if mean is None or all(isinstance(count.total, int) for count in counts):
        return {"mean": mean, "mean_is_rough": False}
    return {"mean": round(mean * 2) / 2, "mean_is_rough": True}


def _count_places(question: Question, given: Given) -> list[Count]:
    """How often each option came first, and its mean place."""
    labels = _labels(question)
    first = _counts(labels, _count(labels, ((school, answer[0]) for school, answer in given)))
    if len(given) < SMALLEST:
        return first
    places = [fmean(answer.index(value) + 1 for _, answer in given) for value in labels]
    exact = all(isinstance(count.total, int) for count in first)
    return [
        count.model_copy(update={"place": place if exact else round(place * 2) / 2})
        for count, place in zip(first, places, strict=True)
    ]


def _count_rows(question: Question, given: Given) -> list[RowResults]:
    labels = _labels(question)
    rows = []
    for row in question["rows"]:
        of_row = ((school, answer[row["id"]]) for school, answer in given if row["id"] in answer)
        rows.append(RowResults(id=row["id"], label=row["label"], counts=_counts(labels, _count(labels, of_row))))
    return rows


def _amounts(given: Given) -> Amounts | None:
    if len(given) < SMALLEST:
        return None
    of_school: dict[SchoolId, list[float]] = defaultdict(list)
    for school, amount in given:
        of_school[school].append(amount)
    amounts = [amount for _, amount in given]
    # The mean of a small school could be worked out from those of the others.
    large = all(len(each) >= SMALLEST for each in of_school.values())
    by_school = {school: fmean(each) for school, each in sorted(of_school.items())} if large else {}
    return Amounts(least=min(amounts), greatest=max(amounts), mean=fmean(amounts), by_school=by_school)
