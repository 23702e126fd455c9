"""Reads a sheet of questions that somebody wrote in a spreadsheet or pasted: forgiving in form, strict in meaning.

A line is accepted whole, or every fault in it is named; `lines` that are accepted are questions in the form of
`form.definition`. What is written how: `hub.question_sheet`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from crdt_docs.content.questions import MAX_ID, MAX_LABEL, TYPES, Question, problem_of_condition
from crdt_docs.content.questions.conditions import ASKABLE
from crdt_docs.content.questions.quiz_keys import KEYED, problem_of_key
from crdt_docs.content.questions.translations import problem_of_words
from hub.question_sheet import PARTS, known_names, plain
from hub.question_sheet_cells import Column, read_column, read_rows, split, unguarded

MAX_LINES = 200
FaultCode = Literal[
    "missing", "too_long", "blank", "too_many", "unknown_type", "not_yes_or_no", "not_a_number", "not_offered",
    "not_earlier", "not_for_type", "too_many_cells", "wrong",
]  # fmt: skip
"""`wrong`: what `value` says as the end of an English sentence."""
_TYPE_NAMES, _WORDS = known_names("types"), known_names("words")
_CONDITION = re.compile(r"\D{0,3}(\d{1,3})\s*[:=](.*)", re.DOTALL)

ONLY_FOR: Mapping[str, tuple[str, ...]] = {
    "options": ("single_choice", "picture_choice", "multiple_choice", "ranking", "matrix", "rubric"),
    "rows": ("matrix", "rubric"),
    "cells": ("rubric",),
    "rubric": ("rubric",),
    "pictures": ("picture_choice",),
    "min": ("scale", "number"),
    "max": ("scale", "number", "faces"),
    "decimals": ("number",),
    "unit": ("number",),
    "text": ("section",),
    "right": KEYED,
}


@dataclass(frozen=True, slots=True)
class Fault:
    column: str
    """One of `COLUMNS`, or empty for the line as a whole."""
    code: FaultCode
    value: str = ""


@dataclass(slots=True)
class Line:
    row: int
    """As spreadsheets number them; the header is one of them."""
    type: str
    label: str
    question: Question | None = None
    faults: list[Fault] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
    lines: list[Line]
    languages: list[str]
    unknown_columns: list[str]
    problem: Literal["empty", "no_title_column", "too_many_lines"] | None = None
    """Why there is nothing to read at all."""


def read_question_sheet(text: str, new_id: Callable[[], str]) -> Found:
    """`new_id` is called for questions, options and rows in their order. Never raises for what the text holds."""
    rows = read_rows(text)
    if not rows:
        return Found([], [], [], "empty")
    (header_row, header), *rest = rows
    columns = [read_column(cell) for cell in header]
    if ("title", "") not in columns:
        return Found([], [], [], "no_title_column")
    unknown = [cell.strip() for cell, column in zip(header, columns, strict=True) if column is None and cell.strip()]
    if len(rest) > MAX_LINES:
        return Found([], [], unknown, "too_many_lines")
    lines: list[Line] = []
    for row, cells in rest:
        if any(cell.strip() for cell in cells):
            lines.append(_Reader(row, columns, cells, [line.question for line in lines], new_id).read())
    if not lines:
        return Found([], [], unknown, "empty")
    languages = dict.fromkeys(tag for line in lines if line.question for tag in line.question.get("words", {}))
    ordered = [tag for tag in dict.fromkeys(column[1] for column in columns if column) if tag in languages]
    return Found(lines, ordered, unknown)


class _Reader:
    """One line. Everything that is wrong in it is noted, not only the first thing."""

    def __init__(
        self,
        row: int,
        columns: Sequence[Column | None],
        cells: Sequence[str],
        earlier: Sequence[Question | None],
        new_id: Callable[[], str],
    ) -> None:
        self._cells: dict[Column, str] = {}
        for column, cell in zip(columns, cells, strict=False):
            if column is not None:
                self._cells.setdefault(column, unguarded(cell))
        self._too_many = next((cell.strip() for cell in cells[len(columns) :] if cell.strip()), "")
        self._earlier = earlier
        self._new_id = new_id
        self._type = ""
        self.line = Line(row, "", self._text("title"))

    def read(self) -> Line:
        line = self.line
        if self._too_many:
            self._fault("", "too_many_cells", self._too_many)
        kind = self._read_type()
        if kind is None:
            return line
        line.type = self._type = kind
        for column, kinds in ONLY_FOR.items():
            if self._text(column) and kind not in kinds:
                self._fault(column, "not_for_type", self._text(column))
        if not line.label:
            self._fault("title", "missing")
        elif len(line.label) > MAX_LABEL:
            self._fault("title", "too_long", str(MAX_LABEL))
        question: Question = {
            "id": self._new_id(),
            "type": kind,
            "label": line.label,
            "required": self._read_flag("required") and kind != "section",
        }
        self._read_parts(question)
        if not line.faults:
            self._read_condition(question)
            self._read_key(question)
        if not line.faults:
            self._read_words(question)
            self._check(question)
        if not line.faults:
            line.question = question
        return line

    def _fault(self, column: str, code: FaultCode, value: str = "") -> None:
        self.line.faults.append(Fault(column, code, value[:100]))

    def _text(self, column: str, tag: str = "") -> str:
        return self._cells.get((column, tag), "").strip()

    def _read_type(self) -> str | None:
        given = self._text("type")
        if not given:
            # Who writes options and no type wants one of them chosen.
            return "single_choice" if self._text("options") else "short_text"
        kind = _TYPE_NAMES.get(plain(given))
        if kind is None:
            self._fault("type", "unknown_type", given)
        return kind

    def _read_flag(self, column: str) -> bool:
        given = self._text(column)
        if not given:
            return False
        word = _WORDS.get(plain(given), "no" if given == "-" else "")
        if not word:
            self._fault(column, "not_yes_or_no", given)
        return word == "yes"

    def _read_whole(self, column: str, default: int | None) -> int | None:
        given = self._text(column)
        if not given:
            return default
        try:
            return int(given)
        except ValueError:
            self._fault(column, "not_a_number", given)
            return default

    def _read_parts(self, question: Question) -> None:
        match question["type"]:
            case "single_choice" | "multiple_choice" | "ranking":
                question["options"] = self._read_items("options")
            case "picture_choice":
                options, pictures = self._read_items("options"), split(self._text("pictures"))
                if len(pictures) != len(options) or any(not 0 < len(each) <= MAX_ID for each in pictures):
                    self._fault("pictures", "missing")
                question["options"] = [
                    each | {"picture": picture} for each, picture in zip(options, pictures, strict=False)
                ]
            case "matrix":
                question["rows"], question["options"] = self._read_items("rows"), self._read_items("options")
            case "rubric":
                self._read_rubric(question)
            case "consent":
                question["options"] = [{"id": "yes", "label": "yes"}, {"id": "no", "label": "no"}]
            case "scale":
                question["min"], question["max"] = self._read_whole("min", 1), self._read_whole("max", 5)
            case "faces":
                question["min"], question["max"] = 1, self._read_whole("max", 5)
                if question["max"] not in (3, 4, 5):
                    self._fault("max", "not_offered", self._text("max"))
            case "number":
                question["min"], question["max"] = self._read_whole("min", None), self._read_whole("max", None)
                question["decimals"] = self._read_whole("decimals", 0)
                if question["decimals"] not in (0, 1, 2, 3):
                    self._fault("decimals", "not_offered", self._text("decimals"))
                question["unit"] = self._text("unit")
                if len(question["unit"]) > 20:
                    self._fault("unit", "too_long", "20")
            case "section":
                question["text"] = self._text("text")

    def _read_items(self, column: str) -> list[dict[str, str]]:
        labels = split(self._text(column))
        if not labels:
            self._fault(column, "missing")
        elif "" in labels:
            self._fault(column, "blank")
        elif any(len(label) > MAX_LABEL for label in labels):
            self._fault(column, "too_long", str(MAX_LABEL))
        return [{"id": self._new_id(), "label": label} for label in labels]

    def _read_rubric(self, question: Question) -> None:
        if rubric_id := self._text("rubric"):
            question |= {"rows": [], "options": [], "cells": {}, "rubric_id": rubric_id}
            if len(rubric_id) > MAX_ID:
                self._fault("rubric", "too_long", str(MAX_ID))
            return
        question["rows"], question["options"] = self._read_items("rows"), self._read_items("options")
        question["cells"] = {}
        for (row, option), text in self._grid(question, "").items():
            question["cells"].setdefault(row, {})[option] = text

    def _grid(self, question: Question, tag: str) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        written = self._cells.get(("cells", tag), "")
        texts_of_rows = written.strip("\r\n").split("\n") if written.strip() else []
        lines = [split(texts, also_lines=False) for texts in texts_of_rows]
        if len(lines) > len(question["rows"]) or any(len(line) > len(question["options"]) for line in lines):
            self._fault("cells", "too_many")
            return found
        for row, texts in zip(question["rows"], lines, strict=False):
            found |= {
                (row["id"], option["id"]): text
                for option, text in zip(question["options"], texts, strict=False)
                if text
            }
        return found

    def _read_condition(self, question: Question) -> None:
        given = self._text("shown_if")
        if not given:
            return
        match = _CONDITION.fullmatch(given)
        number = int(match[1]) if match else 0
        asked = self._earlier[number - 1] if 1 <= number <= len(self._earlier) else None
        if match is None or asked is None or asked["type"] not in ASKABLE:
            self._fault("shown_if", "not_earlier", given)
            return
        any_of = [self._value_of(asked, word, "shown_if") for word in split(match[2])]
        question["show_if"] = {"question_id": asked["id"], "any_of": any_of}

    def _read_key(self, question: Question) -> None:
        points = self._read_whole("points", 1)
        right = split(self._text("right"))
        if not right:
            for column in ("points", "said_right", "said_wrong"):
                if self._text(column):
                    self._fault("right", "missing")
                    return
            return
        question["key"] = {
            "any_of": [self._value_of(question, word, "right") for word in right],
            "points": points,
            "right": self._text("said_right"),
            "wrong": self._text("said_wrong"),
        }
        if points is None or not 0 <= points <= 100:
            self._fault("points", "not_offered", self._text("points"))

    def _value_of(self, question: Question, word: str, column: str) -> Any:
        """The answer that this word names; noted when there is none."""
        if question["type"] == "consent":
            if (known := _WORDS.get(plain(word))) is not None:
                return known
        elif "options" in question:
            options = question["options"]
            if (place := re.fullmatch(r"#(\d{1,2})", word)) and 1 <= int(place[1]) <= len(options):
                return options[int(place[1]) - 1]["id"]
            same = [each["id"] for each in options if each["label"] == word]
            same = same or [each["id"] for each in options if plain(each["label"]) == plain(word)]
            if len(same) == 1:
                return same[0]
        elif question["type"] in ("scale", "faces", "number"):
            if (number := _number(word)) is not None:
                if question["type"] == "number" or number in range(question["min"], question["max"] + 1):
                    return number
        else:
            return word
        self._fault(column, "not_offered", word)
        return word

    def _read_words(self, question: Question) -> None:
        words: dict[str, dict[str, str]] = {}
        for tag in dict.fromkeys(tag for _, tag in self._cells if tag):
            parts = {part: self._text(column, tag) for column, part in PARTS.items()}
            for column, part in (("options", "option"), ("rows", "row")):
                texts = split(self._text(column, tag))
                items = question.get(column, []) if question["type"] != "consent" else []
                if len(texts) > len(items):
                    self._fault(column, "too_many", tag)
                parts |= {f"{part}|{item['id']}": text for item, text in zip(items, texts, strict=False)}
            if question["type"] == "rubric":
                parts |= {f"cell|{row}|{option}": text for (row, option), text in self._grid(question, tag).items()}
            if filled := {part: text for part, text in parts.items() if text}:
                words[tag] = filled
        if words:
            question["words"] = words

    def _check(self, question: Question) -> None:
        """The form's own rules, for what is not named above."""
        known = {each["id"]: each for each in self._earlier if each is not None}
        problem = (
            (None if question.get("rubric_id") else TYPES[question["type"]].problem(question))
            or problem_of_condition(question, known)
            or problem_of_key(question)
            or problem_of_words(question.get("words", {}))
        )
        if problem:
            self._fault("", "wrong", problem)


def _number(word: str) -> int | float | None:
    try:
        number = float(word.replace(",", "."))
    except ValueError:
        return None
    if number != number or abs(number) > 10**12:
        return None
    return int(number) if number.is_integer() else number
