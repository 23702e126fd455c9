"""Who wrote what: client ids bound to users, and the texts put in order as the engine does it."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text, XmlElement, XmlFragment, XmlText

from crdt_docs.authorship import Entry, History, Run, authorship, continue_history
from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.text_order import pieces
from tests.crdt_docs.editor import Editor

LIMITS = Limits()
MINUTE_MS = 60_000


def joined(state: bytes) -> str:
    return "".join(piece.text for piece in pieces(state, LIMITS))


def write_together(seed: int, *, steps: int = 120) -> list[Doc[Any]]:
    """Three who write in one text, hear each other late, and delete what others wrote."""
    rng = random.Random(seed)
    docs: list[Doc[Any]] = [Doc(client_id=rng.randrange(1, 1 << 32)) for _ in range(3)]
    texts = [doc.get("t", type=Text) for doc in docs]
    for step in range(steps):
        number = rng.randrange(3)
        text = texts[number]
        length = len(str(text))
        place = rng.randrange(length + 1)
        if length > 4 and rng.random() < 0.3:
            start = rng.randrange(length - 2)
            del text[start : start + rng.randrange(1, 3)]
        else:
            text.insert(place, f"{chr(97 + number)}{step % 10}"[: rng.randrange(1, 3)])
        if rng.random() < 0.2:
            other = docs[rng.randrange(3)]
            docs[number].apply_update(other.get_update(docs[number].get_state()))
    for _ in range(2):
        for one in docs:
            for other in docs:
                one.apply_update(other.get_update(one.get_state()))
    return docs


@pytest.mark.parametrize("block", range(10))
def test_AU6_the_order_of_pieces_is_the_engines(block: int) -> None:
    for seed in range(block * 15, block * 15 + 15):
        docs = write_together(seed)
        texts = {str(doc.get("t", type=Text)) for doc in docs}
        assert {joined(doc.get_update()) for doc in docs} == texts and len(texts) == 1, seed


def test_AU6_texts_of_many_bytes_and_halves_of_characters_keep_their_clocks() -> None:
    ana = Editor(1)
    ana.type("Cześć 👩‍🏫 ¿qué?")
    start = len("Cześć ".encode())
    ana.text.insert(start, "¡")
    del ana.text[: len(b"Cze")]
    assert joined(ana.doc.get_update()) == str(ana.text)


def test_AU6_texts_come_in_the_order_of_the_tree_and_without_what_was_deleted() -> None:
    doc: Doc[Any] = Doc(client_id=1)
    fragment = doc.get("default", type=XmlFragment)
    for words in ("one", "gone", "two"):
        paragraph = XmlElement("paragraph")
        fragment.children.append(paragraph)
        paragraph.children.append(XmlText(words))
    first: Any = fragment.children[0]
    first.children[0].insert(3, "!", {"bold": True})
    del fragment.children[1]
    found = list(pieces(doc.get_update(), LIMITS))
    assert [(piece.text, piece.starts_text) for piece in found] == [("one", True), ("!", False), ("two", True)]


def test_AU5_runs_name_who_wrote_what_and_when() -> None:
    ana, bea = Editor(1), Editor(2)
    entries = [Entry(ana.type("Hello "), "ana", 1_000)]
    bea.doc.apply_update(ana.doc.get_update())
    bea.take()
    entries.append(Entry(bea.type("world"), "bea", 2_000))
    ana.doc.apply_update(bea.doc.get_update())
    ana.take()
    ana.text.insert(8, "XY")
    entries.append(Entry(ana.take()[-1], "ana", 5 * MINUTE_MS))
    entries.append(Entry(ana.delete(0, 1), "ana", 6 * MINUTE_MS))
    found = authorship(ana.doc.get_update(), None, entries, {1: "ana", 2: "bea"}, LIMITS)
    assert found.runs == (
        Run("ello ", "ana", 1_000, "ana", begins_text=True),
        Run("wo", "bea", 2_000, "bea"),
        Run("XY", "ana", 5 * MINUTE_MS, "ana"),
        Run("rld", "bea", 2_000, "bea"),
    )
    assert found.characters == {"ana": 7, "bea": 5}


def test_AU5_compaction_changes_nothing_and_what_the_hub_wrote_has_no_user() -> None:
    ana, hub = Editor(1), Editor(9)
    entries = [Entry(hub.type("Title. "), None, 10)]
    ana.doc.apply_update(hub.doc.get_update())
    ana.take()
    entries += [Entry(ana.type(letter), "ana", 20 + number * 40_000) for number, letter in enumerate("abcd")]
    state = ana.doc.get_update()
    whole = authorship(state, None, entries, {1: "ana", 9: None}, LIMITS)
    assert [run.user_id for run in whole.runs] == [None, "ana", "ana"]
    assert [run.text for run in whole.runs] == ["Title. ", "ab", "cd"], "exact to the minute"
    for cut in range(len(entries) + 1):
        stored = continue_history(None, entries[:cut], LIMITS).encode()
        assert authorship(state, stored, entries[cut:], {1: "ana", 9: None}, LIMITS) == whole


def test_AU3_what_others_brought_is_theirs_and_says_whose_client_wrote_it() -> None:
    ana = Editor(1)
    first, lost = ana.type("kept "), ana.type("lost")
    found = authorship(ana.doc.get_update(), None, [Entry(first, "ana", 1), Entry(lost, "bea", 2)], {1: "ana"}, LIMITS)
    assert found.runs == (Run("kept ", "ana", 1, "ana", begins_text=True), Run("lost", "bea", 2, "ana"))


def test_AU5_the_first_entry_that_names_a_user_counts() -> None:
    history = History()
    history.add([(1, 0, 4)], None, 1)
    history.add([(1, 2, 8)], "ana", 2)
    history.add([(1, 0, 9)], "bea", 3)
    history.add([(2, 5, 6), (2, 0, 7)], "bea", 4)
    seen = [history.find(1, clock)[0] for clock in range(9)]
    assert seen == ["bea"] * 2 + ["ana"] * 6 + ["bea"]
    assert [history.find(2, clock)[0] for clock in range(8)] == ["bea"] * 7 + [None]


@given(
    st.lists(
        st.tuples(
            st.integers(1, 3),
            st.integers(0, 30),
            st.integers(1, 20),
            st.none() | st.sampled_from(["ana", "bea"]),
            st.integers(0, 1 << 41),
        )
    )
)
def test_a_history_comes_back_and_every_clock_keeps_its_first_user(
    added: list[tuple[int, int, int, str | None, int]],
) -> None:
    history = History()
    first: dict[tuple[int, int], str | None] = {}
    for client, start, length, user_id, at_ms in added:
        history.add([(client, start, start + length)], user_id, at_ms)
        for clock in range(start, start + length):
            if first.get((client, clock)) is None:
                first[client, clock] = user_id
    again = History.decode(history.encode())
    assert again == history
    for (client, clock), user_id in first.items():
        assert again.find(client, clock)[0] == user_id


@given(st.binary(max_size=60))
def test_any_bytes_give_a_history_or_a_protocol_error(data: bytes) -> None:
    try:
        History.decode(data)
    except ProtocolError:
        pass
