"""The questions of a form as a sheet (CSV): what its columns are called, and how it is written.

A row for each question. Lists stand in one cell, `Vistula | Oder`; a backslash before `|`, another backslash or `n`
makes it a sign, and a line break, of an item. Of a rubric's descriptions each criterion has a line. `title [pl]` is a
column in another language. `hub.question_sheet_reader` reads what this writes.
"""

from __future__ import annotations

import tomllib
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.resources import files
from typing import Any

from crdt_docs.content.questions import Question
from hub.form_sheet import Sheet

NAMES: dict[str, Any] = tomllib.loads(files("hub").joinpath("question_sheet.toml").read_text("utf-8"))
FALLBACK = "en"
COLUMNS: tuple[str, ...] = tuple(NAMES[FALLBACK]["columns"])
TRANSLATED = ("title", "text", "options", "rows", "cells", "said_right", "said_wrong")
"""Columns that may stand in other languages as well."""
PARTS = {"title": "label", "text": "text", "said_right": "right", "said_wrong": "wrong"}
"""Translated columns that hold one text → the part of a question's words (rules CF8)."""
SEPARATOR, ESCAPE = "|", "\\"


def plain(word: str) -> str:
    """Without case, accents and signs, so that `¿Obligatoria?` is `obligatoria`."""
    bare = unicodedata.normalize("NFKD", word.replace("ł", "l").replace("Ł", "L"))
    kept = "".join(char if char.isalnum() else " " for char in bare if not unicodedata.combining(char))
    return " ".join(kept.casefold().split())


def known_names(table: str) -> dict[str, str]:
    """Every name that is understood → what it names; the project's own names, `single_choice`, are among them."""
    found: dict[str, str] = {}
    for language in NAMES.values():
        for name, words in language[table].items():
            found.setdefault(plain(name), name)
            for word in words:
                found.setdefault(plain(word), name)
    return found


def own_name(table: str, name: str, language: str) -> str:
    """The one that is written."""
    return str(NAMES.get(language.split("-")[0], NAMES[FALLBACK])[table][name][0])


def sample_sheet(language: str) -> Sheet:
    """A few questions that show how it is done."""
    rows: list[dict[str, str]] = NAMES.get(language.split("-")[0], NAMES[FALLBACK])["sample"]
    columns = [column for column in COLUMNS if any(column in row for row in rows)]
    header = [own_name("columns", column, language) for column in columns]
    return Sheet(header, [[row.get(column) for column in columns] for row in rows])


def make_question_sheet(questions: Sequence[Question], languages: Sequence[str], language: str) -> Sheet:
    """`languages` are those the form has beside its own; `language` is that of the column's names."""
    places = {question["id"]: place for place, question in enumerate(questions, 1)}
    rows = [_row(question, questions, places, languages, language) for question in questions]
    all_columns = [(column, tag) for column in COLUMNS for tag in ("", *languages) if not tag or column in TRANSLATED]
    # The columns that everybody needs, and of the others those that hold something.
    kept = [each for each in all_columns if each[0] in ("type", "title", "required", "options") and not each[1]]
    shown = [each for each in all_columns if each in kept or any(row.get(each) for row in rows)]
    header = [own_name("columns", column, language) + (f" [{tag}]" if tag else "") for column, tag in shown]
    return Sheet(header, [[row.get(each) for each in shown] for row in rows])


_Cells = dict[tuple[str, str], str]


def _row(
    question: Question,
    questions: Sequence[Question],
    places: Mapping[str, int],
    languages: Sequence[str],
    language: str,
) -> _Cells:
    cells: _Cells = {
        ("type", ""): own_name("types", question["type"], language),
        ("title", ""): question["label"],
        ("required", ""): own_name("words", "yes", language) if question["required"] else "",
    }
    for name in ("min", "max", "decimals"):
        if question.get(name) is not None and not (question["type"] == "faces" and name == "min"):
            cells[name, ""] = str(question[name])
    for name in ("unit", "text"):
        cells[name, ""] = question.get(name, "")
    cells["rubric", ""] = question.get("rubric_id", "")
    options: list[dict[str, str]] = [] if question["type"] == "consent" else question.get("options", [])
    rows: list[dict[str, str]] = question.get("rows", [])
    cells["options", ""] = join([each["label"] for each in options])
    cells["rows", ""] = join([each["label"] for each in rows])
    if question["type"] == "picture_choice":
        cells["pictures", ""] = join([each["picture"] for each in options])
    written: dict[str, dict[str, str]] = question.get("cells", {})
    cells["cells", ""] = _grid([[written.get(row["id"], {}).get(each["id"], "") for each in options] for row in rows])
    if (key := question.get("key")) is not None:
        cells["right", ""] = join([_answer_word(question, value) for value in key["any_of"]])
        cells["points", ""] = str(key["points"])
        cells["said_right", ""], cells["said_wrong", ""] = key["right"], key["wrong"]
    if (condition := question.get("show_if")) is not None and condition["question_id"] in places:
        place = places[condition["question_id"]]
        words = [_answer_word(questions[place - 1], value) for value in condition["any_of"]]
        cells["shown_if", ""] = f"{place}: {join(words)}"
    for tag in languages:
        words_of = question.get("words", {}).get(tag, {})
        for column, part in PARTS.items():
            cells[column, tag] = words_of.get(part, "")
        cells["options", tag] = join([words_of.get(f"option|{each['id']}", "") for each in options])
        cells["rows", tag] = join([words_of.get(f"row|{each['id']}", "") for each in rows])
        cells["cells", tag] = _grid(
            [[words_of.get(f"cell|{row['id']}|{each['id']}", "") for each in options] for row in rows]
        )
    return cells


def _answer_word(question: Question, value: Any) -> str:
    """What is offered by its words; by its place, `#2`, where two have the same or they look like a place."""
    if question["type"] == "consent" or "options" not in question:
        return str(value)
    labels = [option["label"] for option in question["options"]]
    label = next((option["label"] for option in question["options"] if option["id"] == value), "")
    if label and not label.startswith("#") and Counter(map(plain, labels))[plain(label)] == 1:
        return label
    return f"#{[option['id'] for option in question['options']].index(value) + 1}" if label or value else str(value)


def join(items: Sequence[str]) -> str:
    """Nothing when all are empty."""
    return f" {SEPARATOR} ".join(map(_escaped, items)) if any(items) else ""


def _grid(rows: Sequence[Sequence[str]]) -> str:
    # An empty line is no line, so one without words keeps its separators, or a space where there is one column.
    return "\n".join(f" {SEPARATOR} ".join(map(_escaped, row)) for row in rows) if any(map(any, rows)) else ""


def _escaped(text: str) -> str:
    return text.replace(ESCAPE, ESCAPE * 2).replace(SEPARATOR, ESCAPE + SEPARATOR).replace("\n", ESCAPE + "n")
