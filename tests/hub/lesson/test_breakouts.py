"""The rules of breakout rooms: the clock closes them, and everybody has one place."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.breakouts import (
    Group,
    closing,
    group_of,
    groups_of,
    in_two_groups,
    moved,
    opened,
    partners,
    placed,
    state_of,
    with_boards,
    with_groups,
)
from storage.records import Breakouts, BreakoutsId, ContentId, RoomId, SchoolId, TwinspaceId, UserId


def group(name: str, *people: str) -> Group:
    ids = RoomId(f"r-{name}"), ContentId(f"d-{name}"), ContentId(f"w-{name}")
    return Group(name, name.title(), tuple(UserId(each) for each in people), None, *ids)


EMPTY = Breakouts(BreakoutsId("b"), TwinspaceId("t"), RoomId("room"), None, "Bread", None, [], [], UserId("ana"), 0)
PLAN = with_groups(EMPTY, [group("red", "a1", "b1"), group("blue", "a2", "b2")])
SCHOOLS = {UserId(f"{school}{n}"): SchoolId(school) for school in "ab" for n in range(1, 9)}


def test_groups_are_read_as_they_were_stored() -> None:
    assert with_groups(EMPTY, groups_of(PLAN)) == PLAN


@given(st.lists(st.booleans(), max_size=6))
def test_a_group_that_was_stored_before_there_were_whiteboards_gets_one(have: list[bool]) -> None:
    groups = [
        replace(group(str(number)), board_id=ContentId(f"b-{number}") if has else None)
        for number, has in enumerate(have)
    ]
    old = with_groups(EMPTY, groups)
    rows = [{name: row[name] for name in row if row[name] is not None or name != "board_id"} for row in old.groups]
    read = replace(old, groups=rows)
    assert groups_of(read) == groups
    given_one = groups_of(with_boards(read, [ContentId(f"new-{number}") for number in range(6)]))
    boards = [each.board_id for each in given_one]
    assert None not in boards and len(set(boards)) == len(have)
    assert [replace(each, board_id=None) for each in given_one] == [replace(each, board_id=None) for each in groups]
    assert all(each.board_id == board for each, board in zip(groups, boards, strict=True) if each.board_id)


def test_the_clock_closes_the_rooms() -> None:
    assert state_of(PLAN, 5) == "planned"
    running = opened(PLAN, 1_000, 1)
    assert [state_of(running, at) for at in (1_000, 60_999, 61_000)] == ["open", "open", "closed"]
    assert state_of(opened(PLAN, 1_000, None), 10**12) == "open"


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.one_of(st.none(), st.integers(1, 10)))
def test_opening_twice_is_opening_once(at: int, later: int, minutes: int | None) -> None:
    running = opened(PLAN, at, minutes)
    again = opened(running, at + later, 3)
    assert again == running or state_of(running, at + later) == "closed"


@given(st.lists(st.tuples(st.integers(0, 50_000), st.integers(-5, 90_000)), max_size=6))
def test_a_countdown_only_gets_shorter(calls: list[tuple[int, int]]) -> None:
    running, ends = opened(PLAN, 0, 1), 60_000
    for at, in_ms in calls:
        running = closing(running, at, in_ms)
        assert running.closes_at_ms is not None
        assert running.closes_at_ms <= ends
        ends = running.closes_at_ms


def test_what_is_closed_is_not_closed_again_and_can_be_opened_again() -> None:
    closed = closing(opened(PLAN, 0, None), 10, 0)
    assert closing(closed, 20, 50_000) == closed
    again = opened(closed, 30, None)
    assert (state_of(again, 31), again.groups) == ("open", PLAN.groups)


def test_nobody_is_in_two_groups() -> None:
    assert in_two_groups([["a", "b"], ["c"]]) is None
    assert in_two_groups([["a", "b"], ["a"]]) == "a"
    assert in_two_groups([["a", "a"]]) == "a"


@given(st.lists(st.sampled_from(sorted(SCHOOLS)), max_size=12))
def test_whoever_comes_late_has_one_place_and_keeps_it(late: list[UserId]) -> None:
    plan = PLAN
    for user_id in late:
        plan = placed(plan, user_id, SCHOOLS)
        assert placed(plan, user_id, SCHOOLS) == plan
    assert in_two_groups(each.user_ids for each in groups_of(plan)) is None
    assert {member for each in groups_of(plan) for member in each.user_ids} == {"a1", "a2", "b1", "b2", *late}


def test_where_a_late_pupil_is_placed() -> None:
    lacking = with_groups(EMPTY, [group("red", "a1", "b1"), group("blue", "a2", "a3", "a4")])
    assert group_of(placed(lacking, UserId("b2"), SCHOOLS), UserId("b2")) == group("blue", "a2", "a3", "a4", "b2")
    apart = replace(lacking, apart=[["b2", "a3"]])
    assert group_of(placed(apart, UserId("b2"), SCHOOLS), UserId("b2")) == group("red", "a1", "b1", "b2")
    assert placed(EMPTY, UserId("b2"), SCHOOLS) == EMPTY


def test_moving_somebody_takes_them_out_of_their_group() -> None:
    there = moved(PLAN, UserId("a1"), "blue")
    assert [each.user_ids for each in groups_of(there)] == [("b1",), ("a2", "b2", "a1")]


def test_partners_are_counted_where_rooms_were_opened() -> None:
    ran = opened(PLAN, 0, None)
    assert partners([PLAN]) == {}
    assert partners([ran, ran]) == {("a1", "b1"): 2, ("a2", "b2"): 2}
