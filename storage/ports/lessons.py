"""Meetings that were held, who was in them, and the rooms that they were divided into."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from storage.records import (
    BreakoutNote,
    BreakoutNoteId,
    Breakouts,
    BreakoutsId,
    HeldMeeting,
    HeldMeetingId,
    Json,
    RoomId,
    Rung,
    Stay,
    StayId,
    TeamId,
    TwinspaceId,
    UserId,
)


class BreakoutsPort(Protocol):
    async def add(self, breakouts: Breakouts) -> None: ...
    async def get(self, breakouts_id: BreakoutsId) -> Breakouts: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Breakouts]:
        """Newest first."""
        ...

    async def of_room(self, room_id: RoomId) -> list[Breakouts]:
        """Those that divide this room, newest first."""
        ...

    async def open_after(self, at_ms: int) -> list[Breakouts]:
        """Of the whole hub: those that were opened and close after this time, or have no end yet."""
        ...

    async def change(self, breakouts: Breakouts) -> None:
        """Put it in place of its revision before. Raise Conflict unless that is the present one."""
        ...

    async def remove(self, breakouts_id: BreakoutsId, revision: int) -> None:
        """With its notes. Raise Conflict when it has another revision by now."""
        ...

    async def add_note(self, note: BreakoutNote) -> None: ...
    async def answer_note(self, note_id: BreakoutNoteId, user_id: UserId, at_ms: int) -> BreakoutNote:
        """The first answer counts; returns the row as it is now."""
        ...

    async def notes(self, breakouts_id: BreakoutsId, since_ms: int = 0) -> list[BreakoutNote]:
        """Oldest first."""
        ...


class HeldMeetings(Protocol):
    async def begin(self, meeting: HeldMeeting) -> None: ...
    async def get(self, held_id: HeldMeetingId) -> HeldMeeting: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[HeldMeeting]:
        """Newest first, those that are held now too."""
        ...

    async def running(self) -> list[HeldMeeting]:
        """Of the whole hub: without an end."""
        ...

    async def end(self, held_id: HeldMeetingId, at_ms: int, record: Json) -> bool:
        """False when it has ended before: its record stays as it is."""
        ...

    async def set_visibility(self, held_id: HeldMeetingId, visibility: Rung, team_id: TeamId | None) -> HeldMeeting: ...

    async def begin_stay(self, stay: Stay) -> None: ...
    async def see(
        self, held_id: HeldMeetingId, stay_ids: Collection[StayId], at_ms: int, talk: Json | None = None
    ) -> None:
        """These are still there, or go now, and so the meeting is. `talk` None: as it was."""
        ...

    async def stays(self, held_id: HeldMeetingId) -> list[Stay]:
        """In the order in which they came."""
        ...

    async def breakout_rooms_of(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[RoomId]:
        """Those in which the user was, at a device of their own or before their class's."""
        ...

    async def forget_stays(self, before_ms: int, *, dry_run: bool = False) -> int:
        """Take away who was there, of meetings that ended before; returns how many rows."""
        ...
