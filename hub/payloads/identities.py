"""Signing in through a school's own identity provider, and the accounts it is linked to."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.people import Language, School, SetsCookie, User
from hub.payloads.registrations import PersonName, TicketSecret, Words

ProviderId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{1,40}$")]
Code = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]


class Provider(Reply):
    id: str
    name: str


class Providers(Reply):
    providers: list[Provider]


class ProviderRef(Payload):
    provider_id: ProviderId


class ProviderSignIn(Reply):
    url: str
    """Where to send the browser."""
    secret: str
    """For the page to keep until the browser is back: it makes sure that who comes back is who went."""


class ProviderReturn(Payload):
    """What the provider has sent the browser back with, and the secret of the beginning."""

    secret: TicketSecret
    state: TicketSecret
    code: Code
    iss: Annotated[str, StringConstraints(max_length=500)] | None = None


class UnknownPerson(Reply):
    """The provider knows who it is; the hub does not yet."""

    secret: str
    """For linking an account, or for registering; good for a quarter of an hour, once."""
    provider: Provider
    display_name: str
    email: str | None
    """None: the provider has verified none, so neither is possible."""
    schools: list[School]


class ProviderAnswer(SetsCookie):
    """One of the two."""

    user: User | None
    unknown: UnknownPerson | None
    sign_out_url: str | None
    """Where one ends one's session at the provider."""


class LinkIdentity(Payload):
    secret: TicketSecret


class RegisterByProvider(Payload):
    secret: TicketSecret
    display_name: PersonName
    language: Language
    school_id: Id
    message: Words = ""


class Identity(Reply):
    provider: Provider
    linked_at_ms: int
    last_used_at_ms: int | None


class Identities(Reply):
    identities: list[Identity]
