"""Pupils' voices pause within three seconds of the last adult's going, and resume by themselves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.never_alone import PAUSE_AFTER_S, NeverAlone


def test_whoever_comes_first_is_alone_until_an_adult_comes() -> None:
    watch = NeverAlone()
    assert watch.is_paused
    assert not watch.note(False, 0.0)
    assert watch.note(True, 1.0) and not watch.is_paused
    assert watch.next_deadline() is None


def test_a_page_that_is_reloaded_pauses_nobody() -> None:
    watch = NeverAlone()
    watch.note(True, 0.0)
    assert not watch.note(False, 10.0)
    assert not watch.note(True, 11.5)
    assert not watch.handle_deadline(20.0) and not watch.is_paused


moments = st.lists(st.tuples(st.floats(0.0, 5.0), st.booleans()), max_size=40)


@given(moments=moments)
def test_at_every_moment_it_is_paused_exactly_when_no_adult_was_reachable_for_so_long(
    moments: list[tuple[float, bool]],
) -> None:
    assert PAUSE_AFTER_S < 3
    watch, now, alone_since = NeverAlone(), 0.0, float("-inf")
    present = False
    for wait, adult in moments:
        now += wait
        deadline = watch.next_deadline()
        if deadline is not None and deadline <= now:
            assert watch.handle_deadline(deadline), "the keeper calls it at the deadline, not later"
        if present and not adult:
            alone_since = now
        present = adult
        was = watch.is_paused
        assert watch.note(adult, now) == (was != watch.is_paused)
        expected = not present and now - alone_since >= PAUSE_AFTER_S
        if not present and watch.next_deadline() is not None and now >= watch.next_deadline():  # type: ignore[operator]
            watch.handle_deadline(now)
        assert watch.is_paused == expected
    assert watch.next_deadline() is None or (not present and not watch.is_paused)
