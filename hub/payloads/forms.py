"""Forms, answers and their results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.fields import Answer, Id, Payload, Reply

QuestionType = Literal["short_text", "long_text", "single_choice", "multiple_choice", "scale", "faces"]


class Option(Reply):
    id: str
    label: str


class Question(Reply):
    id: str
    type: QuestionType
    label: str
    required: bool
    options: list[Option] | None = None
    min: int | None = None
    max: int | None = None


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


class QuestionResults(Reply):
    id: str
    type: QuestionType
    label: str
    counts: list[Count] | None = None
    texts: list[str] | None = None
    mean: float | None = None


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
