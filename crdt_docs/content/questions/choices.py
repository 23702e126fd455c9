"""Questions that are answered by what is offered: an option, a picture, several, all in an order, or yes and no."""

from __future__ import annotations

from typing import Any

from crdt_docs.content.questions.labels import MAX_ID, problem_of, read_labelled
from crdt_docs.content.questions.question_type import Question, QuestionType, YMap, no_problem, wrong

MAX_OPTIONS = 50
MAX_PICTURES = 12
MAX_RANKED = 12
"""Nobody puts more things into an order; on a phone twelve fill the screen."""
YES, NO = "yes", "no"


def _read(value: YMap) -> Question:
    return {"options": read_labelled(value.get("options"))}


def _read_pictures(value: YMap) -> Question:
    """Each option's `picture` is the id of a material; its label says what it shows, for who can't see it."""
    return {"options": read_labelled(value.get("options"), also=("picture",))}


def _read_consent(value: YMap) -> Question:
    # The words of both are the reader's language's, so the definition carries none.
    return {"options": [{"id": YES, "label": YES}, {"id": NO, "label": NO}]}


def _problem(question: Question) -> str | None:
    return problem_of(question["options"], "option", least=2, most=MAX_OPTIONS)


def _problem_of_pictures(question: Question) -> str | None:
    if any(not 0 < len(option.get("picture", "")) <= MAX_ID for option in question["options"]):
        return "has an option without a picture"
    return problem_of(question["options"], "option", least=2, most=MAX_PICTURES)


def _problem_of_ranking(question: Question) -> str | None:
    return problem_of(question["options"], "option", least=2, most=MAX_RANKED)


def _offered(question: Question) -> list[str]:
    return [option["id"] for option in question["options"]]


def _clean_one(question: Question, answer: Any) -> str | None:
    if answer == "":
        return None
    if not isinstance(answer, str) or answer not in _offered(question):
        raise wrong(question, "The answer has to be one of the options.")
    return answer


def _clean_several(question: Question, answer: Any) -> list[str] | None:
    offered = _offered(question)
    if not isinstance(answer, list) or any(choice not in offered for choice in answer):
        raise wrong(question, "The answer has to be a list of the options' ids.")
    return [option for option in offered if option in answer] or None


def _clean_ranking(question: Question, answer: Any) -> list[str] | None:
    offered = _offered(question)
    if answer == []:
        return None
    if not isinstance(answer, list) or any(choice not in offered for choice in answer):
        raise wrong(question, "The answer has to be a list of the options' ids.")
    if len(answer) != len(offered) or len(set(answer)) != len(offered):
        raise wrong(question, "The answer has to put every option into the order, once.")
    return list(answer)


TYPES = (
    QuestionType("single_choice", "options", _read, _problem, _clean_one),
    QuestionType("picture_choice", "options", _read_pictures, _problem_of_pictures, _clean_one),
    QuestionType("multiple_choice", "options", _read, _problem, _clean_several),
    QuestionType("ranking", "places", _read, _problem_of_ranking, _clean_ranking),
    QuestionType("consent", "options", _read_consent, no_problem, _clean_one),
)
