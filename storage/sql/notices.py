"""Notices: what people are told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, delete, exists, func, or_, select, update
from sqlalchemy import insert as insert_into

from storage.records import Delivery, Json, Notice, Preferences, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.deliveries import queue
from storage.sql.rows import add, columns, last_seq, lock, many, values
from storage.sql.tables import notices, preferences, users


class SqlNotices:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(
        self,
        user_ids: Iterable[UserId],
        *,
        kind: str,
        twinspace_id: TwinspaceId | None,
        subject_id: str,
        details: Json,
        at_ms: int,
    ) -> list[Notice]:
        wanted = sorted(set(user_ids))

        def work(db: Connection) -> list[Notice]:
            added: list[Notice] = []
            for user_id in wanted:
                lock(db, users.c.id == user_id, users.c.id)
                seq = last_seq(db, notices.c.seq, notices.c.user_id, user_id) + 1
                db.execute(
                    delete(notices).where(
                        notices.c.user_id == user_id,
                        notices.c.kind == kind,
                        notices.c.subject_id == subject_id,
                        notices.c.read_at_ms.is_(None),
                    )
                )
                notice = Notice(user_id, seq, kind, twinspace_id, subject_id, details, at_ms)
                add(notices, notice)(db)
                added.append(notice)
            return added

        return await self._database.write(work)

    async def of_user(self, user_id: UserId, limit: int, before_seq: int | None = None) -> list[Notice]:
        statement = columns(notices, Notice).where(notices.c.user_id == user_id)
        if before_seq is not None:
            statement = statement.where(notices.c.seq < before_seq)
        newest_first = statement.order_by(notices.c.seq.desc()).limit(limit)
        return await self._database.read(lambda db: many(db, Notice, newest_first))

    async def unread_count(self, user_id: UserId) -> int:
        statement = select(func.count()).select_from(notices).where(*_unread(user_id))
        return await self._database.read(lambda db: int(db.scalar(statement) or 0))

    async def mark_read(self, user_id: UserId, up_to_seq: int, seqs: Iterable[int], at_ms: int) -> None:
        which = or_(notices.c.seq <= up_to_seq, notices.c.seq.in_(sorted(set(seqs))))
        statement = update(notices).where(*_unread(user_id), which).values(read_at_ms=at_ms)
        await self._database.write(lambda db: db.execute(statement) and None)

    async def digest_candidates(self) -> list[UserId]:
        last = func.coalesce(preferences.c.digest_at_ms, 0)
        waiting = exists().where(
            notices.c.user_id == users.c.id, notices.c.read_at_ms.is_(None), notices.c.at_ms > last
        )
        statement = (
            select(users.c.id)
            .outerjoin(preferences, preferences.c.user_id == users.c.id)
            .where(
                users.c.email.is_not(None),
                users.c.state == "active",
                func.coalesce(preferences.c.digest, Preferences(UserId("")).digest) != "off",
                waiting,
            )
            .order_by(users.c.id)
        )
        return await self._database.read(lambda db: [UserId(each) for each in db.scalars(statement)])

    async def unread_since(self, user_id: UserId, at_ms: int) -> list[Notice]:
        statement = columns(notices, Notice).where(*_unread(user_id), notices.c.at_ms > at_ms).order_by(notices.c.seq)
        return await self._database.read(lambda db: many(db, Notice, statement))

    async def start_digest(self, chosen: Preferences, former_ms: int, deliveries: Sequence[Delivery]) -> bool:
        def work(db: Connection) -> bool:
            # The user's row puts processes in order, also before there are preferences.
            lock(db, users.c.id == chosen.user_id, users.c.id)
            mine = preferences.c.user_id == chosen.user_id
            found = db.execute(select(preferences.c.digest_at_ms).where(mine)).first()
            if (found.digest_at_ms if found else 0) != former_ms:
                return False
            if found:
                db.execute(update(preferences).where(mine).values(**values(chosen)))
            else:
                db.execute(insert_into(preferences).values(**values(chosen)))
            queue(db, deliveries)
            return True

        return await self._database.write(work)

    async def forget(self, before_ms: int) -> int:
        statement = delete(notices).where(notices.c.at_ms < before_ms)
        return await self._database.write(lambda db: int(db.execute(statement).rowcount))


def _unread(user_id: UserId) -> tuple[Any, ...]:
    return notices.c.user_id == user_id, notices.c.read_at_ms.is_(None)
