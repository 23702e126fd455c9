"""What waits before walls, and deciding on it."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import STORABLE, Id, Payload, Reply
from hub.payloads.walls import Card, Comment
from storage.records import HeldKind, HeldState

Why = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True), STORABLE]
Revision = Annotated[int, Field(ge=1, le=2**31 - 1)]


class HeldThing(Reply):
    """A card or comment that the partner school does not see, or not as it is here."""

    twinspace_id: str
    content_id: str
    content_title: str
    content_kind: str
    """Of what it is on: a wall, or a rubric, whose talk has the `content_id`."""
    kind: HeldKind
    id: str
    revision: int
    """Named by who decides, so that nobody lets through what they have not seen."""
    is_new: bool
    state: HeldState
    reason: str
    card: Card
    """As it would be; of a comment the card that it is on, as everybody sees it. A criterion's words are its title."""
    comment: Comment | None
    former: Card | None
    """Of a card that is on the wall: what everybody sees meanwhile."""
    former_comment: Comment | None
    author_id: str
    author_name: str
    school_id: str
    held_at_ms: int
    place_after: str | None
    """Of a new card that its author has placed: the id of the card it goes behind, or "" for the first place."""


class HeldThings(Reply):
    held: list[HeldThing]
    """Oldest first."""


class HeldRef(Payload):
    content_id: Id
    kind: HeldKind
    held_id: Id


class Approve(HeldRef):
    revision: Revision


class Refuse(Approve):
    reason: Why
    """For the author."""


class ApproveAll(Payload):
    twinspace_id: Id
    held: Annotated[list[Approve], Field(min_length=1, max_length=200)]


class ApprovedAll(Reply):
    approved: int
    left: int
    """Those that changed meanwhile, or that somebody else decided on."""


class HeldChanged(Reply):
    """Announced to the author and to those who decide: look again."""

    twinspace_id: str
    content_id: str
