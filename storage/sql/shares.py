"""Links for families, the inspection and everybody."""

from __future__ import annotations

from sqlalchemy import Connection, func, update

from storage.ports import NotFound
from storage.records import Share, ShareId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import shares


class SqlShares:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, share: Share) -> None:
        await self._database.write(add(shares, share))

    async def get(self, share_id: ShareId) -> Share:
        return await self._database.read(
            lambda db: one(db, Share, columns(shares, Share).where(shares.c.id == share_id))
        )

    async def find(self, secret_hash: bytes) -> Share:
        statement = columns(shares, Share).where(shares.c.secret_hash == secret_hash)
        return await self._database.read(lambda db: one(db, Share, statement))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Share]:
        here = columns(shares, Share).where(shares.c.twinspace_id == twinspace_id)
        newest_first = here.order_by(shares.c.created_at_ms.desc(), shares.c.id)
        return await self._database.read(lambda db: many(db, Share, newest_first))

    async def revoke(self, share_id: ShareId, at_ms: int) -> None:
        first = func.coalesce(shares.c.revoked_at_ms, at_ms)

        def work(db: Connection) -> None:
            if db.execute(update(shares).where(shares.c.id == share_id).values(revoked_at_ms=first)).rowcount == 0:
                raise NotFound(share_id)

        await self._database.write(work)
