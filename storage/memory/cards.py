"""Files and polls of cards in memory."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict
from storage.records import CardFile, CardFileId, CardVote, ContentId, TwinspaceId, UserId


class MemoryCards:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_file(self, file: CardFile) -> None:
        self._rows.check_open()
        check_texts(file.filename)
        find(self._rows.contents, file.content_id)
        find(self._rows.users, file.uploaded_by)
        add(self._rows.card_files, file.id, file)

    async def get_file(self, file_id: CardFileId) -> CardFile:
        return find(self._rows.card_files, file_id)

    async def files(self, content_id: ContentId) -> list[CardFile]:
        here = [file for file in self._rows.card_files.values() if file.content_id == content_id]
        return sorted(here, key=lambda file: (file.uploaded_at_ms, file.id))

    async def put_on_card(self, file_id: CardFileId, card_id: str) -> CardFile:
        self._rows.check_open()
        file = find(self._rows.card_files, file_id)
        if file.card_id not in (None, card_id):
            raise Conflict(file_id)
        changed = self._rows.card_files[file_id] = replace(file, card_id=card_id, loose_since_ms=None)
        return changed

    async def used_bytes(self, twinspace_id: TwinspaceId) -> int:
        here = [file for file in self._rows.card_files.values() if file.twinspace_id == twinspace_id]
        return sum(file.size_bytes for file in here)

    async def vote(self, vote: CardVote) -> None:
        self._rows.check_open()
        find(self._rows.contents, vote.content_id)
        find(self._rows.users, vote.user_id)
        self._rows.card_votes[vote.content_id, vote.card_id, vote.user_id] = vote

    async def take_vote_back(self, content_id: ContentId, card_id: str, user_id: UserId) -> None:
        self._rows.check_open()
        self._rows.card_votes.pop((content_id, card_id, user_id), None)

    async def votes(self, content_id: ContentId) -> list[CardVote]:
        here = [vote for vote in self._rows.card_votes.values() if vote.content_id == content_id]
        return sorted(here, key=lambda vote: (vote.card_id, vote.user_id))

    async def with_files(self) -> list[ContentId]:
        return sorted({file.content_id for file in self._rows.card_files.values()})

    async def note_loose(self, content_id: ContentId, file_ids: Collection[CardFileId], at_ms: int) -> None:
        self._rows.check_open()
        for file in await self.files(content_id):
            since_ms = (file.loose_since_ms or at_ms) if file.id in file_ids else None
            self._rows.card_files[file.id] = replace(file, loose_since_ms=since_ms)

    async def loose(self, before_ms: int) -> list[CardFile]:
        files = self._rows.card_files.values()
        over = [file for file in files if file.loose_since_ms is not None and file.loose_since_ms < before_ms]
        return sorted(over, key=lambda file: (file.uploaded_at_ms, file.id))

    async def remove_loose(self, file_ids: Collection[CardFileId], before_ms: int) -> list[CardFile]:
        self._rows.check_open()
        gone = [file for file in await self.loose(before_ms) if file.id in file_ids]
        for file in gone:
            del self._rows.card_files[file.id]
        return gone

    async def remove(self, content_id: ContentId, card_id: str | None = None) -> list[CardFile]:
        self._rows.check_open()
        gone = [file for file in await self.files(content_id) if card_id in (None, file.card_id)]
        for file in gone:
            del self._rows.card_files[file.id]
        for key in [key for key in self._rows.card_votes if key[0] == content_id and card_id in (None, key[1])]:
            del self._rows.card_votes[key]
        return gone

    async def is_used(self, blob: str) -> bool:
        of_cards = any(blob in (file.blob, file.preview) for file in self._rows.card_files.values())
        files = [file for versions in self._rows.material_files.values() for file in versions]
        return of_cards or any(blob in (file.blob, file.preview) for file in files)
