"""What a form's answers come to: numbers by school, texts without a name. Who answered what is nobody's business.

Answers are added and taken out one by one, so that a look costs as much as the form is long, however many answered.
Hands that a teacher counted in a class count as that many answers. Small numbers are hidden (`hub.form_cells`).
"""

from __future__ import annotations

import json
from bisect import bisect_left, insort
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
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
Counted = Mapping[Any, Mapping[SchoolId, int]]
"""Answer → school → how many."""
Hands = Sequence[tuple[ClassTally, dict[Any, int]]]
TALLIED = ("options", "steps")
"""How questions are counted for which a class can put its hands up."""


def tally(definition: Json, sheets: Iterable[Sheet], tallies: Sequence[ClassTally] = ()) -> list[QuestionResults]:
    """The results of a frozen form, question by question; headings have none."""
    counts = FormCounts(definition)
    for sheet in sheets:
        counts.add(sheet)
    return counts.results(tallies)


class FormCounts:
    """The answers to a frozen form, counted. What was added may be taken out again, in any order."""

    def __init__(self, definition: Json) -> None:
        asked = [each for each in definition["questions"] if TYPES[each["type"]].tally != "none"]
        self._questions = {question["id"]: _QuestionCounts(question) for question in asked}

    def add(self, sheet: Sheet) -> None:
        self._change(sheet, 1)

    def remove(self, sheet: Sheet) -> None:
        """One that was added."""
        self._change(sheet, -1)

    def results(self, tallies: Sequence[ClassTally] = ()) -> list[QuestionResults]:
        return [each.results(_hands(each.question, tallies)) for each in self._questions.values()]

    def _change(self, sheet: Sheet, by: int) -> None:
        school_id, answers = sheet
        for question_id, answer in answers.items():
            if (counts := self._questions.get(question_id)) is not None:
                counts.change(school_id, answer, by)


