"""The lobby: bounded, in order, and quick when it is full."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.waiting_room import (
    ADMITTED_FOR_MS,
    MOST_WAITING,
    RING_AGAIN_AFTER_S,
    LobbyFull,
    WaitingRoom,
    is_admitted,
)
from storage.records import SchoolId, User, UserId


def person(number: int, school: str = "school") -> User:
    return User(UserId(f"u{number}"), "n", "N", "pupil", SchoolId(school), "en", 0)


def test_five_hundred_wait_the_next_is_refused_and_all_are_let_in_at_once() -> None:
    lobby = WaitingRoom()
    for number in range(MOST_WAITING):
        lobby.knock(person(number, f"s{number % 2}"), f"socket-{number}", number)
    with pytest.raises(LobbyFull):
        lobby.knock(person(MOST_WAITING), "one more", 0)
    lobby.knock(person(3), "a second tab", 0)
    assert lobby.schools() == {"s0": 250, "s1": 250}
    assert [waiting.user.id for waiting in lobby.first(3)] == ["u0", "u1", "u2"]
    assert len(lobby.take(lambda waiting: waiting.user.school_id == "s1")) == 250
    assert len(lobby.take(lambda waiting: True)) == 250 and len(lobby) == 0
    assert not lobby.leave("a second tab")


def test_the_bell_is_no_toy() -> None:
    lobby = WaitingRoom()
    lobby.knock(person(1), "s", 0)
    assert lobby.ring(UserId("u1"), 0.0)
    assert not lobby.ring(UserId("u1"), RING_AGAIN_AFTER_S - 1)
    assert lobby.ring(UserId("u1"), RING_AGAIN_AFTER_S)
    assert not lobby.ring(UserId("u2"), 0.0)


def test_an_admission_holds_for_a_school_day_whichever_way_the_clock_was_set() -> None:
    now_ms = 1_700_000_000_000
    assert is_admitted(now_ms, now_ms) and is_admitted(now_ms + 60_000, now_ms)
    assert not is_admitted(now_ms, now_ms + ADMITTED_FOR_MS)
    assert not is_admitted(None, now_ms) and not is_admitted(0, now_ms)


steps = st.lists(
    st.tuples(st.sampled_from(["knock", "leave", "take"]), st.integers(0, 4), st.integers(0, 6)), max_size=40
)


@given(steps=steps)
def test_who_waits_is_who_has_a_socket_here(steps: list[tuple[str, int, int]]) -> None:
    lobby, sockets = WaitingRoom(most=3), dict[str, int]()
    for step, number, socket in steps:
        session_id = f"u{number}-{socket}"
        if step == "knock":
            try:
                lobby.knock(person(number), session_id, 0)
            except LobbyFull:
                assert len(set(sockets.values())) == 3 and number not in sockets.values()
            else:
                sockets[session_id] = number
        elif step == "leave":
            assert lobby.leave(session_id) == (session_id in sockets)
            sockets.pop(session_id, None)
        else:
            taken = lobby.take(lambda waiting, number=number: waiting.user.id == f"u{number}")  # type: ignore[misc]
            assert len(taken) == (number in sockets.values())
            sockets = {each: whose for each, whose in sockets.items() if whose != number}
        assert len(lobby) == len(set(sockets.values()))
        assert all((f"u{whose}" in lobby) for whose in sockets.values())
