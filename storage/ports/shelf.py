"""The resource shelf, the help desk, and the figures of the countries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import (
    BroughtThing,
    CountryCount,
    HelpNote,
    HelpQuestion,
    QuestionId,
    QuestionState,
    Resource,
    ResourceId,
    ResourceState,
    UserId,
)


class Shelf(Protocol):
    async def add(self, resource: Resource) -> None: ...
    async def get(self, resource_id: ResourceId) -> Resource: ...
    async def all(self, *, state: ResourceState | None = None, submitted_by: UserId | None = None) -> list[Resource]:
        """Newest first."""
        ...

    async def decide(
        self, resource_id: ResourceId, state: ResourceState, *, by: UserId, at_ms: int, reason: str
    ) -> Resource:
        """May be decided again: what was listed can be taken off."""
        ...

    async def remove(self, resource_id: ResourceId) -> None: ...
    async def rate(self, resource_id: ResourceId, user_id: UserId, is_useful: bool) -> None:
        """Once for each person."""
        ...

    async def useful(self, resource_ids: Sequence[ResourceId]) -> dict[ResourceId, int]:
        """How many find each useful; those that nobody does are left out."""
        ...

    async def rated_by(self, user_id: UserId) -> set[ResourceId]: ...


class HelpDesk(Protocol):
    async def ask(self, question: HelpQuestion, brought: BroughtThing | None = None) -> None:
        """A thing that is hidden already stays hidden."""
        ...

    async def get(self, question_id: QuestionId) -> HelpQuestion: ...
    async def all(
        self,
        *,
        asked_by: UserId | None = None,
        country: str | None = None,
        states: Sequence[QuestionState] = (),
        is_faq: bool | None = None,
    ) -> list[HelpQuestion]:
        """Those that fit everything that is given, the longest unchanged first."""
        ...

    async def take(
        self, question_id: QuestionId, owner_id: UserId, former_id: UserId | None, at_ms: int
    ) -> HelpQuestion:
        """From nobody or from another owner. Raise Conflict when somebody else has it by now."""
        ...

    async def write(
        self,
        question_id: QuestionId,
        user_id: UserId,
        text: str,
        at_ms: int,
        *,
        state: QuestionState,
        answer: str | None = None,
    ) -> HelpNote:
        """Add a note and set the state, and the answer that counts when one is given."""
        ...

    async def notes(self, question_id: QuestionId) -> list[HelpNote]:
        """Oldest first."""
        ...

    async def set_faq(self, question_id: QuestionId, is_faq: bool) -> HelpQuestion: ...
    async def brought(self, question_id: QuestionId) -> BroughtThing | None:
        """What the question brings before the service, if anything."""
        ...

    async def hide_brought(self, kind: str, subject_id: str, by: UserId | None, at_ms: int) -> None:
        """In every question that brings it; None: show it again."""
        ...

    async def blank_brought(self, kind: str, subject_id: str) -> None:
        """What questions quote of it."""
        ...

    async def hidden_among(self, kind: str, subject_ids: Sequence[str]) -> frozenset[str]:
        """Which of these things are hidden."""
        ...


class Statistics(Protocol):
    async def by_country(self) -> list[CountryCount]:
        """What there is now: listed schools; teachers and pupils who are let in; open TwinSpaces, each once for every
        country that founded it. Nothing is counted for a country where there is none."""
        ...
