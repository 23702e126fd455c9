"""Notices, how one wants to be told, calendar feeds, web push, the desk."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Field, StringConstraints

from hub.payloads.fields import Payload, Reply, Seq
from hub.payloads.plan import TimeZone
from storage import records

Clock = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
KindName = Annotated[str, StringConstraints(pattern=r"^[a-z_]{1,40}$")]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_=-]+$", min_length=16, max_length=200)]


class Notice(Reply):
    seq: int
    kind: str
    twinspace_id: str | None
    subject_id: str
    details: dict[str, Any]
    at_ms: int
    is_read: bool

    @classmethod
    def of(cls, notice: records.Notice) -> Self:
        return cls(
            seq=notice.seq,
            kind=notice.kind,
            twinspace_id=notice.twinspace_id,
            subject_id=notice.subject_id,
            details=notice.details,
            at_ms=notice.at_ms,
            is_read=notice.read_at_ms is not None,
        )


class Notices(Reply):
    notices: list[Notice]
    unread_count: int


class ReadNotices(Payload):
    before: Seq | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 30


class MarkRead(Payload):
    up_to: Seq = 0
    """Everything up to this number."""
    seqs: Annotated[list[Seq], Field(max_length=100)] = []


class Unread(Reply):
    unread_count: int


class KindChoice(Payload):
    page: bool = True
    mail: bool = True
    push: bool = True


class KindChosen(Reply):
    kind: str
    page: bool
    mail: bool
    push: bool


class Preferences(Reply):
    time_zone: str
    """What counts now."""
    is_own_time_zone: bool
    """False: it is that of the school's country."""
    digest: records.Digest
    quiet_from: str
    quiet_until: str
    school_days_only: bool
    kinds: list[KindChosen]
    has_mail: bool
    """Whether letters can come at all: pupils have no address."""
    feed_since_ms: int | None
    """When the private calendar address was made; None: there is none."""
    push_key: str | None
    """The hub's public key for web push (RFC 8292); None where the operator has not allowed any push service."""


class ChangePreferences(Payload):
    time_zone: TimeZone | Literal[""]
    """Empty: that of the school's country."""
    digest: records.Digest
    quiet_from: Clock
    quiet_until: Clock
    school_days_only: bool
    kinds: Annotated[dict[KindName, KindChoice], Field(max_length=40)]


class CalendarFeed(Reply):
    url: str
    """Shown this once."""


class FeedRef(Payload):
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


class Subscribe(Payload):
    endpoint: Annotated[str, StringConstraints(pattern=r"^https?://", max_length=1000)]
    p256dh: Key
    auth: Key


class Unsubscribe(Payload):
    endpoint: Annotated[str, StringConstraints(min_length=1, max_length=1000)]


class MailSecret(Payload):
    secret: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{20,100}$")]


class DeskMeeting(Reply):
    id: str
    twinspace_id: str
    twinspace_title: str
    room_id: str
    title: str
    starts_at_ms: int
    ends_at_ms: int


class DeskRoom(Reply):
    """A meeting that goes on now."""

    room_id: str
    twinspace_id: str
    twinspace_title: str
    title: str
    peer_count: int


class DeskContent(Reply):
    id: str
    kind: str
    title: str
    changed_at_ms: int


class DeskTwinspace(Reply):
    id: str
    title: str
    role: records.Role
    phase: records.Phase
    school_ids: list[str]
    unread_count: int
    """Chat messages of others since one looked last."""
    unread_posts: int
    """In the threads of its forum that one follows."""
    latest: list[DeskContent]


class DeskSchool(Reply):
    id: str
    name: str
    city: str
    country: str
    region: str
    shape: str


class Waiting(Reply):
    """Something that waits for this person: what, how many, and where."""

    source: str
    count: int
    twinspace_id: str | None = None
    title: str = ""


class Desk(Reply):
    time_zone: str
    meetings: list[DeskMeeting]
    rooms: list[DeskRoom]
    waiting: list[Waiting]
    twinspaces: list[DeskTwinspace]
    schools: list[DeskSchool]
    unread_notices: int


class DeskChanged(Reply):
    """Announced to one person: something on the desk is another. Read it again."""

    source: str
