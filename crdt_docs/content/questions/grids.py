"""Questions that ask the same of several things: a row for each, a column for each answer."""

from __future__ import annotations

from typing import Any

from pycrdt import Map

from crdt_docs.content.kind import text_of
from crdt_docs.content.questions.labels import MAX_ID, MAX_LABEL, problem_of, read_labelled
from crdt_docs.content.questions.question_type import Question, QuestionType, YMap, wrong

MAX_ROWS = 20
MAX_COLUMNS = 7
"""More do not fit beside each other on paper, and on a phone nobody finds the last one."""


def _read(value: YMap) -> Question:
    return {"rows": read_labelled(value.get("rows")), "options": read_labelled(value.get("options"))}


def _read_rubric(value: YMap) -> Question:
    """`cells` says in words what a level means for a criterion: `"<row id>|<option id>"` → text.

    With `rubric_id` all of it is what was sealed there, and is put in when the form is published.
    """
    rubric_id = value.get("rubric_id")
    if isinstance(rubric_id, str) and 0 < len(rubric_id) <= MAX_ID:
        return {"rows": [], "options": [], "cells": {}, "rubric_id": rubric_id}
    grid = _read(value)
    cells = value.get("cells")
    words: dict[str, dict[str, str]] = {}
    if not isinstance(cells, Map):
        return {**grid, "cells": words}
    for row in grid["rows"]:
        for option in grid["options"]:
            if text := text_of(cells.get(f"{row['id']}|{option['id']}")).strip():
                words.setdefault(row["id"], {})[option["id"]] = text
    return {**grid, "cells": words}


def _problem_of_rubric(question: Question) -> str | None:
    if any(len(text) > MAX_LABEL for row in question["cells"].values() for text in row.values()):
        return f"has a description longer than {MAX_LABEL} characters"
    return problem_of(question["rows"], "criterion", least=1, most=MAX_ROWS) or problem_of(
        question["options"], "level", least=2, most=MAX_COLUMNS
    )


def _problem(question: Question) -> str | None:
    return problem_of(question["rows"], "row", least=1, most=MAX_ROWS) or problem_of(
        question["options"], "column", least=2, most=MAX_COLUMNS
    )


def _clean(question: Question, answer: Any) -> dict[str, str] | None:
    rows = [row["id"] for row in question["rows"]]
    columns = {option["id"] for option in question["options"]}
    if not isinstance(answer, dict) or any(row not in rows for row in answer):
        raise wrong(question, "The answer has to be an object: row id → column id.")
    given = {row: answer[row] for row in rows if answer.get(row) not in (None, "")}
    if any(not isinstance(column, str) or column not in columns for column in given.values()):
        raise wrong(question, "Each row's answer has to be one of the columns.")
    if question["required"] and given and len(given) < len(rows):
        raise wrong(question, "Each row needs an answer.")
    return given or None


TYPES = (
    QuestionType("matrix", "rows", _read, _problem, _clean),
    QuestionType("rubric", "rows", _read_rubric, _problem_of_rubric, _clean),
)
