"""One device as a class of named pupils."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hub.lesson.class_seats import MOST, SeatError, class_of, fill_seat, pupils_here
from storage.records import RoomId, SchoolId, SeatPupil, User, UserId, UserKind

ROOM, SEAT = RoomId("room"), UserId("ana")


def person(name: str, kind: UserKind = "pupil") -> User:
    return User(UserId(name), name, name.title(), kind, SchoolId("school"), "en", 0)


CLASS = {UserId(f"p{n}"): person(f"p{n}") for n in range(1_000)}


@pytest.mark.parametrize("count", [0, 1, MOST + 1, 1_000])
def test_a_seat_of_nobody_of_one_or_of_a_thousand_is_refused_with_the_number(count: int) -> None:
    with pytest.raises(SeatError, match=rf"for 2 to {MOST} pupils; this one names {count}\."):
        fill_seat(ROOM, SEAT, list(CLASS)[:count], CLASS)


@pytest.mark.parametrize("count", [2, 28, MOST])
def test_a_class_sits_in_the_order_it_was_named_and_nobody_twice(count: int) -> None:
    ids = list(CLASS)[:count]
    seated = fill_seat(ROOM, SEAT, [*ids, ids[0]], CLASS)
    assert [each.pupil_id for each in seated] == ids
    assert seated[0] == SeatPupil(ROOM, SEAT, UserId("p0"), "P0")


def test_pupils_of_others_are_refused() -> None:
    with pytest.raises(SeatError, match="2 of them are not pupils of your school"):
        fill_seat(ROOM, SEAT, [UserId("p1"), UserId("x"), UserId("y")], CLASS)


def test_two_devices_are_fifty_two_pupils_and_who_has_an_own_device_counts_once() -> None:
    ana, marek = person("ana", "teacher"), person("marek", "teacher")
    seats = fill_seat(ROOM, ana.id, list(CLASS)[:28], CLASS) + fill_seat(ROOM, marek.id, list(CLASS)[28:52], CLASS)
    assert len(pupils_here([ana, marek], seats)) == 52
    assert len(pupils_here([ana], seats)) == 28, "a device that is away brings nobody"
    with_own = pupils_here([ana, marek, CLASS[UserId("p3")]], seats)
    assert len(with_own) == 52
    assert next(each for each in with_own if each.pupil_id == "p3").seat_id is None


def test_a_seat_has_the_name_of_the_class_that_all_are_of() -> None:
    in_class = [replace(CLASS[UserId(f"p{n}")], class_name="4b") for n in range(3)]
    assert class_of(in_class) == "4b"
    assert class_of([*in_class, CLASS[UserId("p9")]]) == "" == class_of([])
