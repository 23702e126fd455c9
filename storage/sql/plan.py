"""The work plan, planned meetings and the schools' calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Table, and_, delete, select, update

from storage.ports import Conflict, NotFound
from storage.records import (
    Activity,
    ActivityId,
    FreeDays,
    FreeDaysId,
    MeetingId,
    PlannedMeeting,
    SchoolId,
    TwinspaceId,
    UserId,
)
from storage.sql.database import Database
from storage.sql.rows import add, columns, many, one, values
from storage.sql.tables import activities, free_days, members, planned_meetings, users

STALE = "It was changed in the meantime."


class SqlPlan:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add_activity(self, activity: Activity) -> None:
        await self._database.write(add(activities, activity))

    async def get_activity(self, activity_id: ActivityId) -> Activity:
        statement = columns(activities, Activity).where(activities.c.id == activity_id)
        return await self._database.read(lambda db: one(db, Activity, statement))

    async def activities(self, twinspace_id: TwinspaceId) -> list[Activity]:
        statement = (
            columns(activities, Activity)
            .where(activities.c.twinspace_id == twinspace_id)
            .order_by(activities.c.starts_on, activities.c.created_at_ms, activities.c.id)
        )
        return await self._database.read(lambda db: many(db, Activity, statement))

    async def change_activity(self, activity: Activity) -> None:
        await self._database.write(lambda db: _change(db, activities, activity))

    async def remove_activity(self, activity_id: ActivityId, revision: int) -> None:
        await self._database.write(lambda db: _remove(db, activities, activity_id, revision))

    async def add_meeting(self, meeting: PlannedMeeting) -> None:
        await self._database.write(add(planned_meetings, meeting))

    async def add_meetings(self, meetings: Sequence[PlannedMeeting]) -> None:
        def work(db: Connection) -> None:
            for meeting in meetings:
                add(planned_meetings, meeting)(db)

        await self._database.write(work)

    async def get_meeting(self, meeting_id: MeetingId) -> PlannedMeeting:
        statement = columns(planned_meetings, PlannedMeeting).where(planned_meetings.c.id == meeting_id)
        return await self._database.read(lambda db: one(db, PlannedMeeting, statement))

    async def meetings(self, twinspace_id: TwinspaceId) -> list[PlannedMeeting]:
        return await self._meetings(planned_meetings.c.twinspace_id == twinspace_id)

    async def change_meeting(self, meeting: PlannedMeeting) -> None:
        await self._database.write(lambda db: _change(db, planned_meetings, meeting))

    async def meetings_of_member(self, user_id: UserId, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        mine = select(members.c.twinspace_id).where(members.c.user_id == user_id, members.c.present)
        return await self._meetings(
            planned_meetings.c.twinspace_id.in_(mine),
            planned_meetings.c.ends_at_ms > since_ms,
            planned_meetings.c.starts_at_ms < until_ms,
            planned_meetings.c.cancelled_at_ms.is_(None),
        )

    async def meetings_between(self, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        return await self._meetings(
            planned_meetings.c.starts_at_ms >= since_ms,
            planned_meetings.c.starts_at_ms < until_ms,
            planned_meetings.c.cancelled_at_ms.is_(None),
        )

    async def _meetings(self, *which: Any) -> list[PlannedMeeting]:
        statement = (
            columns(planned_meetings, PlannedMeeting)
            .where(*which)
            .order_by(planned_meetings.c.starts_at_ms, planned_meetings.c.id)
        )
        return await self._database.read(lambda db: many(db, PlannedMeeting, statement))

    async def add_free_days(self, days: FreeDays) -> None:
        await self._database.write(add(free_days, days))

    async def get_free_days(self, days_id: FreeDaysId) -> FreeDays:
        statement = columns(free_days, FreeDays).where(free_days.c.id == days_id)
        return await self._database.read(lambda db: one(db, FreeDays, statement))

    async def free_days(self, school_ids: Iterable[SchoolId]) -> list[FreeDays]:
        statement = (
            columns(free_days, FreeDays)
            .where(free_days.c.school_id.in_(sorted(set(school_ids))))
            .order_by(free_days.c.starts_on, free_days.c.id)
        )
        return await self._database.read(lambda db: many(db, FreeDays, statement))

    async def change_free_days(self, days: FreeDays) -> None:
        await self._database.write(lambda db: _change(db, free_days, days))

    async def remove_free_days(self, days_id: FreeDaysId, revision: int) -> None:
        await self._database.write(lambda db: _remove(db, free_days, days_id, revision))

    async def twinspaces_of_school(self, school_id: SchoolId) -> list[TwinspaceId]:
        statement = (
            select(members.c.twinspace_id)
            .distinct()
            .join(users, and_(users.c.id == members.c.user_id, users.c.school_id == school_id))
            .where(members.c.present)
            .order_by(members.c.twinspace_id)
        )
        return await self._database.read(lambda db: [TwinspaceId(each) for each in db.scalars(statement)])


def _change(db: Connection, table: Table, record: Any) -> None:
    former = table.c.id == record.id, table.c.revision == record.revision - 1
    if db.execute(update(table).where(*former).values(**values(record))).rowcount == 0:
        _refuse(db, table, record.id)


def _remove(db: Connection, table: Table, row_id: str, revision: int) -> None:
    if db.execute(delete(table).where(table.c.id == row_id, table.c.revision == revision)).rowcount == 0:
        _refuse(db, table, row_id)


def _refuse(db: Connection, table: Table, row_id: str) -> None:
    if db.execute(select(table.c.id).where(table.c.id == row_id)).first() is None:
        raise NotFound(row_id)
    raise Conflict(STALE)
