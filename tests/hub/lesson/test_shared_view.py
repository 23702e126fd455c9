"""What everybody looks at together, as rules without I/O."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.shared_view import (
    LONGEST_MS,
    add_time,
    clear,
    close,
    end_timer,
    open_content,
    pause,
    resume,
    spotlight,
    start_timer,
    time_left_ms,
    turn,
)
from storage.records import ContentId, RoomId, SharedView, UserId

EMPTY = SharedView(RoomId("room"))
ANA, PIOTR = UserId("ana"), UserId("piotr")
WALL, DIARY = ContentId("wall"), ContentId("diary")


def test_the_presenters_place_is_followed_and_nobody_elses() -> None:
    view = open_content(EMPTY, WALL, ANA, 5, {})
    assert turn(view, WALL, PIOTR, {"anchor": "card"}) is view
    assert turn(view, DIARY, ANA, {"anchor": "card"}) is view, "a place in what was open before"
    moved = turn(view, WALL, ANA, {"anchor": "card"})
    assert moved.place == {"anchor": "card"}
    taken_over = open_content(moved, WALL, PIOTR, 9, {})
    assert (taken_over.opened_by, taken_over.place, taken_over.opened_at_ms) == (PIOTR, {"anchor": "card"}, 5)
    assert close(turn(taken_over, WALL, PIOTR, {"anchor": "next"})) == EMPTY


def test_two_at_most_are_seen_large_and_nobody_twice() -> None:
    assert spotlight(EMPTY, [ANA, ANA, PIOTR, UserId("third")]).spotlight == (ANA, PIOTR)
    assert spotlight(spotlight(EMPTY, [ANA]), []) == EMPTY


def test_a_timer_that_stands_still_goes_on_with_what_was_left() -> None:
    view = pause(start_timer(EMPTY, 60_000, 1_000), 21_000)
    assert time_left_ms(view, 999_000) == 40_000
    assert pause(view, 30_000) is view
    again = resume(view, 100_000)
    assert again.timer_ends_at_ms == 140_000 and resume(again, 120_000) is again
    assert time_left_ms(again, 150_000) == 0
    assert pause(again, 150_000) is again, "it has run out"
    assert add_time(again, 60_000, 150_000).timer_ends_at_ms == 210_000, "and runs again"
    assert end_timer(again) == EMPTY
    assert add_time(EMPTY, 60_000, 0) is EMPTY and resume(EMPTY, 0) is EMPTY and pause(EMPTY, 0) is EMPTY


def test_the_next_meeting_begins_with_nothing_and_a_newer_revision() -> None:
    used = replace(spotlight(start_timer(open_content(EMPTY, WALL, ANA, 5, {}), 1_000, 5), [ANA]), revision=7)
    assert clear(used) == replace(EMPTY, revision=7)


STEPS = st.lists(
    st.tuples(st.sampled_from(["start", "pause", "resume", "add", "end"]), st.integers(0, 2 * LONGEST_MS)), max_size=30
)


@given(STEPS)
def test_whatever_is_pressed_a_timer_never_has_more_left_than_its_length(steps: list[tuple[str, int]]) -> None:
    view, now_ms = EMPTY, 0
    for step, number in steps:
        now_ms += number // 7
        before_ms = time_left_ms(view, now_ms)
        if step == "start":
            view = start_timer(view, max(1, number), now_ms)
        elif step == "add":
            view = add_time(view, number, now_ms)
            assert time_left_ms(view, now_ms) >= before_ms
        elif step == "end":
            view = end_timer(view)
        else:
            view = pause(view, now_ms) if step == "pause" else resume(view, now_ms)
            assert time_left_ms(view, now_ms) == before_ms, "standing still and going on cost no time"
        assert 0 <= time_left_ms(view, now_ms) <= view.timer_length_ms <= LONGEST_MS
