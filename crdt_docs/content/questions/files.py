"""Questions that are answered by a file: by the id of a material. Whose it is, the hub looks up."""

from __future__ import annotations

import re
from typing import Any

from crdt_docs.content.questions.question_type import Question, QuestionType, no_problem, nothing_more, wrong

_MATERIAL_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def _clean(question: Question, answer: Any) -> str | None:
    if answer == "":
        return None
    if not isinstance(answer, str) or not _MATERIAL_ID.fullmatch(answer):
        raise wrong(question, "The answer has to be the id of a file.")
    return answer


TYPES = (QuestionType("file", "files", nothing_more, no_problem, _clean),)
