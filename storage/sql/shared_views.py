"""What everybody in a room looks at together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sqlalchemy import Connection, insert, select, update

from storage.records import ContentId, Opening, RoomId, SharedView
from storage.sql.database import Database
from storage.sql.rows import columns, lock, many, values
from storage.sql.tables import openings, rooms, shared_views


class SqlSharedViews:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, room_id: RoomId) -> SharedView:
        return await self._database.read(lambda db: _stored(db, room_id) or SharedView(room_id))

    async def change(self, room_id: RoomId, change: Callable[[SharedView], SharedView]) -> SharedView:
        def work(db: Connection) -> SharedView:
            lock(db, rooms.c.id == room_id, rooms.c.id)
            stored = _stored(db, room_id)
            former = stored or SharedView(room_id)
            changed = change(former)
            if changed == former:
                return former
            changed = replace(changed, place=dict(changed.place), revision=former.revision + 1)
            if stored is None:
                db.execute(insert(shared_views).values(**values(changed)))
            else:
                db.execute(update(shared_views).where(shared_views.c.room_id == room_id).values(**values(changed)))
            if changed.opened_id is not None and changed.opened_by is not None:
                if changed.opened_id != former.opened_id:
                    opening = Opening(room_id, changed.opened_id, changed.opened_by, changed.opened_at_ms)
                    db.execute(insert(openings).values(**values(opening)))
            return changed

        return await self._database.write(work)

    async def showing(self, content_id: ContentId) -> list[RoomId]:
        c = shared_views.c
        statement = select(c.room_id).where(c.opened_id == content_id).order_by(c.room_id)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))

    async def openings(self, room_id: RoomId, since_ms: int, until_ms: int) -> list[Opening]:
        c = openings.c
        within = c.room_id == room_id, c.opened_at_ms >= since_ms, c.opened_at_ms <= until_ms
        statement = columns(openings, Opening).where(*within).order_by(c.opened_at_ms, c.content_id)
        return await self._database.read(lambda db: many(db, Opening, statement))


def _stored(db: Connection, room_id: RoomId) -> SharedView | None:
    found = many(db, SharedView, columns(shared_views, SharedView).where(shared_views.c.room_id == room_id))
    return found[0] if found else None
