"""Teachers who look for partners, and their ideas."""

from __future__ import annotations

from sqlalchemy import Connection, Table, delete, insert, update

from storage.ports import NotFound
from storage.records import Idea, IdeaId, Profile, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one, values
from storage.sql.tables import ideas, profiles


class SqlPartners:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def put_profile(self, profile: Profile) -> None:
        def work(db: Connection) -> None:
            mine = profiles.c.user_id == profile.user_id
            if db.execute(update(profiles).where(mine).values(values(profile))).rowcount == 0:
                db.execute(insert(profiles).values(values(profile)))

        await self._database.write(work)

    async def profile(self, user_id: UserId) -> Profile:
        statement = columns(profiles, Profile).where(profiles.c.user_id == user_id)
        return await self._database.read(lambda db: one(db, Profile, statement))

    async def remove_profile(self, user_id: UserId) -> None:
        await self._remove(profiles, user_id)

    async def profiles(self) -> list[Profile]:
        statement = columns(profiles, Profile).order_by(profiles.c.user_id)
        return await self._database.read(lambda db: many(db, Profile, statement))

    async def add_idea(self, idea: Idea) -> None:
        await self._database.write(add(ideas, idea))

    async def change_idea(self, idea: Idea) -> None:
        row = {name: value for name, value in values(idea).items() if name not in ("id", "user_id", "created_at_ms")}

        def work(db: Connection) -> None:
            if db.execute(update(ideas).where(ideas.c.id == idea.id).values(row)).rowcount == 0:
                raise NotFound(idea.id)

        await self._database.write(work)

    async def idea(self, idea_id: IdeaId) -> Idea:
        statement = columns(ideas, Idea).where(ideas.c.id == idea_id)
        return await self._database.read(lambda db: one(db, Idea, statement))

    async def remove_idea(self, idea_id: IdeaId) -> None:
        await self._remove(ideas, idea_id)

    async def ideas(self, user_id: UserId | None = None) -> list[Idea]:
        statement = columns(ideas, Idea).order_by(ideas.c.created_at_ms.desc(), ideas.c.id)
        if user_id is not None:
            statement = statement.where(ideas.c.user_id == user_id)
        return await self._database.read(lambda db: many(db, Idea, statement))

    async def _remove(self, table: Table, key: str) -> None:
        def work(db: Connection) -> None:
            if db.execute(delete(table).where(next(iter(table.primary_key.columns)) == key)).rowcount == 0:
                raise NotFound(key)

        await self._database.write(work)
