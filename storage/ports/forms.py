"""Published forms and what was answered."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Protocol

from storage.records import (
    AnonymousResponse,
    ClassTally,
    ContentId,
    FormDraft,
    FormResponse,
    FormVersion,
    Json,
    SchoolId,
    TallyId,
    UserId,
)


class Forms(Protocol):
    async def publish(
        self, content_id: ContentId, definition: Json, *, published_by: UserId, at_ms: int
    ) -> FormVersion:
        """Freeze the definition as the next version: 1, 2, 3 …"""
        ...

    async def latest_version(self, content_id: ContentId) -> FormVersion: ...
    async def get_version(self, content_id: ContentId, version: int) -> FormVersion: ...
    async def put_response(self, response: FormResponse) -> bool:
        """One response per user and version: a second one replaces the first. Returns whether it is new.

        Its time is later than that of the one it replaces, whatever the clock says: `stamps` tells them apart.
        The user's draft of this version is gone with it.
        """
        ...

    async def get_response(self, content_id: ContentId, version: int, user_id: UserId) -> FormResponse: ...
    async def responses(self, content_id: ContentId, version: int) -> list[FormResponse]: ...
    async def stamps(self, content_id: ContentId, version: int) -> dict[UserId, int]:
        """Who has answered, and when last: enough to know whose answers have to be read again."""
        ...

    async def responses_of(
        self, content_id: ContentId, version: int, user_ids: Collection[UserId]
    ) -> list[FormResponse]:
        """Of these people, as far as they have answered; in no order."""
        ...

    async def count_responses(self, content_id: ContentId, version: int) -> int:
        """How many people have answered, by name or without; class tallies are not among them."""
        ...

    async def put_anonymous(self, response: AnonymousResponse, user_id: UserId, *, batch_size: int) -> None:
        """Keep the answers, and apart from them that the user has answered. Raise Conflict when they had already.

        `response.batch` is overwritten: `batch_size` responses of a school share one.
        """
        ...

    async def anonymous_responses(self, content_id: ContentId, version: int) -> list[AnonymousResponse]:
        """In the order of their random ids."""
        ...

    async def batches(self, content_id: ContentId, version: int) -> dict[tuple[SchoolId, int], int]:
        """How many anonymous responses each batch of each school has."""
        ...

    async def anonymous_of(
        self, content_id: ContentId, version: int, school_id: SchoolId, batch: int
    ) -> list[AnonymousResponse]:
        """Of one batch, in the order of their random ids."""
        ...

    async def has_answered(self, content_id: ContentId, version: int, user_id: UserId) -> bool:
        """Whether the user is among those who answered without a name."""
        ...

    async def put_draft(
        self, content_id: ContentId, version: int, user_id: UserId, changes: Mapping[str, Json], *, at_ms: int
    ) -> FormDraft:
        """Put these answers into the user's draft, and take those out that are None. It begins with the first."""
        ...

    async def get_draft(self, content_id: ContentId, user_id: UserId) -> FormDraft:
        """The user's newest draft, of whichever version."""
        ...

    async def put_tally(self, tally: ClassTally) -> bool:
        """Add it, or replace the one with this id. Returns whether it is new."""
        ...

    async def get_tally(self, tally_id: TallyId) -> ClassTally: ...
    async def tallies(self, content_id: ContentId, version: int) -> list[ClassTally]: ...
    async def remove_tally(self, tally_id: TallyId) -> None: ...
