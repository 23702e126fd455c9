"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import Json, RecordingId, RoomId, SnapshotId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a meeting: for everybody in it a file of their own, or several."""

    id: RecordingId
    twinspace_id: TwinspaceId
    room_id: RoomId
    started_by: UserId
    started_at_ms: int
    ended_at_ms: int
    reason: str
    """Why it ended: `stopped`, `meeting_over`, `time_over`, `disk_full`, `disk_slow`, `disk_error`, `interrupted`."""
    files: Json
    """`[{file_id, user_id, display_name, source, began_at_ms, size_bytes, blob}]`"""


@dataclass(frozen=True, slots=True)
class Message:
    twinspace_id: TwinspaceId
    seq: int
    """1, 2, 3 … within the TwinSpace, without a hole."""
    client_message_id: str
    user_id: UserId
    text: str
    posted_at_ms: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    twinspace_id: TwinspaceId
    seq: int
    verb: str
    """What happened, in the past tense: `content_created`, `snapshot_taken`, `meeting_started` …"""
    user_id: UserId | None
    subject_id: str | None
    details: Json
    happened_at_ms: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One link of a TwinSpace's chain. `id` is the SHA-256 (hex) of its canonical JSON: it proves parent and tree."""

    id: SnapshotId
    twinspace_id: TwinspaceId
    seq: int
    parent: SnapshotId | None
    tree: str
    """SHA-256 (hex) of the tree blob: canonical JSON `{path: blob hash}`."""
    title: str
    cause: str
    taken_by: UserId
    taken_at_ms: int
