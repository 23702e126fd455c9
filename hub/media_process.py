"""Keeps the media process alive and speaks with it (`webrtc.media_process`).

Packets never come here; requests and events cross an inherited socket as JSON lines. When the hub dies, the socket ends
and the media process with it; when the media process dies or hangs, it is started again and `on_reset` is told.
"""

from __future__ import annotations

import asyncio
import json
import logging
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import webrtc
from hub.errors import Conflict, HubError, Internal, Invalid, Outdated, TooMany, Unavailable

logger = logging.getLogger(__name__)

REQUEST_TIMEOUT_S = 5.0
START_TIMEOUT_S = 20.0
WATCH_INTERVAL_S = 5.0
HANG_TIMEOUT_S = 15.0
"""Silence after which the process counts as hung; longer than a paused machine usually takes to wake."""
LONGEST_RESTART_WAIT_S = 5.0
MAX_LINE_BYTES = 1 << 20

_AWAY = "Meetings are starting again; try in a moment."


class MediaProcess:
    """`start()`, then requests; `close()` at the end. Every request raises a HubError or was carried out."""

    def __init__(
        self, *, port: int, addresses: str, tcp_port: int = 0, most_cameras: int = 16, compiled: bool = True
    ) -> None:
        """`compiled`: use what was compiled from C, where it is."""
        self._port = port
        self._tcp_port = tcp_port
        self._addresses = addresses
        self._most_cameras = most_cameras
        self._compiled = compiled
        self._numbers = count(1)
        self._pending: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._ready = asyncio.Event()
        self.on_event: Callable[[dict[str, Any]], None] = lambda event: None
        self.on_recording: Callable[[dict[str, Any]], None] = lambda event: None
        """A recorded file began, failed or ended (webrtc.recording_files)."""
        self.on_reset: Callable[[], None] = lambda: None
        """The process came back empty."""
        self.port: int | None = None
        """The UDP port it listens on now."""
        self.tcp_port: int | None = None
        """The same of TCP; None: it offers none."""

    @property
    def ready(self) -> bool:
        return self._ready.is_set()

    @property
    def pid(self) -> int | None:
        return None if self._process is None else self._process.pid

    async def start(self) -> None:
        """Return when media can flow. Raise Unavailable when the process does not come up."""
        self._keeper = asyncio.create_task(self._keep())
        try:
            await asyncio.wait_for(self._ready.wait(), START_TIMEOUT_S)
        except TimeoutError:
            await self.close()
            raise Unavailable("The media process does not start; its output says why.") from None

    async def close(self) -> None:
        keeper, self._keeper = self._keeper, None
        if keeper is not None:
            keeper.cancel()
            await asyncio.wait([keeper])

    async def _keep(self) -> None:
        wait_s, starts = 0.1, 0
        while True:
            try:
                if await self._run_once(is_restart=starts > 0):
                    wait_s, starts = 0.1, starts + 1
            except OSError:
                logger.exception("the media process could not be started")
            logger.error("the media process ended; starting it again in %.1f s", wait_s)
            await asyncio.sleep(wait_s)
            wait_s = min(wait_s * 2, LONGEST_RESTART_WAIT_S)

    async def _run_once(self, *, is_restart: bool) -> bool:
        """One life of the process; returns whether it ever was ready."""
        ours, theirs = socket.socketpair()
        with theirs, ExitStack() as unless_started:
            unless_started.enter_context(ours)
            command = ["-m", "webrtc.media_process", "--control-fd", str(theirs.fileno())]
            command += ["--port", str(self._port), "--tcp-port", str(self._tcp_port), "--addresses", self._addresses]
            command += ["--cameras", str(self._most_cameras)]
            command += [] if self._compiled else ["--python-only"]
            folder = Path(webrtc.__file__).parent.parent
            process = self._process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=folder, pass_fds=[theirs.fileno()], stdin=asyncio.subprocess.DEVNULL
            )
            ours.setblocking(False)
            reader, self._writer = await asyncio.open_connection(sock=ours, limit=MAX_LINE_BYTES)
            unless_started.pop_all()
        watcher = asyncio.create_task(self._watch(process))
        was_ready = False
        try:
            while line := await reader.readline():
                message = json.loads(line)
                if message.get("event") == "ready":
                    self.port, self.tcp_port = message["port"], message["tcp_port"]
                    was_ready = True
                    self._ready.set()
                    if is_restart:
                        self.on_reset()
                else:
                    self._receive(message)
        except ConnectionError:
            pass  # the process died in the middle of a line
        finally:
            watcher.cancel()
            self._ready.clear()
            self._writer.close()
            self._writer = self._process = None
            for pending in self._pending.values():
                if not pending.done():
                    pending.set_exception(Unavailable(_AWAY))
            await _end(process)
        return was_ready

    def _receive(self, message: dict[str, Any]) -> None:
        if "event" in message:
            is_recording = message["event"].startswith("recording_")
            (self.on_recording if is_recording else self.on_event)(message)
            return
        pending = self._pending.get(message["id"])
        if pending is not None and not pending.done():
            pending.set_result(message)

    async def _watch(self, process: asyncio.subprocess.Process) -> None:
        """A process that does not answer is worse than none."""
        await self._ready.wait()
        while True:
            await asyncio.sleep(WATCH_INTERVAL_S)
            try:
                await self._request("stats", {}, HANG_TIMEOUT_S)
            except Unavailable:
                logger.error("the media process does not answer; ending it")
                process.kill()
                return

    async def publish(
        self,
        room_id: str,
        peer_id: str,
        sdp: str,
        tracks: dict[str, dict[str, Any]] | None,
        kinds: dict[str, dict[str, Any]] | None = None,
    ) -> tuple[str, list[dict[str, str]]]:
        """`tracks` is `{mid: {muted, kind, follows_voice, for_staff, aside}}`, None takes all that send.

        Then `kinds` says the same by kind. Returns the answer and what is published.
        """
        fields = {"room_id": room_id, "peer_id": peer_id, "sdp": sdp, "tracks": tracks, "kinds": kinds or {}}
        reply = await self._request("publish", fields)
        return reply["sdp"], reply["tracks"]

    async def subscribe(
        self, room_id: str, peer_id: str, sdp: str, tracks: dict[str, str], *, trusted: bool = False
    ) -> tuple[str, list[str]]:
        """`tracks` is `{mid: track_id}`; returns the answer, and the tracks that this peer can't decode.

        `trusted`: the peer gets what is for staff.
        """
        fields = {"room_id": room_id, "peer_id": peer_id, "sdp": sdp, "tracks": tracks, "trusted": trusted}
        reply = await self._request("subscribe", fields)
        return reply["sdp"], reply["undecodable"]

    async def view(
        self, room_id: str, viewer_id: str, sdp: str, tracks: dict[str, list[str | None]], *, trusted: bool = False
    ) -> str:
        """`tracks` is `{"audio": [track_id], "video": [track_id]}`, for the m-lines of each kind in order."""
        fields = {"room_id": room_id, "peer_id": viewer_id, "sdp": sdp, "tracks": tracks, "trusted": trusted}
        return str((await self._request("view", fields))["sdp"])

    async def mute(self, room_id: str, track_id: str, muted: bool) -> None:
        await self._request("mute", {"room_id": room_id, "track_id": track_id, "muted": muted})

    async def restrict(self, room_id: str, track_id: str, for_staff: bool) -> None:
        """Whether the track goes to trusted viewers alone."""
        await self._request("restrict", {"room_id": room_id, "track_id": track_id, "for_staff": for_staff})

    async def trust(self, room_id: str, peer_id: str, trusted: bool) -> None:
        await self._request("trust", {"room_id": room_id, "peer_id": peer_id, "trusted": trusted})

    async def prefer(self, room_id: str, peer_id: str, tracks: list[dict[str, Any]]) -> None:
        """`tracks` is `[{track_id, max_height, visible, pinned}]`, in place of all that was said before."""
        await self._request("prefer", {"room_id": room_id, "peer_id": peer_id, "tracks": tracks})

    async def record(self, room_id: str, file_id: str, stem: Path, tracks: list[str], min_free_bytes: int) -> list[str]:
        """Write these tracks to files that begin with `stem`; returns those that can be written.

        The recording ends when the disk has less than `min_free_bytes`. `on_recording` hears of the files.
        """
        fields = {"room_id": room_id, "file_id": file_id, "stem": str(stem), "tracks": tracks}
        reply = await self._request("record", {**fields, "min_free_bytes": min_free_bytes})
        recorded: list[str] = reply["tracks"]
        return recorded

    async def stop_recording(self, room_id: str, file_id: str) -> None:
        """Its `recording_ended` follows when the files are closed."""
        await self._request("stop_recording", {"room_id": room_id, "file_id": file_id})

    async def trickle(
        self, room_id: str, peer_id: str, direction: str, sdp: str, ice_sessions: list[str] | None
    ) -> str | None:
        """Returns our side after an ICE restart. Raise Outdated when none of `ice_sessions` is the present one."""
        fields = {"room_id": room_id, "peer_id": peer_id, "direction": direction}
        answer = (await self._request("trickle", {**fields, "sdp": sdp, "ice_sessions": ice_sessions}))["sdp"]
        return None if answer is None else str(answer)

    async def leave(self, room_id: str, peer_id: str) -> None:
        await self._request("leave", {"room_id": room_id, "peer_id": peer_id})

    async def lines(self, room_id: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
        """What is known of every connection of the room and of every picture that somebody shows.

        As in `webrtc.line_figures` and `webrtc.picture_figures`.
        """
        reply = await self._request("lines", {"room_id": room_id})
        return reply["lines"], reply["pictures"]

    async def stats(self) -> dict[str, int]:
        reply: dict[str, int] = (await self._request("stats", {}))["stats"]
        return reply

    async def _request(self, verb: str, fields: dict[str, Any], timeout_s: float = REQUEST_TIMEOUT_S) -> dict[str, Any]:
        if self._writer is None or not self.ready:
            raise Unavailable(_AWAY)
        number = next(self._numbers)
        pending: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._pending[number] = pending
        try:
            self._writer.write(json.dumps({"id": number, "verb": verb, **fields}).encode() + b"\n")
            async with asyncio.timeout(timeout_s):
                reply = await pending
        except TimeoutError:
            raise Unavailable(_AWAY) from None
        finally:
            del self._pending[number]
        if "error" in reply:
            raise _error_of(reply["error"])
        return reply


def _error_of(error: dict[str, str]) -> HubError:
    match error["code"]:
        case "invalid":
            return Invalid(f"The session description can't be used: {error['detail']}.", field="sdp")
        case "outdated":
            return Outdated()
        case "ended":
            return Conflict("This media connection is over. Open a new one.")
        case "too_many":
            return TooMany("Too many people are joining at this moment. Try again in a few seconds.")
        case _:
            return Internal()


async def _end(process: asyncio.subprocess.Process) -> None:
    """The socket is closed, so it ends by itself; if it hangs, it is ended."""
    try:
        async with asyncio.timeout(2):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()
