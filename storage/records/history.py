"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

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


class FormerText(NamedTuple):
    """Not a dataclass, so that a person's rows stay JSON."""

    text: str
    written_at_ms: int


@dataclass(frozen=True, slots=True)
class Reaction:
    """What somebody feels about a message; one each."""

    seq: int
    user_id: UserId
    sign: str


@dataclass(frozen=True, slots=True)
class Message:
    twinspace_id: TwinspaceId
    seq: int
    """1, 2, 3 … within its lane, without a hole."""
    client_message_id: str
    user_id: UserId
    text: str
    posted_at_ms: int
    lane: str = "all"
    """Who reads it; see `hub.lanes`."""
    reply_to: int | None = None
    """The seq of another message of the lane."""
    mentions: tuple[str, ...] = ()
    """Users whom it calls by name."""
    material_ids: tuple[str, ...] = ()
    edited_at_ms: int | None = None
    versions: tuple[FormerText, ...] = ()
    """What it said before, oldest first: for moderation."""


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
