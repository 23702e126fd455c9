"""Quizzes: polls that are asked one after the other and counted together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import Poll, Quiz, QuizId, RoomId, TwinspaceId


class Quizzes(Protocol):
    async def add(self, quiz: Quiz, questions: Sequence[Poll]) -> None:
        """All at once; the questions are prepared polls with the quiz's id and their place, from 0."""
        ...

    async def get(self, quiz_id: QuizId) -> Quiz: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Quiz]:
        """Newest first."""
        ...

    async def questions(self, quiz_id: QuizId) -> list[Poll]:
        """In their order."""
        ...

    async def remove(self, quiz_id: QuizId) -> None:
        """With its questions. Raise Conflict when one of them was asked already."""
        ...

    async def ask(self, quiz_id: QuizId, place: int, room_id: RoomId, at_ms: int) -> Poll:
        """Open the next question and end the one before. Raise Conflict when the quiz has ended, this question is not
        the next, or the quiz goes on in another room; NotFound when there is none at this place."""
        ...

    async def end(self, quiz_id: QuizId, at_ms: int) -> Quiz:
        """With the question that is open. Raise Conflict unless it goes on."""
        ...
