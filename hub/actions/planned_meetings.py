"""Meetings to come: planned, moved and called off, with invitations by mail, as a file and in everybody's calendar."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import replace

from hub.access import Access, Act, access_twinspace
from hub.actions.activities import shown as shown_activities
from hub.actions.journal import record
from hub.calendar_files import CONTENT_TYPE, calendar_file
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.invitations import calendar_meeting, queue_invitations
from hub.notices import notify, tell_desk
from hub.payloads.operations import Download
from hub.payloads.plan import (
    LONGEST_MEETING_MS,
    CancelMeeting,
    ChangeMeeting,
    Invited,
    MeetingRef,
    Plan,
    PlanMeeting,
    PlannedMeeting,
    PlanSeries,
    changes_of,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.planning import access_plan, differing, grown, invited_members, is_invited, stale, tell_plan
from hub.roster import read_users
from hub.time_zones import NoSuchTime, instant_ms, local_time
from storage import ports, records
from storage.records import MeetingId, RoomId, Team, TwinspaceId, UserId

MOST_MEETINGS = 500
PARTS = {
    "title": ("title",),
    "agenda": ("agenda",),
    "time": ("starts_at_ms", "ends_at_ms", "time_zone"),
    "room": ("room_id",),
    "invited": ("invited",),
}


async def read_plan(context: Context, session: Session, payload: TwinspaceRef) -> Plan:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    twinspace_id, storage = access.twinspace.id, context.storage
    return Plan(
        twinspace_id=twinspace_id,
        activities=await shown_activities(context, access, await storage.plan.activities(twinspace_id)),
        meetings=await shown(context, session.user.id, await storage.plan.meetings(twinspace_id)),
    )


async def plan_meeting(context: Context, session: Session, payload: PlanMeeting) -> PlannedMeeting:
    access = await access_plan(context, session.user, payload.twinspace_id)
    await check_meeting(context, access, payload)
    starts_at_ms, ends_at_ms = times_of(payload)
    if len(await context.storage.plan.meetings(access.twinspace.id)) >= MOST_MEETINGS:
        raise Invalid(f"A plan has at most {MOST_MEETINGS} meetings.", field="title")
    meeting = new_meeting(context, session, payload, starts_at_ms, ends_at_ms)
    await context.storage.plan.add_meeting(meeting)
    invited = await who_is_asked(context, meeting)
    await queue_invitations(context, meeting, invited, "REQUEST")
    await _note(context, session, meeting, "meeting_planned")
    await _tell(context, session, meeting, invited, "meeting_planned")
    return (await shown(context, session.user.id, [meeting]))[0]


def new_meeting(
    context: Context, session: Session, payload: PlanMeeting | PlanSeries, starts_at_ms: int, ends_at_ms: int
) -> records.PlannedMeeting:
    """Not stored yet; `payload` has passed `check_meeting`."""
    return records.PlannedMeeting(
        id=MeetingId(secrets.token_urlsafe(12)),
        twinspace_id=TwinspaceId(payload.twinspace_id),
        room_id=RoomId(payload.room_id),
        title=payload.title,
        agenda=payload.agenda,
        starts_at_ms=starts_at_ms,
        ends_at_ms=ends_at_ms,
        time_zone=payload.time_zone,
        invited=invited_of(payload),
        created_by=session.user.id,
        created_at_ms=context.now_ms(),
        history=[],
    )


async def change_meeting(context: Context, session: Session, payload: ChangeMeeting) -> PlannedMeeting:
    """Who is asked no longer gets a cancellation. Raise Conflict when `revision` is not the present one."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    former = await _find(context, access, payload.meeting_id)
    if former.cancelled_at_ms is not None:
        raise stale(former.title, former.history, former.revision - 1, await _names(context, [former]))
    await check_meeting(context, access, payload)
    starts_at_ms, ends_at_ms = times_of(payload)
    wanted = replace(
        former,
        room_id=RoomId(payload.room_id),
        title=payload.title,
        agenda=payload.agenda,
        starts_at_ms=starts_at_ms,
        ends_at_ms=ends_at_ms,
        time_zone=payload.time_zone,
        invited=invited_of(payload),
        revision=payload.revision + 1,
    )
    fields = differing(former, wanted, PARTS)
    if former.revision == payload.revision and not fields:
        return (await shown(context, session.user.id, [former]))[0]
    changed = await _store(context, session, former, wanted, payload.revision, fields)
    before, after = await who_is_asked(context, former), await who_is_asked(context, changed)
    await queue_invitations(context, changed, after, "REQUEST")
    gone = [user_id for user_id in before if user_id not in after]
    await queue_invitations(context, changed, gone, "CANCEL")
    if {"title", "time", "room"} & {*fields}:
        await _note(context, session, changed, "meeting_changed")
    await _tell(context, session, changed, after, "meeting_changed")
    await _tell(context, session, changed, gone, "meeting_cancelled")
    return (await shown(context, session.user.id, [changed]))[0]


