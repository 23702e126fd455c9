"""What is sealed or locked, and what schools signed before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, Select, delete, update

from storage.ports import Conflict, NotFound
from storage.records import ContentId, ContentLock, Json, Seal, SheetSignature, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import content_locks, contents, seals, sheet_signatures


class SqlSeals:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, content_id: ContentId, *, sealed_by: UserId, at_ms: int) -> Seal:
        seal = Seal(content_id, sealed_by, at_ms)

        def work(db: Connection) -> None:
            lock(db, contents.c.id == content_id, contents.c.id)
            if db.execute(_of(content_id)).first() is not None:
                raise Conflict(content_id)
            add(seals, seal)(db)

        await self._database.write(work)
        return seal

    async def finish(self, content_id: ContentId, sealed: Json) -> Seal:
        def work(db: Connection) -> Seal:
            lock(db, seals.c.content_id == content_id, seals.c.content_id)
            seal = one(db, Seal, _of(content_id))
            if seal.sealed is not None:
                return seal
            db.execute(update(seals).where(seals.c.content_id == content_id).values(sealed=sealed))
            return one(db, Seal, _of(content_id))

        return await self._database.write(work)

    async def abandon(self, content_id: ContentId) -> None:
        def work(db: Connection) -> None:
            if one(db, Seal, _of(content_id)).sealed is None:
                db.execute(delete(seals).where(seals.c.content_id == content_id))

        await self._database.write(work)

    async def redact(self, content_id: ContentId, sealed: Json) -> None:
        def work(db: Connection) -> None:
            if not db.execute(update(seals).where(seals.c.content_id == content_id).values(sealed=sealed)).rowcount:
                raise NotFound(content_id)

        await self._database.write(work)

    async def get(self, content_id: ContentId) -> Seal:
        return await self._database.read(lambda db: one(db, Seal, _of(content_id)))

    async def lock(self, content_id: ContentId) -> ContentLock:
        return await self._database.read(lambda db: _lock_of(db, content_id) or ContentLock(content_id))

    async def change_lock(self, content_id: ContentId, change: Callable[[ContentLock], ContentLock]) -> ContentLock:
        def work(db: Connection) -> ContentLock:
            lock(db, contents.c.id == content_id, contents.c.id)
            stored = _lock_of(db, content_id)
            former = stored or ContentLock(content_id)
            changed = replace(change(former), revision=former.revision + 1)
            if stored is None:
                add(content_locks, changed)(db)
            else:
                this = content_locks.c.content_id == content_id
                db.execute(update(content_locks).where(this).values(values(changed)))
            return changed

        return await self._database.write(work)

    async def sign(self, signature: SheetSignature) -> None:
        c = sheet_signatures.c
        same = (c.content_id == signature.content_id) & (c.school_id == signature.school_id)

        def work(db: Connection) -> None:
            lock(db, contents.c.id == signature.content_id, contents.c.id)
            if not db.execute(update(sheet_signatures).where(same).values(values(signature))).rowcount:
                add(sheet_signatures, signature)(db)

        await self._database.write(work)

    async def signatures(self, content_id: ContentId) -> list[SheetSignature]:
        c = sheet_signatures.c
        statement = columns(sheet_signatures, SheetSignature).where(c.content_id == content_id)
        return await self._database.read(lambda db: many(db, SheetSignature, statement.order_by(c.signed_at_ms)))


def _lock_of(db: Connection, content_id: ContentId) -> ContentLock | None:
    found = many(db, ContentLock, columns(content_locks, ContentLock).where(content_locks.c.content_id == content_id))
    return found[0] if found else None


def _of(content_id: ContentId) -> Select[Any]:
    return columns(seals, Seal).where(seals.c.content_id == content_id)
