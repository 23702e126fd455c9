"""Questions that are answered by a day."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Any

from crdt_docs.content.questions.question_type import Question, QuestionType, no_problem, nothing_more, wrong

_DAY = re.compile(r"([12]\d{3})-(\d\d)-(\d\d)")


def _clean(question: Question, answer: Any) -> str | None:
    if answer == "":
        return None
    match = _DAY.fullmatch(answer) if isinstance(answer, str) else None
    if match is not None:
        year, month, day = (int(part) for part in match.groups())
        if 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]:
            return match.group()
    raise wrong(question, "The answer has to be a date, as in 2027-05-31.")


TYPES = (QuestionType("date", "days", nothing_more, no_problem, _clean),)
