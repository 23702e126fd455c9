"""Seals, locks, and signatures of sheets, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from storage.memory.rows import Rows, add, find, stored_json
from storage.records import (
    ContentId,
    ContentLock,
    Json,
    Seal,
    SheetSignature,
    UserId,
)


class MemorySeals:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def begin(self, content_id: ContentId, *, sealed_by: UserId, at_ms: int) -> Seal:
        self._rows.check_open()
        find(self._rows.contents, content_id)
        find(self._rows.users, sealed_by)
        seal = Seal(content_id, sealed_by, at_ms)
        add(self._rows.seals, content_id, seal)
        return seal

    async def finish(self, content_id: ContentId, sealed: Json) -> Seal:
        self._rows.check_open()
        seal = find(self._rows.seals, content_id)
        if seal.sealed is None:
            seal = self._rows.seals[content_id] = replace(seal, sealed=stored_json(sealed))
        return replace(seal, sealed=stored_json(seal.sealed))

    async def abandon(self, content_id: ContentId) -> None:
        self._rows.check_open()
        if find(self._rows.seals, content_id).sealed is None:
            del self._rows.seals[content_id]

    async def redact(self, content_id: ContentId, sealed: Json) -> None:
        self._rows.check_open()
        seal = find(self._rows.seals, content_id)
        self._rows.seals[content_id] = replace(seal, sealed=stored_json(sealed))

    async def get(self, content_id: ContentId) -> Seal:
        seal = find(self._rows.seals, content_id)
        return replace(seal, sealed=stored_json(seal.sealed))

    async def lock(self, content_id: ContentId) -> ContentLock:
        self._rows.check_open()
        return self._rows.content_locks.get(content_id, ContentLock(content_id))

    async def change_lock(self, content_id: ContentId, change: Callable[[ContentLock], ContentLock]) -> ContentLock:
        former = await self.lock(content_id)
        find(self._rows.contents, content_id)
        changed = replace(change(former), revision=former.revision + 1)
        self._rows.content_locks[content_id] = changed
        return changed

    async def sign(self, signature: SheetSignature) -> None:
        self._rows.check_open()
        find(self._rows.contents, signature.content_id)
        find(self._rows.users, signature.user_id)
        find(self._rows.schools, signature.school_id)
        self._rows.sheet_signatures[signature.content_id, signature.school_id] = signature

    async def signatures(self, content_id: ContentId) -> list[SheetSignature]:
        here = [each for each in self._rows.sheet_signatures.values() if each.content_id == content_id]
        return sorted(here, key=lambda signature: signature.signed_at_ms)
