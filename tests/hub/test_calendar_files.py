"""Invitations as another library reads them: the hour is right across changes of clocks, UID and SEQUENCE as meant."""

from __future__ import annotations

import datetime
import io
from dataclasses import replace
from typing import Any

import dateutil.tz
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from hub.calendar_files import Attendee, CalendarMeeting, calendar_file
from hub.time_zones import ZONES, NoSuchTime, instant_ms, is_zone, local_time

MEETING = CalendarMeeting(
    id="meeting-1",
    title="Primera clase; pan, sól i ñ",
    agenda="1. Hello\n2. Bread",
    place="Room of the bakers",
    url="https://hub.example/s/one/room/two",
    starts_at_ms=instant_ms("2026-10-24T10:00", "Europe/Madrid"),
    ends_at_ms=instant_ms("2026-10-24T11:00", "Europe/Madrid"),
    time_zone="Europe/Madrid",
    revision=3,
    changed_at_ms=1_790_000_000_000,
    created_at_ms=1_780_000_000_000,
)
ANA = Attendee("Ana", "ana@school.example", "Marek", "hub@hub.example")


def read(data: bytes) -> Any:
    return vobject.readOne(data.decode())


def instants(meeting: CalendarMeeting) -> tuple[datetime.datetime, datetime.datetime]:
    """Beginning and end by the rules in the file alone: its zone is given a name that no reader has ever heard."""
    data = calendar_file([meeting], "PUBLISH").decode().replace(meeting.time_zone, "Nowhere/Known")
    zone = dateutil.tz.tzical(io.StringIO(data)).get("Nowhere/Known")
    event = next(each for each in vobject.readOne(data).components() if each.name == "VEVENT")
    starts, ends = (each.value.replace(tzinfo=zone) for each in (event.dtstart, event.dtend))
    return starts, ends


def utc_ms(value: datetime.datetime) -> int:
    return int(value.timestamp() * 1000)


def test_an_invitation_says_what_when_and_where() -> None:
    calendar = read(calendar_file([MEETING], "REQUEST", attendee=ANA))
    event = calendar.vevent
    assert calendar.method.value == "REQUEST"
    assert event.uid.value == "meeting-1@meetings.twinspace-hub"
    assert (event.sequence.value, event.status.value) == ("2", "CONFIRMED")
    assert event.summary.value == MEETING.title
    assert event.description.value == f"{MEETING.agenda}\n\n{MEETING.url}"
    assert event.attendee.value == "mailto:ana@school.example"
    assert event.organizer.value == "mailto:hub@hub.example"
    assert event.organizer.params["CN"] == ["Marek"]


def test_a_later_revision_replaces_and_a_cancellation_ends_the_same_event() -> None:
    first = read(calendar_file([MEETING], "REQUEST", attendee=ANA)).vevent
    later = read(calendar_file([replace(MEETING, revision=4)], "REQUEST", attendee=ANA)).vevent
    ended = read(calendar_file([replace(MEETING, revision=5)], "CANCEL", attendee=ANA))
    assert first.uid.value == later.uid.value == ended.vevent.uid.value
    assert int(first.sequence.value) < int(later.sequence.value) < int(ended.vevent.sequence.value)
    assert (ended.method.value, ended.vevent.status.value) == ("CANCEL", "CANCELLED")


# The clocks go back on 25 October 2026 and forward on 28 March 2027; Azores and Canaries have hours of their own, and
# Iceland and Turkey never change.
SKIPPED = [("Europe/Athens", "2027-03-28T03:30")]
"""Farther east the clocks skip another hour."""
EDGES = [
    "2026-10-24T10:00",
    "2026-10-25T00:59",
    "2026-10-25T02:30",
    "2026-10-25T03:00",
    "2026-10-26T10:00",
    "2027-03-27T10:00",
    "2027-03-28T03:30",
    "2027-03-29T10:00",
]


@pytest.mark.parametrize(
    "zone", ["Europe/Madrid", "Europe/Warsaw", "Atlantic/Canary", "Europe/Athens", "Atlantic/Azores"]
)
@pytest.mark.parametrize("local", EDGES)
def test_another_library_finds_the_same_instant_from_the_zone_s_own_rules(zone: str, local: str) -> None:
    """The reader is given the rules in the file alone: the zone has a name that only this file knows."""
    try:
        at_ms = instant_ms(local, zone)
    except NoSuchTime:
        assert (zone, local) in SKIPPED
        return
    meeting = replace(MEETING, time_zone=zone, starts_at_ms=at_ms, ends_at_ms=at_ms + 3_600_000)
    starts, _ = instants(meeting)
    assert starts.replace(tzinfo=None).isoformat(timespec="minutes") == local
    assert utc_ms(starts) == at_ms


def test_a_meeting_across_the_change_of_clocks_keeps_its_real_length() -> None:
    start = instant_ms("2026-10-25T01:30", "Europe/Warsaw")
    meeting = replace(MEETING, time_zone="Europe/Warsaw", starts_at_ms=start, ends_at_ms=start + 3 * 3_600_000)
    starts, ends = instants(meeting)
    assert ends.replace(tzinfo=None).isoformat(timespec="minutes") == "2026-10-25T03:30"
    assert utc_ms(ends) - utc_ms(starts) == 3 * 3_600_000


def test_a_feed_has_many_events_and_each_zone_once() -> None:
    other = replace(MEETING, id="meeting-2", time_zone="Europe/Warsaw")
    calendar = read(calendar_file([MEETING, other, replace(MEETING, id="meeting-3")], "PUBLISH", title="Ana"))
    assert len(calendar.vevent_list) == 3
    assert sorted(zone.tzid.value for zone in calendar.vtimezone_list) == ["Europe/Madrid", "Europe/Warsaw"]
    assert read(calendar_file([], "PUBLISH", title="Ana")).x_wr_calname.value == "Ana"


def test_no_line_is_longer_than_the_format_allows() -> None:
    data = calendar_file([replace(MEETING, agenda="ż" * 4000)], "PUBLISH")
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))


def test_every_country_has_a_zone_that_exists() -> None:
    assert all(is_zone(zone) for zone in ZONES.values())


def test_an_hour_that_the_clocks_skip_is_refused() -> None:
    with pytest.raises(NoSuchTime):
        instant_ms("2027-03-28T02:30", "Europe/Madrid")
    assert instant_ms("2027-03-28T02:30", "Europe/Istanbul")


@given(
    st.integers(1_600_000_000, 2_000_000_000).map(lambda seconds: seconds // 60 * 60_000),
    st.sampled_from(sorted(ZONES.values())),
)
def test_what_the_clocks_show_leads_back_to_the_instant(at_ms: int, zone: str) -> None:
    shown = local_time(at_ms, zone)
    back = instant_ms(shown.replace(tzinfo=None).isoformat(timespec="minutes"), zone)
    # In the hour that is shown twice the first one is meant.
    assert back == at_ms or (shown.fold == 1 and back < at_ms)
