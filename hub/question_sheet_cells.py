"""Cuts a sheet of questions into rows, columns and the items of a cell, however the spreadsheet wrote it.

What the cells mean: `hub.question_sheet_reader`.
"""

from __future__ import annotations

import csv
import io
import re

from hub.form_sheet import FORMULA_STARTS
from hub.question_sheet import ESCAPE, SEPARATOR, TRANSLATED, known_names, plain

DELIMITERS = (",", ";", "\t")
_COLUMN_NAMES = known_names("columns")
_TRANSLATED_NAME = re.compile(r"(.+?)\s*[\[(:]\s*([a-z]{2,3}(?:-[A-Za-z0-9]{2,8})?)\s*[\])]?\s*", re.DOTALL)
Column = tuple[str, str]
"""A name of `COLUMNS` and a language, empty for the form's own."""


def read_rows(text: str) -> list[tuple[int, list[str]]]:
    """The rows with their numbers, split at whatever makes most sense of the first one; blank ones left out."""
    text = text.removeprefix("\ufeff")
    said = re.match(r'"?sep=(.)"?\r?\n', text, re.IGNORECASE)
    if said:
        text = text[said.end() :]
    before = text[: len(text) - len(text.lstrip("\r\n"))]
    start = text[len(before) :]

    def understood(delimiter: str) -> tuple[int, int]:
        first = next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter), [])
        return len([cell for cell in first if read_column(cell) is not None]), len(first)

    delimiter = said[1] if said and said[1] in DELIMITERS else max(DELIMITERS, key=understood)
    former = csv.field_size_limit(max(csv.field_size_limit(), len(text)))
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    finally:
        csv.field_size_limit(former)
    return [(row, cells) for row, cells in enumerate(rows, 1) if any(cell.strip() for cell in cells)]


def read_column(cell: str) -> Column | None:
    name = _COLUMN_NAMES.get(plain(cell))
    if name is not None:
        return name, ""
    match = _TRANSLATED_NAME.fullmatch(cell.strip())
    name = _COLUMN_NAMES.get(plain(match[1])) if match else None
    return (name, match[2]) if match and name in TRANSLATED else None


def split(cell: str, *, also_lines: bool = True) -> list[str]:
    """The items of a list, trimmed; those at the end that are empty left out."""
    if not cell.strip():
        return []
    items, at = [""], 0
    while at < len(cell):
        char = cell[at]
        if char == ESCAPE and at + 1 < len(cell) and cell[at + 1] in (ESCAPE, SEPARATOR, "n"):
            at += 1
            items[-1] += "\n" if cell[at] == "n" else cell[at]
        elif char == SEPARATOR or (also_lines and char == "\n"):
            items.append("")
        else:
            items[-1] += char
        at += 1
    trimmed = [item.strip() for item in items]
    while trimmed and not trimmed[-1]:
        trimmed.pop()
    return trimmed


def unguarded(cell: str) -> str:
    """As it was before `form_sheet.as_csv` put an apostrophe before what looks like a formula."""
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(FORMULA_STARTS) else cell
