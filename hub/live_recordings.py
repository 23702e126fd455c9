"""Keeps the recordings of meetings: who is in one right now, what is written, and what becomes of it.

Rule: nobody is recorded who did not agree. Pupils agree through the consent ledger and may still say no; grown-ups
say yes for themselves, each time. It is asked again twice a second, so a yes that ends, ends within a second.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hub.errors import Conflict, HubError, Unavailable
from hub.live_rooms import LiveRooms
from hub.media_process import MediaProcess
from hub.payloads.recordings import EndReason, Group, RecordingState
from hub.payloads.rooms import Peer
from hub.recording_folder import Note, RecordingFolder, find_abandoned
from storage import ports
from storage.ports import Storage
from storage.records import Recording, RecordingId, Room, RoomId, TwinspaceId, User, UserId, UserKind

logger = logging.getLogger(__name__)

LOOK_EVERY_S = 0.5
CLOSING_TIMEOUT_S = 30.0
"""For files to be closed and durable after a stop; a disk that takes longer is waited for at the next start."""

_GROUPS: dict[str, Group] = {
    "microphone": "camera",
    "camera": "camera",
    "screen": "screen",
    "screen_audio": "screen",
    "interpreter": "interpreter",
}

MayRecord = Callable[[UserId], Awaitable[bool]]
"""What the consent ledger says now."""
Told = Callable[[TwinspaceId, RecordingState], Awaitable[None]]
Kept = Callable[[Recording], Awaitable[None]]


@dataclass(slots=True)
class _File:
    file_id: str
    user_id: str
    tracks: frozenset[str]
    media_pid: int | None
    """Of the process that writes it; when that is gone, so is its hold on the file."""
    is_unreadable: bool = False
    """Something of it can't be written: what comes makes no file."""
    ended: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class _Live:
    room: Room
    starter: User
    folder: RecordingFolder
    choices: dict[UserId, bool] = field(default_factory=dict)
    """What people in the meeting said."""
    kinds: dict[UserId, UserKind] = field(default_factory=dict)
    """Of accounts that were looked up: what somebody is does not change."""
    agreed: frozenset[str] = frozenset()
    written: dict[tuple[str, Group], _File] = field(default_factory=dict)
    closing: list[_File] = field(default_factory=list)
    news: asyncio.Event = field(default_factory=asyncio.Event)
    reason: EndReason | None = None
    """Set once: it ends."""
    unnoted: bool = False
    """A file began, and the note on the disk does not say when."""

    def end(self, reason: EndReason) -> None:
        if self.reason is None:
            self.reason = reason
        self.news.set()


