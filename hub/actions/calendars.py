"""The schools' calendars: the days without lessons that their teachers entered, and their countries' holidays."""

from __future__ import annotations

import datetime
import secrets

from hub.access import Act, access_twinspace
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.payloads.plan import (
    AddFreeDays,
    CalendarOf,
    Calendars,
    ChangeFreeDays,
    FreeDays,
    PublicHoliday,
    RemoveFreeDays,
    SchoolCalendar,
)
from hub.planning import access_plan, tell_plan
from hub.public_holidays import public_holidays
from hub.roster import read_schools, read_users
from hub.time_zones import zone_of_country
from storage import ports, records
from storage.records import FreeDaysId, School, SchoolId, TwinspaceId, UserId


async def read_calendars(context: Context, session: Session, payload: CalendarOf) -> Calendars:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    schools = await schools_of(context, access.twinspace.id)
    entered = await context.storage.plan.free_days(schools)
    since, until = datetime.date.fromisoformat(payload.since), datetime.date.fromisoformat(payload.until)
    return Calendars(
        schools=[
            SchoolCalendar(
                school_id=school.id,
                time_zone=zone_of_country(school.country),
                free_days=[
                    _shown(days)
                    for days in entered
                    if days.school_id == school.id and days.starts_on <= payload.until and days.ends_on >= payload.since
                ],
                public_holidays=[
                    PublicHoliday(on=day.isoformat(), title=title)
                    for day, title in public_holidays(school.country, since, until, session.user.language)
                ],
            )
            for school in schools.values()
        ]
    )


async def schools_of(context: Context, twinspace_id: TwinspaceId) -> dict[SchoolId, School]:
    """Of the teachers and pupils who are in the TwinSpace."""
    members = await context.storage.twinspaces.members(twinspace_id)
    users = await read_users(context.storage, [member.user_id for member in members])
    return await read_schools(
        context.storage, [user.school_id for user in users.values() if user.kind in ("teacher", "pupil")]
    )


async def add_free_days(context: Context, session: Session, payload: AddFreeDays) -> FreeDays:
    """For one's own school; every TwinSpace of the school sees them."""
    await access_plan(context, session.user, payload.twinspace_id)
    days = records.FreeDays(
        FreeDaysId(secrets.token_urlsafe(12)),
        session.user.school_id,
        payload.title,
        payload.starts_on,
        payload.ends_on,
        session.user.id,
        context.now_ms(),
    )
    await context.storage.plan.add_free_days(days)
    await _tell(context, days.school_id, days.id, session.user.id)
    return _shown(days)


async def change_free_days(context: Context, session: Session, payload: ChangeFreeDays) -> FreeDays:
    await access_plan(context, session.user, payload.twinspace_id)
    former = await _find_own(context, session, payload.free_days_id)
    days = records.FreeDays(
        former.id,
        former.school_id,
        payload.title,
        payload.starts_on,
        payload.ends_on,
        former.created_by,
        former.created_at_ms,
        payload.revision + 1,
    )
    try:
        await context.storage.plan.change_free_days(days)
    except ports.Conflict:
        raise _stale(former) from None
    await _tell(context, days.school_id, days.id, session.user.id)
    return _shown(days)


async def remove_free_days(context: Context, session: Session, payload: RemoveFreeDays) -> None:
    await access_plan(context, session.user, payload.twinspace_id)
    former = await _find_own(context, session, payload.free_days_id)
    try:
        await context.storage.plan.remove_free_days(former.id, payload.revision)
    except ports.Conflict:
        raise _stale(former) from None
    except ports.NotFound:
        raise NotFound from None
    await _tell(context, former.school_id, former.id, session.user.id)


async def _find_own(context: Context, session: Session, days_id: str) -> records.FreeDays:
    try:
        days = await context.storage.plan.get_free_days(FreeDaysId(days_id))
    except ports.NotFound:
        raise NotFound from None
    if days.school_id != session.user.school_id:
        raise NotFound
    return days


def _stale(days: records.FreeDays) -> Conflict:
    now = f"“{days.title}”, {days.starts_on} to {days.ends_on}"
    return Conflict(f"A colleague changed this in the meantime: it is {now} now.")


def _shown(days: records.FreeDays) -> FreeDays:
    return FreeDays(
        id=days.id,
        school_id=days.school_id,
        title=days.title,
        starts_on=days.starts_on,
        ends_on=days.ends_on,
        revision=days.revision,
    )


async def _tell(context: Context, school_id: SchoolId, days_id: str, by: UserId) -> None:
    for twinspace_id in await context.storage.plan.twinspaces_of_school(school_id):
        await tell_plan(context, twinspace_id, "calendar", days_id, by)
