"""The consent ledger."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, exists, func, select

from storage.records import Consent, Purpose, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many
from storage.sql.tables import consents, users


class SqlConsents:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(
        self,
        user_ids: Sequence[UserId],
        purposes: Sequence[Purpose],
        *,
        granted: bool,
        given_by: str,
        how: str,
        given_on: str,
        until_ms: int | None,
        own_age: int,
        recorded_by: UserId,
        at_ms: int,
    ) -> list[Consent]:
        def work(db: Connection) -> list[Consent]:
            added: list[Consent] = []
            # Locked in one order by everybody, so that two sheets of a class wait, not block each other.
            for user_id in sorted(set(user_ids)):
                lock(db, users.c.id == user_id, users.c.id)
                seq = last_seq(db, consents.c.seq, consents.c.user_id, user_id)
                for number, purpose in enumerate(dict.fromkeys(purposes), seq + 1):
                    entry = Consent(
                        user_id=user_id,
                        seq=number,
                        purpose=purpose,
                        granted=granted,
                        given_by=given_by,
                        how=how,
                        given_on=given_on,
                        until_ms=until_ms,
                        own_age=own_age,
                        recorded_by=recorded_by,
                        recorded_at_ms=at_ms,
                    )
                    add(consents, entry)(db)
                    added.append(entry)
            places = {user_id: place for place, user_id in enumerate(dict.fromkeys(user_ids))}
            return sorted(added, key=lambda entry: (places[entry.user_id], entry.seq))

        return await self._database.write(work)

    async def of_user(self, user_id: UserId) -> list[Consent]:
        statement = columns(consents, Consent).where(consents.c.user_id == user_id).order_by(consents.c.seq)
        return await self._database.read(lambda db: many(db, Consent, statement))

    async def run_out(self, after_ms: int, until_ms: int) -> list[Consent]:
        c, later = consents.c, consents.alias("later")
        same = and_(later.c.user_id == c.user_id, later.c.purpose == c.purpose, later.c.seq > c.seq)
        ended = columns(consents, Consent).where(c.granted, c.until_ms > after_ms, c.until_ms <= until_ms)
        statement = ended.where(~exists().where(same)).order_by(c.user_id, c.seq)
        return await self._database.read(lambda db: many(db, Consent, statement))

    async def newest(self, user_ids: Sequence[UserId]) -> list[Consent]:
        last = (
            select(consents.c.user_id, consents.c.purpose, func.max(consents.c.seq).label("seq"))
            .where(consents.c.user_id.in_(sorted(set(user_ids))))
            .group_by(consents.c.user_id, consents.c.purpose)
            .subquery()
        )
        same = and_(consents.c.user_id == last.c.user_id, consents.c.seq == last.c.seq)
        statement = columns(consents, Consent).join(last, same).order_by(consents.c.user_id, consents.c.seq)
        return await self._database.read(lambda db: many(db, Consent, statement))
