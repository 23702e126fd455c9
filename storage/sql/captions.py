"""Captions typed by people, numbered in each room."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, func, select, true

from storage.records import Caption, RoomId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one
from storage.sql.tables import captions, rooms

_c = captions.c


class SqlCaptions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(
        self,
        room_id: RoomId,
        *,
        twinspace_id: TwinspaceId,
        language: str,
        user_id: UserId,
        client_line_id: str,
        text: str,
        began_at_ms: int,
        ended_at_ms: int,
    ) -> tuple[Caption, bool]:
        same = columns(captions, Caption).where(
            _c.room_id == room_id, _c.user_id == user_id, _c.client_line_id == client_line_id
        )

        def work(db: Connection) -> tuple[Caption, bool]:
            lock(db, rooms.c.id == room_id, rooms.c.id)
            stored = many(db, Caption, same)
            if stored:
                return stored[0], False
            seq = last_seq(db, _c.seq, _c.room_id, room_id) + 1
            line = Caption(
                room_id, seq, twinspace_id, language, user_id, client_line_id, text, began_at_ms, ended_at_ms
            )
            add(captions, line)(db)
            return line, True

        return await self._database.write(work)

    async def get(self, room_id: RoomId, seq: int) -> Caption:
        this = columns(captions, Caption).where(_c.room_id == room_id, _c.seq == seq)
        return await self._database.read(lambda db: one(db, Caption, this))

    async def since(
        self,
        room_id: RoomId,
        seq: int,
        limit: int,
        *,
        language: str | None = None,
        from_ms: int = 0,
        to_ms: int | None = None,
    ) -> list[Caption]:
        statement = (
            columns(captions, Caption)
            .where(_between(room_id, from_ms, to_ms), _c.seq > seq)
            .where(true() if language is None else _c.language == language)
            .order_by(_c.seq)
            .limit(limit)
        )
        return await self._database.read(lambda db: many(db, Caption, statement))

    async def languages(self, room_id: RoomId, from_ms: int = 0, to_ms: int | None = None) -> dict[str, int]:
        statement = (
            select(_c.language, func.count())
            .where(_between(room_id, from_ms, to_ms))
            .group_by(_c.language)
            .order_by(_c.language)
        )
        return await self._database.read(lambda db: {tag: int(count) for tag, count in db.execute(statement)})

    async def newer(self, twinspace_id: TwinspaceId, at_ms: int, limit: int, offset: int = 0) -> list[Caption]:
        statement = (
            columns(captions, Caption)
            .where(_c.twinspace_id == twinspace_id, _c.ended_at_ms >= at_ms)
            .order_by(_c.ended_at_ms, _c.room_id, _c.seq)
            .limit(limit)
            .offset(offset)
        )
        return await self._database.read(lambda db: many(db, Caption, statement))


def _between(room_id: RoomId, from_ms: int, to_ms: int | None) -> ColumnElement[bool]:
    until = true() if to_ms is None else _c.began_at_ms < to_ms
    return and_(_c.room_id == room_id, _c.began_at_ms >= from_ms, until)
