"""Meetings that were held, who was in them, and the rooms that they were divided into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NewType

from storage.records.ids import Json, RoomId, SchoolId, TwinspaceId, UserId
from storage.records.plan import MeetingId
from storage.records.teams import TeamId
from storage.records.visibility import Rung

BreakoutsId = NewType("BreakoutsId", str)
BreakoutNoteId = NewType("BreakoutNoteId", str)
HeldMeetingId = NewType("HeldMeetingId", str)
StayId = NewType("StayId", str)
BreakoutNoteKind = Literal["call", "broadcast"]


@dataclass(frozen=True, slots=True)
class Breakouts:
    """The groups into which a room's meeting is divided: planned, opened, closed, opened again."""

    id: BreakoutsId
    twinspace_id: TwinspaceId
    room_id: RoomId
    """The room that is divided, and to which everybody comes back."""
    meeting_id: MeetingId | None
    """The planned meeting that they are meant for."""
    title: str
    minutes: int | None
    """How long they are open; None: until a teacher closes them."""
    groups: Json
    """`[{id, title, user_ids, adult_id, room_id, document_id, wall_id, board_id}]`; what they name exists once it was
    opened; `board_id` is missing from old ones."""
    apart: Json
    """`[[user_id, user_id]]`: who is not to be in one group."""
    created_by: UserId
    created_at_ms: int
    opened_at_ms: int | None = None
    closes_at_ms: int | None = None
    """When the rooms close, or closed; the clock alone says which, so that it holds over a restart."""
    revision: int = 1


@dataclass(frozen=True, slots=True)
class BreakoutNote:
    """A group's call for a teacher, or a teacher's sentence to all groups."""

    id: BreakoutNoteId
    breakouts_id: BreakoutsId
    kind: BreakoutNoteKind
    group_id: str | None
    user_id: UserId
    text: str
    at_ms: int
    answered_by: UserId | None = None
    answered_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A meeting that is held, or was: what is kept of it when all have gone."""

    id: HeldMeetingId
    twinspace_id: TwinspaceId
    room_id: RoomId
    meeting_id: MeetingId | None
    """The planned meeting that it was, if any."""
    title: str
    agenda: str
    created_by: UserId
    """Who planned it, else who came first."""
    started_at_ms: int
    seen_at_ms: int
    """When somebody was last known to be there."""
    talk: Json
    """`{school_id: ms}`: how long each school had the floor."""
    ended_at_ms: int | None = None
    record: Json = None
    """What is kept for good, written once when it ended; without names."""
    visibility: Rung = "twinspace"
    team_id: TeamId | None = None
    school_id: SchoolId | None = None


@dataclass(frozen=True, slots=True)
class Stay:
    """Somebody's time in a room without a break."""

    id: StayId
    held_id: HeldMeetingId
    room_id: RoomId
    """The meeting's room or one of its breakout rooms."""
    user_id: UserId
    pupils: tuple[UserId, ...]
    """Of a class that sits at this device: who of it was there as well."""
    joined_at_ms: int
    seen_at_ms: int
    """Until when they were certainly there."""
