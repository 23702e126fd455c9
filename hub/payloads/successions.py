"""Somebody follows a founder who leaves."""

from __future__ import annotations

from typing import Annotated

from pydantic import StringConstraints

from hub.payloads.fields import STORABLE, Id, Payload, Reply
from hub.payloads.people import School
from storage import records


class ProposeSuccession(Payload):
    twinspace_id: Id
    leaving_id: Id
    """One of the two founders: the other one, or oneself."""
    successor: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), STORABLE]
    """Sign-in name, e-mail address or id of a teacher in the leaving founder's country."""
    stays: bool = True
    """Who leaves goes on as a teacher of the TwinSpace."""


class SuccessionRef(Payload):
    twinspace_id: Id
    succession_id: Id


class EndSuccession(SuccessionRef):
    reason: Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True), STORABLE] = ""
    """A support service has to give one."""


class SuccessionPerson(Reply):
    user_id: str
    display_name: str
    school: School
    agreed_at_ms: int | None


class Succession(Reply):
    id: str
    twinspace_id: str
    title: str
    leaving: SuccessionPerson
    remaining: SuccessionPerson
    successor: SuccessionPerson
    stays: bool
    proposed_at_ms: int
    silent_until_ms: int
    """It waits until then, for somebody to say no; not once the leaving founder has agreed."""
    state: records.SuccessionState
    ended_by_name: str | None
    ended_at_ms: int | None
    reason: str
    may_agree: bool
    may_end: bool
    """Decline it or take it back, as one of the three; stop it, as the support service."""


class Successions(Reply):
    successions: list[Succession]