class _QuestionCounts:
    def __init__(self, question: Question) -> None:
        self.question = question
        self._how = TYPES[question["type"]].tally
        self._total = 0
        self._right = 0
        self._counted: dict[Any, Counter[SchoolId]] = defaultdict(Counter)
        """Answer → school → how many; of a grid, of `(row, answer)`; of an order, of what came first."""
        self._places: Counter[str] = Counter()
        """Of an order: the sum of each option's places."""
        self._sums: dict[SchoolId, Fraction] = defaultdict(Fraction)
        self._written: list[str] = []
        """Texts, files and drawings, in the alphabet's order: that of arrival would say whose is whose."""

    def change(self, school_id: SchoolId, answer: Any, by: int) -> None:
        self._total += by
        if "key" in self.question:
            self._right += by * is_right(self.question, answer)
        match self._how:
            case "texts" | "files":
                self._write(answer, by)
            case "drawings":
                self._write(json.dumps(answer, sort_keys=True), by)
            case "places":
                self._count(answer[0], school_id, by)
                for place, value in enumerate(answer, 1):
                    self._places[value] += place * by
            case "rows":
                for row, value in answer.items():
                    self._count((row, value), school_id, by)
            case "amounts":
                self._count(answer, school_id, by)
                # Of whole numbers and decimals as they were typed, so that no order of adding makes a difference.
                self._sums[school_id] += Fraction(str(answer)) * by
            case _:
                for value in answer if isinstance(answer, list) else [answer]:
                    self._count(value, school_id, by)

    def _count(self, value: Any, school_id: SchoolId, by: int) -> None:
        by_school = self._counted[value]
        by_school[school_id] += by
        if not by_school[school_id]:
            del by_school[school_id]
            if not by_school:
                del self._counted[value]

    def _write(self, text: str, by: int) -> None:
        if by > 0:
            insort(self._written, text)
        else:
            del self._written[bisect_left(self._written, text)]

    def results(self, hands: Hands) -> QuestionResults:
        question = self.question
        several = question["type"] == "multiple_choice"
        tallied = sum(max(counts.values()) if several else sum(counts.values()) for _, counts in hands)
        asked = self._total + tallied
        shown: dict[str, Any] = {
            "id": question["id"],
            "type": question["type"],
            "label": question["label"],
            "words": question.get("words"),
            "answer_count": asked,
            "tally_count": tallied,
        }
        if "key" in question:
            [(_, right_shown), _] = hide_small([{"": self._right}, {"": self._total - self._right}])
            shown["right_count"] = right_shown
        match self._how:
            case "texts":
                return QuestionResults(**shown, texts=list(self._written))
            case "drawings":
                return QuestionResults(**shown, drawings=[Drawing(**json.loads(each)) for each in self._written])
            case "files":
                return QuestionResults(**shown, files=list(self._written))
            case "options":
                labels = _labels(question)
                return QuestionResults(**shown, counts=_counts(labels, _with_hands(self._of(labels), hands)))
            case "steps":
                steps = _steps(question)
                counted = _with_hands(self._of(steps), hands)
                counts = _counts(steps, counted)
                total = sum(value * number for value, by_school in counted.items() for number in by_school.values())
                mean = total / asked if asked >= SMALLEST else None
                return QuestionResults(**shown, counts=counts, **_mean(mean, counts))
            case "places":
                return QuestionResults(**shown, counts=self._count_places())
            case "days":
                days = {day: day for day in sorted(self._counted)}
                return QuestionResults(**shown, counts=_counts(days, self._of(days)))
            case "amounts":
                return QuestionResults(**shown, amounts=self._amounts())
            case "rows":
                return QuestionResults(**shown, rows=self._count_rows())
            case "none":
                raise ValueError(f"{question['type']} has no answers to tally")

    def _of(self, values: Iterable[Any]) -> dict[Any, Counter[SchoolId]]:
        """A copy, every value in it, with its schools always in one order: that of small numbers depends on it."""
        return {value: Counter(dict(sorted(self._counted.get(value, {}).items()))) for value in values}

    def _count_places(self) -> list[Count]:
        """How often each option came first, and its mean place."""
        labels = _labels(self.question)
        first = _counts(labels, self._of(labels))
        if self._total < SMALLEST:
            return first
        places = [self._places[value] / self._total for value in labels]
        exact = all(isinstance(count.total, int) for count in first)
        return [
            count.model_copy(update={"place": place if exact else round(place * 2) / 2})
            for count, place in zip(first, places, strict=True)
        ]

    def _count_rows(self) -> list[RowResults]:
        labels = _labels(self.question)
        rows = []
        for row in self.question["rows"]:
            of_row = self._of((row["id"], value) for value in labels)
            counted = {value: by_school for (_, value), by_school in of_row.items()}
            rows.append(RowResults(id=row["id"], label=row["label"], counts=_counts(labels, counted)))
        return rows

    def _amounts(self) -> Amounts | None:
        if self._total < SMALLEST:
            return None
        of_school: Counter[SchoolId] = Counter()
        for by_school in self._counted.values():
            of_school.update(by_school)
        # The mean of a small school could be worked out from those of the others.
        large = all(number >= SMALLEST for number in of_school.values())
        means = {school: float(self._sums[school] / number) for school, number in sorted(of_school.items())}
        return Amounts(
            least=min(self._counted),
            greatest=max(self._counted),
            mean=float(sum(self._sums.values()) / self._total),
            by_school=means if large else {},
        )


def takes_hands(question: Question) -> bool:
    return TYPES[question["type"]].tally in TALLIED


def hand_values(question: Question) -> list[Any]:
    """The answers for which a class can put its hands up."""
    return list(_labels(question) if "options" in question else _steps(question))


def _hands(question: Question, tallies: Sequence[ClassTally]) -> Hands:
    if not takes_hands(question):
        return []
    found = []
    for each in tallies:
        by_word = each.counts.get(question["id"], {})
        counts = {value: by_word[str(value)] for value in hand_values(question) if by_word.get(str(value))}
        if counts:
            found.append((each, counts))
    return found


def _labels(question: Question) -> dict[str, str]:
    return {option["id"]: option["label"] for option in question["options"]}


def _steps(question: Question) -> dict[int, str]:
    return {step: str(step) for step in range(question["min"], question["max"] + 1)}


def _with_hands(counted: dict[Any, Counter[SchoolId]], hands: Hands) -> dict[Any, Counter[SchoolId]]:
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
