"""Everything that somebody's desk shows, in one read."""

from __future__ import annotations

from typing import Protocol

from storage.records import DeskRows, User


class Desk(Protocol):
    async def read(self, user: User, *, now_ms: int, until_ms: int, latest: int) -> DeskRows:
        """One moment of the database, in a number of statements that does not grow with the TwinSpaces.

        Meetings are those that end after `now_ms` and begin before `until_ms`; `latest` contents of each TwinSpace.
        """
        ...
