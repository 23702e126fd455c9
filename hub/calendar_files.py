"""Planned meetings as iCalendar (RFC 5545): invitations by mail (iTIP, RFC 5546), files to keep, and a feed.

The hour is written in the zone in which it was chosen, with that zone's rules beside it, so that calendars of every
make show it right across a change of clocks. A meeting keeps its UID for ever; SEQUENCE grows with each change.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

from hub.zone_rules import zone_rules

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]
PRODUCT = "-//TwinSpace Hub//Meetings//EN"
UID_DOMAIN = "meetings.twinspace-hub"
CONTENT_TYPE = "text/calendar; charset=utf-8"


@dataclass(frozen=True, slots=True)
class CalendarMeeting:
    id: str
    title: str
    agenda: str
    place: str
    url: str
    starts_at_ms: int
    ends_at_ms: int
    time_zone: str
    revision: int
    changed_at_ms: int
    created_at_ms: int
    is_cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Attendee:
    """Whom an invitation is for, and from whom it comes: calendars show both."""

    name: str
    email: str
    organiser_name: str
    organiser_email: str
    """The hub's own address: a teacher's stays the teacher's."""


def calendar_file(
    meetings: Iterable[CalendarMeeting], method: Method, *, title: str = "", attendee: Attendee | None = None
) -> bytes:
    """An attendee is needed for REQUEST and CANCEL."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method)
    if title:
        calendar.add("name", title)
        calendar.add("x-wr-calname", title)
        calendar.add("refresh-interval", datetime.timedelta(hours=1), parameters={"VALUE": "DURATION"})
        calendar.add("x-published-ttl", "PT1H")
    meetings = list(meetings)
    for zone in sorted({meeting.time_zone for meeting in meetings}):
        years = [_time(meeting.starts_at_ms, meeting).year for meeting in meetings if meeting.time_zone == zone]
        # From a year before: whoever moves a meeting in their own calendar still finds the rules.
        calendar.add_component(zone_rules(zone, min(years) - 1, max(years) + 1))
    for meeting in meetings:
        calendar.add_component(_event(meeting, method, attendee))
    data: bytes = calendar.to_ical()
    return data


def _time(at_ms: int, meeting: CalendarMeeting) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at_ms // 1000, ZoneInfo(meeting.time_zone))


def _utc(at_ms: int) -> datetime.datetime:
    return datetime.datetime.fromtimestamp(at_ms // 1000, datetime.UTC)


def _event(meeting: CalendarMeeting, method: Method, attendee: Attendee | None) -> Event:
    event = Event()
    event.add("uid", f"{meeting.id}@{UID_DOMAIN}")
    event.add("sequence", meeting.revision - 1)
    event.add("dtstamp", _utc(meeting.changed_at_ms))
    event.add("created", _utc(meeting.created_at_ms))
    event.add("last-modified", _utc(meeting.changed_at_ms))
    event.add("dtstart", _time(meeting.starts_at_ms, meeting))
    event.add("dtend", _time(meeting.ends_at_ms, meeting))
    event.add("summary", meeting.title)
    event.add("description", f"{meeting.agenda}\n\n{meeting.url}".strip())
    event.add("location", meeting.place)
    event.add("url", meeting.url)
    event.add("status", "CANCELLED" if method == "CANCEL" or meeting.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    if attendee is not None:
        organiser = vCalAddress(f"mailto:{attendee.organiser_email}")
        organiser.params["CN"] = vText(attendee.organiser_name)
        event.add("organizer", organiser, encode=False)
        guest = vCalAddress(f"mailto:{attendee.email}")
        guest.params["CN"] = vText(attendee.name)
        guest.params["ROLE"] = vText("REQ-PARTICIPANT")
        guest.params["PARTSTAT"] = vText("NEEDS-ACTION")
        guest.params["RSVP"] = vText("FALSE")
        event.add("attendee", guest, encode=False)
    return event
