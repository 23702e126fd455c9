"""One device as a class: who sits before it, and how many pupils are in a room altogether."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from storage.records import RoomId, SeatPupil, User, UserId

FEWEST, MOST = 2, 60
"""One pupil has a seat of their own; no class is larger."""
LONGEST_NAME = 60


class SeatError(ValueError):
    """The sentence says what is wrong with the seat."""


def fill_seat(
    room_id: RoomId, seat_id: UserId, pupil_ids: Sequence[UserId], class_list: Mapping[UserId, User]
) -> list[SeatPupil]:
    """The seat of these pupils of one's own class list, in that order. Raise SeatError when it can't be one."""
    distinct = list(dict.fromkeys(pupil_ids))
    if not FEWEST <= len(distinct) <= MOST:
        raise SeatError(f"A class seat is for {FEWEST} to {MOST} pupils; this one names {len(distinct)}.")
    strangers = [pupil_id for pupil_id in distinct if pupil_id not in class_list]
    if strangers:
        raise SeatError(f"{len(strangers)} of them are not pupils of your school in this TwinSpace.")
    return [SeatPupil(room_id, seat_id, pupil_id, class_list[pupil_id].display_name) for pupil_id in distinct]


def class_of(pupils: Iterable[User]) -> str:
    """The class that all of them are of; empty: of several, or of none that has a name."""
    names = {pupil.class_name for pupil in pupils}
    return names.pop() if len(names) == 1 else ""


@dataclass(frozen=True, slots=True)
class PupilHere:
    """One pupil in a meeting, before their own device or in a class seat."""

    pupil_id: UserId
    name: str
    seat_id: UserId | None
    """Whose device it is; None: their own."""


def pupils_here(present: Iterable[User], seats: Collection[SeatPupil]) -> list[PupilHere]:
    """Everybody who is here as a pupil, once each: hands, votes and attendance count these.

    `present`: who is in the meeting with a device. Whoever has a device of their own is not counted in a seat too.
    """
    people = {user.id: user for user in present}
    own = [PupilHere(user.id, user.display_name, None) for user in people.values() if user.kind == "pupil"]
    known = {pupil.pupil_id for pupil in own}
    seated: dict[UserId, PupilHere] = {}
    for each in seats:
        if each.seat_id in people and each.pupil_id not in known:
            seated.setdefault(each.pupil_id, PupilHere(each.pupil_id, each.name, each.seat_id))
    return own + list(seated.values())
