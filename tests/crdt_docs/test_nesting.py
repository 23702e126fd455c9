"""How deep shared types lie (rule UH6)."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, merge_updates

from crdt_docs.encoding import encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.header_codec import encode_header, read_header
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import Update
from crdt_docs.nesting import depths_beside, depths_in, encode_depths, read_depths
from crdt_docs.probe import answer, check_request, read_checked
from crdt_docs.update_header import Id, read_update_header
from tests.crdt_docs.editor import Editor, item, join, open_doc, receive, rejections, update_of

LIMITS = Limits(type_nesting=20)
ARRAY = b"\x00"


def array_in(parent: Id | None) -> bytes:
    if parent is None:
        return b"\x07" + encode_varuint(1) + encode_string("t") + ARRAY
    return b"\x07" + encode_varuint(0) + encode_varuint(parent[0]) + encode_varuint(parent[1]) + ARRAY


def chain(first: int, last: int) -> bytes:
    """Arrays, each inside of the one before, as one update of client 7."""
    return update_of(*(array_in((7, clock - 1) if clock else None) for clock in range(first, last)), clock=first)


def test_UH6_types_in_types_are_refused_from_a_depth_on_however_they_come() -> None:
    live = open_doc(LIMITS)
    for session in "ab":
        join(live, session)
    for first in range(0, 20, 5):
        assert rejections(receive(live, "a", Update(chain(first, first + 5)))) == []
    assert rejections(receive(live, "a", Update(chain(20, 21)))) == ["invalid"]
    assert list(live.session_ids) == ["b"]
    assert rejections(receive(live, "b", Update(update_of(array_in(None), client=8)))) == []


def test_UH6_what_was_stored_before_counts() -> None:
    live = LiveDoc(LIMITS, state=chain(0, 20))
    join(live, "a")
    assert rejections(receive(live, "a", Update(chain(20, 21)))) == ["invalid"]


def test_UH6_beside_counts_like_inside() -> None:
    live = LiveDoc(LIMITS, state=chain(0, 20))
    join(live, "a")
    beside = b"\x87" + encode_varuint(7) + encode_varuint(19) + ARRAY
    assert rejections(receive(live, "a", Update(update_of(beside, client=8)))) == []
    inside = array_in((8, 0))
    assert rejections(receive(live, "a", Update(update_of(inside, client=8, clock=1)))) == ["invalid"]


def test_UH6_a_probe_refuses_it_too_and_tells_the_depths() -> None:
    header, depths, _ = read_checked(answer(check_request(chain(0, 5), chain(5, 9)), LIMITS))
    assert (header.ranges, header.types, depths) == (((7, 5, 9),), (), {(7, n): n + 1 for n in range(9)})
    header, depths, _ = read_checked(answer(check_request(chain(0, 5), chain(7, 9)), LIMITS))
    assert [item.place for item in header.types] == [(7, 7), (7, 8)], "what waits for something is measured later"
    with pytest.raises(ProtocolError):
        answer(check_request(chain(0, 15), chain(15, 21)), LIMITS)


def test_a_large_document_whose_depths_nobody_knows_is_read_elsewhere_once() -> None:
    live = LiveDoc(LIMITS, state=chain(0, 10))
    join(live, "a")
    update = Update(chain(10, 11))
    assert live.suspicious_update("a", update, 1) == update.update
    live.was_tried(update.update, *read_checked(answer(check_request(live.state(), update.update), LIMITS))[:2])
    receive(live, "a", update)
    later = Update(chain(11, 12))
    assert live.suspicious_update("a", later, len(later.update)) is None


@pytest.mark.parametrize("seed", range(20))
def test_depths_told_step_by_step_are_those_of_the_whole(seed: int) -> None:
    rng = random.Random(seed)
    doc: Doc[Any] = Doc(client_id=1)
    updates: list[bytes] = []
    doc.observe(lambda event: updates.append(event.update))
    places: list[Any] = [doc.get("a", type=Array), doc.get("m", type=Map)]
    for step in range(60):
        inside, new = rng.choice(places), rng.choice([Array, Map])()
        if isinstance(inside, Map):
            inside[str(step)] = new
            places.append(new)
        elif rng.random() < 0.3:
            inside.insert(rng.randrange(len(inside) + 1), "a value")
        else:
            inside.insert(rng.randrange(len(inside) + 1), new)
            places.append(new)
    known: dict[Id, int] = {}
    told = 0
    for number, update in enumerate(updates):
        header = read_update_header(update, max_structs=1000, max_nesting=32, max_name_bytes=100)
        whole = depths_in(updates[: number + 1], LIMITS)
        beside = depths_beside(header.types, known)
        if beside is not None:
            told += len(beside)
            assert beside == {item.place: whole[item.place] for item in header.types}
        known |= {item.place: whole[item.place] for item in header.types}
    assert told > 15
    assert max(known.values()) > 3
    assert read_depths(encode_depths(known)) == known


@given(data=st.binary(min_size=1, max_size=64))
def test_a_header_comes_back_from_its_bytes(data: bytes) -> None:
    editor = Editor(1)
    editor.type(data.hex())
    editor.delete(0, len(data))
    for update in (editor.doc.get_update(), update_of(array_in(None), array_in((7, 0)), array_in((5, 3)))):
        header = read_update_header(update, max_structs=1000, max_nesting=32, max_name_bytes=100)
        assert read_header(encode_header(header)) == header


def test_CN4_the_header_that_was_read_elsewhere_is_the_one_that_counts() -> None:
    live = open_doc(LIMITS)
    join(live, "a")
    update = Editor(1).type("x")
    header = read_update_header(update, max_structs=1000, max_nesting=32, max_name_bytes=100)
    live.was_tried(update, replace(header, forward_references=((1, 0),)), {})
    assert rejections(receive(live, "a", Update(update))) == ["invalid"]
    live.was_tried(update, replace(header, structs=LIMITS.update_structs + 1), {})
    join(live, "b")
    assert rejections(receive(live, "b", Update(update))) == [], "a larger one than was asked for is read again"


def test_UH6_a_type_beside_what_the_engine_cannot_read_ends_that_session_alone() -> None:
    live = LiveDoc(LIMITS, state=chain(0, 2))
    for session in "ab":
        join(live, session)
    unreadable = update_of(array_in((7, 1)), item(5, encode_string("{no JSON")), client=8)
    with pytest.raises(ValueError, match="merge"):
        merge_updates(chain(0, 2), unreadable)
    assert rejections(receive(live, "a", Update(unreadable))) == ["invalid"]
    assert list(live.session_ids) == ["b"]
