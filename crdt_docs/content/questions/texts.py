"""Questions that are answered in words."""

from __future__ import annotations

from typing import Any

from crdt_docs.content.questions.question_type import Question, QuestionType, no_problem, nothing_more, wrong

MAX_LENGTH = {"short_text": 200, "long_text": 4_000}


def _clean(question: Question, answer: Any) -> str | None:
    if not isinstance(answer, str):
        raise wrong(question, "The answer has to be a text.")
    text = answer.strip()
    most = MAX_LENGTH[question["type"]]
    if len(text) > most:
        raise wrong(question, f"The answer has at most {most} characters.")
    return text or None


TYPES = tuple(QuestionType(name, "texts", nothing_more, no_problem, _clean) for name in MAX_LENGTH)
