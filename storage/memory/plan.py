"""The work plan, planned meetings and the schools' calendars, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

from storage.memory.rows import Rows, add, check_texts, find, stored_json
from storage.ports import Conflict
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

STALE = "It was changed in the meantime."


class Revised(Protocol):
    @property
    def revision(self) -> int: ...


K = TypeVar("K")
R = TypeVar("R", bound=Revised)


class MemoryPlan:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add_activity(self, activity: Activity) -> None:
        add(self._rows.activities, activity.id, self._activity(activity))

    async def get_activity(self, activity_id: ActivityId) -> Activity:
        return find(self._rows.activities, activity_id)

    async def activities(self, twinspace_id: TwinspaceId) -> list[Activity]:
        here = [each for each in self._rows.activities.values() if each.twinspace_id == twinspace_id]
        return sorted(here, key=lambda each: (each.starts_on, each.created_at_ms, each.id))

    async def change_activity(self, activity: Activity) -> None:
        _change(self._rows.activities, activity.id, self._activity(activity))

    async def remove_activity(self, activity_id: ActivityId, revision: int) -> None:
        self._rows.check_open()
        _remove(self._rows.activities, activity_id, revision)

    async def add_meeting(self, meeting: PlannedMeeting) -> None:
        add(self._rows.planned_meetings, meeting.id, self._meeting(meeting))

    async def add_meetings(self, meetings: Sequence[PlannedMeeting]) -> None:
        made = {meeting.id: self._meeting(meeting) for meeting in meetings}
        if len(made) < len(meetings) or made.keys() & self._rows.planned_meetings.keys():
            raise Conflict("A meeting is there already.")
        self._rows.planned_meetings |= made

    async def get_meeting(self, meeting_id: MeetingId) -> PlannedMeeting:
        return find(self._rows.planned_meetings, meeting_id)

    async def meetings(self, twinspace_id: TwinspaceId) -> list[PlannedMeeting]:
        return self._in_order(each for each in self._all() if each.twinspace_id == twinspace_id)

    async def change_meeting(self, meeting: PlannedMeeting) -> None:
        _change(self._rows.planned_meetings, meeting.id, self._meeting(meeting))

    async def meetings_of_member(self, user_id: UserId, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        mine = {space for (space, member), row in self._rows.members.items() if member == user_id and row.present}
        return self._in_order(
            each
            for each in self._all()
            if each.twinspace_id in mine
            and each.cancelled_at_ms is None
            and each.ends_at_ms > since_ms
            and each.starts_at_ms < until_ms
        )

    async def meetings_between(self, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        return self._in_order(
            each for each in self._all() if each.cancelled_at_ms is None and since_ms <= each.starts_at_ms < until_ms
        )

    async def add_free_days(self, days: FreeDays) -> None:
        self._check_days(days)
        add(self._rows.free_days, days.id, days)

    async def get_free_days(self, days_id: FreeDaysId) -> FreeDays:
        return find(self._rows.free_days, days_id)

    async def free_days(self, school_ids: Iterable[SchoolId]) -> list[FreeDays]:
        wanted = set(school_ids)
        found = [each for each in self._rows.free_days.values() if each.school_id in wanted]
        return sorted(found, key=lambda each: (each.starts_on, each.id))

    async def change_free_days(self, days: FreeDays) -> None:
        self._check_days(days)
        _change(self._rows.free_days, days.id, days)

    async def remove_free_days(self, days_id: FreeDaysId, revision: int) -> None:
        self._rows.check_open()
        _remove(self._rows.free_days, days_id, revision)

    async def twinspaces_of_school(self, school_id: SchoolId) -> list[TwinspaceId]:
        spaces = {
            space
            for (space, user_id), row in self._rows.members.items()
            if row.present and self._rows.users[user_id].user.school_id == school_id
        }
        return sorted(spaces)

    def _all(self) -> Iterable[PlannedMeeting]:
        return self._rows.planned_meetings.values()

    def _in_order(self, meetings: Iterable[PlannedMeeting]) -> list[PlannedMeeting]:
        return sorted(meetings, key=lambda each: (each.starts_at_ms, each.id))

    def _activity(self, activity: Activity) -> Activity:
        self._rows.check_open()
        check_texts(activity.title, activity.text)
        find(self._rows.twinspaces, activity.twinspace_id)
        find(self._rows.users, activity.created_by)
        return replace(activity, subjects=stored_json(activity.subjects), history=stored_json(activity.history))

    def _meeting(self, meeting: PlannedMeeting) -> PlannedMeeting:
        self._rows.check_open()
        check_texts(meeting.title, meeting.agenda, meeting.time_zone)
        find(self._rows.twinspaces, meeting.twinspace_id)
        find(self._rows.rooms, meeting.room_id)
        find(self._rows.users, meeting.created_by)
        return replace(meeting, invited=stored_json(meeting.invited), history=stored_json(meeting.history))

    def _check_days(self, days: FreeDays) -> None:
        self._rows.check_open()
        check_texts(days.title)
        find(self._rows.schools, days.school_id)
        find(self._rows.users, days.created_by)


def _change(table: dict[K, R], key: K, row: R) -> None:
    if find(table, key).revision != row.revision - 1:
        raise Conflict(STALE)
    table[key] = row


def _remove(table: dict[K, R], key: K, revision: int) -> None:
    if find(table, key).revision != revision:
        raise Conflict(STALE)
    del table[key]
