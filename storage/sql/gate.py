"""What waits before walls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy import ColumnElement, Connection, and_, delete, update

from storage.ports import Conflict, NotFound
from storage.records import ContentId, Held, HeldKind, HeldState, SchoolId, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import contents, held_changes

_ORDER = (held_changes.c.held_at_ms, held_changes.c.kind, held_changes.c.id)


class SqlGate:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def hold(self, held: Held) -> Held:
        this = _is(held.content_id, held.kind, held.id)

        def work(db: Connection) -> Held:
            lock(db, contents.c.id == held.content_id, contents.c.id)
            former = next(iter(many(db, Held, columns(held_changes, Held).where(this))), None)
            if former is None:
                row = replace(held, revision=1, state="waiting")
                add(held_changes, row)(db)
                return row
            if former.author_id != held.author_id or former.state == "approved":
                raise Conflict(f"{held.kind} {held.id}")
            row = replace(held, revision=former.revision + 1, state="waiting", held_at_ms=former.held_at_ms)
            db.execute(update(held_changes).where(this).values(values(row)))
            return row

        return await self._database.write(work)

    async def get(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held:
        statement = columns(held_changes, Held).where(_is(content_id, kind, held_id))
        return await self._database.read(lambda db: one(db, Held, statement))

    async def of_content(self, content_id: ContentId) -> list[Held]:
        statement = columns(held_changes, Held).where(held_changes.c.content_id == content_id).order_by(*_ORDER)
        return await self._database.read(lambda db: many(db, Held, statement))

    async def of_school(self, twinspace_ids: Sequence[TwinspaceId], school_id: SchoolId) -> list[Held]:
        theirs = and_(
            held_changes.c.twinspace_id.in_(sorted(set(twinspace_ids))),
            held_changes.c.school_id == school_id,
            held_changes.c.state != "refused",
        )
        statement = columns(held_changes, Held).where(theirs).order_by(*_ORDER)
        return await self._database.read(lambda db: many(db, Held, statement))

    async def decide(
        self,
        content_id: ContentId,
        kind: HeldKind,
        held_id: str,
        *,
        revision: int,
        state: HeldState,
        reason: str,
        decided_by: UserId,
        at_ms: int,
    ) -> Held:
        this = _is(content_id, kind, held_id)
        open_ = and_(this, held_changes.c.state == "waiting", held_changes.c.revision == revision)
        row = {"state": state, "reason": reason, "decided_by": decided_by, "decided_at_ms": at_ms}

        def work(db: Connection) -> Held:
            changed = db.execute(update(held_changes).where(open_).values(**row)).rowcount
            found = one(db, Held, columns(held_changes, Held).where(this))
            if not changed:
                raise Conflict(f"{kind} {held_id} is {found.state}, revision {found.revision}")
            return found

        return await self._database.write(work)

    async def wait_again(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held:
        this = _is(content_id, kind, held_id)
        row = {"state": "waiting", "decided_by": None, "decided_at_ms": None}

        def work(db: Connection) -> Held:
            if not db.execute(update(held_changes).where(this).values(**row)).rowcount:
                raise NotFound(held_id)
            return one(db, Held, columns(held_changes, Held).where(this))

        return await self._database.write(work)

    async def remove(self, content_id: ContentId, kind: HeldKind, held_id: str) -> None:
        this = _is(content_id, kind, held_id)
        await self._database.write(lambda db: db.execute(delete(held_changes).where(this)).rowcount)

    async def remove_of_card(self, content_id: ContentId, card_id: str) -> list[Held]:
        of_it = and_(held_changes.c.content_id == content_id, held_changes.c.card_id == card_id)

        def work(db: Connection) -> list[Held]:
            found = many(db, Held, columns(held_changes, Held).where(of_it).order_by(*_ORDER))
            if found:
                db.execute(delete(held_changes).where(of_it))
            return found

        return await self._database.write(work)


def _is(content_id: ContentId, kind: HeldKind, held_id: str) -> ColumnElement[bool]:
    table = held_changes.c
    return and_(table.content_id == content_id, table.kind == kind, table.id == held_id)
