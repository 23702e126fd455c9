"""A form's answers as a sheet to go on with in a spreadsheet: a row for each person, without a name."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crdt_docs.content.questions import TYPES, Question
from storage.records import Json, SchoolId

Cell = str | int | float | None

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What makes spreadsheets take a text for a formula (OWASP, CSV Injection)."""


@dataclass(frozen=True, slots=True)
class Sheet:
    header: list[str]
    rows: list[list[Cell]]


def make_sheet(
    definition: Json,
    answers: Iterable[tuple[SchoolId, Json]],
    *,
    school_word: str,
    school_names: Mapping[SchoolId, str],
) -> Sheet:
    """A column for each question, of a grid one for each row. The order of the rows says nothing of who came when."""
    questions = [question for question in definition["questions"] if TYPES[question["type"]].tally != "none"]
    header = [school_word, *(title for question in questions for title in _titles(question))]
    kept = sorted(answers, key=lambda each: (each[0], json.dumps(each[1], sort_keys=True)))
    rows: list[list[Cell]] = []
    for school_id, given in kept:
        row: list[Cell] = [school_names.get(school_id, school_id)]
        for question in questions:
            row += _cells(question, given.get(question["id"]))
        rows.append(row)
    return Sheet(header, rows)


def as_text(definition: Json, answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each thing that was answered, and the answer in words."""
    shown = []
    for question in definition["questions"]:
        if (answer := answers.get(question["id"])) is not None:
            cells = zip(_titles(question), _cells(question, answer), strict=True)
            shown += [(title, str(cell)) for title, cell in cells if cell is not None]
    return shown


def _titles(question: Question) -> list[str]:
    if "rows" in question:
        return [f"{question['label']} · {row['label']}" for row in question["rows"]]
    return [f"{question['label']} ({question['unit']})" if question.get("unit") else question["label"]]


def _cells(question: Question, answer: Any) -> list[Cell]:
    words: dict[str, str] = {option["id"]: option["label"] for option in question.get("options", ())}
    if question["type"] == "drawing":
        return [len(answer["strokes"]) if answer else None]
    if "rows" in question:
        given = answer or {}
        return [words.get(given.get(row["id"], "")) for row in question["rows"]]
    if isinstance(answer, list):
        ranked = question["type"] == "ranking"
        chosen = [words[option] for option in answer]
        return ["; ".join(f"{place}. {word}" if ranked else word for place, word in enumerate(chosen, 1))]
    return [words.get(answer, answer) if isinstance(answer, str) else answer]


def as_csv(sheet: Sheet) -> bytes:
    """RFC 4180, with the mark that tells Excel it is UTF-8; no cell can be taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(title) for title in sheet.header])
    writer.writerows([_harmless(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def _harmless(cell: Cell) -> Cell:
    # What began with an apostrophe gets one more, so that taking one away gives back what was there.
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip("'").startswith(FORMULA_STARTS) else cell


def as_xlsx(sheet: Sheet) -> bytes:
    """Office Open XML; texts are texts, whatever they begin with."""
    # A tenth of what starting a hub takes, and few ask for it.
    import xlsxwriter

    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(content, options) as book:
        page = book.add_worksheet()
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        page.freeze_panes(1, 0)
        for column, title in enumerate(sheet.header):
            page.write_string(0, column, title, bold)
            page.set_column(column, column, min(40, max(12, len(title))))
        for place, row in enumerate(sheet.rows, 1):
            for column, cell in enumerate(row):
                if isinstance(cell, str):
                    page.write_string(place, column, cell)
                elif cell is not None:
                    page.write_number(place, column, cell)
    return content.getvalue()
