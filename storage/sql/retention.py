"""What is over and goes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, delete, func, insert, or_, select, update

from storage.ports.retention import Forgotten, Over
from storage.sql.assessments import remove_assessments
from storage.sql.database import Database
from storage.sql.tables import (
    assessments,
    captions,
    challenges,
    consents,
    daily_jobs,
    deliveries,
    erasure_jobs,
    guest_links,
    guests,
    held_changes,
    logins,
    members,
    messages,
    notices,
    phase_moves,
    push_subscriptions,
    recordings,
    tickets,
    twinspaces,
    users,
)

_NOT_ERASED = ~users.c.name.startswith("erased:")


class SqlRetention:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def claim(self, job: str, day: str) -> bool:
        this = daily_jobs.c.name == job

        def work(db: Connection) -> bool:
            if db.execute(update(daily_jobs).where(this, daily_jobs.c.day < day).values(day=day)).rowcount:
                return True
            if db.execute(select(daily_jobs.c.day).where(this)).first() is not None:
                return False
            db.execute(insert(daily_jobs).values(name=job, day=day))
            return True

        return await self._database.write(work)

    async def forget(self, kind: Forgotten, before_ms: int, *, dry_run: bool = False) -> int:
        table, over = _OVER[kind](before_ms)
        if dry_run:
            count = select(func.count()).select_from(table).where(over)
            return await self._database.read(lambda db: int(db.execute(count).scalar() or 0))

        def work(db: Connection) -> int:
            if kind == "messages":
                spaces = captions.c.twinspace_id.in_(_closed_before(before_ms))
                db.execute(update(captions).where(spaces).values(text=""))
                return db.execute(update(messages).where(over).values(text="", versions=())).rowcount
            if kind == "assessments":
                over_ids = select(assessments.c.id).where(over)
                count = len(db.scalars(over_ids).all())
                remove_assessments(db, over_ids)
                return count
            if kind == "logins":
                ended = select(logins.c.id).where(over)
                db.execute(delete(push_subscriptions).where(push_subscriptions.c.login_id.in_(ended)))
            return db.execute(delete(table).where(over)).rowcount

        return await self._database.write(work)

    async def over(self, kind: Over, before_ms: int) -> list[str]:
        statement = _IDS[kind](before_ms)
        return await self._database.read(lambda db: list(db.execute(statement).scalars()))


def _closed_before(before_ms: int) -> Select[Any]:
    """TwinSpaces that are closed, and were before this time."""
    closed = select(phase_moves.c.twinspace_id, func.max(phase_moves.c.moved_at_ms).label("at_ms"))
    last = closed.where(phase_moves.c.phase == "closed").group_by(phase_moves.c.twinspace_id).subquery()
    shut = select(twinspaces.c.id).join(last, last.c.twinspace_id == twinspaces.c.id)
    return shut.where(twinspaces.c.phase.in_(("closed", "archived")), last.c.at_ms < before_ms)


def _pupils(before_ms: int) -> Select[Any]:
    open_for = select(members.c.user_id).where(members.c.twinspace_id.not_in(_closed_before(before_ms)))
    used = func.coalesce(logins.c.last_used_at_ms, logins.c.created_at_ms)
    seen = select(logins.c.user_id).where(used >= before_ms)
    return (
        select(users.c.id)
        .where(users.c.kind == "pupil", _NOT_ERASED, users.c.created_at_ms < before_ms)
        .where(users.c.id.not_in(open_for), users.c.id.not_in(seen))
        .order_by(users.c.id)
    )


def _guests(before_ms: int) -> Select[Any]:
    ended = func.coalesce(guest_links.c.revoked_at_ms, guest_links.c.expires_at_ms)
    of_link = select(users.c.id).join(guests, guests.c.user_id == users.c.id)
    return (
        of_link.join(guest_links, guest_links.c.id == guests.c.link_id)
        .where(_NOT_ERASED, ended < before_ms, guest_links.c.expires_at_ms < before_ms)
        .order_by(users.c.id)
    )


_IDS: dict[Over, Callable[[int], Select[Any]]] = {
    "pupils": _pupils,
    "guests": _guests,
    "registrations": lambda before_ms: (
        select(users.c.id)
        .where(users.c.state == "unconfirmed", _NOT_ERASED, users.c.created_at_ms < before_ms)
        .order_by(users.c.id)
    ),
    "recordings": lambda before_ms: (
        select(recordings.c.id).where(recordings.c.ended_at_ms < before_ms).order_by(recordings.c.id)
    ),
}


def _ended_logins(before_ms: int) -> ColumnElement[bool]:
    return or_(logins.c.expires_at_ms < before_ms, logins.c.revoked_at_ms < before_ms)


_OVER: dict[Forgotten, Callable[[int], tuple[Table, ColumnElement[bool]]]] = {
    "logins": lambda before_ms: (logins, _ended_logins(before_ms)),
    "tickets": lambda before_ms: (tickets, tickets.c.expires_at_ms < before_ms),
    "challenges": lambda before_ms: (challenges, challenges.c.expires_at_ms < before_ms),
    "notices": lambda before_ms: (notices, notices.c.at_ms < before_ms),
    "deliveries": lambda before_ms: (deliveries, deliveries.c.due_at_ms < before_ms),
    "messages": lambda before_ms: (
        messages,
        and_(messages.c.text != "", messages.c.twinspace_id.in_(_closed_before(before_ms))),
    ),
    "assessments": lambda before_ms: (assessments, assessments.c.twinspace_id.in_(_closed_before(before_ms))),
    "held_changes": lambda before_ms: (
        held_changes,
        or_(
            and_(held_changes.c.state == "refused", held_changes.c.decided_at_ms < before_ms),
            # What was let through is on its way to the wall: it is never over.
            and_(held_changes.c.state != "approved", held_changes.c.twinspace_id.in_(_closed_before(before_ms))),
        ),
    ),
    "erasure_jobs": lambda before_ms: (
        erasure_jobs,
        and_(erasure_jobs.c.state == "done", erasure_jobs.c.ended_at_ms < before_ms),
    ),
    "consents": lambda before_ms: (
        consents,
        and_(
            consents.c.recorded_at_ms < before_ms,
            consents.c.user_id.in_(select(users.c.id).where(users.c.name.startswith("erased:"))),
        ),
    ),
}
