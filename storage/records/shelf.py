"""What helps teachers: resources on a shelf, and questions to the support services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import Json, UserId

ResourceId = NewType("ResourceId", str)
QuestionId = NewType("QuestionId", str)
ResourceState = Literal["waiting", "listed", "refused"]
QuestionState = Literal["open", "taken", "answered", "closed"]


@dataclass(frozen=True, slots=True)
class Resource:
    id: ResourceId
    sort: str
    """`good_practice`, `article`, `tool`, `tutorial`, `form_template`"""
    title: str
    text: str
    link: str
    """Where it is, if it is elsewhere; the hub never fetches it."""
    licence: str
    """SPDX identifier, or `all_rights_reserved`."""
    language: str
    stages: tuple[str, ...]
    subjects: tuple[str, ...]
    submitted_by: UserId
    submitted_at_ms: int
    state: ResourceState = "waiting"
    decided_by: UserId | None = None
    decided_at_ms: int | None = None
    reason: str = ""
    form: Json = None
    """Of a form template: what is asked, as a published form's definition."""


@dataclass(frozen=True, slots=True)
class HelpQuestion:
    id: QuestionId
    asked_by: UserId
    country: str
    """Whose services answer first."""
    title: str
    text: str
    language: str
    asked_at_ms: int
    changed_at_ms: int
    state: QuestionState = "open"
    owner_id: UserId | None = None
    """Who of the services answers it; None as long as it is open."""
    is_faq: bool = False
    """Answered, and shown to everybody."""
    answer: str = ""
    """The answer that counts, once it is answered."""


@dataclass(frozen=True, slots=True)
class HelpNote:
    """What was asked back and answered in a question."""

    question_id: QuestionId
    seq: int
    user_id: UserId
    text: str
    written_at_ms: int


@dataclass(frozen=True, slots=True)
class BroughtThing:
    """Something said among teachers at large that a question brings before a support service."""

    question_id: QuestionId
    kind: str
    """A key of `hub.at_large.THINGS`."""
    subject_id: str
    author_id: UserId
    """Who said it; they are told nothing."""
    excerpt: str
    """What was there when it was brought, shortened."""
    hidden_by: UserId | None = None
    """Who of a service has taken it out of sight; None: it is open. The same in every question that brings it."""
    hidden_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class CountryCount:
    """One figure, counted when it was asked for."""

    measure: str
    """`schools`, `teachers`, `pupils`, `projects`"""
    country: str
    count: int
