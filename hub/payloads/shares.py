"""Links for families, the inspection and everybody, and what is seen by them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from hub.payloads.fields import Id, Payload, Reply, Title
from storage.records import ShareAudience

Secret = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class MakeShare(Payload):
    twinspace_id: Id
    audience: ShareAudience
    title: Title
    days: Annotated[int, Field(ge=1, le=366)] = 30
    """For families and the inspection; a public page has no end."""


class Share(Reply):
    id: str
    audience: ShareAudience
    title: str
    made_by: str
    created_at_ms: int
    expires_at_ms: int | None
    is_open: bool
    url: str | None
    """Of a public page alone: the others' is shown once."""
    seal: str | None


class NewShare(Reply):
    id: str
    url: str
    expires_at_ms: int | None
    seal: str | None


class Shares(Reply):
    shares: list[Share]


class ShareRef(Payload):
    twinspace_id: Id
    share_id: Id


class OpenShare(Payload):
    secret: Secret


class SharedSchool(Reply):
    name: str
    city: str
    country: str


class SharedFile(Reply):
    filename: str
    media_type: str
    is_shown: bool
    url: str
    """Good for an hour, for who holds the link."""
    preview_url: str | None


class SharedItem(Reply):
    id: str
    kind: str
    """`document`, `wall`, or a material's."""
    title: str
    blocks: Any
    """Of a document or a wall, without anybody's name."""
    text: str
    url: str
    alt: str
    licence: str
    happened_at_ms: int | None
    school: str | None
    """Of who made it."""
    file: SharedFile | None


class Shared(Reply):
    audience: ShareAudience
    title: str
    twinspace_title: str
    summary: str
    schools: list[SharedSchool]
    expires_at_ms: int | None
    items: list[SharedItem]
    seal: str | None
    withheld: int
    """Sealed things that are not shown any more, because a consent was withdrawn or somebody closed them."""


class SharedFileRef(Payload):
    ticket: Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=r"^[A-Za-z0-9_.~-]+$")]
