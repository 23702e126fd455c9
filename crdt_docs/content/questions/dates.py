"""Questions that are answered by a day."""

from __future__ import annotations

import re
from calendar import monthrange
from typing import Any

from crdt_docs.content.questions.question_type import Question, QuestionType, no_problem, nothing_more, wrong

_DAY = re.compile(r"([12]\d{3})-(\d\d)-(\d\d)")


def is_day(text: str) -> bool:
    """Whether there is such a day, and it is written as 2027-05-31: written so, the earlier one comes first."""
    if (match := _DAY.fullmatch(text)) is None:
        return False
    year, month, day = (int(part) for part in match.groups())
    return 1 <= month <= 12 and 1 <= day <= monthrange(year, month)[1]


def _clean(question: Question, answer: Any) -> str | None:
    if answer == "":
        return None
    if isinstance(answer, str) and is_day(answer):
        return answer
    raise wrong(question, "The answer has to be a date, as in 2027-05-31.")


TYPES = (QuestionType("date", "days", nothing_more, no_problem, _clean),)
