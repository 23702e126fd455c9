"""LiveRooms with a real media process, and the announcements it made, for tests that meet for real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from hub.http_peers import HttpPeers
from hub.live_rooms import LiveRooms
from hub.media_process import MediaProcess
from storage.records import RoomId, SchoolId, User, UserId

ROOM = RoomId("room")

COMPILED = True
"""Whether the media process uses what was compiled from C, where it is."""


def user(name: str) -> User:
    return User(UserId(name), name, name.title(), "teacher", SchoolId("school"), "en", 0)


@dataclass
class Announcements:
    """What sockets were told, as (session, event, payload); `wait_for` waits until something was."""

    told: list[tuple[str, str, Any]] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def announce(self, session_id: str, event: str, payload: BaseModel) -> None:
        self.told.append((session_id, event, payload))
        self._news.set()

    def to(self, session_id: str) -> list[str]:
        return [event for session, event, _ in self.told if session == session_id]

    async def wait_for(self, matches: Callable[[str, str, Any], bool]) -> Any:
        async with asyncio.timeout(20):
            while True:
                self._news.clear()
                for entry in self.told:
                    if matches(*entry):
                        return entry[2]
                await self._news.wait()

    async def wait_for_event(self, session_id: str, event: str) -> Any:
        return await self.wait_for(lambda session, name, _: (session, name) == (session_id, event))


@dataclass
class Meeting:
    rooms: LiveRooms
    http: HttpPeers
    media: MediaProcess
    announcements: Announcements


@asynccontextmanager
async def open_meeting(
    *, capacity: int = 20, rejoin_s: float = 10.0, addresses: str = "", **options: Any
) -> AsyncIterator[Meeting]:
    """`options` go to LiveRooms."""
    media = MediaProcess(port=0, addresses=addresses, compiled=COMPILED)
    announcements = Announcements()
    rooms = LiveRooms(media, announcements.announce, capacity=capacity, rejoin_s=rejoin_s, **options)
    await rooms.start()
    try:
        yield Meeting(rooms, HttpPeers(rooms, media), media, announcements)
    finally:
        await rooms.close()
