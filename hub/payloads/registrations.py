"""Teachers who register, and the support services that let them in."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints, model_validator

from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply, Title
from hub.payloads.people import Language, School
from hub.payloads.places import CountryCode
from storage import records


def _address(email: str) -> str:
    local, _, domain = email.lower().rpartition("@")
    if not local or "." not in domain.strip(".") or any(sign.isspace() for sign in email) or "@" in local:
        raise ValueError("is not an e-mail address")
    return f"{local}@{domain}"


Email = Annotated[
    str,
    StringConstraints(min_length=6, max_length=200, strip_whitespace=True),
    STORABLE,
    ONE_LINE,
    AfterValidator(_address),
]
NewPassword = Annotated[str, StringConstraints(min_length=10, max_length=200)]
"""NIST SP 800-63B: length counts, recipes of signs don't."""
TicketSecret = Annotated[str, StringConstraints(min_length=1, max_length=100)]
PersonName = Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), STORABLE, ONE_LINE]
PlaceName = Annotated[str, StringConstraints(max_length=80, strip_whitespace=True), STORABLE, ONE_LINE]
Words = Annotated[str, StringConstraints(max_length=1_000, strip_whitespace=True), STORABLE]


class NewSchool(Payload):
    name: Title
    city: PlaceName
    region: PlaceName = ""


class Register(Payload):
    email: Email
    password: NewPassword
    display_name: PersonName
    language: Language
    country: CountryCode
    school_id: Id | None = None
    new_school: NewSchool | None = None
    message: Words = ""

    @model_validator(mode="after")
    def _one_school(self) -> Self:
        if (self.school_id is None) == (self.new_school is None):
            raise ValueError("needs a school of the list, or a new one")
        return self


class ConfirmEmail(Payload):
    secret: TicketSecret
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class AskForPassword(Payload):
    email: Email


class ChoosePassword(Payload):
    secret: TicketSecret
    password: NewPassword


class MyRegistration(Reply):
    state: records.UserState
    school: School
    service: str
    """Who decides, or has decided."""
    submitted_at_ms: int
    decided_at_ms: int | None
    reason: str


class AskAgain(Payload):
    message: Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]
    """What the service should know now."""


class Registration(Reply):
    user_id: str
    display_name: str
    email: str
    message: str
    school: School
    school_is_new: bool
    refused_before: str
    """Why a service has refused it once; empty: it has not."""
    submitted_at_ms: int


class Registrations(Reply):
    registrations: list[Registration]


class Decide(Payload):
    user_id: Id
    decision: Literal["accepted", "refused"]
    reason: Words = ""

    @model_validator(mode="after")
    def _with_reason(self) -> Self:
        if self.decision == "refused" and not self.reason:
            raise ValueError("needs a reason to refuse")
        return self
