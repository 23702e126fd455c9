"""How a project is agreed on, and the steps of its life."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import ContentId, SchoolId, TwinspaceId, UserId
from storage.records.twinspaces import Phase


@dataclass(frozen=True, slots=True)
class PhaseMove:
    """One step of a project's life."""

    twinspace_id: TwinspaceId
    seq: int
    former: Phase
    phase: Phase
    moved_by: UserId
    missing: tuple[str, ...]
    """What was still missing, and was said so, when it was moved on all the same."""
    moved_at_ms: int


@dataclass(frozen=True, slots=True)
class Reopening:
    """A teacher asks to open a closed project again; a second one, of another school, has to ask too."""

    twinspace_id: TwinspaceId
    user_id: UserId
    school_id: SchoolId
    asked_at_ms: int


@dataclass(frozen=True, slots=True)
class Founding:
    """What two teachers agree on before their TwinSpace opens; the text they agree on is the content `agreement_id`."""

    twinspace_id: TwinspaceId
    agreement_id: ContentId
    proposed_by: UserId
    partner_id: UserId
    title: str
    programme: str
    """`etwinning`, `ka1`, `ka2`, `other`"""
    stage: str
    """`early`, `primary`, `lower_secondary`, `upper_secondary`, `vocational`"""
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    """BCP 47 tags."""
    starts_on: str
    """ISO 8601 date, as `ends_on`."""
    ends_on: str
    proposed_at_ms: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A founder signed the agreement as the blob with this hash has it; another text needs another signature."""

    twinspace_id: TwinspaceId
    user_id: UserId
    agreement: str
    signed_at_ms: int


@dataclass(frozen=True, slots=True)
class KeptAgreement:
    """The hash of an agreement as it was when it was worked out last, so that its text need not be read for a list."""

    twinspace_id: TwinspaceId
    made_of: str
    """Whatever went into it, the position in the text's log included: anything else makes another hash."""
    agreement: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a national support service says of a signed agreement."""

    twinspace_id: TwinspaceId
    seq: int
    agreement: str
    country: str
    decided_by: UserId
    approved: bool
    reason: str
    decided_at_ms: int
