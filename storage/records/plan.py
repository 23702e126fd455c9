"""The work plan of a TwinSpace, and the calendars of its schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import Json, RoomId, SchoolId, TwinspaceId, UserId

ActivityId = NewType("ActivityId", str)
MeetingId = NewType("MeetingId", str)
FreeDaysId = NewType("FreeDaysId", str)
ActivityState = Literal["planned", "running", "done", "dropped"]


@dataclass(frozen=True, slots=True)
class Activity:
    """One piece of the work plan."""

    id: ActivityId
    twinspace_id: TwinspaceId
    title: str
    text: str
    state: ActivityState
    starts_on: str
    """ISO 8601 date, as `ends_on`: the first and the last day."""
    ends_on: str
    subjects: Json
    """`{school_id: [subject]}`: what it counts as in each school."""
    team_ids: tuple[str, ...]
    content_ids: tuple[str, ...]
    """The documents, walls and forms it is done with."""
    created_by: UserId
    created_at_ms: int
    history: Json
    """`[{revision, user_id, at_ms, fields}]`, oldest first: who changed what, so that a stale editor can be told."""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class PlannedMeeting:
    """A meeting to come, or one that was."""

    id: MeetingId
    twinspace_id: TwinspaceId
    room_id: RoomId
    title: str
    agenda: str
    starts_at_ms: int
    ends_at_ms: int
    time_zone: str
    """IANA name: where its hour was chosen, so that a calendar shows it right across a change of clocks."""
    invited: Json
    """`{everybody, user_ids, team_ids}`"""
    created_by: UserId
    created_at_ms: int
    history: Json
    """As in Activity."""
    revision: int = 1
    cancelled_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class FreeDays:
    """Days on which a school has no lessons: holidays, a local feast, exams."""

    id: FreeDaysId
    school_id: SchoolId
    title: str
    starts_on: str
    ends_on: str
    created_by: UserId
    created_at_ms: int
    revision: int = 1
