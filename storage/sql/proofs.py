"""What proves who somebody is, beside passwords and class cards: mailed tickets and one-time codes."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import SecondFactor, Ticket, TicketPurpose, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, one
from storage.sql.tables import recovery_codes, second_factors, tickets

FACTOR_COLUMNS = (
    second_factors.c.user_id,
    second_factors.c.sealed_secret,
    second_factors.c.created_at_ms,
    second_factors.c.confirmed_at_ms,
    second_factors.c.last_step,
)


class SqlProofs:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_ticket(self, ticket: Ticket) -> None:
        earlier = and_(
            tickets.c.user_id == ticket.user_id,
            tickets.c.purpose == ticket.purpose,
            tickets.c.used_at_ms.is_(None),
        )

        def work(db: Connection) -> None:
            db.execute(delete(tickets).where(earlier))
            add(tickets, ticket)(db)

        await self._database.write(work)

    async def find_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        statement = columns(tickets, Ticket).where(_usable(secret_hash, purpose, at_ms))
        return await self._database.read(lambda db: one(db, Ticket, statement))

    async def use_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        usable = _usable(secret_hash, purpose, at_ms)

        def work(db: Connection) -> Ticket:
            if db.execute(update(tickets).where(usable).values(used_at_ms=at_ms)).rowcount == 0:
                raise NotFound("ticket")
            return one(db, Ticket, columns(tickets, Ticket).where(tickets.c.secret_hash == secret_hash))

        return await self._database.write(work)

    async def put_second_factor(self, factor: SecondFactor) -> None:
        row = {column.name: getattr(factor, column.name) for column in FACTOR_COLUMNS}
        codes = [{"user_id": factor.user_id, "code_hash": code_hash} for code_hash in factor.recovery_hashes]

        def work(db: Connection) -> None:
            _remove(db, factor.user_id)
            db.execute(insert(second_factors).values(row))
            if codes:
                db.execute(insert(recovery_codes), codes)

        await self._database.write(work)

    async def second_factor(self, user_id: UserId) -> SecondFactor:
        def work(db: Connection) -> SecondFactor:
            row = db.execute(select(*FACTOR_COLUMNS).where(second_factors.c.user_id == user_id)).first()
            if row is None:
                raise NotFound(user_id)
            codes = select(recovery_codes.c.code_hash).where(recovery_codes.c.user_id == user_id)
            hashes = db.execute(codes.order_by(recovery_codes.c.code_hash)).scalars()
            return replace(SecondFactor(*row), recovery_hashes=tuple(hashes))

        return await self._database.read(work)

    async def use_step(self, user_id: UserId, step: int, at_ms: int) -> None:
        newer = and_(second_factors.c.user_id == user_id, second_factors.c.last_step < step)
        row = {"last_step": step, "confirmed_at_ms": func.coalesce(second_factors.c.confirmed_at_ms, at_ms)}

        def work(db: Connection) -> None:
            if db.execute(update(second_factors).where(newer).values(row)).rowcount == 0:
                raise Conflict("This code was used already.")

        await self._database.write(work)

    async def use_recovery(self, user_id: UserId, recovery_hash: bytes) -> None:
        mine = and_(recovery_codes.c.user_id == user_id, recovery_codes.c.code_hash == recovery_hash)

        def work(db: Connection) -> None:
            if db.execute(delete(recovery_codes).where(mine)).rowcount == 0:
                raise NotFound("recovery code")

        await self._database.write(work)

    async def remove_second_factor(self, user_id: UserId) -> None:
        await self._database.write(lambda db: _remove(db, user_id))


def _usable(secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> ColumnElement[bool]:
    return and_(
        tickets.c.secret_hash == secret_hash,
        tickets.c.purpose == purpose,
        tickets.c.used_at_ms.is_(None),
        tickets.c.expires_at_ms > at_ms,
    )


def _remove(db: Connection, user_id: UserId) -> None:
    db.execute(delete(recovery_codes).where(recovery_codes.c.user_id == user_id))
    db.execute(delete(second_factors).where(second_factors.c.user_id == user_id))
