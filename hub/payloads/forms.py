"""Forms, and answers to them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from hub.payloads.contents import ContentRef
from hub.payloads.fields import Answer, Drawing, Id, Payload, Reply

__all__ = ["Drawing"]

QuestionType = Literal[
    "short_text",
    "long_text",
    "single_choice",
    "picture_choice",
    "multiple_choice",
    "ranking",
    "consent",
    "scale",
    "faces",
    "number",
    "date",
    "matrix",
    "rubric",
    "drawing",
    "file",
    "section",
]


Words = dict[str, dict[str, str]]
"""Language → part → text; a part is `label`, `text`, `option|<id>`, `row|<id>`, `cell|<row id>|<option id>`."""
Version = Annotated[int, Field(ge=1, le=2**31 - 1)]


class Option(Reply):
    id: str
    label: str


class OfferedOption(Option):
    picture: str | None = None
    """The id of the material that shows it."""


class Condition(Reply):
    question_id: str
    any_of: list[str | int]


class Question(Reply):
    id: str
    type: QuestionType
    label: str
    required: bool
    options: list[OfferedOption] | None = None
    rows: list[Option] | None = None
    min: int | None = None
    max: int | None = None
    decimals: int | None = None
    unit: str | None = None
    text: str | None = None
    cells: dict[str, dict[str, str]] | None = None
    """Of a rubric: row id → option id → what it means."""
    rubric_id: str | None = None
    """Where what it asks by was sealed."""
    show_if: Condition | None = None
    words: Words | None = None


class QuizMark(Reply):
    """What became of one question of a quiz."""

    id: str
    right: bool
    points: int
    of: int
    feedback: str
    feedback_in: dict[str, str] = {}
    """The same in the form's other languages."""


class Draft(Reply):
    version: int
    answers: dict[str, Answer]
    changed_at_ms: int


class Form(Reply):
    content_id: str
    version: int
    newest_version: int
    """Greater than `version` while one finishes what one began before the form was changed."""
    round: Literal["before", "after"] | None
    title: str
    words: Words
    languages: list[str]
    mode: Literal["alone", "together"]
    anonymous: bool
    is_quiz: bool
    questions: list[Question]
    published_at_ms: int
    my_answers: dict[str, Answer] | None
    my_draft: Draft | None
    has_answered: bool
    """Also when nobody knows any more which answers those are."""
    marks: list[QuizMark] | None
    """Of a quiz that I have answered."""
    sheet_id: str | None
    """The content to open for filling it in together."""
    response_count: int


class PublishForm(ContentRef):
    round: Literal["before", "after"] | None = None
    """The same questions before and after something: the newest of each are compared."""


class AnswerForm(Payload):
    content_id: Id
    version: Version
    answers: Annotated[dict[Id, Answer], Field(max_length=200)]


class ReadForm(ContentRef):
    version: Version | None = None


class DraftKept(Reply):
    changed_at_ms: int


class Answered(Reply):
    new: bool
    response_count: int
    marks: list[QuizMark] | None = None


class FormPublished(Reply):
    content_id: str
    version: int


class FormAnswered(FormPublished):
    response_count: int
