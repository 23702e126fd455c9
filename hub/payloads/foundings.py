"""Founding a project: the proposal, the agreement, its signatures, what the national services say."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.payloads.fields import Id, Payload, Reply, Title
from hub.payloads.people import Language, School
from hub.payloads.successions import Succession

Programme = Literal["etwinning", "ka1", "ka2", "other"]
Stage = Literal["early", "primary", "lower_secondary", "upper_secondary", "vocational"]
FoundingState = Literal["writing", "waiting", "returned", "ready", "open", "changed"]
"""`writing`: a signature is missing; `waiting`: for the national services; `returned`: one sent it back; `ready`: opens
now; `open`: the TwinSpace is; `changed`: it is, and both have to sign what was written since."""
LONGEST_PROJECT_DAYS = 5 * 366


def _day(text: str) -> str:
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError("is no day of the calendar") from None
    return text


Day = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_day)]
ShortTitle = Annotated[Title, StringConstraints(max_length=60)]
Hash = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Plan(Payload):
    title: Title
    programme: Programme
    stage: Stage
    subjects: Annotated[list[ShortTitle], Field(min_length=1, max_length=12)]
    languages: Annotated[list[Language], Field(min_length=1, max_length=8)]
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = (datetime.date.fromisoformat(self.ends_on) - datetime.date.fromisoformat(self.starts_on)).days
        if days <= 0:
            raise ValueError("ends before it begins")
        if days > LONGEST_PROJECT_DAYS:
            raise ValueError("lasts longer than five years")
        return self


class ProposeFounding(_Plan):
    partner: Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    """The other teacher's sign-in name or e-mail address."""
    room_title: Title
    """What the first meeting room is called."""
    outline: Annotated[list[Title], Field(max_length=12)] = []
    """Headings to begin the agreement with."""


class ChangeFounding(_Plan):
    twinspace_id: Id


class FoundingRef(Payload):
    twinspace_id: Id


class SignFounding(FoundingRef):
    agreement: Hash
    """What the signer has read: `agreement` of the reply."""


class DecideFounding(FoundingRef):
    agreement: Hash
    approved: bool
    reason: Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True)] = ""

    @model_validator(mode="after")
    def _says_why(self) -> Self:
        if not self.approved and not self.reason:
            raise ValueError("needs a reason when it is sent back")
        return self


class Founder(Reply):
    user_id: str
    display_name: str
    school: School
    signed_at_ms: int | None
    """When the present text was signed; None: not yet, or not since it was changed."""
    signed_before: bool
    """An earlier text was."""


class Verdict(Reply):
    country: str
    approved: bool
    reason: str
    display_name: str
    decided_at_ms: int
    current: bool
    """Said of the present text."""


class FoundingSummary(Reply):
    twinspace_id: str
    title: str
    state: FoundingState
    is_national: bool
    founders: list[Founder]
    proposed_at_ms: int


class Founding(FoundingSummary):
    agreement_id: str
    agreement: str
    """SHA-256 of the agreement as it is now: what is signed."""
    programme: Programme
    stage: Stage
    subjects: list[str]
    languages: list[str]
    starts_on: str
    ends_on: str
    text: Any
    """The blocks of the text."""
    verdicts: list[Verdict]
    approvals_needed: list[str]
    """Countries whose national service has not approved the present text yet; empty where nobody has to."""
    succession: Succession | None
    """The newest proposal that somebody follows a founder, if there ever was one."""
    may_edit: bool
    may_decide: bool


class Foundings(Reply):
    foundings: list[FoundingSummary]


class FoundingChanged(Reply):
    """Announced to the founders: look again."""

    twinspace_id: str