async def cancel_meeting(context: Context, session: Session, payload: CancelMeeting) -> None:
    """Call it off: it stays in the plan, struck out. Raise Conflict when it is not the one that was seen."""
    access = await access_plan(context, session.user, payload.twinspace_id)
    former = await _find(context, access, payload.meeting_id)
    if former.cancelled_at_ms is not None and former.revision == payload.revision:
        return
    wanted = replace(former, cancelled_at_ms=context.now_ms(), revision=payload.revision + 1)
    changed = await _store(context, session, former, wanted, payload.revision, ["cancelled"])
    invited = await who_is_asked(context, changed)
    await queue_invitations(context, changed, invited, "CANCEL")
    await _note(context, session, changed, "meeting_cancelled")
    await _tell(context, session, changed, invited, "meeting_cancelled")


async def fetch_invitation(context: Context, session: Session, payload: MeetingRef) -> Download:
    """The meeting as a calendar file, for those who get no mail."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    meeting = await _find(context, access, payload.meeting_id)
    room = await context.storage.twinspaces.get_room(meeting.room_id)
    data = calendar_file([calendar_meeting(context, meeting, room)], "PUBLISH")
    return Download(content_type=CONTENT_TYPE, filename="meeting.ics", content=data)


async def _store(
    context: Context,
    session: Session,
    former: records.PlannedMeeting,
    wanted: records.PlannedMeeting,
    seen: int,
    fields: Sequence[str],
) -> records.PlannedMeeting:
    history = grown(former.history, wanted.revision, session.user.id, context.now_ms(), fields)
    changed = replace(wanted, history=history)
    try:
        await context.storage.plan.change_meeting(changed)
    except ports.Conflict:
        now = await context.storage.plan.get_meeting(former.id)
        raise stale(now.title, now.history, seen, await _names(context, [now])) from None
    return changed


async def shown(context: Context, user_id: UserId, meetings: Sequence[records.PlannedMeeting]) -> list[PlannedMeeting]:
    storage = context.storage
    changers = [UserId(change["user_id"]) for each in meetings for change in each.history]
    users = await read_users(storage, [*changers, *(each.created_by for each in meetings)])
    names = {str(each): user.display_name for each, user in users.items()}
    spaces = dict.fromkeys(each.twinspace_id for each in meetings)
    rooms = {room.id: room.title for space in spaces for room in await storage.twinspaces.rooms(space)}
    teams: dict[TwinspaceId, list[Team]] = {space: await storage.teams.of_twinspace(space) for space in spaces}
    return [
        PlannedMeeting(
            id=each.id,
            twinspace_id=each.twinspace_id,
            room_id=each.room_id,
            room_title=rooms[each.room_id],
            title=each.title,
            agenda=each.agenda,
            starts_at_ms=each.starts_at_ms,
            ends_at_ms=each.ends_at_ms,
            starts_at=_clock(each.starts_at_ms, each.time_zone),
            ends_at=_clock(each.ends_at_ms, each.time_zone),
            time_zone=each.time_zone,
            invited=Invited(**each.invited),
            am_invited=is_invited(each, user_id, teams[each.twinspace_id]),
            is_cancelled=each.cancelled_at_ms is not None,
            created_by=each.created_by,
            created_by_name=names[each.created_by],
            changes=changes_of(each.history, names),
            revision=each.revision,
        )
        for each in meetings
    ]


def _clock(at_ms: int, zone: str) -> str:
    return local_time(at_ms, zone).replace(tzinfo=None).isoformat(timespec="minutes")


def times_of(payload: PlanMeeting | ChangeMeeting | PlanSeries) -> tuple[int, int]:
    """Raise Invalid for what no clock shows, and for a meeting that ends before it begins or lasts too long."""
    times = []
    for field, local in (("starts_at", payload.starts_at), ("ends_at", payload.ends_at)):
        try:
            times.append(instant_ms(local, payload.time_zone))
        except NoSuchTime as error:
            raise Invalid(f"{error}.", field=field) from None
        except (ValueError, OverflowError):
            raise Invalid(f"{local} is no time of the calendar.", field=field) from None
    if times[1] <= times[0]:
        raise Invalid("The meeting ends before it begins.", field="ends_at")
    if times[1] - times[0] > LONGEST_MEETING_MS:
        raise Invalid("A meeting lasts at most twelve hours.", field="ends_at")
    return times[0], times[1]


def invited_of(payload: PlanMeeting | ChangeMeeting | PlanSeries) -> dict[str, object]:
    invited = payload.invited
    return {
        "everybody": invited.everybody,
        "user_ids": sorted(set(invited.user_ids)),
        "team_ids": sorted(set(invited.team_ids)),
    }


async def check_meeting(context: Context, access: Access, payload: PlanMeeting | ChangeMeeting | PlanSeries) -> None:
    storage, twinspace_id = context.storage, access.twinspace.id
    if payload.room_id not in {room.id for room in await storage.twinspaces.rooms(twinspace_id)}:
        raise Invalid("This room is not here.", field="room_id")
    members = {member.user_id for member in await storage.twinspaces.members(twinspace_id)}
    if not set(payload.invited.user_ids) <= members:
        raise Invalid("Somebody in this list is not a member here.", field="invited")
    if not set(payload.invited.team_ids) <= {team.id for team in await storage.teams.of_twinspace(twinspace_id)}:
        raise Invalid("One of these teams is not here.", field="invited")


async def _find(context: Context, access: Access, meeting_id: str) -> records.PlannedMeeting:
    try:
        meeting = await context.storage.plan.get_meeting(MeetingId(meeting_id))
    except ports.NotFound:
        raise NotFound from None
    if meeting.twinspace_id != access.twinspace.id:
        raise NotFound
    return meeting


async def who_is_asked(context: Context, meeting: records.PlannedMeeting) -> list[UserId]:
    members = await context.storage.twinspaces.members(meeting.twinspace_id)
    return invited_members(meeting, members, await context.storage.teams.of_twinspace(meeting.twinspace_id))


async def _names(context: Context, meetings: Sequence[records.PlannedMeeting]) -> dict[UserId, str]:
    changers = [UserId(change["user_id"]) for each in meetings for change in each.history]
    return {user_id: user.display_name for user_id, user in (await read_users(context.storage, changers)).items()}


async def _note(context: Context, session: Session, meeting: records.PlannedMeeting, verb: str) -> None:
    details = {"title": meeting.title, "starts_at_ms": meeting.starts_at_ms}
    await record(context, meeting.twinspace_id, verb, session.user, meeting.id, details)


async def _tell(
    context: Context, session: Session, meeting: records.PlannedMeeting, user_ids: Iterable[UserId], kind: str
) -> None:
    others = [user_id for user_id in user_ids if user_id != session.user.id]
    details = {
        "title": meeting.title,
        "starts_at_ms": meeting.starts_at_ms,
        "by": session.user.display_name,
        "room_id": meeting.room_id,
    }
    await notify(context, others, kind, subject_id=meeting.id, details=details, twinspace_id=meeting.twinspace_id)
    await tell_plan(context, meeting.twinspace_id, "meeting", meeting.id, session.user.id)
    await tell_desk(context, [*others, session.user.id], "meeting")
