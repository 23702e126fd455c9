"""Trying a line before a meeting: a tone and a picture go to the media process and come back to their sender alone.

Each test is a room of its own in the media process that nobody else can name, and ends by itself.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from hub.errors import NotFound, Unavailable
from hub.media_process import MediaProcess
from hub.payloads.line_tests import TriedMedia, WantedMedia

LASTS_S = 40.0
"""Longer than the slowest way through a firewall takes to be found, or to be given up."""
PACKETS_PER_S = 180.0
"""What one test adds to what is forwarded: one picture and one voice, back to who sent them."""


@dataclass(slots=True)
class _LineTest:
    room_id: str
    ending: asyncio.TimerHandle
    peer_ids: set[str] = field(default_factory=set)


class LineTests:
    def __init__(self, media: MediaProcess, require_capacity: Callable[[float], None]) -> None:
        """`require_capacity`: raises HubFull where meetings have no room left for a test."""
        self._media = media
        self._require_capacity = require_capacity
        self._tests: dict[str, _LineTest] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def ports(self) -> tuple[int | None, int | None]:
        """Where the media process listens: UDP, TCP."""
        return self._media.port, self._media.tcp_port

    async def begin(self, session_id: str) -> str:
        """A new test in place of this session's former one; returns its name. Raise Unavailable or HubFull."""
        if not self._media.ready:
            raise Unavailable("Meetings are starting again; try in a moment.")
        await self.end(session_id)
        self._require_capacity(PACKETS_PER_S)
        room_id = f"line-test-{secrets.token_urlsafe(12)}"
        ending = asyncio.get_running_loop().call_later(LASTS_S, self._spawn_end, session_id, room_id)
        self._tests[session_id] = _LineTest(room_id, ending)
        return room_id

    async def publish(
        self, session_id: str, path: str, sdp: str, tracks: list[TriedMedia]
    ) -> tuple[str, dict[str, str]]:
        """Take what is sent to try one path; returns the answer and the track id of each m-line."""
        test = self._require(session_id)
        wishes: dict[str, dict[str, Any]] = {
            track.mid: {"muted": False, "kind": track.kind, "follows_voice": False, "for_staff": False}
            for track in tracks
        }
        test.peer_ids.add(path)
        answer, published = await self._media.publish(test.room_id, path, sdp, wishes)
        await self._require_going_on(session_id, test, path)
        return answer, {entry["mid"]: entry["track_id"] for entry in published}

    async def subscribe(self, session_id: str, path: str, sdp: str, tracks: list[WantedMedia]) -> str:
        """Send back what this test sends; of any other track the media process knows nothing in this room."""
        test = self._require(session_id)
        test.peer_ids.add(path)
        wanted = {track.mid: track.track_id for track in tracks}
        answer, _ = await self._media.subscribe(test.room_id, path, sdp, wanted)
        await self._require_going_on(session_id, test, path)
        return answer

    async def end(self, session_id: str) -> None:
        test = self._tests.pop(session_id, None)
        if test is None:
            return
        test.ending.cancel()
        for path in test.peer_ids:
            await self._leave(test.room_id, path)

    async def close(self) -> None:
        for test in self._tests.values():
            test.ending.cancel()
        self._tests.clear()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _require(self, session_id: str) -> _LineTest:
        test = self._tests.get(session_id)
        if test is None:
            raise NotFound("This test of the line has ended. Begin it again.")
        return test

    async def _require_going_on(self, session_id: str, test: _LineTest, path: str) -> None:
        """While the media process answered, the test may have ended: then what was just opened must end too."""
        if self._tests.get(session_id) is not test:
            await self._leave(test.room_id, path)
            raise NotFound("This test of the line has ended. Begin it again.")

    async def _leave(self, room_id: str, path: str) -> None:
        try:
            await self._media.leave(room_id, path)
        except Unavailable:
            pass  # the process that held its connections is gone, and they with it

    def _spawn_end(self, session_id: str, room_id: str) -> None:
        test = self._tests.get(session_id)
        if test is not None and test.room_id == room_id:
            self._spawn(self.end(session_id))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
