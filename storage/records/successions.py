"""A founder who leaves is followed by somebody else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import TwinspaceId, UserId

SuccessionId = NewType("SuccessionId", str)
SuccessionState = Literal["open", "done", "declined", "stopped"]
"""`declined`: by one of the three; `stopped`: by a support service."""


@dataclass(frozen=True, slots=True)
class Succession:
    """A proposal that somebody takes the place of a founder, and how far it has come."""

    id: SuccessionId
    twinspace_id: TwinspaceId
    leaving_id: UserId
    remaining_id: UserId
    successor_id: UserId
    proposed_by: UserId
    stays: bool
    """The founder who leaves goes on as a teacher of the TwinSpace."""
    proposed_at_ms: int
    silent_until_ms: int
    """Until then somebody may say no; it is not waited for when the leaving founder agrees."""
    remaining_agreed_at_ms: int | None = None
    successor_agreed_at_ms: int | None = None
    leaving_agreed_at_ms: int | None = None
    state: SuccessionState = "open"
    ended_by: UserId | None = None
    """Who declined or stopped it; None: nobody, it came about."""
    ended_at_ms: int | None = None
    reason: str = ""

    @property
    def people(self) -> tuple[UserId, UserId, UserId]:
        return (self.leaving_id, self.remaining_id, self.successor_id)

    @property
    def unanswered(self) -> list[UserId]:
        """Who has not agreed yet."""
        said = (self.leaving_agreed_at_ms, self.remaining_agreed_at_ms, self.successor_agreed_at_ms)
        return [user_id for user_id, at_ms in zip(self.people, said, strict=True) if at_ms is None]

    @property
    def is_agreed(self) -> bool:
        """By the two who have to."""
        return self.remaining_agreed_at_ms is not None and self.successor_agreed_at_ms is not None

    def is_due(self, now_ms: int) -> bool:
        """Nothing is missing any more."""
        waits = self.leaving_agreed_at_ms is None and now_ms < self.silent_until_ms
        return self.state == "open" and self.is_agreed and not waits
