"""Schools and users."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, select, update

from storage.ports import NotFound
from storage.records import School, SchoolId, User, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, one
from storage.sql.tables import schools, users


class SqlUsers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_school(self, school: School) -> None:
        await self._database.write(add(schools, school))

    async def get_school(self, school_id: SchoolId) -> School:
        statement = columns(schools, School).where(schools.c.id == school_id)
        return await self._database.read(lambda db: one(db, School, statement))

    async def add_user(self, user: User, *, password_hash: str | None = None) -> None:
        await self._database.write(add(users, user, password_hash=password_hash))

    async def get_user(self, user_id: UserId) -> User:
        statement = columns(users, User).where(users.c.id == user_id)
        return await self._database.read(lambda db: one(db, User, statement))

    async def find_user(self, name: str) -> User:
        statement = columns(users, User).where(users.c.name == name)
        return await self._database.read(lambda db: one(db, User, statement))

    async def password_hash(self, user_id: UserId) -> str | None:
        def work(db: Connection) -> str | None:
            row = db.execute(select(users.c.password_hash).where(users.c.id == user_id)).first()
            if row is None:
                raise NotFound(user_id)
            return row.password_hash  # type: ignore[no-any-return]

        return await self._database.read(work)

    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None:
        await self._set(user_id, password_hash=password_hash)

    async def set_language(self, user_id: UserId, language: str) -> None:
        await self._set(user_id, language=language)

    async def set_class_key(self, user_id: UserId, key_hash: bytes) -> None:
        await self._set(user_id, class_key_hash=key_hash)

    async def find_by_class_key(self, key_hash: bytes) -> User:
        statement = columns(users, User).where(users.c.class_key_hash == key_hash)
        return await self._database.read(lambda db: one(db, User, statement))

    async def _set(self, user_id: UserId, **row: Any) -> None:
        def work(db: Connection) -> None:
            if db.execute(update(users).where(users.c.id == user_id).values(row)).rowcount == 0:
                raise NotFound(user_id)

        await self._database.write(work)
