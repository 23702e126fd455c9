"""Polls and quizzes."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from hub.payloads.fields import Id, Payload, Reply, Title
from storage.records import PollState

MOST_OPTIONS = 10
MOST_SECONDS = 60 * 60
MOST_SEATS = 60
Option = Annotated[int, Field(ge=0, lt=MOST_OPTIONS)]


def check_answers(options: list[str], right: list[int]) -> None:
    """Raise ValueError when two answers are the same, or a right one is none of them."""
    if len(set(options)) != len(options):
        raise ValueError("two answers are the same")
    if any(place >= len(options) for place in right) or len(set(right)) != len(right):
        raise ValueError("a right answer is not among the answers")


class PollText(Payload):
    question: Title
    options: Annotated[list[Title], Field(min_length=2, max_length=MOST_OPTIONS)]
    right: Annotated[list[Option], Field(max_length=MOST_OPTIONS)] = []
    """The places of the right answers; none: there is no right and wrong."""
    is_many: bool = False
    is_anonymous: bool = True
    seconds: Annotated[int, Field(ge=0, le=MOST_SECONDS)] = 0
    """0: until somebody ends it."""

    @model_validator(mode="after")
    def _check(self) -> Self:
        check_answers(self.options, self.right)
        if len(self.right) > 1 and not self.is_many:
            raise ValueError("several right answers need a poll where several may be chosen")
        return self


class PreparePoll(PollText):
    twinspace_id: Id


class PollRef(Payload):
    poll_id: Id


class ChangePoll(PollText):
    poll_id: Id


class OpenPoll(PollRef):
    room_id: Id


class Vote(PollRef):
    counts: Annotated[list[Annotated[int, Field(ge=0, le=MOST_SEATS)]], Field(min_length=2, max_length=MOST_OPTIONS)]
    """For each answer 0 or 1; before a class seat how many of its pupils chose it."""


class PollSummary(Reply):
    id: str
    twinspace_id: str
    room_id: str | None
    question: str
    options: list[str]
    is_many: bool
    is_anonymous: bool
    is_quiz: bool
    seconds: int
    state: PollState
    created_at_ms: int
    opened_at_ms: int | None
    ends_at_ms: int | None
    quiz_id: str | None
    """The quiz that asks it."""


class Polls(Reply):
    polls: list[PollSummary]
    now_ms: int
    """The hub's clock, by which polls end."""


class NamedVote(Reply):
    user_id: str
    display_name: str
    counts: list[int]


class Poll(PollSummary):
    my_counts: list[int] | None
    seats: int
    """For how many people the reader answers."""
    voices: int
    """How many people have answered."""
    tally: list[int] | None
    """None: not told before the end, but to those who lead."""
    right: list[int] | None
    """None: not told before the end, but to those who lead; empty: there is no right and wrong."""
    right_voices: int | None
    """How many were right, where it can be told."""
    votes: list[NamedVote] | None
    """Who chose what: told to those who lead, and of an anonymous poll to nobody."""
    now_ms: int


class PollChanged(Reply):
    """Look again: it was prepared, opened, answered, ended or removed."""

    poll_id: str
    twinspace_id: str
