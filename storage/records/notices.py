"""What people are told, how they want to be told, and what is on its way to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from storage.records.ids import Json, LoginId, TwinspaceId, UserId

Digest = Literal["off", "daily", "weekly"]
Channel = Literal["mail", "push"]


@dataclass(frozen=True, slots=True)
class Preferences:
    """How somebody wants to be told. Who never chose has these."""

    user_id: UserId
    time_zone: str = ""
    """IANA name; empty: that of the school's country."""
    digest: Digest = "daily"
    quiet_from: str = "20:00"
    """Local time, as `quiet_until`: between them nothing is sent. Equal: no quiet hours."""
    quiet_until: str = "07:00"
    school_days_only: bool = True
    kinds: Json = field(default_factory=dict)
    """`{kind: {page, mail, push}}` where it differs from the kind's own default."""
    mail_secret: str = ""
    """Ends the digest, and nothing else, for whoever holds it: it stands in every digest. Empty: none was sent yet."""
    digest_at_ms: int = 0
    """Up to when notices have been told by digest."""


@dataclass(frozen=True, slots=True)
class Notice:
    user_id: UserId
    seq: int
    """Grows within the user's notices."""
    kind: str
    twinspace_id: TwinspaceId | None
    subject_id: str
    """What it is about. A newer unread notice about the same thing takes the place of an older one."""
    details: Json
    at_ms: int
    read_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class PushSubscription:
    """A browser that takes web pushes (RFC 8030), for as long as the login lives in which it asked for them."""

    endpoint: str
    user_id: UserId
    login_id: LoginId
    p256dh: str
    auth: str
    """Keys of the browser, as RFC 8291 has them, in base64url."""
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Delivery:
    """A letter or a push that still has to be sent."""

    id: str
    channel: Channel
    user_id: UserId
    data: Json
    due_at_ms: int
    tries: int = 0
