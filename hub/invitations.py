"""Invitations to planned meetings: queued with the change that causes them, written when they are sent."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.utils import parseaddr
from typing import Any, Literal

from hub.calendar_files import Attendee, CalendarMeeting, calendar_file
from hub.context import Context
from hub.mail import CalendarPart, Letter
from hub.notices import choice_of, zone_of
from hub.phrases import phrase
from hub.planning import is_invited
from hub.roster import read_users
from hub.time_zones import local_time
from storage import ports
from storage.records import Delivery, MeetingId, PlannedMeeting, Room, User, UserId

KIND_OF = {"REQUEST": "meeting_planned", "CANCEL": "meeting_cancelled"}


async def queue_invitations(
    context: Context, meeting: PlannedMeeting, user_ids: Iterable[UserId], method: Literal["REQUEST", "CANCEL"]
) -> None:
    """For those who have an address and want such letters."""
    users = await read_users(context.storage, user_ids)
    addressed = [user for user in users.values() if user.email and user.state == "active"]
    preferences = await context.storage.preferences.of_users([user.id for user in addressed])
    await context.storage.deliveries.queue(
        [
            Delivery(
                f"invitation:{meeting.id}:{meeting.revision}:{user.id}",
                "mail",
                user.id,
                {"what": "invitation", "meeting_id": meeting.id, "revision": meeting.revision, "method": method},
                context.now_ms(),
            )
            for user in addressed
            if choice_of(preferences[user.id], KIND_OF[method]).mail
        ]
    )


async def queue_series(context: Context, meetings: Sequence[PlannedMeeting], user_ids: Iterable[UserId]) -> None:
    """One letter for all of them, to those who have an address and want such letters."""
    users = await read_users(context.storage, user_ids)
    addressed = [user for user in users.values() if user.email and user.state == "active"]
    preferences = await context.storage.preferences.of_users([user.id for user in addressed])
    data = {"what": "series", "meeting_ids": [meeting.id for meeting in meetings]}
    await context.storage.deliveries.queue(
        [
            Delivery(f"series:{meetings[0].id}:{user.id}", "mail", user.id, data, context.now_ms())
            for user in addressed
            if choice_of(preferences[user.id], KIND_OF["REQUEST"]).mail
        ]
    )


async def write_series(context: Context, user: User, data: dict[str, Any]) -> Letter | None:
    """The letter, with a calendar file of all that is still planned; None when nothing is, or there is no address.

    The file is for keeping (PUBLISH): an invitation that calendars answer is for one meeting (RFC 5546, section 3.2.2).
    """
    if not user.email or user.state != "active":
        return None
    meetings = []
    for meeting_id in data["meeting_ids"]:
        try:
            meetings.append(await context.storage.plan.get_meeting(MeetingId(meeting_id)))
        except ports.NotFound:
            continue
    meetings = [meeting for meeting in meetings if meeting.cancelled_at_ms is None]
    if not meetings:
        return None
    room = await context.storage.twinspaces.get_room(meetings[0].room_id)
    organiser = await context.storage.users.get_user(meetings[0].created_by)
    zone = await zone_of(context, user)
    words = {
        "name": user.display_name,
        "title": meetings[0].title,
        "count": str(len(meetings)),
        "when": "\n".join(when(meeting, zone, user.language) for meeting in meetings),
        "room": room.title,
        "organiser": organiser.display_name,
        "agenda": meetings[0].agenda,
        "link": meeting_url(context, meetings[0]),
    }
    calendar = calendar_file([calendar_meeting(context, meeting, room) for meeting in meetings], "PUBLISH")
    return Letter(
        user.email,
        phrase("meeting_planned_subject", user.language, **words),
        phrase("meeting_planned_text", user.language, **words),
        user.language,
        calendar=CalendarPart("PUBLISH", calendar),
    )


async def write_invitation(context: Context, user: User, data: dict[str, object]) -> Letter | None:
    """The letter, or None when a later one takes its place or there is no address any more."""
    try:
        meeting = await context.storage.plan.get_meeting(MeetingId(str(data["meeting_id"])))
        room = await context.storage.twinspaces.get_room(meeting.room_id)
    except ports.NotFound:
        return None
    method: Literal["REQUEST", "CANCEL"] = "CANCEL" if data["method"] == "CANCEL" else "REQUEST"
    if not user.email or user.state != "active" or await _is_overtaken(context, meeting, user, data):
        return None
    organiser = await context.storage.users.get_user(meeting.created_by)
    attendee = Attendee(user.display_name, user.email, organiser.display_name, parseaddr(context.settings.mail_from)[1])
    name = "cancelled" if method == "CANCEL" else "changed" if meeting.revision > 1 else "planned"
    zone = await zone_of(context, user)
    words = {
        "name": user.display_name,
        "title": meeting.title,
        "when": when(meeting, zone, user.language),
        "room": room.title,
        "organiser": organiser.display_name,
        "agenda": meeting.agenda,
        "link": meeting_url(context, meeting),
    }
    calendar = calendar_file([calendar_meeting(context, meeting, room)], method, attendee=attendee)
    return Letter(
        user.email,
        phrase(f"meeting_{name}_subject", user.language, **words),
        phrase(f"meeting_{name}_text", user.language, **words),
        user.language,
        calendar=CalendarPart(method, calendar),
    )


async def _is_overtaken(context: Context, meeting: PlannedMeeting, user: User, data: dict[str, object]) -> bool:
    """A later invitation replaces an earlier one; a cancellation holds unless the person is asked again by now."""
    if data["method"] == "REQUEST":
        return meeting.revision != data["revision"]
    teams = await context.storage.teams.of_twinspace(meeting.twinspace_id)
    return meeting.cancelled_at_ms is None and is_invited(meeting, user.id, teams)


def when(meeting: PlannedMeeting, zone: str, language: str) -> str:
    """Day and hours as the clocks show them where the reader lives."""
    starts, ends = local_time(meeting.starts_at_ms, zone), local_time(meeting.ends_at_ms, zone)
    day = phrase("day", language, day=f"{starts:%d}", month=f"{starts:%m}", year=f"{starts:%Y}")
    return f"{day}, {starts:%H:%M}–{ends:%H:%M} ({zone})"


def meeting_url(context: Context, meeting: PlannedMeeting) -> str:
    return f"{context.settings.base_url}/s/{meeting.twinspace_id}/room/{meeting.room_id}"


def calendar_meeting(context: Context, meeting: PlannedMeeting, room: Room) -> CalendarMeeting:
    changed_at_ms = meeting.history[-1]["at_ms"] if meeting.history else meeting.created_at_ms
    return CalendarMeeting(
        id=meeting.id,
        title=meeting.title,
        agenda=meeting.agenda,
        place=room.title,
        url=meeting_url(context, meeting),
        starts_at_ms=meeting.starts_at_ms,
        ends_at_ms=meeting.ends_at_ms,
        time_zone=meeting.time_zone,
        revision=meeting.revision,
        changed_at_ms=changed_at_ms,
        created_at_ms=meeting.created_at_ms,
        is_cancelled=meeting.cancelled_at_ms is not None,
    )
