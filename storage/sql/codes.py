"""Codes of conduct."""

from __future__ import annotations

from sqlalchemy import Connection, and_, select

from storage.records import Code, CodeAcceptance, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one
from storage.sql.tables import code_acceptances, codes


class SqlCodes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, code: Code) -> None:
        await self._database.write(add(codes, code))

    async def get(self, twinspace_id: TwinspaceId) -> Code:
        statement = columns(codes, Code).where(codes.c.twinspace_id == twinspace_id)
        return await self._database.read(lambda db: one(db, Code, statement))

    async def accept(self, acceptance: CodeAcceptance) -> bool:
        same = and_(
            code_acceptances.c.twinspace_id == acceptance.twinspace_id,
            code_acceptances.c.school_id == acceptance.school_id,
            code_acceptances.c.text_hash == acceptance.text_hash,
        )

        def work(db: Connection) -> bool:
            lock(db, codes.c.twinspace_id == acceptance.twinspace_id, codes.c.twinspace_id)
            if db.execute(select(code_acceptances.c.user_id).where(same)).first() is not None:
                return False
            add(code_acceptances, acceptance)(db)
            return True

        return await self._database.write(work)

    async def acceptances(self, twinspace_id: TwinspaceId) -> list[CodeAcceptance]:
        statement = (
            columns(code_acceptances, CodeAcceptance)
            .where(code_acceptances.c.twinspace_id == twinspace_id)
            .order_by(code_acceptances.c.accepted_at_ms, code_acceptances.c.school_id)
        )
        return await self._database.read(lambda db: many(db, CodeAcceptance, statement))
