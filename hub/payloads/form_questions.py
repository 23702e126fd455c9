"""The questions of a form as a sheet, taken along and brought in."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, StringConstraints

from hub.payloads.contents import ContentRef
from hub.payloads.fields import STORABLE, Id, Reply
from hub.payloads.forms import QuestionType

MAX_SHEET = 500_000


def _with_plain_line_ends(text: object) -> object:
    return text.replace("\r\n", "\n").replace("\r", "\n") if isinstance(text, str) else text


SheetText = Annotated[str, StringConstraints(max_length=MAX_SHEET), STORABLE, BeforeValidator(_with_plain_line_ends)]


class ExportQuestions(ContentRef):
    sample: bool = False
    """Not the form's own, but a few that show how a sheet is written."""


class PreviewQuestions(ContentRef):
    text: SheetText


class ImportQuestions(PreviewQuestions):
    import_id: Annotated[Id, StringConstraints(max_length=40)]
    """Made by the page: the same sheet sent twice is there once."""
    skip_faulty: bool = False
    """Leave out the lines in which something is wrong; otherwise one of them keeps all out."""


class LineFault(Reply):
    column: str
    """`title`, `options` …, or empty for the whole line."""
    code: Literal[
        "missing",
        "too_long",
        "blank",
        "too_many",
        "unknown_type",
        "not_yes_or_no",
        "not_a_number",
        "not_offered",
        "not_earlier",
        "not_for_type",
        "too_many_cells",
        "wrong",
    ]
    value: str
    """What stands there; of `too_long` the most there may be; of `wrong` what is wrong, as the end of a sentence."""


class QuestionLine(Reply):
    row: int
    """As spreadsheets number them."""
    type: QuestionType | None
    label: str
    required: bool
    options: list[str]
    faults: list[LineFault]


class QuestionLines(Reply):
    lines: list[QuestionLine]
    accepted: int
    unknown_columns: list[str]
    problem: Literal["empty", "no_title_column", "too_many_lines", "form_full"] | None


class Imported(Reply):
    added: int
