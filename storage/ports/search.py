"""Finding things by their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import SearchEntry, SearchKind, SearchScope, TwinspaceId, UserId


class Search(Protocol):
    """An index beside the things themselves, which their owner keeps up to date: it can be made again at any time."""

    async def put(self, entries: Sequence[SearchEntry]) -> None:
        """Each replaces what stands under its kind and id."""
        ...

    async def erase(self, kind: SearchKind, entry_id: str) -> None:
        """No word of it is left in the index, nor in the pages it lay on. Nothing happens when it is not there."""
        ...

    async def erase_item(self, item_id: str) -> None:
        """Erase everything that speaks of this content, page or file."""
        ...

    async def erase_author(self, user_id: UserId) -> None:
        """Erase everything that this user made."""
        ...

    async def clear(self) -> None:
        """Forget everything, to make it again."""
        ...

    async def find(
        self,
        query: str,
        scope: SearchScope,
        kind: SearchKind,
        *,
        facets: Sequence[str] = (),
        twinspace_id: TwinspaceId | None = None,
        limit: int,
        offset: int = 0,
    ) -> list[SearchEntry]:
        """What holds every word of the query and has every facet, of what the scope sees: best first, then newest.

        Words are found by their beginning, without case or accents; `"in a row"` and `-without` work; what a title
        says counts more. No query is an error: one without a word finds everything when facets or an empty text ask
        for that, and nothing when it was only signs.
        """
        ...

    async def times(self, kind: SearchKind, twinspace_id: TwinspaceId) -> dict[str, int]:
        """When each entry was made or changed, as the index knows it."""
        ...

    async def newest_at_ms(self, kind: SearchKind, twinspace_id: TwinspaceId) -> int:
        """The greatest of these times; 0 when there is none."""
        ...
