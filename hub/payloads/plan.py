"""The work plan: activities, planned meetings, the schools' calendars."""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from hub.payloads.fields import STORABLE, Id, Payload, Reply, Title
from hub.payloads.foundings import Day, ShortTitle
from hub.payloads.teams import Revision
from hub.time_zones import is_zone
from storage import records

LONGEST_ACTIVITY_DAYS = 366
LONGEST_MEETING_MS = 12 * 60 * 60 * 1000
LONGEST_CALENDAR_DAYS = 400
LONGEST_SERIES_DAYS = 366

LongText = Annotated[str, StringConstraints(max_length=4_000), STORABLE]
LocalTime = Annotated[str, StringConstraints(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}$")]
"""What a clock shows: `2026-10-25T09:30`."""
ActivityField = Literal["title", "text", "state", "dates", "subjects", "teams", "contents"]
MeetingField = Literal["title", "agenda", "time", "room", "invited", "cancelled"]


def _zone(name: str) -> str:
    if not is_zone(name):
        raise ValueError("is no time zone that the hub knows, like Europe/Warsaw")
    return name


TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=60), AfterValidator(_zone)]


def _days_between(starts_on: str, ends_on: str) -> int:
    return (datetime.date.fromisoformat(ends_on) - datetime.date.fromisoformat(starts_on)).days


class Change(Reply):
    """Who changed what, for those who began to write before."""

    revision: int
    user_id: str
    display_name: str
    at_ms: int
    fields: list[str]


class Activity(Reply):
    id: str
    twinspace_id: str
    title: str
    text: str
    state: records.ActivityState
    starts_on: str
    ends_on: str
    subjects: dict[str, list[str]]
    """What it counts as in each school, by the school's id."""
    team_ids: list[str]
    content_ids: list[str]
    created_by: str
    changes: list[Change]
    """The latest, oldest first."""
    revision: int


class _Activity(Payload):
    twinspace_id: Id
    title: Title
    text: LongText = ""
    state: records.ActivityState = "planned"
    starts_on: Day
    ends_on: Day
    subjects: Annotated[dict[Id, Annotated[list[ShortTitle], Field(max_length=8)]], Field(max_length=12)] = {}
    team_ids: Annotated[list[Id], Field(max_length=30)] = []
    content_ids: Annotated[list[Id], Field(max_length=50)] = []

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        days = _days_between(self.starts_on, self.ends_on)
        if days < 0:
            raise ValueError("ends before it begins")
        if days > LONGEST_ACTIVITY_DAYS:
            raise ValueError("lasts longer than a year")
        return self


class PlanActivity(_Activity):
    pass


class ChangeActivity(_Activity):
    activity_id: Id
    revision: Revision


class RemoveActivity(Payload):
    twinspace_id: Id
    activity_id: Id
    revision: Revision


class Invited(Reply):
    everybody: bool
    user_ids: list[str]
    team_ids: list[str]


class Invite(Payload):
    everybody: bool = False
    user_ids: Annotated[list[Id], Field(max_length=200)] = []
    team_ids: Annotated[list[Id], Field(max_length=30)] = []


class PlannedMeeting(Reply):
    id: str
    twinspace_id: str
    room_id: str
    room_title: str
    title: str
    agenda: str
    starts_at_ms: int
    ends_at_ms: int
    starts_at: str
    """What the clocks show in `time_zone` when it begins."""
    ends_at: str
    time_zone: str
    """Where its hour was chosen."""
    invited: Invited
    am_invited: bool
    is_cancelled: bool
    created_by: str
    created_by_name: str
    changes: list[Change]
    revision: int


class _Meeting(Payload):
    twinspace_id: Id
    title: Title
    agenda: LongText = ""
    room_id: Id
    starts_at: LocalTime
    ends_at: LocalTime
    time_zone: TimeZone
    invited: Invite

    @model_validator(mode="after")
    def _asks_somebody(self) -> Self:
        if not (self.invited.everybody or self.invited.user_ids or self.invited.team_ids):
            raise ValueError("invites nobody")
        return self


class PlanMeeting(_Meeting):
    pass


class PlanSeries(_Meeting):
    """Weekly, from the day of `starts_at` on."""

    until: Day
    """The last day on which one may be."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if not 0 <= _days_between(self.starts_at[:10], self.until) <= LONGEST_SERIES_DAYS:
            raise ValueError("ends before it begins, or goes on for more than a year")
        return self


class LeftOut(Reply):
    """A day on which the series has no meeting."""

    on: str
    reason: Literal["free_days", "public_holiday", "no_such_time"]
    """A school has none of its lessons; its country has a holiday; the clocks go forward over that hour."""
    school_id: str | None
    title: str


class Series(Reply):
    meetings: list[PlannedMeeting]
    left_out: list[LeftOut]


class ChangeMeeting(_Meeting):
    meeting_id: Id
    revision: Revision


class MeetingRef(Payload):
    twinspace_id: Id
    meeting_id: Id


class CancelMeeting(MeetingRef):
    revision: Revision


class Plan(Reply):
    twinspace_id: str
    activities: list[Activity]
    meetings: list[PlannedMeeting]
    """Cancelled ones too, for as long as the day is not over."""


class FreeDays(Reply):
    id: str
    school_id: str
    title: str
    starts_on: str
    ends_on: str
    revision: int


class PublicHoliday(Reply):
    on: str
    title: str


class SchoolCalendar(Reply):
    school_id: str
    time_zone: str
    free_days: list[FreeDays]
    public_holidays: list[PublicHoliday]
    """Of the school's country, in the reader's language where it is known."""


class Calendars(Reply):
    schools: list[SchoolCalendar]


class CalendarOf(Payload):
    twinspace_id: Id
    since: Day
    until: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= _days_between(self.since, self.until) <= LONGEST_CALENDAR_DAYS:
            raise ValueError(f"asks for more than {LONGEST_CALENDAR_DAYS} days, or ends before it begins")
        return self


class AddFreeDays(Payload):
    twinspace_id: Id
    title: Title
    starts_on: Day
    ends_on: Day

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not 0 <= _days_between(self.starts_on, self.ends_on) <= LONGEST_ACTIVITY_DAYS:
            raise ValueError("ends before it begins, or lasts longer than a year")
        return self


class ChangeFreeDays(AddFreeDays):
    free_days_id: Id
    revision: Revision


class RemoveFreeDays(Payload):
    twinspace_id: Id
    free_days_id: Id
    revision: Revision


def changes_of(history: Any, names: dict[str, str]) -> list[Change]:
    """The stored history as a reply; `names` by user id."""
    return [
        Change(
            revision=each["revision"],
            user_id=each["user_id"],
            display_name=names.get(each["user_id"], ""),
            at_ms=each["at_ms"],
            fields=each["fields"],
        )
        for each in history
    ]
