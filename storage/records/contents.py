"""Documents, walls, forms and rubrics, and how they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from storage.records.ids import ContentId, SchoolId, TwinspaceId, UserId
from storage.records.teams import TeamId
from storage.records.visibility import Rung


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
    visibility: Rung = "twinspace"
    team_id: TeamId | None = None
    school_id: SchoolId | None = None
    is_slides: bool = False
    """A whiteboard that was made of a PDF, with its pages under what is drawn."""


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
