"""Writes into the journal that people met, and tells the TwinSpace how many are in each room.

A meeting begins with the first who comes into a room and ends with the last who leaves. Nothing of it is kept while it
runs, so a hub that is killed leaves a meeting without an end and nothing else.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field
from typing import Literal

from hub.actions.journal import record
from hub.context import Context
from hub.payloads.rooms import RoomCounted
from storage import ports
from storage.records import RoomId, User, UserId

logger = logging.getLogger(__name__)


@dataclass(slots=True)
class _Meeting:
    room_id: RoomId
    started_by: User
    started_at_ms: int
    user_ids: set[UserId] = field(default_factory=set)
    ended_at_ms: int = 0
    start_is_recorded: bool = False


class MeetingJournal:
    """LiveRooms calls `note`, `run()` writes; `close` it before storage."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._open: dict[RoomId, _Meeting] = {}
        self._unwritten: deque[tuple[Literal["start", "end"], _Meeting]] = deque()
        self._uncounted: dict[RoomId, int] = {}
        self._news = asyncio.Event()

    def note(self, room_id: RoomId, users: list[User]) -> None:
        """Who is in the room now, once per peer."""
        meeting = self._open.get(room_id)
        if users and meeting is None:
            meeting = self._open[room_id] = _Meeting(room_id, users[0], self._context.now_ms())
            self._unwritten.append(("start", meeting))
        if meeting is None:
            return
        meeting.user_ids |= {user.id for user in users}
        self._uncounted[room_id] = len(users)
        if not users:
            self._end(meeting)
        self._news.set()

    def _end(self, meeting: _Meeting) -> None:
        del self._open[meeting.room_id]
        meeting.ended_at_ms = self._context.now_ms()
        self._unwritten.append(("end", meeting))

    async def run(self) -> None:
        """Until cancelled. When thirty come in at once, the room is counted a few times, not thirty."""
        while True:
            await self._news.wait()
            self._news.clear()
            await self._write()

    async def close(self) -> None:
        """The hub stops in order: meetings that run end now."""
        for meeting in list(self._open.values()):
            self._end(meeting)
        await self._write()

    async def _write(self) -> None:
        while self._uncounted or self._unwritten:
            try:
                if self._uncounted:
                    room_id = next(iter(self._uncounted))
                    await self._announce_count(room_id, self._uncounted.pop(room_id))
                if self._unwritten:
                    await self._record(*self._unwritten.popleft())
            except ports.StorageError as error:
                # Meeting is possible while storage is away; the journal then misses it rather than holding people up.
                logger.warning("a meeting could not be recorded or counted: %s", error)
            except Exception:
                # One meeting's trouble must not end the record of all others.
                logger.exception("recording a meeting failed")

    async def _announce_count(self, room_id: RoomId, peer_count: int) -> None:
        room = await self._context.storage.twinspaces.get_room(room_id)
        counted = RoomCounted(room_id=room.id, twinspace_id=room.twinspace_id, peer_count=peer_count)
        await self._context.announce.to_twinspace(room.twinspace_id, "room:counted", counted)

    async def _record(self, point: Literal["start", "end"], meeting: _Meeting) -> None:
        """Breakout rooms are part of the meeting that was divided."""
        room = await self._context.storage.twinspaces.get_room(meeting.room_id)
        if room.parent_id is not None:
            return
        details: dict[str, object] = {"title": room.title}
        if point == "start":
            await record(self._context, room.twinspace_id, "meeting_started", meeting.started_by, room.id, details)
            meeting.start_is_recorded = True
        elif meeting.start_is_recorded:
            details["duration_ms"] = meeting.ended_at_ms - meeting.started_at_ms
            details["user_ids"] = sorted(meeting.user_ids)
            await record(self._context, room.twinspace_id, "meeting_ended", None, room.id, details)
