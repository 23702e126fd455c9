"""Captions typed by people, kept as a transcript."""

from __future__ import annotations

from typing import Protocol

from storage.records import Caption, RoomId, TwinspaceId, UserId


class Captions(Protocol):
    async def append(
        self,
        room_id: RoomId,
        *,
        twinspace_id: TwinspaceId,
        language: str,
        user_id: UserId,
        client_line_id: str,
        text: str,
        began_at_ms: int,
        ended_at_ms: int,
    ) -> tuple[Caption, bool]:
        """Store the line and give it the next seq of its room; the flag tells whether it is new.

        The same `client_line_id` by the same user in the same room returns the stored line and False.
        """
        ...

    async def get(self, room_id: RoomId, seq: int) -> Caption: ...
    async def since(
        self,
        room_id: RoomId,
        seq: int,
        limit: int,
        *,
        language: str | None = None,
        from_ms: int = 0,
        to_ms: int | None = None,
    ) -> list[Caption]:
        """Lines with a greater seq that were begun from `from_ms` on and before `to_ms`; None: all languages."""
        ...

    async def languages(self, room_id: RoomId, from_ms: int = 0, to_ms: int | None = None) -> dict[str, int]:
        """How many lines there are in each language."""
        ...

    async def newer(self, twinspace_id: TwinspaceId, at_ms: int, limit: int, offset: int = 0) -> list[Caption]:
        """Of all rooms, those that ended at `at_ms` or later; the oldest first."""
        ...
