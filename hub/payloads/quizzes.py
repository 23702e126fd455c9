"""Quizzes: poll questions that are asked one after the other and counted together."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hub.payloads.fields import Id, Payload, Reply, Title
from hub.payloads.polls import MOST_OPTIONS, MOST_SECONDS, Option, PollSummary, check_answers

MOST_QUESTIONS = 40
QuizState = Literal["prepared", "open", "ended"]


class QuizQuestion(Payload):
    question: Title
    options: Annotated[list[Title], Field(min_length=2, max_length=MOST_OPTIONS)]
    right: Annotated[list[Option], Field(min_length=1, max_length=MOST_OPTIONS)]
    """The places of the right answers; several: several may be chosen, and all of them are right together."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_answers(self.options, self.right)
        return self


class PrepareQuiz(Payload):
    twinspace_id: Id
    title: Title
    questions: Annotated[list[QuizQuestion], Field(min_length=1, max_length=MOST_QUESTIONS)]
    is_anonymous: bool = True
    seconds: Annotated[int, Field(ge=0, le=MOST_SECONDS)] = 0
    """For each question; 0: until the next one is asked."""


class QuizRef(Payload):
    quiz_id: Id


class AskInQuiz(QuizRef):
    room_id: Id
    place: Annotated[int, Field(ge=0, lt=MOST_QUESTIONS)]
    """Of the question, from 0: the next one, so that two who press at once skip none."""


class QuizSummary(Reply):
    id: str
    twinspace_id: str
    room_id: str | None
    title: str
    state: QuizState
    questions: int
    asked: int
    created_at_ms: int


class Quizzes(Reply):
    quizzes: list[QuizSummary]


class QuizScore(Reply):
    right: int
    of: int


class SchoolScore(Reply):
    """Of all of a school's people together."""

    school_id: str
    people: int | None
    """How many took part; None, with the sums: too few to say it without saying it of single ones."""
    right: int | None
    of: int | None


class Quiz(QuizSummary):
    polls: list[PollSummary]
    """The questions that were asked, in their order; with `build` all of them."""
    mine: QuizScore | None
    """The reader's own, when it has ended; None too for who answered nothing."""
    schools: list[SchoolScore] | None
    """For those with `build`, in the order of the schools' ids."""


class QuizChanged(Reply):
    """Look again: it was prepared, went on, ended or was removed."""

    quiz_id: str
    twinspace_id: str


class RecordedQuiz(Reply):
    quiz_id: str
    title: str
    questions: int
    """How many were asked."""
    mine: QuizScore | None
    schools: list[SchoolScore] | None
    """For those with `build`."""
