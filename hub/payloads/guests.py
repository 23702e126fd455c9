"""Guests: people without an account who come by a link."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from hub.payloads.people import Language
from storage import records

GuestName = Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True), STORABLE, ONE_LINE]
GuestRole = Literal["visitor", "expert", "ambassador", "family"]


class MakeGuestLink(Payload):
    twinspace_id: Id
    title: Title
    role: GuestRole = "visitor"
    days: Annotated[int, Field(ge=1, le=60)] = 7


class NewGuestLink(Reply):
    id: str
    title: str
    role: records.Role
    expires_at_ms: int
    url: str
    """Shown this once."""


class Guest(Reply):
    user_id: str
    display_name: str
    state: records.UserState


class GuestLink(Reply):
    id: str
    title: str
    role: records.Role
    made_by: str
    expires_at_ms: int
    is_open: bool
    guests: list[Guest]


class GuestLinks(Reply):
    links: list[GuestLink]


class GuestLinkRef(Payload):
    twinspace_id: Id
    link_id: Id


class GuestRef(Payload):
    twinspace_id: Id
    user_id: Id


class ComeAsGuest(Payload):
    secret: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    display_name: GuestName
    language: Language