class LiveRecordings:
    """`start` and `stop` raise a HubError when it can't be done. `open()` first, `close()` before rooms and storage."""

    def __init__(
        self,
        storage: Storage,
        rooms: LiveRooms,
        media: MediaProcess,
        folder: Path,
        now_ms: Callable[[], int],
        *,
        may_record: MayRecord,
        told: Told,
        kept: Kept,
        limit_s: float,
        min_free_bytes: int,
    ) -> None:
        self._storage = storage
        self._rooms = rooms
        self._media = media
        self._folder = folder
        self._now_ms = now_ms
        self._may_record = may_record
        self._told = told
        self._kept = kept
        self._limit_ms = limit_s * 1000
        self._min_free_bytes = min_free_bytes
        self._live: dict[RoomId, _Live] = {}
        self._files: dict[str, tuple[_Live, _File]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._last_reason: dict[RoomId, EndReason] = {}
        self._described: dict[RoomId, RecordingState] = {}
        self._revision = now_ms()
        """From the clock, so that it goes on growing when the hub starts again."""
        media.on_recording = self._hear

    async def open(self) -> None:
        """Keep what a hub that was killed left behind."""
        for folder in await asyncio.to_thread(lambda: list(find_abandoned(self._folder))):
            await self._keep(folder, "interrupted")

    async def close(self) -> None:
        """The hub stops: recordings end and are kept."""
        for live in self._live.values():
            live.end("interrupted")
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def state(self, room_id: RoomId) -> RecordingState:
        state = self._describe(room_id)
        known = self._described.get(room_id)
        if known is not None and known == state.model_copy(update={"revision": known.revision}):
            return known
        self._revision += 1
        self._described[room_id] = state = state.model_copy(update={"revision": self._revision})
        return state

    def _describe(self, room_id: RoomId) -> RecordingState:
        live = self._live.get(room_id)
        if live is None or live.reason is not None:
            reason = live.reason if live is not None else self._last_reason.get(room_id)
            return RecordingState(
                room_id=room_id,
                running=False,
                started_by=None,
                started_at_ms=None,
                recorded_user_ids=[],
                agreed_user_ids=[],
                unreadable_user_ids=[],
                reason=reason,
                revision=0,
            )
        return RecordingState(
            room_id=room_id,
            running=True,
            started_by=live.starter.display_name,
            started_at_ms=live.folder.note.started_at_ms,
            recorded_user_ids=sorted({file.user_id for file in live.written.values() if not file.ended.is_set()}),
            agreed_user_ids=sorted(live.agreed),
            unreadable_user_ids=sorted({file.user_id for file in live.written.values() if file.is_unreadable}),
            reason=None,
            revision=0,
        )

    async def start(self, room: Room, user: User, *, include_me: bool) -> RecordingState:
        if room.is_encrypted:
            raise Conflict("This meeting is encrypted end to end: the hub can't see it, so it can't record it.")
        if room.id in self._live:
            raise Conflict("This meeting is being recorded already.")
        if not self._rooms.peers(room.id):
            raise Conflict("Nobody is in this meeting.")
        note = Note(secrets.token_urlsafe(12), room.twinspace_id, room.id, user.id, self._now_ms())
        try:
            folder = await asyncio.to_thread(RecordingFolder.create, self._folder, note)
        except OSError:
            logger.exception("a recording could not begin")
            raise Unavailable("The hub has no place for a recording now.") from None
        if room.id in self._live:
            await asyncio.to_thread(folder.remove)
            raise Conflict("This meeting is being recorded already.")
        live = self._live[room.id] = _Live(room, user, folder, {user.id: include_me})
        task = asyncio.create_task(self._run(live))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return self.state(room.id)

    def stop(self, room_id: RoomId) -> None:
        """It ends soon; everybody is told, and the files appear in the list when they are whole."""
        live = self._live.get(room_id)
        if live is None or live.reason is not None:
            raise Conflict("This meeting is not being recorded.")
        live.end("stopped")

    async def choose(self, room_id: RoomId, user: User, *, include_me: bool) -> RecordingState:
        """Yes or no for this recording. A pupil can say no; a yes of theirs is the ledger's to give."""
        live = self._live.get(room_id)
        if live is None or live.reason is not None:
            raise Conflict("This meeting is not being recorded.")
        if include_me and user.kind == "pupil" and not await self._may_record(user.id):
            raise Conflict("Only a consent in the ledger lets a pupil be recorded. Ask your teacher.")
        live.choices[user.id] = include_me
        live.news.set()
        return self.state(room_id)

    async def _run(self, live: _Live) -> None:
        """Until the recording ends: look who may be in it, and write them and nobody else."""
        shown: RecordingState | None = None
        while live.reason is None:
            live.news.clear()
            try:
                await self._look(live)
                if live.unnoted:
                    live.unnoted = False
                    await asyncio.to_thread(live.folder.write_note)
            except (HubError, ports.StorageError) as error:
                # Who may be recorded is unknown now, so nobody is.
                logger.warning("a recording pauses: %s", error)
                await self._close_files(live, list(live.written))
            except Exception:
                logger.exception("a recording ends")
                live.end("interrupted")
            if live.reason is None and (state := self.state(live.room.id)) != shown:
                shown = state
                await self._tell(live, state)
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await live.news.wait()
            except TimeoutError:
                pass
        await self._finish(live)

    async def _look(self, live: _Live) -> None:
        peers = self._rooms.peers(live.room.id)
        if not peers:
            live.end("meeting_over")
        elif self._now_ms() - live.folder.note.started_at_ms > self._limit_ms:
            live.end("time_over")
        if live.reason is not None:
            return
        users = {UserId(peer.user_id) for peer in peers}
        live.agreed = frozenset([user_id for user_id in users if await self._agrees(live, user_id)])
        wanted = {key: peer for peer in peers if peer.user_id in live.agreed for key in _groups(peer)}
        for key in list(live.written):
            if key not in wanted or live.written[key].tracks != _groups(wanted[key])[key]:
                await self._close_files(live, [key])
        for key, peer in wanted.items():
            if key not in live.written and live.reason is None:
                await self._open_file(live, key, peer)

    async def _agrees(self, live: _Live, user_id: UserId) -> bool:
        said = live.choices.get(user_id)
        if said is False:
            return False
        kind = live.kinds.get(user_id)
        if kind is None:
            kind = live.kinds[user_id] = (await self._storage.users.get_user(user_id)).kind
        return await self._may_record(user_id) if kind == "pupil" else said is True

    async def _open_file(self, live: _Live, key: tuple[str, Group], peer: Peer) -> None:
        tracks = _groups(peer)[key]
        file = _File(secrets.token_hex(8), peer.user_id, tracks, self._media.pid)
        owner = {"user_id": peer.user_id, "display_name": peer.display_name, "source": key[1]}
        live.folder.note.owners[file.file_id] = owner
        await asyncio.to_thread(live.folder.write_note)
        # While the note was written, the answer may have become no.
        if live.choices.get(UserId(peer.user_id)) is False or live.reason is not None:
            return
        self._files[file.file_id] = live, file
        live.written[key] = file
        stem = live.folder.path / file.file_id
        recorded = await self._media.record(live.room.id, file.file_id, stem, sorted(tracks), self._min_free_bytes)
        if not recorded:
            # Nothing that can be written; the entry keeps it from being asked for again.
            file.ended.set()

    async def _close_files(self, live: _Live, keys: list[tuple[str, Group]]) -> None:
        for key in keys:
            file = live.written.pop(key)
            live.closing.append(file)
            try:
                await self._media.stop_recording(live.room.id, file.file_id)
            except HubError:
                pass  # a media process that does not answer is ended, and a dead one holds nothing open
            if self._media.pid != file.media_pid:
                file.ended.set()

    def _hear(self, event: dict[str, Any]) -> None:
        live, file = self._files.get(event["file_id"], (None, None))
        if live is None or file is None:
            return
        match event["event"]:
            case "recording_part":
                began_at_ms = self._now_ms() - round(event["began_ago_s"] * 1000)
                live.folder.note.began_at_ms[event["name"]] = began_at_ms
                live.unnoted = True
            case "recording_unreadable":
                file.is_unreadable = True
                live.news.set()
            case "recording_failed":
                live.end(event["reason"])
            case "recording_ended":
                file.ended.set()

    async def _finish(self, live: _Live) -> None:
        await self._close_files(live, list(live.written))
        del self._live[live.room.id]
        reason = live.reason or "stopped"
        self._last_reason[live.room.id] = reason
        await self._tell(live, self.state(live.room.id))
        try:
            async with asyncio.timeout(CLOSING_TIMEOUT_S):
                for file in live.closing:
                    await self._until_closed(file)
            await asyncio.to_thread(live.folder.write_note)
            await self._keep(live.folder, reason)
        except (TimeoutError, OSError):
            logger.exception("a recording stays in %s until the hub starts again", live.folder.path)
            live.folder.let_go()
        finally:
            for file in live.closing:
                self._files.pop(file.file_id, None)

    async def _until_closed(self, file: _File) -> None:
        while self._media.pid == file.media_pid:
            try:
                async with asyncio.timeout(LOOK_EVERY_S):
                    await file.ended.wait()
                return
            except TimeoutError:
                continue

    async def _tell(self, live: _Live, state: RecordingState) -> None:
        self._rooms.roster.tell(live.room.id, "room:recording", state)
        await self._told(live.room.twinspace_id, state)

    async def _keep(self, folder: RecordingFolder, reason: EndReason) -> None:
        """Files into blobs, then the row, then the folder goes: a crash at any moment loses nothing."""
        note = folder.note
        try:
            files = []
            for path, about in await asyncio.to_thread(folder.files):
                files.append({**about, "blob": await self._storage.blobs.put_file(path)})
            recording = Recording(
                RecordingId(note.recording_id),
                TwinspaceId(note.twinspace_id),
                RoomId(note.room_id),
                UserId(note.started_by),
                note.started_at_ms,
                self._now_ms(),
                reason,
                files,
            )
            if files:
                try:
                    await self._storage.recordings.add(recording)
                except ports.Conflict:
                    pass  # kept already, and only the folder was not yet removed
                else:
                    await self._kept(recording)
            await asyncio.to_thread(folder.remove)
        except (ports.StorageError, OSError) as error:
            logger.error("a recording stays in %s until the hub starts again: %s", folder.path, error)
            folder.let_go()


def _groups(peer: Peer) -> dict[tuple[str, Group], frozenset[str]]:
    """The tracks that make one file, by peer and group."""
    found: dict[tuple[str, Group], set[str]] = {}
    for track in peer.tracks:
        found.setdefault((peer.peer_id, _GROUPS[track.source]), set()).add(track.track_id)
    return {key: frozenset(tracks) for key, tracks in found.items()}
