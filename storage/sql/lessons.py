"""Meetings that were held, who was in them, and the rooms that they were divided into."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Text, delete, func, or_, select, type_coerce, update

from storage.ports import Conflict, NotFound
from storage.records import (
    BreakoutNote,
    BreakoutNoteId,
    Breakouts,
    BreakoutsId,
    HeldMeeting,
    HeldMeetingId,
    Json,
    RoomId,
    Rung,
    Stay,
    StayId,
    TeamId,
    TwinspaceId,
    UserId,
)
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one, values
from storage.sql.tables import breakout_notes, breakouts, held_meetings, rooms, stays

STALE = "The breakout rooms were changed in the meantime."


class SqlBreakouts:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, breakouts_row: Breakouts) -> None:
        await self._database.write(add(breakouts, breakouts_row))

    async def get(self, breakouts_id: BreakoutsId) -> Breakouts:
        statement = columns(breakouts, Breakouts).where(breakouts.c.id == breakouts_id)
        return await self._database.read(lambda db: one(db, Breakouts, statement))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Breakouts]:
        return await self._read(breakouts.c.twinspace_id == twinspace_id)

    async def of_room(self, room_id: RoomId) -> list[Breakouts]:
        return await self._read(breakouts.c.room_id == room_id)

    async def open_after(self, at_ms: int) -> list[Breakouts]:
        closes = breakouts.c.closes_at_ms
        return await self._read(breakouts.c.opened_at_ms.is_not(None), or_(closes.is_(None), closes > at_ms))

    async def change(self, breakouts_row: Breakouts) -> None:
        def work(db: Connection) -> None:
            former = breakouts.c.id == breakouts_row.id, breakouts.c.revision == breakouts_row.revision - 1
            if db.execute(update(breakouts).where(*former).values(**values(breakouts_row))).rowcount == 0:
                _refuse(db, breakouts_row.id)

        await self._database.write(work)

    async def remove(self, breakouts_id: BreakoutsId, revision: int) -> None:
        def work(db: Connection) -> None:
            this = breakouts.c.id == breakouts_id, breakouts.c.revision == revision
            if db.execute(select(breakouts.c.id).where(*this)).first() is None:
                _refuse(db, breakouts_id)
            db.execute(delete(breakout_notes).where(breakout_notes.c.breakouts_id == breakouts_id))
            db.execute(delete(breakouts).where(*this))

        await self._database.write(work)

    async def add_note(self, note: BreakoutNote) -> None:
        await self._database.write(add(breakout_notes, note))

    async def answer_note(self, note_id: BreakoutNoteId, user_id: UserId, at_ms: int) -> BreakoutNote:
        this = breakout_notes.c.id == note_id

        def work(db: Connection) -> BreakoutNote:
            answer = update(breakout_notes).where(this, breakout_notes.c.answered_by.is_(None))
            db.execute(answer.values(answered_by=user_id, answered_at_ms=at_ms))
            return one(db, BreakoutNote, columns(breakout_notes, BreakoutNote).where(this))

        return await self._database.write(work)

    async def notes(self, breakouts_id: BreakoutsId, since_ms: int = 0) -> list[BreakoutNote]:
        c = breakout_notes.c
        statement = columns(breakout_notes, BreakoutNote).where(c.breakouts_id == breakouts_id, c.at_ms >= since_ms)
        return await self._database.read(lambda db: many(db, BreakoutNote, statement.order_by(c.at_ms, c.id)))

    async def _read(self, *which: Any) -> list[Breakouts]:
        newest = breakouts.c.created_at_ms.desc(), breakouts.c.id
        statement = columns(breakouts, Breakouts).where(*which).order_by(*newest)
        return await self._database.read(lambda db: many(db, Breakouts, statement))


def _refuse(db: Connection, breakouts_id: BreakoutsId) -> None:
    if db.execute(select(breakouts.c.id).where(breakouts.c.id == breakouts_id)).first() is None:
        raise NotFound(breakouts_id)
    raise Conflict(STALE)


class SqlHeldMeetings:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def begin(self, meeting: HeldMeeting) -> None:
        await self._database.write(add(held_meetings, meeting))

    async def get(self, held_id: HeldMeetingId) -> HeldMeeting:
        statement = columns(held_meetings, HeldMeeting).where(held_meetings.c.id == held_id)
        return await self._database.read(lambda db: one(db, HeldMeeting, statement))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[HeldMeeting]:
        return await self._read(held_meetings.c.twinspace_id == twinspace_id)

    async def running(self) -> list[HeldMeeting]:
        return await self._read(held_meetings.c.ended_at_ms.is_(None))

    async def end(self, held_id: HeldMeetingId, at_ms: int, record: Json) -> bool:
        this = held_meetings.c.id == held_id

        def work(db: Connection) -> bool:
            ended = update(held_meetings).where(this, held_meetings.c.ended_at_ms.is_(None))
            if db.execute(ended.values(ended_at_ms=at_ms, record=record)).rowcount:
                return True
            one(db, HeldMeeting, columns(held_meetings, HeldMeeting).where(this))
            return False

        return await self._database.write(work)

    async def set_visibility(self, held_id: HeldMeetingId, visibility: Rung, team_id: TeamId | None) -> HeldMeeting:
        this = held_meetings.c.id == held_id

        def work(db: Connection) -> HeldMeeting:
            db.execute(update(held_meetings).where(this).values(visibility=visibility, team_id=team_id))
            return one(db, HeldMeeting, columns(held_meetings, HeldMeeting).where(this))

        return await self._database.write(work)

    async def begin_stay(self, stay: Stay) -> None:
        await self._database.write(add(stays, stay))

    async def see(
        self, held_id: HeldMeetingId, stay_ids: Collection[StayId], at_ms: int, talk: Json | None = None
    ) -> None:
        seen = {"seen_at_ms": at_ms}

        def work(db: Connection) -> None:
            row = seen if talk is None else {**seen, "talk": talk}
            if not db.execute(update(held_meetings).where(held_meetings.c.id == held_id).values(**row)).rowcount:
                raise NotFound(held_id)
            for stay_id in stay_ids:
                db.execute(update(stays).where(stays.c.id == stay_id).values(**seen))

        await self._database.write(work)

    async def stays(self, held_id: HeldMeetingId) -> list[Stay]:
        statement = columns(stays, Stay).where(stays.c.held_id == held_id).order_by(stays.c.joined_at_ms, stays.c.id)
        return await self._database.read(lambda db: many(db, Stay, statement))

    async def breakout_rooms_of(self, twinspace_id: TwinspaceId, user_id: UserId) -> frozenset[RoomId]:
        in_class = type_coerce(stays.c.pupils, Text).contains(json.dumps(user_id), autoescape=True)
        statement = (
            select(stays.c.room_id)
            .join(rooms, rooms.c.id == stays.c.room_id)
            .where(rooms.c.twinspace_id == twinspace_id, rooms.c.parent_id.is_not(None))
            .where(or_(stays.c.user_id == user_id, in_class))
            .distinct()
        )
        return await self._database.read(lambda db: frozenset(RoomId(each) for each in db.scalars(statement)))

    async def forget_stays(self, before_ms: int, *, dry_run: bool = False) -> int:
        over = stays.c.held_id.in_(select(held_meetings.c.id).where(held_meetings.c.ended_at_ms < before_ms))
        if dry_run:
            count = select(func.count()).select_from(stays).where(over)
            return await self._database.read(lambda db: int(db.execute(count).scalar() or 0))
        return await self._database.write(lambda db: db.execute(delete(stays).where(over)).rowcount)

    async def _read(self, which: Any) -> list[HeldMeeting]:
        newest = held_meetings.c.started_at_ms.desc(), held_meetings.c.id
        statement = columns(held_meetings, HeldMeeting).where(which).order_by(*newest)
        return await self._database.read(lambda db: many(db, HeldMeeting, statement))
