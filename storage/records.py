"""The rows that cross a port: plain frozen records, no behaviour, no library.

Ids are random strings made by the hub; a `seq` is handed out by the store, in order. Times are milliseconds since 1970
(UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NewType

UserId = NewType("UserId", str)
SchoolId = NewType("SchoolId", str)
ProjectId = NewType("ProjectId", str)
TwinspaceId = NewType("TwinspaceId", str)
ContentId = NewType("ContentId", str)
RoomId = NewType("RoomId", str)
LoginId = NewType("LoginId", str)
SnapshotId = NewType("SnapshotId", str)

UserKind = Literal["teacher", "pupil"]
Role = Literal["founder", "teacher", "pupil", "visitor"]
LoginKind = Literal["browser", "token"]

Json = Any
"""A JSON value: dict, list, str, int, float, bool or None. Stores return it equal to what was put in."""


@dataclass(frozen=True, slots=True)
class School:
    id: SchoolId
    name: str
    city: str
    country: str
    """ISO 3166-1 alpha-2, upper case."""
    shape: str
    """The shape that stands for the school beside its colour: circle, square, triangle, hexagon, drop or star."""


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    name: str
    """What one types to sign in, unique, lower case: `teacher.es`."""
    display_name: str
    kind: UserKind
    school_id: SchoolId
    language: str
    """BCP 47 tag of the interface: `es`, `pl`, `en`."""
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Login:
    """One period in which somebody is signed in: a browser's cookie or a script's token."""

    id: LoginId
    user_id: UserId
    kind: LoginKind
    secret_hash: bytes
    created_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Project:
    id: ProjectId
    title: str
    summary: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Twinspace:
    id: TwinspaceId
    project_id: ProjectId
    title: str
    summary: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Member:
    twinspace_id: TwinspaceId
    user_id: UserId
    role: Role
    epoch: int
    """Grows by one each time the role changes or is taken away; live sockets carry the epoch they were opened with."""
    joined_at_ms: int


@dataclass(frozen=True, slots=True)
class Content:
    id: ContentId
    twinspace_id: TwinspaceId
    kind: str
    """`document`, `wall`, `form` …: a key of `crdt_docs.content.KINDS`."""
    title: str
    created_by: UserId
    created_at_ms: int
    changed_at_ms: int


@dataclass(frozen=True, slots=True)
class Room:
    id: RoomId
    twinspace_id: TwinspaceId
    title: str
    created_at_ms: int


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
class FormVersion:
    """A form as it was frozen for answering."""

    content_id: ContentId
    version: int
    definition: Json
    published_by: UserId
    published_at_ms: int


@dataclass(frozen=True, slots=True)
class FormResponse:
    content_id: ContentId
    version: int
    user_id: UserId
    school_id: SchoolId
    answers: Json
    submitted_at_ms: int


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


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One Yjs update as a client sent it, with who sent it."""

    content_id: ContentId
    seq: int
    update: bytes
    user_id: UserId | None
    """None: the hub itself wrote it (a wall's card, a demo text)."""
    written_at_ms: int


@dataclass(frozen=True, slots=True)
class StoredDoc:
    """What is on disk of one content: a state that replaces every entry up to `state_seq`, and the entries after it."""

    state: bytes | None
    state_seq: int
    entries: tuple[LogEntry, ...]
    history: bytes | None = None
    """Who wrote what in `state`, and when, as `DocLog.compact` was given it."""
    writers: Mapping[int, UserId | None] = field(default_factory=dict)
    """The user of every Yjs client id that was ever bound in this content; None: the hub itself writes under it."""
