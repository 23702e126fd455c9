"""Polls and quizzes: one question, a few answers, and who gave which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import QuizId, RoomId, TwinspaceId, UserId

PollId = NewType("PollId", str)
PollState = Literal["prepared", "open", "ended"]


@dataclass(frozen=True, slots=True)
class Poll:
    id: PollId
    twinspace_id: TwinspaceId
    question: str
    options: tuple[str, ...]
    right: tuple[int, ...]
    """The places of the right answers among the options; empty: there is no right and wrong."""
    is_many: bool
    """Several answers may be chosen."""
    is_anonymous: bool
    seconds: int
    """How long it is open; 0: until somebody ends it."""
    state: PollState
    """As it was stored: one whose time is over is ended too, though nobody said so."""
    created_by: UserId
    created_at_ms: int
    room_id: RoomId | None = None
    """Where it was opened."""
    opened_at_ms: int | None = None
    ends_at_ms: int | None = None
    quiz_id: QuizId | None = None
    """The quiz that asks it, at its place among the quiz's questions."""
    quiz_place: int = 0

    def is_open(self, at_ms: int) -> bool:
        return self.state == "open" and (self.ends_at_ms is None or at_ms < self.ends_at_ms)


@dataclass(frozen=True, slots=True)
class PollVote:
    poll_id: PollId
    user_id: UserId
    counts: tuple[int, ...]
    """How many chose each option: of one person 0 or 1, of a class seat up to all its pupils."""
    seats: int
    """For how many people it was given."""
    at_ms: int
