"""Minutes across drops, rooms and class seats."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.attendance import DROP_MS, attendance_of, mended
from storage.records import HeldMeetingId, RoomId, Stay, StayId, UserId

MINUTE = 60_000
SPANS = st.lists(st.tuples(st.integers(0, 10**7), st.integers(0, 10**7)), min_size=1, max_size=12)


def stay(user: str, since: int, until: int, *pupils: str, room: str = "main") -> Stay:
    ids = StayId(f"{user}{since}"), HeldMeetingId("held"), RoomId(room), UserId(user)
    return Stay(*ids, tuple(map(UserId, pupils)), since, until)


@given(SPANS)
def test_what_is_mended_is_in_order_and_apart_and_loses_nothing(spans: list[tuple[int, int]]) -> None:
    found = mended(spans)
    assert all(later[0] - earlier[1] > DROP_MS for earlier, later in zip(found, found[1:], strict=False))
    for since, until in spans:
        assert any(start <= since and max(since, until) <= end for start, end in found)
    assert mended(found) == found
    assert mended(list(reversed(spans))) == found


def test_a_drop_of_two_minutes_is_no_absence_and_a_longer_one_is() -> None:
    short = attendance_of([stay("lucia", 0, 10 * MINUTE), stay("lucia", 12 * MINUTE, 20 * MINUTE)])
    assert [(each.minutes, len(each.spans)) for each in short] == [(20, 1)]
    long = attendance_of([stay("lucia", 0, 10 * MINUTE), stay("lucia", 15 * MINUTE, 20 * MINUTE)])
    assert [(each.minutes, len(each.spans)) for each in long] == [(15, 2)]


def test_breakout_rooms_and_two_tabs_count_once() -> None:
    found = attendance_of([stay("kuba", 0, 9 * MINUTE), stay("kuba", 5 * MINUTE, 12 * MINUTE, room="red")])
    assert [each.minutes for each in found] == [12]


def test_a_class_at_one_device_is_its_pupils_and_their_teacher() -> None:
    with_class = stay("marek", 0, 45 * MINUTE, "ola", "jan")
    found = attendance_of([with_class, stay("ana", 1, 30 * MINUTE), stay("ola", 50 * MINUTE, 60 * MINUTE)])
    minutes = {each.user_id: each.minutes for each in found}
    assert minutes == {"marek": 45, "jan": 45, "ola": 55, "ana": 30}


def test_a_clock_that_went_back_makes_nobodys_time_negative() -> None:
    assert attendance_of([stay("lucia", 5_000, 1_000)])[0].lasted_ms == 0
    assert attendance_of([stay("lucia", 5_000, 1_000)])[0].minutes == 1
