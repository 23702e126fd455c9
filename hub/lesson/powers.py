"""Who may do what in a meeting: the room's locks, their exceptions, what a teacher took from one person, and the pause.

Rule: what a track is called is its sender's word. A locked microphone holds every sound of a person, a locked camera
every picture, unless the person was named as the one who may share a screen.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal, get_args

from storage.records import RoomRules, RoomStanding, UserId

Part = Literal["microphone", "camera", "screen", "chat", "reactions", "notes", "cursors"]
PARTS: frozenset[Part] = frozenset(get_args(Part))
OF_WHAT_IS_OPEN: frozenset[Part] = frozenset({"notes", "cursors"})
"""Of the content that is open for all: who writes in it, and whose carets the others see."""
MediaPart = Literal["microphone", "camera", "screen"]
PAUSED: frozenset[Part] = frozenset({"microphone", "camera", "screen", "chat"})
"""What pupils lack while no adult is reachable."""
Hold = Literal["locked", "muted", "alone"]
"""Why a part is closed to somebody: to all, to this person, or until an adult is back."""
Source = Literal["microphone", "camera", "screen", "screen_audio", "interpreter"]

_PARTS_OF: Mapping[Source, tuple[MediaPart, ...]] = {
    "microphone": ("microphone",),
    "screen_audio": ("screen", "microphone"),
    "camera": ("camera",),
    "screen": ("screen", "camera"),
    "interpreter": ("microphone",),
}


@dataclass(frozen=True, slots=True)
class Standpoint:
    """One person in a room, as far as rules ask."""

    user_id: UserId
    leads: bool = False
    """Has the act `moderate`: no lock is meant for them."""
    guards: bool = False
    """An adult of one of the schools: pupils are not alone with them, and they see cameras meant for staff."""
    is_pupil: bool = False


def hold_of(
    part: Part, person: Standpoint, rules: RoomRules, standing: RoomStanding | None, *, alone: bool
) -> Hold | None:
    """Why this part is closed to the person; None: it is open.

    Whoever is named as the exception has the part while they are, although it is closed or was taken from them.
    """
    is_named = rules.exceptions.get(part) == person.user_id
    if standing is not None and part in standing.held and not is_named:
        return "muted"
    if alone and person.is_pupil and part in PAUSED:
        return "alone"
    if part not in rules.locked:
        return None
    if person.leads or is_named:
        return None
    return "locked"


def track_hold(
    source: Source, person: Standpoint, rules: RoomRules, standing: RoomStanding | None, *, alone: bool
) -> Hold | None:
    """Why nothing of such a track is passed on; None: it is."""
    if source == "interpreter":
        if standing is None or not standing.interprets:
            return "locked"
        # A lock keeps the floor quiet; the channel beside it was given to this one person.
        person = replace(person, leads=True)
    for place, part in enumerate(_PARTS_OF[source]):
        hold = hold_of(part, person, rules, standing, alone=alone)
        if hold == "locked" and place and rules.exceptions.get("screen") == person.user_id:
            continue
        if hold is not None:
            return hold
    return None


def is_for_staff(kind: Literal["audio", "video"], person: Standpoint, standing: RoomStanding | None) -> bool:
    """Whether the person's track is passed on to the schools' adults alone."""
    return kind == "video" and not person.guards and standing is not None and standing.camera_to_staff


def lock(rules: RoomRules, part: Part, *, locked: bool) -> RoomRules:
    """Closed or opened for all; either way nobody is an exception any more."""
    others = tuple(sorted({each for each in rules.locked if each != part} | ({part} if locked else set())))
    exceptions = {each: user_id for each, user_id in rules.exceptions.items() if each != part}
    return replace(rules, locked=others, exceptions=exceptions)


def make_exception(rules: RoomRules, part: Part, user_id: UserId | None) -> RoomRules:
    """This one may, and whoever might before may no more; None: nobody."""
    exceptions = {each: former for each, former in rules.exceptions.items() if each != part}
    if user_id is not None:
        exceptions[part] = user_id
    return replace(rules, exceptions=exceptions)


def hold(standing: RoomStanding, part: Part, *, held: bool) -> RoomStanding:
    return replace(standing, held=tuple(sorted({*standing.held} - {part} | ({part} if held else set()))))
