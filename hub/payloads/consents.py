"""The consent ledger: the sheet of a class, one pupil's entries, and what is written down."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hub.payloads.fields import Id, Payload, Reply
from hub.payloads.foundings import Day
from storage import records
from storage.records import Purpose

GivenBy = Literal["guardian", "self"]
How = Literal["paper", "in_person", "online"]


class ConsentEntry(Reply):
    seq: int
    purpose: Purpose
    granted: bool
    given_by: str
    how: str
    given_on: str
    until_ms: int | None
    own_age: int
    recorded_by: str
    recorded_at_ms: int

    @classmethod
    def of(cls, entry: records.Consent) -> Self:
        return cls(
            seq=entry.seq,
            purpose=entry.purpose,
            granted=entry.granted,
            given_by=entry.given_by,
            how=entry.how,
            given_on=entry.given_on,
            until_ms=entry.until_ms,
            own_age=entry.own_age,
            recorded_by=entry.recorded_by,
            recorded_at_ms=entry.recorded_at_ms,
        )


class PupilConsents(Reply):
    user_id: str
    display_name: str
    pseudonym: str
    """What other schools read without the consent `first_name_to_partner`."""
    allowed: list[Purpose]
    """What holds at this moment."""
    entries: list[ConsentEntry]
    """The newest of each purpose; none: nobody has said anything, which counts as no."""


class ConsentSheet(Reply):
    twinspace_id: str
    own_age: int
    """From which age pupils of this school's country may consent themselves."""
    pupils: list[PupilConsents]


class ConsentHistory(Reply):
    user_id: str
    display_name: str
    entries: list[ConsentEntry]
    """All of them, newest first."""


class OwnConsents(Reply):
    allowed: list[Purpose]
    own_age: int
    """From which age one consents for oneself in one's country."""
    entries: list[ConsentEntry]
    """The newest of each purpose; only pupils have any."""
    withdrawable: list[Purpose]
    """What one has consented to oneself, and can take back oneself."""


class WithdrawConsents(Payload):
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=7)]


class ConsentRef(Payload):
    twinspace_id: Id
    user_id: Id


class RecordConsents(Payload):
    twinspace_id: Id
    user_ids: Annotated[list[Id], Field(min_length=1, max_length=200)]
    purposes: Annotated[list[Purpose], Field(min_length=1, max_length=7)]
    granted: bool
    given_by: GivenBy
    of_age: bool = False
    """The teacher has made sure that the pupil is old enough to consent; needed with `self`."""
    how: How
    given_on: Day
    until_on: Day | None = None
    """The last day on which it holds."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        # Anybody may withdraw for themselves, at any age.
        if self.granted and self.given_by == "self" and not self.of_age:
            raise ValueError("needs “of_age”: younger pupils can't consent themselves")
        if self.until_on is not None and self.until_on < self.given_on:
            raise ValueError("ends before it begins")
        return self


class ConsentChanged(Reply):
    """Announced to the pupil: what one may do in meetings has changed."""

    allowed: list[Purpose]
