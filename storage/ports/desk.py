"""Everything that somebody's desk shows, in one read."""

from __future__ import annotations

from typing import Protocol

from storage.records import DeskRows, TwinspaceId, User, UserId


class Desk(Protocol):
    async def read(self, user: User, *, now_ms: int, until_ms: int, latest: int) -> DeskRows:
        """One moment of the database, in a number of statements that does not grow with the TwinSpaces.

        Meetings are those that end after `now_ms` and begin before `until_ms`; `latest` contents of each TwinSpace.
        """
        ...

    async def mark_messages_read(self, user_id: UserId, twinspace_id: TwinspaceId, seq: int) -> bool:
        """The user has seen the chat up to this message; False when that was known. It never goes back."""
        ...
