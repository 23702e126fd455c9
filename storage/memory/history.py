"""Journal, snapshots, recordings and blobs in memory."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict, NotFound
from storage.records import (
    JournalEntry,
    Json,
    Recording,
    RecordingId,
    Sight,
    Snapshot,
    SnapshotId,
    TwinspaceId,
    UserId,
)
from storage.visibility import sees


class MemoryJournal:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def record(
        self,
        twinspace_id: TwinspaceId,
        *,
        verb: str,
        user_id: UserId | None,
        subject_id: str | None,
        details: Json,
        at_ms: int,
    ) -> JournalEntry:
        self._rows.check_open()
        check_texts(verb, subject_id)
        find(self._rows.twinspaces, twinspace_id)
        if user_id is not None:
            find(self._rows.users, user_id)
        entries = self._rows.journal.setdefault(twinspace_id, [])
        entry = JournalEntry(twinspace_id, len(entries) + 1, verb, user_id, subject_id, stored_json(details), at_ms)
        entries.append(entry)
        return replace(entry, details=stored_json(details))

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, sight: Sight | None = None
    ) -> list[JournalEntry]:
        newest_first = reversed(self._rows.journal.get(twinspace_id, []))
        hidden = {item_id for item_id, item in self._rows.items() if sight is not None and not sees(sight, item)}
        older = [
            entry
            for entry in newest_first
            if (before_seq is None or entry.seq < before_seq) and entry.subject_id not in hidden
        ]
        return [replace(entry, details=stored_json(entry.details)) for entry in older[:limit]]


class MemorySnapshots:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def append(self, snapshot: Snapshot) -> None:
        self._rows.check_open()
        check_texts(snapshot.title, snapshot.cause)
        find(self._rows.twinspaces, snapshot.twinspace_id)
        find(self._rows.users, snapshot.taken_by)
        chain = self._rows.snapshots.setdefault(snapshot.twinspace_id, [])
        newest = chain[-1].id if chain else None
        if snapshot.parent != newest or snapshot.seq != len(chain) + 1:
            raise Conflict(f"The newest snapshot is {newest}.")
        chain.append(snapshot)

    async def get(self, snapshot_id: SnapshotId) -> Snapshot:
        for chain in self._rows.snapshots.values():
            for snapshot in chain:
                if snapshot.id == snapshot_id:
                    return snapshot
        raise NotFound(snapshot_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Snapshot]:
        return list(self._rows.snapshots.get(twinspace_id, []))

    async def chains(self) -> list[TwinspaceId]:
        return sorted(twinspace_id for twinspace_id, chain in self._rows.snapshots.items() if chain)


class MemoryRecordings:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, recording: Recording) -> None:
        self._rows.check_open()
        find(self._rows.twinspaces, recording.twinspace_id)
        find(self._rows.rooms, recording.room_id)
        find(self._rows.users, recording.started_by)
        add(self._rows.recordings, recording.id, replace(recording, files=stored_json(recording.files)))

    async def get(self, recording_id: RecordingId) -> Recording:
        recording = find(self._rows.recordings, recording_id)
        return replace(recording, files=stored_json(recording.files))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Recording]:
        found = [recording for recording in self._rows.recordings.values() if recording.twinspace_id == twinspace_id]
        newest_first = sorted(found, key=lambda recording: (-recording.started_at_ms, recording.id))
        return [replace(recording, files=stored_json(recording.files)) for recording in newest_first]

    async def remove(self, recording_id: RecordingId) -> None:
        find(self._rows.recordings, recording_id)
        del self._rows.recordings[recording_id]


class MemoryBlobs:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, data: bytes) -> str:
        self._rows.check_open()
        blob_hash = sha256(data).hexdigest()
        self._rows.blobs.setdefault(blob_hash, bytes(data))
        return blob_hash

    async def put_file(self, path: Path) -> str:
        return await self.put(await asyncio.to_thread(path.read_bytes))

    async def remove(self, blob_hash: str) -> None:
        self._rows.blobs.pop(blob_hash, None)

    async def get(self, blob_hash: str) -> bytes:
        return find(self._rows.blobs, blob_hash)

    def path(self, blob_hash: str) -> str:
        return f"memory:{blob_hash}"
