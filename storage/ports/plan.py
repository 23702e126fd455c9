"""The work plan, planned meetings and the schools' calendars."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Protocol

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


class Plan(Protocol):
    """Every `change_…` puts the record in place of its revision before; Conflict unless that is the present one."""

    async def add_activity(self, activity: Activity) -> None: ...
    async def get_activity(self, activity_id: ActivityId) -> Activity: ...
    async def activities(self, twinspace_id: TwinspaceId) -> list[Activity]:
        """By first day, then oldest first."""
        ...

    async def change_activity(self, activity: Activity) -> None: ...
    async def remove_activity(self, activity_id: ActivityId, revision: int) -> None:
        """Raise Conflict when it has another revision by now."""
        ...

    async def add_meeting(self, meeting: PlannedMeeting) -> None: ...
    async def add_meetings(self, meetings: Sequence[PlannedMeeting]) -> None:
        """All of them or none."""
        ...

    async def get_meeting(self, meeting_id: MeetingId) -> PlannedMeeting: ...
    async def meetings(self, twinspace_id: TwinspaceId) -> list[PlannedMeeting]:
        """By when they begin, cancelled ones too."""
        ...

    async def change_meeting(self, meeting: PlannedMeeting) -> None: ...
    async def meetings_of_member(self, user_id: UserId, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        """Meetings of the user's TwinSpaces that end after `since_ms` and begin before `until_ms`, by their beginning.

        Cancelled ones are left out; whether the user is invited is for the caller to see.
        """
        ...

    async def meetings_between(self, since_ms: int, until_ms: int) -> list[PlannedMeeting]:
        """Those of the whole hub that begin in this time, without the cancelled ones."""
        ...

    async def add_free_days(self, days: FreeDays) -> None: ...
    async def get_free_days(self, days_id: FreeDaysId) -> FreeDays: ...
    async def free_days(self, school_ids: Iterable[SchoolId]) -> list[FreeDays]:
        """By first day."""
        ...

    async def change_free_days(self, days: FreeDays) -> None: ...
    async def remove_free_days(self, days_id: FreeDaysId, revision: int) -> None:
        """Raise Conflict when it has another revision by now."""
        ...

    async def twinspaces_of_school(self, school_id: SchoolId) -> list[TwinspaceId]:
        """In which somebody of the school is a member."""
        ...
