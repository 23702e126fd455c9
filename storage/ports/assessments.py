"""Assessments by a sealed rubric."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from storage.records import Assessment, AssessmentId, ContentId, Rating, TwinspaceId, UserId


class Assessments(Protocol):
    async def add(self, assessment: Assessment) -> None:
        """Raise NotFound when somebody or something that it names is not there, Conflict for an id that is taken."""
        ...

    async def get(self, assessment_id: AssessmentId) -> Assessment: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Assessment]:
        """Oldest first."""
        ...

    async def remove(self, assessment_id: AssessmentId) -> None:
        """With all that was said. Raise NotFound."""
        ...

    async def rate(self, rating: Rating) -> None:
        """Give it, or put it in place of the same person's. Raise Conflict once it is revealed."""
        ...

    async def ratings(self, assessment_id: AssessmentId) -> list[Rating]:
        """By their authors' ids."""
        ...

    async def reveal(self, assessment_id: AssessmentId, at_ms: int) -> Assessment:
        """From now on nobody changes anything; the first time counts. Raise NotFound."""
        ...

    async def move(self, assessment_id: AssessmentId, reveal_at_ms: int | None) -> Assessment:
        """Put another time in place of that at which it is revealed. Raise NotFound, Conflict once it is."""
        ...

    async def open_in(self, twinspace_ids: Iterable[TwinspaceId]) -> list[tuple[Assessment, frozenset[UserId]]]:
        """Those that are not revealed, oldest first, each with who has sent theirs."""
        ...

    async def ending(self, before_ms: int) -> list[tuple[Assessment, frozenset[UserId]]]:
        """Likewise, in all TwinSpaces, those whose time comes before this."""
        ...

    async def blank_passages(self, content_id: ContentId) -> None:
        """Take the words out of everybody's pins on passages of this content; the pins stay."""
        ...

    async def given_to(self, user_id: UserId) -> list[tuple[Assessment, Rating]]:
        """What others sent about this person's work and that is revealed."""
        ...
