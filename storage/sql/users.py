"""Schools and users."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, exists, insert, select, update

from storage.ports import NotFound
from storage.records import School, SchoolId, User, UserId, UserState
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one, values
from storage.sql.tables import schools, services, users


class SqlUsers:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_school(self, school: School) -> None:
        await self._database.write(add(schools, school))

    async def get_school(self, school_id: SchoolId) -> School:
        statement = columns(schools, School).where(schools.c.id == school_id)
        return await self._database.read(lambda db: one(db, School, statement))

    async def schools_of(self, country: str) -> list[School]:
        statement = columns(schools, School).where(
            schools.c.country == country,
            schools.c.state == "listed",
            ~exists().where(services.c.id == schools.c.id),
        )
        return await self._database.read(lambda db: many(db, School, statement.order_by(schools.c.name, schools.c.id)))

    async def add_user(self, user: User, *, password_hash: str | None = None) -> None:
        await self._database.write(add(users, user, password_hash=password_hash))

    async def add_pupils(self, pupils: Sequence[tuple[User, bytes]]) -> None:
        rows = [{**values(user), "class_key_hash": key_hash} for user, key_hash in pupils]
        if rows:
            await self._database.write(lambda db: db.execute(insert(users), rows) and None)

    async def pupils_of(self, school_id: SchoolId) -> list[User]:
        statement = (
            columns(users, User)
            .where(users.c.school_id == school_id, users.c.kind == "pupil")
            .order_by(users.c.class_name, users.c.display_name, users.c.id)
        )
        return await self._database.read(lambda db: many(db, User, statement))

    async def get_user(self, user_id: UserId) -> User:
        statement = columns(users, User).where(users.c.id == user_id)
        return await self._database.read(lambda db: one(db, User, statement))

    async def find_user(self, name: str) -> User:
        statement = columns(users, User).where(users.c.name == name)
        return await self._database.read(lambda db: one(db, User, statement))

    async def find_by_email(self, email: str) -> User:
        statement = columns(users, User).where(users.c.email == email)
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

    async def set_state(self, user_id: UserId, state: UserState) -> None:
        await self._set(user_id, state=state)

    async def set_class_key(self, user_id: UserId, key_hash: bytes) -> None:
        await self._set(user_id, class_key_hash=key_hash, card_asked_at_ms=None)

    async def ask_for_card(self, user_id: UserId, at_ms: int) -> None:
        await self._set(user_id, card_asked_at_ms=at_ms)

    async def find_by_class_key(self, key_hash: bytes) -> User:
        statement = columns(users, User).where(users.c.class_key_hash == key_hash)
        return await self._database.read(lambda db: one(db, User, statement))

    async def find_by_class_keys(self, key_hashes: Sequence[bytes]) -> list[User]:
        statement = columns(users, User).where(users.c.class_key_hash.in_(key_hashes)).order_by(users.c.id)
        return await self._database.read(lambda db: many(db, User, statement))

    async def _set(self, user_id: UserId, **row: Any) -> None:
        def work(db: Connection) -> None:
            if db.execute(update(users).where(users.c.id == user_id).values(row)).rowcount == 0:
                raise NotFound(user_id)

        await self._database.write(work)
