"""The gate before walls: what pupils made, until a teacher of their own school has let it through."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import ContentId, Held, HeldKind, HeldState, SchoolId, TwinspaceId, UserId


class Gate(Protocol):
    async def hold(self, held: Held) -> Held:
        """Put it in, or in place of what its author had here; it waits, under the next revision.

        Raise Conflict when it is another author's, or on its way to the wall: let that be finished first.
        """
        ...

    async def get(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held: ...
    async def of_content(self, content_id: ContentId) -> list[Held]:
        """Oldest first."""
        ...

    async def of_school(self, twinspace_ids: Sequence[TwinspaceId], school_id: SchoolId) -> list[Held]:
        """What waits for this school's teachers in these TwinSpaces, or is on its way; oldest first."""
        ...

    async def decide(
        self,
        content_id: ContentId,
        kind: HeldKind,
        held_id: str,
        *,
        revision: int,
        state: HeldState,
        reason: str,
        decided_by: UserId,
        at_ms: int,
    ) -> Held:
        """Raise Conflict unless it waits under this revision: of two who decide at once one does, and nobody decides on
        what they have not seen."""
        ...

    async def wait_again(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held:
        """What was approved found no room on the wall."""
        ...

    async def remove(self, content_id: ContentId, kind: HeldKind, held_id: str) -> None:
        """It is on the wall now, or was taken back. Nothing happens when it is gone."""
        ...

    async def remove_of_card(self, content_id: ContentId, card_id: str) -> list[Held]:
        """The card was taken off: what waits for it, and comments on it, go too. Returns what went."""
        ...
