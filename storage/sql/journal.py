"""The journal: what happened in a TwinSpace."""

from __future__ import annotations

from sqlalchemy import Connection, or_

from storage.records import JournalEntry, Json, Sight, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one
from storage.sql.tables import journal, twinspaces
from storage.sql.visibility import hidden_ids


class SqlJournal:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self,
        twinspace_id: TwinspaceId,
        *,
        verb: str,
        user_id: UserId | None,
        subject_id: str | None,
        details: Json,
        at_ms: int,
    ) -> JournalEntry:
        def work(db: Connection) -> JournalEntry:
            lock(db, twinspaces.c.id == twinspace_id, twinspaces.c.id)
            seq = last_seq(db, journal.c.seq, journal.c.twinspace_id, twinspace_id) + 1
            add(journal, JournalEntry(twinspace_id, seq, verb, user_id, subject_id, details, at_ms))(db)
            stored = columns(journal, JournalEntry).where(journal.c.twinspace_id == twinspace_id, journal.c.seq == seq)
            return one(db, JournalEntry, stored)

        return await self._database.write(work)

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, sight: Sight | None = None
    ) -> list[JournalEntry]:
        statement = (
            columns(journal, JournalEntry)
            .where(journal.c.twinspace_id == twinspace_id)
            .order_by(journal.c.seq.desc())
            .limit(limit)
        )
        if before_seq is not None:
            statement = statement.where(journal.c.seq < before_seq)
        if sight is not None:
            of_nothing = journal.c.subject_id.is_(None)
            statement = statement.where(or_(of_nothing, journal.c.subject_id.not_in(hidden_ids(twinspace_id, sight))))
        return await self._database.read(lambda db: many(db, JournalEntry, statement))
