"""Forms, answers and their results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.contents import ContentRef
from hub.payloads.fields import Answer, Id, Payload, Reply

QuestionType = Literal[
    "short_text",
    "long_text",
    "single_choice",
    "multiple_choice",
    "ranking",
    "consent",
    "scale",
    "faces",
    "number",
    "date",
    "matrix",
    "section",
]


class Option(Reply):
    id: str
    label: str


class Condition(Reply):
    question_id: str
    any_of: list[str | int]


class Question(Reply):
    id: str
    type: QuestionType
    label: str
    required: bool
    options: list[Option] | None = None
    rows: list[Option] | None = None
    min: int | None = None
    max: int | None = None
    decimals: int | None = None
    unit: str | None = None
    text: str | None = None
    show_if: Condition | None = None


class Form(Reply):
    content_id: str
    version: int
    title: str
    questions: list[Question]
    published_at_ms: int
    my_answers: dict[str, Answer] | None
    response_count: int


class AnswerForm(Payload):
    content_id: Id
    version: Annotated[int, Field(ge=1)]
    answers: Annotated[dict[Id, Answer], Field(max_length=200)]


class Answered(Reply):
    new: bool
    response_count: int


class Count(Reply):
    value: str | int
    label: str
    total: int
    by_school: dict[str, int]
    place: float | None = None


class RowResults(Option):
    counts: list[Count]


class Amounts(Reply):
    least: float
    greatest: float
    mean: float
    by_school: dict[str, float]


class QuestionResults(Reply):
    id: str
    type: QuestionType
    label: str
    answer_count: int
    counts: list[Count] | None = None
    rows: list[RowResults] | None = None
    amounts: Amounts | None = None
    texts: list[str] | None = None
    mean: float | None = None


class ExportResults(ContentRef):
    format: Literal["csv", "xlsx"] = "csv"


class Results(Reply):
    content_id: str
    version: int
    response_count: int
    questions: list[QuestionResults]


class FormPublished(Reply):
    content_id: str
    version: int


class FormAnswered(FormPublished):
    response_count: int
