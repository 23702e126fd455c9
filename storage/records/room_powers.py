"""What a meeting room allows: its rules, what holds for single people in it, class seats, raised hands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NewType

from storage.records.ids import RoomId, SchoolId, UserId

HandId = NewType("HandId", str)
HandOutcome = Literal["called", "lowered"]


@dataclass(frozen=True, slots=True)
class RoomRules:
    room_id: RoomId
    locked: tuple[str, ...]
    """Parts (`hub.lesson.powers.Part`) that are closed to everybody who doesn't lead."""
    exceptions: Mapping[str, str] = field(default_factory=dict)
    """By part, the one user to whom it is open all the same."""
    has_lobby: bool = False
    revision: int = 0
    """Grows by one with each change: whoever heard of two knows which is newer, whatever their clocks say."""
    changed_by: UserId | None = None
    """None: nobody yet, these are the defaults."""
    changed_at_ms: int = 0


@dataclass(frozen=True, slots=True)
class RoomStanding:
    """What holds for one person in one room, from meeting to meeting until somebody changes it."""

    room_id: RoomId
    user_id: UserId
    held: tuple[str, ...] = ()
    """Parts that a teacher took from this person."""
    camera_to_staff: bool = False
    """Their pictures go to the schools' adults alone."""
    is_removed: bool = False
    """Kept out until let in again."""
    admitted_at_ms: int | None = None
    """When they were let in from the lobby last; None: never, or sent back since."""
    shown_name: str = ""
    """As a teacher corrected it; empty: as in the account."""
    interprets: str = ""
    """The language of the channel they interpret into; empty: none."""


@dataclass(frozen=True, slots=True)
class SeatPupil:
    """A pupil who sits before the device of `seat_id`."""

    room_id: RoomId
    seat_id: UserId
    """Whose device is the class's seat."""
    pupil_id: UserId
    name: str
    """As it is called out."""


@dataclass(frozen=True, slots=True)
class Hand:
    id: HandId
    room_id: RoomId
    user_id: UserId
    """On whose device it was raised."""
    pupil_id: UserId | None
    """Before a class seat: whose hand it is."""
    school_id: SchoolId
    raised_at_ms: int
    ended_at_ms: int | None = None
    outcome: HandOutcome | None = None
