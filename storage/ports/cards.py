"""What belongs to cards on walls and is not in the wall's document."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from storage.records import CardFile, CardFileId, CardVote, ContentId, TwinspaceId, UserId


class Cards(Protocol):
    async def add_file(self, file: CardFile) -> None:
        """Raise Conflict when the id is taken."""
        ...

    async def get_file(self, file_id: CardFileId) -> CardFile: ...
    async def files(self, content_id: ContentId) -> list[CardFile]:
        """Of one wall, oldest first; those that are on no card too."""
        ...

    async def put_on_card(self, file_id: CardFileId, card_id: str) -> CardFile:
        """It is loose no more. May be repeated. Raise Conflict when it is on another card."""
        ...

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int: ...
    async def vote(self, vote: CardVote) -> None:
        """In place of what the person chose before."""
        ...

    async def take_vote_back(self, content_id: ContentId, card_id: str, user_id: UserId) -> None: ...
    async def votes(self, content_id: ContentId) -> list[CardVote]:
        """In all polls of one wall, by card and person."""
        ...

    async def with_files(self) -> list[ContentId]:
        """The walls that have any."""
        ...

    async def note_loose(self, content_id: ContentId, file_ids: Collection[CardFileId], at_ms: int) -> None:
        """These files of the wall are on no card, since then or since it was noted first; all others are on one."""
        ...

    async def loose(self, before_ms: int) -> list[CardFile]:
        """Those that were loose already before this time, of all walls."""
        ...

    async def remove_loose(self, file_ids: Collection[CardFileId], before_ms: int) -> list[CardFile]:
        """Take away those of these that were loose before this time and still are. Returns what went."""
        ...

    async def remove(self, content_id: ContentId, card_id: str | None = None) -> list[CardFile]:
        """Files and votes of one card, or of the whole wall. Returns the files that were there."""
        ...

    async def is_used(self, blob: str) -> bool:
        """Whether a card or a material still names it."""
        ...
