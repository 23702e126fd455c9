"""Polls and quizzes."""

from __future__ import annotations

from typing import Protocol

from storage.records import Poll, PollId, PollVote, RoomId, TwinspaceId


class Polls(Protocol):
    async def add(self, poll: Poll) -> None: ...
    async def get(self, poll_id: PollId) -> Poll: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Poll]:
        """Newest first."""
        ...

    async def change(self, poll: Poll) -> None:
        """Replace question and answers. Raise Conflict unless it is still prepared."""
        ...

    async def remove(self, poll_id: PollId) -> None:
        """Raise Conflict unless it is still prepared: what people answered is kept."""
        ...

    async def open(self, poll_id: PollId, room_id: RoomId, at_ms: int) -> Poll:
        """Its time begins. Raise Conflict unless it is still prepared."""
        ...

    async def end(self, poll_id: PollId, at_ms: int) -> Poll:
        """Raise Conflict when it is not open at this moment."""
        ...

    async def vote(self, vote: PollVote) -> None:
        """In place of this user's former one. Raise Conflict when the poll is not open at the vote's moment."""
        ...

    async def votes(self, poll_id: PollId) -> list[PollVote]:
        """By user."""
        ...
