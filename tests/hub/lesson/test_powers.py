"""Who may do what in a meeting, as pure rules: nothing that a track is called gets past a lock."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.powers import (
    PARTS,
    Part,
    Source,
    Standpoint,
    hold,
    hold_of,
    is_for_staff,
    lock,
    make_exception,
    track_hold,
)
from hub.stages import begin_strict
from storage.records import RoomId, RoomRules, RoomStanding, UserId

ROOM = RoomId("room")
OPEN = RoomRules(ROOM, ())
KUBA, LENA = UserId("kuba"), UserId("lena")
PUPIL = Standpoint(KUBA, is_pupil=True)
TEACHER = Standpoint(UserId("ana"), leads=True, guards=True)
EXPERT = Standpoint(UserId("expert"))
SOURCES: tuple[Source, ...] = get_args(Source)
PART_OF: dict[Source, Part] = {"microphone": "microphone", "camera": "camera", "interpreter": "microphone"}


@pytest.mark.parametrize("source", ["camera", "screen"])
def test_a_locked_camera_holds_every_picture_whatever_it_is_called(source: Source) -> None:
    locked = lock(OPEN, "camera", locked=True)
    assert track_hold(source, PUPIL, locked, None, alone=False) == "locked"
    assert track_hold(source, EXPERT, locked, None, alone=False) == "locked"
    assert track_hold(source, TEACHER, locked, None, alone=False) is None
    assert track_hold("microphone", PUPIL, locked, None, alone=False) is None


def test_who_was_named_for_the_screen_may_share_it_though_cameras_are_locked() -> None:
    locked = make_exception(lock(lock(OPEN, "camera", locked=True), "screen", locked=True), "screen", KUBA)
    assert track_hold("screen", PUPIL, locked, None, alone=False) is None
    assert track_hold("camera", PUPIL, locked, None, alone=False) == "locked"
    muted = RoomStanding(ROOM, KUBA, held=("camera",))
    assert track_hold("screen", PUPIL, locked, muted, alone=False) == "muted", "taken from this one is taken"


def test_there_is_one_exception_at_a_time_and_none_after_the_next_lock() -> None:
    locked = make_exception(lock(OPEN, "microphone", locked=True), "microphone", LENA)
    assert hold_of("microphone", PUPIL, locked, None, alone=False) == "locked"
    moved = make_exception(locked, "microphone", KUBA)
    assert dict(moved.exceptions) == {"microphone": KUBA}
    assert hold_of("microphone", PUPIL, moved, None, alone=False) is None
    again = lock(moved, "microphone", locked=True)
    assert hold_of("microphone", PUPIL, again, None, alone=False) == "locked"


def test_alone_pauses_pupils_and_nobody_else() -> None:
    for source in SOURCES:
        assert track_hold(source, PUPIL, OPEN, RoomStanding(ROOM, KUBA, interprets="es"), alone=True) == "alone"
        assert track_hold(source, EXPERT, OPEN, RoomStanding(ROOM, KUBA, interprets="es"), alone=True) is None
    assert hold_of("chat", PUPIL, OPEN, None, alone=True) == "alone"
    assert hold_of("reactions", PUPIL, OPEN, None, alone=True) is None


def test_a_camera_for_staff_is_every_picture_of_that_person_and_no_adults() -> None:
    standing = RoomStanding(ROOM, KUBA, camera_to_staff=True)
    assert is_for_staff("video", PUPIL, standing)
    assert not is_for_staff("audio", PUPIL, standing)
    assert not is_for_staff("video", PUPIL, None)
    assert not is_for_staff("video", TEACHER, standing)


parts = st.sampled_from(sorted(PARTS))
steps = st.lists(st.tuples(parts, st.booleans(), st.none() | st.sampled_from([KUBA, LENA])), max_size=12)


@given(steps=steps, source=st.sampled_from(SOURCES))
def test_after_any_steps_a_held_person_passes_nothing_and_a_free_one_is_held_by_no_open_room(
    steps: list[tuple[Part, bool, UserId | None]], source: Source
) -> None:
    rules = OPEN
    for part, locked, user_id in steps:
        rules = make_exception(lock(rules, part, locked=locked), part, user_id)
    assert list(rules.locked) == sorted(set(rules.locked))
    part: Part = PART_OF.get(source, "screen")
    interpreter = RoomStanding(ROOM, KUBA, interprets="es")
    standing = hold(interpreter, part, held=True)
    if rules.exceptions.get(part) != KUBA:
        assert track_hold(source, PUPIL, rules, standing, alone=False) == "muted"
    nobody = make_exception(rules, part, None)
    assert track_hold(source, PUPIL, nobody, standing, alone=False) == "muted"
    assert hold(standing, part, held=False).held == ()
    is_closed = {"microphone", "camera", "screen"} & set(rules.locked)
    if not is_closed:
        assert track_hold(source, PUPIL, rules, interpreter, alone=False) is None


@given(locked=st.lists(parts, max_size=4), alone=st.booleans())
def test_an_interpreters_channel_is_open_to_whom_it_was_given_whatever_is_locked(
    locked: list[Part], alone: bool
) -> None:
    rules = OPEN
    for part in locked:
        rules = lock(rules, part, locked=True)
    interpreter = RoomStanding(ROOM, KUBA, interprets="es")
    for standing in (None, RoomStanding(ROOM, KUBA)):
        assert track_hold("interpreter", PUPIL, rules, standing, alone=alone) == "locked"
        assert track_hold("interpreter", TEACHER, rules, standing, alone=alone) == "locked", "nor to who leads"
    assert track_hold("interpreter", PUPIL, rules, interpreter, alone=alone) == ("alone" if alone else None)
    assert track_hold("interpreter", PUPIL, rules, hold(interpreter, "microphone", held=True), alone=alone) == "muted"


def test_primary_starts_strict_and_an_unknown_stage_like_none() -> None:
    strict = begin_strict(ROOM, "primary")
    assert strict.has_lobby and "screen" in strict.locked
    assert begin_strict(ROOM, "no such stage") == begin_strict(ROOM, "unknown")
