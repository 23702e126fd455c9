"""Planning a meeting for every week in one step: but for the days on which one of the schools has no lessons.

The hour is that of the clocks where it was chosen, before and after they change. Each meeting is then one like others:
it is moved or called off alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator

from hub.access import Access
from hub.actions.calendars import schools_of
from hub.actions.journal import record
from hub.actions.planned_meetings import MOST_MEETINGS, check_meeting, new_meeting, shown, times_of, who_is_asked
from hub.context import Context, Session
from hub.errors import Invalid
from hub.invitations import queue_series
from hub.notices import notify, tell_desk
from hub.payloads.plan import LeftOut, PlanSeries, Series
from hub.planning import access_plan, tell_plan
from hub.public_holidays import public_holidays
from hub.time_zones import NoSuchTime, instant_ms
from storage import records

WEEK = datetime.timedelta(days=7)


async def plan_series(context: Context, session: Session, payload: PlanSeries) -> Series:
    """All meetings or none. Raise Invalid when no day is left, or the plan would hold too many."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    await check_meeting(context, access, payload)
    starts_at_ms, ends_at_ms = times_of(payload)
    off = await _days_off(context, access, session, payload)
    left_out, meetings = [], []
    for day in _weekly(payload):
        if (reason := off.get(day.isoformat())) is not None:
            left_out.append(reason)
            continue
        try:
            begins_ms = instant_ms(f"{day.isoformat()}{payload.starts_at[10:]}", payload.time_zone)
        except NoSuchTime:
            left_out.append(LeftOut(on=day.isoformat(), reason="no_such_time", school_id=None, title=""))
            continue
        meetings.append(new_meeting(context, session, payload, begins_ms, begins_ms + ends_at_ms - starts_at_ms))
    if not meetings:
        raise Invalid("On each of these days one of the schools has no lessons.", field="until")
    known = await context.storage.plan.meetings(access.twinspace.id)
    if len(known) + len(meetings) > MOST_MEETINGS:
        raise Invalid(f"A plan has at most {MOST_MEETINGS} meetings.", field="until")
    await context.storage.plan.add_meetings(meetings)
    await _tell(context, session, meetings)
    return Series(meetings=await shown(context, session.user.id, meetings), left_out=left_out)


def _weekly(payload: PlanSeries) -> Iterator[datetime.date]:
    day, last = datetime.date.fromisoformat(payload.starts_at[:10]), datetime.date.fromisoformat(payload.until)
    while day <= last:
        yield day
        day += WEEK


async def _days_off(context: Context, access: Access, session: Session, payload: PlanSeries) -> dict[str, LeftOut]:
    """Day → why not, for every day of the series on which a school of the TwinSpace has none of its lessons."""
    first, last = payload.starts_at[:10], payload.until
    schools = await schools_of(context, access.twinspace.id)
    found: dict[str, LeftOut] = {}
    # Where several have none, what is said of one's own school stands, in one's own words.
    for school in sorted(schools.values(), key=lambda each: each.id == session.user.school_id):
        days = (datetime.date.fromisoformat(first), datetime.date.fromisoformat(last))
        for on, title in public_holidays(school.country, *days, session.user.language):
            found[on.isoformat()] = LeftOut(
                on=on.isoformat(), reason="public_holiday", school_id=school.id, title=title
            )
    for free in await context.storage.plan.free_days(schools):
        for day in _weekly(payload):
            if free.starts_on <= day.isoformat() <= free.ends_on:
                found[day.isoformat()] = LeftOut(
                    on=day.isoformat(), reason="free_days", school_id=free.school_id, title=free.title
                )
    return found


async def _tell(context: Context, session: Session, meetings: list[records.PlannedMeeting]) -> None:
    """Once for all of them."""
    first = meetings[0]
    asked = await who_is_asked(context, first)
    others = [user_id for user_id in asked if user_id != session.user.id]
    await queue_series(context, meetings, asked)
    details = {"title": first.title, "starts_at_ms": first.starts_at_ms, "count": len(meetings)}
    await record(context, first.twinspace_id, "series_planned", session.user, first.id, details)
    told = {**details, "by": session.user.display_name, "room_id": first.room_id}
    await notify(context, others, "meeting_planned", subject_id=first.id, details=told, twinspace_id=first.twinspace_id)
    await tell_plan(context, first.twinspace_id, "meeting", first.id, session.user.id)
    await tell_desk(context, [*others, session.user.id], "meeting")
