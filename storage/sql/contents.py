"""Contents: what there is in a TwinSpace. What is written in them is in the log."""

from __future__ import annotations

from functools import partial
from typing import Any

from sqlalchemy import Connection, case, update

from storage.ports import NotFound
from storage.records import Content, ContentId, Rung, Sight, TeamId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import contents
from storage.sql.visibility import set_visibility, visible


class SqlContents:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, content: Content) -> None:
        await self._database.write(add(contents, content))

    async def get(self, content_id: ContentId) -> Content:
        return await self._database.read(lambda db: _get(db, content_id))

    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Content]:
        statement = (
            columns(contents, Content)
            .where(contents.c.twinspace_id == twinspace_id)
            .order_by(contents.c.created_at_ms, contents.c.id)
        )
        if sight is not None:
            statement = statement.where(visible(contents, sight))
        return await self._database.read(lambda db: many(db, Content, statement))

    async def set_visibility(self, content_id: ContentId, visibility: Rung, team_id: TeamId | None) -> Content:
        change = partial(set_visibility, contents, Content, content_id, visibility, team_id)
        return await self._database.write(change)

    async def rename(self, content_id: ContentId, title: str, at_ms: int) -> Content:
        def work(db: Connection) -> Content:
            _change(db, content_id, at_ms, title=title)
            return _get(db, content_id)

        return await self._database.write(work)

    async def touch(self, content_id: ContentId, at_ms: int) -> None:
        await self._database.write(lambda db: _change(db, content_id, at_ms))


def _get(db: Connection, content_id: ContentId) -> Content:
    return one(db, Content, columns(contents, Content).where(contents.c.id == content_id))


def _change(db: Connection, content_id: ContentId, at_ms: int, **row: Any) -> None:
    later = case((contents.c.changed_at_ms < at_ms, at_ms), else_=contents.c.changed_at_ms)
    if db.execute(update(contents).where(contents.c.id == content_id).values(changed_at_ms=later, **row)).rowcount == 0:
        raise NotFound(content_id)
