"""Forms as they were frozen, and what was answered."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import ContentId, Json, SchoolId, UserId

TallyId = NewType("TallyId", str)


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form as it was frozen for answering."""

    content_id: ContentId
    version: int
    definition: Json
    published_by: UserId
    published_at_ms: int


@dataclass(frozen=True, slots=True)
class FormResponse:
    content_id: ContentId
    version: int
    user_id: UserId
    school_id: SchoolId
    answers: Json
    submitted_at_ms: int


@dataclass(frozen=True, slots=True)
class FormDraft:
    """Answers that somebody has begun and not sent."""

    content_id: ContentId
    version: int
    user_id: UserId
    answers: Json
    begun_at_ms: int
    changed_at_ms: int


@dataclass(frozen=True, slots=True)
class AnonymousResponse:
    """Without a person and without a time. Who has answered is kept apart, and neither says which is whose."""

    id: str
    """Random; rows are kept in its order."""
    content_id: ContentId
    version: int
    school_id: SchoolId
    batch: int
    """Answers of a school are shown a whole batch at a time: 0, 1, 2 …"""
    answers: Json


@dataclass(frozen=True, slots=True)
class ClassTally:
    """Hands that a teacher counted in a class: stands for `pupils` answers."""

    id: TallyId
    content_id: ContentId
    version: int
    school_id: SchoolId
    entered_by: UserId
    title: str
    """Which class: `1B`."""
    pupils: int
    counts: Json
    """Question id → answer → how many hands."""
    entered_at_ms: int
