from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.awareness import Awareness, Entry, encode_awareness, read_awareness
from crdt_docs.encoding import encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits

LIMITS = Limits()
HERE = '{"user":{"name":"Ana"}}'


def says(awareness: Awareness, session: str, *entries: Entry, user: str | None = None, now_ms: float = 0.0) -> None:
    awareness.receive(session, user or f"user-{session}", {}, entries, now_ms)


def changes(awareness: Awareness) -> list[Entry]:
    return read_awareness(awareness.take_changes()[0], LIMITS)


@given(
    st.lists(
        st.builds(
            Entry,
            st.integers(0, 1 << 50),
            st.integers(0, 1 << 30),
            st.recursive(
                st.none()
                | st.booleans()
                | st.integers()
                | st.text(max_size=5).map(lambda t: t.encode(errors="ignore").decode()),
                lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
            ).map(json.dumps),
        ),
        max_size=5,
    )
)
def test_entries_come_back(entries: list[Entry]) -> None:
    assert read_awareness(encode_awareness(entries), LIMITS) == entries


@given(st.binary(max_size=120))
def test_any_bytes_give_entries_or_a_protocol_error(data: bytes) -> None:
    try:
        read_awareness(data, LIMITS)
    except ProtocolError:
        pass


@pytest.mark.parametrize(
    "state", ["", "{", "NaN", '{"a":Infinity}', "[" * 40 + "]" * 40, "[" * 9_000, '"' + "x" * 9_000 + '"']
)
def test_AW1_states_are_json_within_limits(state: str) -> None:
    with pytest.raises(ProtocolError):
        read_awareness(encode_awareness([Entry(1, 1, state)]), LIMITS)


def test_AW1_a_count_is_checked_before_anything_is_made() -> None:
    with pytest.raises(ProtocolError, match="claims more"):
        read_awareness(encode_varuint(1 << 40) + b"\x01\x01\x00", LIMITS)


def test_AW2_a_session_speaks_for_its_own_clients_only() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "a", Entry(1, 1, HERE))
    says(awareness, "b", Entry(1, 9, '{"user":{"name":"forged"}}'), Entry(1, 10, "null"))
    assert awareness.states() == {1: {"user": {"name": "Ana"}}}


def test_AW2_a_session_has_few_clients() -> None:
    awareness = Awareness(Limits(awareness_clients_per_session=2))
    says(awareness, "a", *(Entry(client, 1, HERE) for client in range(5)))
    assert len(awareness) == 2


def test_AW2_older_clocks_are_ignored() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "a", Entry(1, 5, HERE))
    changes(awareness)
    says(awareness, "a", Entry(1, 5, '{"x":1}'), Entry(1, 4, '{"x":2}'))
    assert not awareness.has_changes
    says(awareness, "a", Entry(1, 5, "null"))
    assert changes(awareness) == [Entry(1, 5, "null")]


def test_AW3_the_same_user_may_come_back_on_a_new_socket() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "old", Entry(1, 1, HERE), user="ana")
    says(awareness, "new", Entry(1, 1, HERE), user="ana")
    awareness.remove_session("new", 1.0)
    assert len(awareness) == 1, "an equal clock is an echo and takes nothing over"
    says(awareness, "new", Entry(1, 2, HERE), user="ana")
    awareness.remove_session("old", 2.0)
    assert len(awareness) == 1
    awareness.remove_session("new", 3.0)
    assert len(awareness) == 0


def test_AW4_the_hub_says_who_it_is() -> None:
    awareness = Awareness(LIMITS)
    identity: dict[str, Any] = {"id": "u1", "name": "Ana", "school_id": "s"}
    awareness.receive(
        "a", "u1", identity, [Entry(1, 1, '{"user":{"name":"The Head","color":"red"},"cursor":null}')], 0.0
    )
    awareness.receive("a", "u1", identity, [Entry(2, 1, '{"cursor":1}'), Entry(3, 1, "[1]")], 0.0)
    assert awareness.states() == {1: {"user": identity | {"color": "red"}, "cursor": None}, 2: {"cursor": 1}, 3: [1]}


def test_AW5_who_disconnects_is_gone_with_the_next_clock() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "a", Entry(1, 5, HERE))
    changes(awareness)
    awareness.remove_session("a", 1.0)
    assert changes(awareness) == [Entry(1, 6, "null")]
    assert awareness.full_state() is None


def test_AW5_who_is_silent_is_gone_and_then_forgotten() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "a", Entry(1, 5, HERE), now_ms=0.0)
    says(awareness, "b", Entry(2, 5, HERE), now_ms=20_000.0)
    assert awareness.next_expiry_ms() == 30_000.0
    awareness.expire(30_000.0)
    assert list(awareness.states()) == [2]
    awareness.remove_session("a", 30_001.0)
    awareness.remove_session("b", 30_001.0)
    awareness.expire(90_000.0)
    assert awareness.next_expiry_ms() is None


def test_AW7_who_returns_with_the_clock_they_left_with_is_believed() -> None:
    awareness = Awareness(LIMITS)
    says(awareness, "a", Entry(1, 5, HERE), user="ana")
    awareness.remove_session("a", 1.0)
    changes(awareness)
    says(awareness, "b", Entry(1, 5, HERE), user="ana")
    assert changes(awareness) == [Entry(1, 7, HERE)]
    says(awareness, "c", Entry(2, 5, HERE), user="kuba")
    awareness.remove_session("c", 1.0)
    says(awareness, "b", Entry(2, 5, HERE), user="ana")
    assert 2 not in awareness.states(), "an old state of somebody who left is no return"


def test_other_processes_are_told_of_ours_only() -> None:
    here, there = Awareness(LIMITS), Awareness(LIMITS)
    says(here, "a", Entry(1, 1, HERE))
    _, published = here.take_changes()
    there.receive_remote(read_awareness(published, LIMITS), 0.0)
    everyone, echoed = there.take_changes()
    assert read_awareness(everyone, LIMITS) == [Entry(1, 1, HERE)]
    assert echoed == b""
    here.remove_session("a", 1.0)
    there.receive_remote(read_awareness(here.take_changes()[1], LIMITS), 1.0)
    assert len(there) == 0
