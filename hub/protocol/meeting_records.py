"""Meetings that were held, and what is kept of them."""

from __future__ import annotations

from hub.access import Act
from hub.actions import meeting_records
from hub.payloads import meeting_records as payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.payloads.rooms import RoomRef
from hub.protocol.paths import TWINSPACE
from hub.table import WRITING, Announcement, Event, Route

HELD = f"{TWINSPACE}/held-meetings"
ONE = f"{HELD}/{{held_id}}"

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", HELD, meeting_records.list_meetings, twinspace_payloads.TwinspaceRef, payloads.HeldMeetings,
          "The meetings that were held, newest first, and those that are held now.", Act.READ),
    Route("GET", ONE, meeting_records.read_record, payloads.HeldMeetingRef, payloads.MeetingRecord,
          "What is kept of a meeting: by school, never by child.", Act.READ),
    Route("PUT", f"{ONE}/visibility", meeting_records.change_record_visibility, payloads.ChangeRecordVisibility,
          payloads.HeldMeeting, "Put the record on another rung of the visibility ladder.", Act.MODERATE,
          limit=WRITING),
    Route("GET", f"{ONE}/attendance", meeting_records.read_attendance, payloads.HeldMeetingRef, payloads.Attendance,
          "Who was there, with minutes.", Act.BREAKOUTS),
    Route("GET", f"{ONE}/attendance.csv", meeting_records.fetch_attendance, payloads.HeldMeetingRef,
          operation_payloads.Download, "Who was there, as a sheet.", Act.BREAKOUTS),
)

EVENTS: tuple[Event, ...] = (
    Event("room:end", meeting_records.end_meeting, RoomRef, None,
          "End the meeting for everybody; its record is written now.", Act.MODERATE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("meeting:recorded", payloads.MeetingRecorded, "A meeting has ended; its record can be opened."),
)
# fmt: on
