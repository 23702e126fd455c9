"""Teachers who look for partners, and the ideas they have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import UserId

IdeaId = NewType("IdeaId", str)


@dataclass(frozen=True, slots=True)
class Profile:
    """What a teacher tells teachers of other schools about themselves."""

    user_id: UserId
    about: str
    stages: tuple[str, ...]
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    """BCP 47 tags."""
    is_listed: bool
    """Only who says so is found."""
    changed_at_ms: int


@dataclass(frozen=True, slots=True)
class Idea:
    """A project that looks for partners."""

    id: IdeaId
    user_id: UserId
    title: str
    text: str
    stage: str
    ages_from: int
    ages_to: int
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    countries: tuple[str, ...]
    """Where partners are looked for; empty: anywhere."""
    open_until: str
    """ISO 8601 date: found up to the end of that day (UTC)."""
    created_at_ms: int
    changed_at_ms: int
