"""Large updates in slices: together they are the whole, each continues the one before, and the answer is one answer."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text

from crdt_docs.compaction import merge
from crdt_docs.effects import Effect
from crdt_docs.encoding import decode_state_vector
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import SyncStep2
from crdt_docs.probe import answer, check_request, read_checked
from crdt_docs.slices import slices
from crdt_docs.update_header import UpdateHeader, read_update_header
from tests.crdt_docs.editor import Editor, join, open_doc, persisted, rejections, sent, text_of

LIMITS = Limits()
EMPTY: bytes = Doc().get_update()
ACKNOWLEDGED = b"\x03doc\x08\x01"


def written_by_several(seed: int, steps: int) -> tuple[bytes, bytes]:
    """An early state and a late one, of a document that three people wrote: texts, lists, maps and deletions."""
    rng = random.Random(seed)
    docs: list[Doc[object]] = [Doc(client_id=client) for client in (5, 70_000, 1 << 40)]
    early = EMPTY
    for step in range(steps):
        doc = rng.choice(docs)
        text = doc.get("t", type=Text)
        if len(text) > 4 and rng.random() < 0.2:
            start = rng.randrange(len(text) - 2)
            del text[start : start + 2]
        elif rng.random() < 0.2:
            doc.get("a", type=Array).append(Map({"title": Text("t"), "n": step}))
        else:
            text.insert(rng.randrange(len(text) + 1), rng.choice("abcdef"))
        if rng.random() < 0.5:
            other = rng.choice(docs)
            other.apply_update(doc.get_update(other.get_state()))
        if step == steps // 3:
            early = docs[0].get_update()
    for other in docs[1:]:
        docs[0].apply_update(other.get_update(docs[0].get_state()))
    return early, docs[0].get_update()


def scan(update: bytes) -> UpdateHeader:
    return read_update_header(update, max_structs=1 << 20, max_nesting=32, max_name_bytes=1_000)


@settings(max_examples=60)
@given(st.integers(0, 10_000), st.integers(1, 150), st.integers(1, 20))
def test_slices_are_the_whole_and_each_continues_the_one_before(seed: int, steps: int, size: int) -> None:
    early, late = written_by_several(seed, steps)
    doc: Doc[object] = Doc()
    doc.apply_update(early)
    clocks = decode_state_vector(doc.get_state())
    cut = slices(late, clocks, LIMITS, size)
    parts = scan(late).structs
    assert cut == [] if parts <= size else cut
    for each, header in cut or [(late, scan(late))]:
        assert header == (scan(each) if not cut else replace(scan(each), types=()))
        assert header.continues(clocks)
        deleting = len(header.deletions)
        assert not cut or header.structs - deleting <= size
        header.advance(clocks)
        doc.apply_update(each)
        assert decode_state_vector(doc.get_state()) == clocks, "nothing waits inside the engine"
    whole: Doc[object] = Doc()
    whole.apply_update(late)
    assert decode_state_vector(doc.get_state()) == decode_state_vector(whole.get_state())
    assert str(doc.get("t", type=Text)) == str(whole.get("t", type=Text))
    assert doc.get("a", type=Array).to_py() == whole.get("a", type=Array).to_py()


def test_what_has_a_hole_stays_whole() -> None:
    ana = Editor(1)
    ana.type("first")
    before = ana.doc.get_state()
    for _ in range(30):
        ana.text.insert(0, "x")
    update = ana.doc.get_update(before)
    assert slices(update, {}, LIMITS, 5) == []
    assert len(slices(update, {1: 5}, LIMITS, 5)) == 6


def test_deletions_alone_are_a_slice_too() -> None:
    ana = Editor(1)
    ana.type("twenty letters and a few")
    before = ana.doc.get_update()
    for place in range(8):
        del ana.text[place : place + 1]
    deleting = ana.doc.get_update(ana.doc.get_state())
    ((update, header),) = slices(deleting, {1: 24}, LIMITS, 5)
    assert scan(update) == header and header.continues({1: 24}) and len(header.deletions) == 8
    doc: Doc[object] = Doc()
    doc.apply_update(before)
    doc.apply_update(update)
    assert str(doc.get("t", type=Text)) == str(ana.text)


def test_what_a_slice_brings_it_deletes() -> None:
    """It may come as deleted already. By itself the deletion is no news then, and is not stored; the log may have the
    content, from another process say, and the content would win."""
    ana = Editor(1)
    for letter in "abcdefghijkl":
        ana.text.insert(0, letter)
    content = ana.doc.get_update()
    for place in range(6):
        del ana.text[place : place + 1]
    cut = slices(ana.doc.get_update(), {}, LIMITS, 3)
    assert len(cut) == 4
    doc: Doc[object] = Doc()
    doc.apply_update(merge([content, *(update for update, header in cut if header.ranges)]))
    assert str(doc.get("t", type=Text)) == str(ana.text)


def take_in_slices(live: LiveDoc, update: bytes) -> tuple[list[Effect], int]:
    """As the hub does; returns all effects, and how many slices there were."""
    header, depths, cut = read_checked(answer(check_request(live.state(), update), LIMITS))
    live.was_tried(update, header, depths)
    effects: list[Effect] = []
    for number, (each, header) in enumerate(cut, 1):
        live.was_tried(each, header, {})
        effects += live.receive("s", SyncStep2(each, more_follows=number < len(cut)), 0.0)
    return effects, len(cut)


def test_CN5_an_answer_in_slices_is_one_answer() -> None:
    live = open_doc()
    join(live, "s")
    docs: list[Doc[object]] = [Doc(client_id=client) for client in (5, 6)]
    for number in range(4_500):
        doc = docs[number % 2]
        doc.get("t", type=Text).insert(0, "ab"[number % 2])
    docs[0].apply_update(docs[1].get_update())
    effects, count = take_in_slices(live, docs[0].get_update())
    assert count >= 2
    # Client ids of others are allowed in all of an answer; nothing is acknowledged before all of it is durable.
    assert not rejections(effects) and not sent(effects, "s")
    tokens = [effect.token for effect in persisted(effects)]
    assert ACKNOWLEDGED not in sent(live.committed(tokens[-2], 1.0), "s")
    assert sent(live.committed(tokens[-1], 2.0), "s").count(ACKNOWLEDGED) == 1
    assert text_of(live) == str(docs[0].get("t", type=Text))
