"""Founders who leave, and who takes their place."""

from __future__ import annotations

from sqlalchemy import Connection, Select, and_, insert, or_, select, update

from storage.ports import Conflict, NotFound
from storage.records import Member, Succession, SuccessionId, SuccessionState, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import foundings, members, successions

PEOPLE = ("leaving", "remaining", "successor")


class SqlSuccessions:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, succession: Succession) -> None:
        still_open = and_(successions.c.twinspace_id == succession.twinspace_id, successions.c.state == "open")

        def work(db: Connection) -> None:
            _check_founders(db, succession)
            if db.execute(select(successions.c.id).where(still_open)).first() is not None:
                raise Conflict(succession.twinspace_id)
            add(successions, succession)(db)

        await self._database.write(work)

    async def get(self, succession_id: SuccessionId) -> Succession:
        return await self._database.read(lambda db: one(db, Succession, _this(succession_id)))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Succession]:
        return await self._list(columns(successions, Succession).where(successions.c.twinspace_id == twinspace_id))

    async def open(self, user_id: UserId | None = None) -> list[Succession]:
        statement = columns(successions, Succession).where(successions.c.state == "open")
        if user_id is not None:
            statement = statement.where(or_(*(successions.c[f"{name}_id"] == user_id for name in PEOPLE)))
        return await self._list(statement)

    async def _list(self, statement: Select[Succession]) -> list[Succession]:
        in_order = statement.order_by(successions.c.proposed_at_ms, successions.c.id)
        return await self._database.read(lambda db: many(db, Succession, in_order))

    async def agree(self, succession_id: SuccessionId, user_id: UserId, at_ms: int) -> Succession:
        def work(db: Connection) -> Succession:
            found = _hold(db, succession_id)
            name = next((name for name in PEOPLE if getattr(found, f"{name}_id") == user_id), None)
            if name is None:
                raise NotFound(user_id)
            if getattr(found, f"{name}_agreed_at_ms") is None:
                _set(db, succession_id, **{f"{name}_agreed_at_ms": at_ms})
            return one(db, Succession, _this(succession_id))

        return await self._database.write(work)

    async def end(
        self, succession_id: SuccessionId, state: SuccessionState, *, by: UserId, reason: str, at_ms: int
    ) -> Succession:
        def work(db: Connection) -> Succession:
            _hold(db, succession_id)
            _set(db, succession_id, state=state, ended_by=by, ended_at_ms=at_ms, reason=reason)
            return one(db, Succession, _this(succession_id))

        return await self._database.write(work)

    async def fulfil(self, succession_id: SuccessionId, at_ms: int) -> Succession:
        def work(db: Connection) -> Succession:
            found = _hold(db, succession_id)
            _check_founders(db, found)
            here = foundings.c.twinspace_id == found.twinspace_id
            for place in (foundings.c.proposed_by, foundings.c.partner_id):
                db.execute(
                    update(foundings).where(here, place == found.leaving_id).values({place.name: found.successor_id})
                )
            _raise(db, found, at_ms)
            _let_go(db, found)
            _set(db, succession_id, state="done", ended_at_ms=at_ms)
            return one(db, Succession, _this(succession_id))

        return await self._database.write(work)


def _this(succession_id: SuccessionId) -> Select[Succession]:
    return columns(successions, Succession).where(successions.c.id == succession_id)


def _hold(db: Connection, succession_id: SuccessionId) -> Succession:
    """The row, until the transaction ends. Raise Conflict when it is not open."""
    lock(db, successions.c.id == succession_id, successions.c.id)
    found = one(db, Succession, _this(succession_id))
    if found.state != "open":
        raise Conflict(found.state)
    return found


def _check_founders(db: Connection, succession: Succession) -> None:
    here = foundings.c.twinspace_id == succession.twinspace_id
    lock(db, here, foundings.c.twinspace_id)
    founders = db.execute(select(foundings.c.proposed_by, foundings.c.partner_id).where(here)).one()
    if set(founders) != {succession.leaving_id, succession.remaining_id}:
        raise Conflict(succession.twinspace_id)


def _set(db: Connection, succession_id: SuccessionId, **row: object) -> None:
    db.execute(update(successions).where(successions.c.id == succession_id).values(**row))


def _raise(db: Connection, found: Succession, at_ms: int) -> None:
    """The successor is a founder, whatever they were in the TwinSpace before."""
    this = and_(members.c.twinspace_id == found.twinspace_id, members.c.user_id == found.successor_id)
    former = db.execute(select(members.c.present).where(this).with_for_update()).first()
    if former is None:
        member = Member(found.twinspace_id, found.successor_id, "founder", 1, at_ms)
        db.execute(insert(members).values(**values(member), present=True))
        return
    row = {"role": "founder", "epoch": members.c.epoch + 1, "present": True, "muted": (), "muted_until_ms": None}
    joined = {} if former.present else {"joined_at_ms": at_ms}
    db.execute(update(members).where(this).values(**row, **joined))


def _let_go(db: Connection, found: Succession) -> None:
    this = and_(members.c.twinspace_id == found.twinspace_id, members.c.user_id == found.leaving_id, members.c.present)
    db.execute(update(members).where(this).values(role="teacher", epoch=members.c.epoch + 1, present=found.stays))
