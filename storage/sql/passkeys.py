"""Passkeys, identities at a school's provider, and the questions that come before both."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from storage.ports import Conflict, NotFound
from storage.records import Challenge, ChallengePurpose, Identity, Passkey, PasskeyId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one
from storage.sql.tables import challenges, identities, passkeys


class SqlPasskeys:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, passkey: Passkey) -> None:
        await self._database.write(add(passkeys, passkey))

    async def find(self, credential_id: bytes) -> Passkey:
        statement = columns(passkeys, Passkey).where(passkeys.c.credential_id == credential_id)
        return await self._database.read(lambda db: one(db, Passkey, statement))

    async def of_user(self, user_id: UserId) -> list[Passkey]:
        mine = columns(passkeys, Passkey).where(passkeys.c.user_id == user_id)
        statement = mine.order_by(passkeys.c.created_at_ms, passkeys.c.id)
        return await self._database.read(lambda db: many(db, Passkey, statement))

    async def rename(self, user_id: UserId, passkey_id: PasskeyId, title: str) -> None:
        await self._database.write(lambda db: _change(db, passkeys, _own(user_id, passkey_id), title=title))

    async def note_use(self, passkey_id: PasskeyId, *, sign_count: int, is_synced: bool, at_ms: int) -> None:
        here = passkeys.c.id == passkey_id
        grown = passkeys.c.sign_count < sign_count if sign_count else passkeys.c.sign_count == 0
        row = {"sign_count": sign_count, "is_synced": is_synced, "last_used_at_ms": at_ms}

        def work(db: Connection) -> None:
            if db.execute(update(passkeys).where(here, grown).values(row)).rowcount == 0:
                if db.execute(select(passkeys.c.id).where(here)).first() is None:
                    raise NotFound(passkey_id)
                raise Conflict("The counter of this passkey did not grow.")

        await self._database.write(work)

    async def note_copy(self, passkey_id: PasskeyId, at_ms: int) -> None:
        first = func.coalesce(passkeys.c.copied_at_ms, at_ms)
        await self._database.write(lambda db: _change(db, passkeys, passkeys.c.id == passkey_id, copied_at_ms=first))

    async def remove(self, user_id: UserId, passkey_id: PasskeyId) -> None:
        def work(db: Connection) -> None:
            if db.execute(delete(passkeys).where(_own(user_id, passkey_id))).rowcount == 0:
                raise NotFound(passkey_id)

        await self._database.write(work)

    async def remove_all(self, user_id: UserId) -> int:
        statement = delete(passkeys).where(passkeys.c.user_id == user_id)
        return await self._database.write(lambda db: db.execute(statement).rowcount)


class SqlIdentities:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, identity: Identity) -> None:
        await self._database.write(add(identities, identity))

    async def find(self, issuer: str, subject: str) -> Identity:
        statement = columns(identities, Identity).where(_identity(issuer, subject))
        return await self._database.read(lambda db: one(db, Identity, statement))

    async def of_user(self, user_id: UserId) -> list[Identity]:
        mine = columns(identities, Identity).where(identities.c.user_id == user_id)
        statement = mine.order_by(identities.c.linked_at_ms, identities.c.issuer)
        return await self._database.read(lambda db: many(db, Identity, statement))

    async def note_use(self, issuer: str, subject: str, at_ms: int) -> None:
        here = _identity(issuer, subject)
        await self._database.write(lambda db: _change(db, identities, here, last_used_at_ms=at_ms))

    async def remove(self, user_id: UserId, issuer: str) -> None:
        mine = and_(identities.c.user_id == user_id, identities.c.issuer == issuer)

        def work(db: Connection) -> None:
            if db.execute(delete(identities).where(mine)).rowcount == 0:
                raise NotFound(issuer)

        await self._database.write(work)


class SqlChallenges:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, challenge: Challenge, at_ms: int) -> None:
        def work(db: Connection) -> None:
            db.execute(delete(challenges).where(challenges.c.expires_at_ms <= at_ms))
            add(challenges, challenge)(db)

        await self._database.write(work)

    async def take(self, secret_hash: bytes, purpose: ChallengePurpose, at_ms: int) -> Challenge:
        usable = and_(
            challenges.c.secret_hash == secret_hash,
            challenges.c.purpose == purpose,
            challenges.c.expires_at_ms > at_ms,
        )

        def work(db: Connection) -> Challenge:
            found = one(db, Challenge, columns(challenges, Challenge).where(usable))
            # Two may have read it: the one whose DELETE finds it has taken it.
            if db.execute(delete(challenges).where(usable)).rowcount == 0:
                raise NotFound("challenge")
            return found

        return await self._database.write(work)


def _own(user_id: UserId, passkey_id: PasskeyId) -> ColumnElement[bool]:
    return and_(passkeys.c.user_id == user_id, passkeys.c.id == passkey_id)


def _identity(issuer: str, subject: str) -> ColumnElement[bool]:
    return and_(identities.c.issuer == issuer, identities.c.subject == subject)


def _change(db: Connection, table: Table, row: ColumnElement[bool], **changes: Any) -> None:
    if db.execute(update(table).where(row).values(changes)).rowcount == 0:
        raise NotFound(table.name)
