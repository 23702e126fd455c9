"""A quiz: questions that are asked one after the other and counted together."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import QuizId, RoomId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class Quiz:
    """Its questions are polls with its id."""

    id: QuizId
    twinspace_id: TwinspaceId
    title: str
    created_by: UserId
    created_at_ms: int
    room_id: RoomId | None = None
    """Where its first question was asked."""
    opened_at_ms: int | None = None
    ended_at_ms: int | None = None
