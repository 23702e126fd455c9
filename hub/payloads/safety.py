"""Reports, hidden things, mutes, the moderation log."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from hub.payloads.fields import STORABLE, Id, Limit, Reply, Seq
from hub.payloads.twinspaces import TwinspaceRef
from storage import records
from storage.records import ReportState

Kind = Literal[
    "message",
    "caption",
    "content",
    "card",
    "comment",
    "material",
    "recording",
    "thread",
    "post",
    "debate",
    "member",
    "twinspace",
]
Reason = Literal["mean", "scary", "private", "not_ours", "spam", "other"]
"""Mean or hurting; frightening, or not for children; somebody's private things; copied; rubbish; something else."""
Part = Literal["chat", "write", "speak"]
SubjectId = Annotated[str, StringConstraints(min_length=1, max_length=130, pattern=r"^[A-Za-z0-9_.:-]+$")]
Words = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True), STORABLE]
MOST_MINUTES = 60 * 24 * 31


class ReportSomething(TwinspaceRef):
    kind: Kind
    subject_id: SubjectId
    """Of a message its seq; of a card `<content>:<card>`; of a comment `<content>:<comment>`;
    of a post `<thread>:<seq>`; else its id."""
    reason: Reason
    words: Words = ""
    about_teachers: bool = False
    """The teachers of the TwinSpace are meant themselves: they are not told, the support service is."""


class Reported(Reply):
    report_id: str


class Report(Reply):
    id: str
    kind: str
    subject_id: str
    reason: str
    words: str
    excerpt: str
    """What was there when it was reported."""
    reporter_id: str
    reporter_name: str
    author_id: str | None
    author_name: str | None
    author_school_id: str | None
    is_hidden: bool
    reported_at_ms: int
    state: ReportState
    handler_id: str | None
    handler_name: str | None
    handled_at_ms: int | None
    answer: str


class HiddenThing(Reply):
    kind: str
    subject_id: str
    excerpt: str
    author_id: str | None
    author_name: str | None
    hidden_by: str
    hidden_by_name: str
    hidden_at_ms: int


class MutedMember(Reply):
    user_id: str
    display_name: str
    parts: list[Part]
    until_ms: int | None


class Moderation(Reply):
    """What teachers who protect a TwinSpace have before them."""

    reports: list[Report]
    """Newest first; not those about oneself."""
    hidden: list[HiddenThing]
    muted: list[MutedMember]


class ReportRef(TwinspaceRef):
    report_id: Id


class AnswerReport(ReportRef):
    answer: Words = ""
    """For the other teachers and for the log, not for who reported."""


class Subject(TwinspaceRef):
    kind: Id
    subject_id: SubjectId


class Hide(TwinspaceRef):
    kind: Kind
    subject_id: SubjectId
    reason: Reason


class Mute(TwinspaceRef):
    user_id: Id
    parts: Annotated[list[Part], Field(min_length=1, max_length=3)]
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None
    """None: until it is lifted."""
    reason: Reason


class ProtectedFrom(TwinspaceRef):
    user_id: Id


class Remove(ProtectedFrom):
    reason: Reason


class LogEntry(Reply):
    seq: int
    action: str
    user_id: str | None
    display_name: str | None
    kind: str
    subject_id: str
    reason: str
    details: Any
    done_at_ms: int
    hash: str

    @classmethod
    def of(cls, entry: records.ModerationEntry, user: records.User | None) -> Self:
        return cls(
            seq=entry.seq,
            action=entry.action,
            user_id=entry.user_id,
            display_name=user.display_name if user else None,
            kind=entry.kind,
            subject_id=entry.subject_id,
            reason=entry.reason,
            details=entry.details,
            done_at_ms=entry.done_at_ms,
            hash=entry.hash,
        )


class Log(Reply):
    entries: list[LogEntry]
    """Newest first."""


class ReadLog(TwinspaceRef):
    before: Seq | None = None
    limit: Limit = 50


class OpenReports(Reply):
    """How many reports wait for an answer in one TwinSpace."""

    twinspace_id: str
    title: str
    count: int


class MyOpenReports(Reply):
    twinspaces: list[OpenReports]
    """Only those where something waits."""


class ReportChanged(Reply):
    """Announced to every teacher who may see it: a report came in, was claimed or answered."""

    twinspace_id: str
    report_id: str
    state: ReportState


class SubjectChanged(Reply):
    """Announced: a thing is hidden, or shown again."""

    twinspace_id: str
    kind: str
    subject_id: str
    is_hidden: bool


class OwnMute(Reply):
    """What a teacher took from me for a while in this TwinSpace."""

    parts: list[Part]
    until_ms: int | None
