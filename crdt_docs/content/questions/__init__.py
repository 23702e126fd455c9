"""The types of questions. To add one: write its file beside these and add its line to the registry."""

from __future__ import annotations

from crdt_docs.content.questions import choices, dates, drawings, files, grids, numbers, sections, texts
from crdt_docs.content.questions.conditions import is_asked, loop_of, problem_of_condition, read_condition
from crdt_docs.content.questions.labels import MAX_ID, MAX_LABEL
from crdt_docs.content.questions.question_type import Question, QuestionType

__all__ = [
    "MAX_ID",
    "MAX_LABEL",
    "TYPES",
    "Question",
    "QuestionType",
    "is_asked",
    "loop_of",
    "problem_of_condition",
    "read_condition",
]

TYPES: dict[str, QuestionType] = {
    question_type.name: question_type
    for family in (texts, choices, numbers, dates, grids, drawings, files, sections)
    for question_type in family.TYPES
}
