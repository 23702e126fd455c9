"""Logins: who is signed in, and since when no more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, func, update

from storage.ports import NotFound
from storage.records import Login, LoginId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import logins


class SqlLogins:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, login: Login) -> None:
        await self._database.write(add(logins, login))

    async def find(self, secret_hash: bytes) -> Login:
        statement = columns(logins, Login).where(logins.c.secret_hash == secret_hash)
        return await self._database.read(lambda db: one(db, Login, statement))

    async def get(self, login_id: LoginId) -> Login:
        statement = columns(logins, Login).where(logins.c.id == login_id)
        return await self._database.read(lambda db: one(db, Login, statement))

    async def revoke(self, login_id: LoginId, at_ms: int) -> None:
        await self._set(login_id, revoked_at_ms=func.coalesce(logins.c.revoked_at_ms, at_ms))

    async def note_use(self, login_id: LoginId, at_ms: int) -> None:
        await self._set(login_id, last_used_at_ms=at_ms)

    async def note_second_factor(self, login_id: LoginId, at_ms: int) -> None:
        await self._set(login_id, second_factor_at_ms=at_ms)

    async def of_user(self, user_id: UserId) -> list[Login]:
        statement = (
            columns(logins, Login).where(logins.c.user_id == user_id).order_by(logins.c.created_at_ms, logins.c.id)
        )
        return await self._database.read(lambda db: many(db, Login, statement))

    async def _set(self, login_id: LoginId, **row: Any) -> None:
        def work(db: Connection) -> None:
            if db.execute(update(logins).where(logins.c.id == login_id).values(row)).rowcount == 0:
                raise NotFound(login_id)

        await self._database.write(work)
