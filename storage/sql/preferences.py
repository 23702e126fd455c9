"""How people want to be told, and the addresses of their calendars."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, insert, select, update

from storage.ports import NotFound
from storage.records import Preferences, UserId
from storage.sql.database import Database
from storage.sql.rows import columns, lock, many, one, values
from storage.sql.tables import calendar_feeds, preferences, users


class SqlPreferences:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, user_id: UserId) -> Preferences:
        return (await self.of_users([user_id]))[user_id]

    async def of_users(self, user_ids: Iterable[UserId]) -> dict[UserId, Preferences]:
        wanted = sorted(set(user_ids))
        statement = columns(preferences, Preferences).where(preferences.c.user_id.in_(wanted))
        chosen = await self._database.read(lambda db: many(db, Preferences, statement))
        return {user_id: Preferences(user_id) for user_id in wanted} | {each.user_id: each for each in chosen}

    async def put(self, chosen: Preferences) -> None:
        def work(db: Connection) -> None:
            lock(db, users.c.id == chosen.user_id, users.c.id)
            row = values(chosen)
            moved = {name: value for name, value in row.items() if name != "digest_at_ms"}
            if (
                db.execute(update(preferences).where(preferences.c.user_id == chosen.user_id).values(moved)).rowcount
                == 0
            ):
                db.execute(insert(preferences).values(row))

        await self._database.write(work)

    async def find_by_mail_secret(self, secret: str) -> Preferences:
        if not secret:
            raise NotFound("secret")
        statement = columns(preferences, Preferences).where(preferences.c.mail_secret == secret)
        return await self._database.read(lambda db: one(db, Preferences, statement))

    async def put_feed(self, user_id: UserId, secret_hash: bytes, at_ms: int) -> None:
        def work(db: Connection) -> None:
            lock(db, users.c.id == user_id, users.c.id)
            db.execute(delete(calendar_feeds).where(calendar_feeds.c.user_id == user_id))
            row = {"user_id": user_id, "secret_hash": secret_hash, "created_at_ms": at_ms}
            db.execute(insert(calendar_feeds).values(row))

        await self._database.write(work)

    async def find_feed(self, secret_hash: bytes) -> UserId:
        statement = select(calendar_feeds.c.user_id).where(calendar_feeds.c.secret_hash == secret_hash)
        found = await self._database.read(lambda db: db.scalar(statement))
        if found is None:
            raise NotFound("calendar feed")
        return UserId(found)

    async def feed_since(self, user_id: UserId) -> int | None:
        statement = select(calendar_feeds.c.created_at_ms).where(calendar_feeds.c.user_id == user_id)
        return await self._database.read(lambda db: db.scalar(statement))

    async def remove_feed(self, user_id: UserId) -> None:
        statement = delete(calendar_feeds).where(calendar_feeds.c.user_id == user_id)
        await self._database.write(lambda db: db.execute(statement) and None)
