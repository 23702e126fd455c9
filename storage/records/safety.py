"""What keeps pupils safe: reports, hidden things, and the moderation log."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import Json, TwinspaceId, UserId

ReportId = NewType("ReportId", str)
ReportState = Literal["open", "claimed", "answered"]


@dataclass(frozen=True, slots=True)
class Report:
    """Somebody told the teachers about something or somebody."""

    id: ReportId
    twinspace_id: TwinspaceId
    reporter_id: UserId
    kind: str
    """What was reported: `message`, `card`, `content`, `member` …: a key of `hub.subjects.SUBJECTS`."""
    subject_id: str
    author_id: UserId | None
    """Who made it; of a member, the member. They never see the report."""
    reason: str
    words: str
    """The reporter's own words; may be empty."""
    excerpt: str
    """What was there when it was reported, shortened: it may be changed or taken away meanwhile."""
    reported_at_ms: int
    state: ReportState = "open"
    handler_id: UserId | None = None
    """Who claimed or answered it last."""
    handled_at_ms: int | None = None
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Hidden:
    """A thing that nobody sees any more, and that is kept until it is decided what becomes of it."""

    twinspace_id: TwinspaceId
    kind: str
    subject_id: str
    author_id: UserId | None
    excerpt: str
    kept: Json
    """What is needed to show it again, where hiding had to take it out of a live document; else None."""
    hidden_by: UserId
    hidden_at_ms: int


@dataclass(frozen=True, slots=True)
class ModerationEntry:
    """One link of a TwinSpace's moderation log: what was done with authority, never what people said."""

    twinspace_id: TwinspaceId
    seq: int
    parent: str
    """The hash of the entry before; empty in the first."""
    hash: str
    """SHA-256 (hex) of the canonical JSON of the other fields."""
    action: str
    """`reported`, `claimed`, `answered`, `hidden`, `shown`, `muted`, `unmuted`, `removed`, `erased` …"""
    user_id: UserId | None
    """Who did it; None: it happened by itself (a mute that ran out, a retention job)."""
    kind: str
    subject_id: str
    reason: str
    details: Json
    done_at_ms: int
