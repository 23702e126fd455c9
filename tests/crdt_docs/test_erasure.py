"""What is erased leaves no byte, and nobody else loses one (rules ER)."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text, XmlElement, XmlFragment, XmlText

from crdt_docs import erasure
from crdt_docs.compaction import merge
from crdt_docs.content import KINDS
from crdt_docs.limits import Limits

LIMITS = Limits()


def writing(doc: Doc[Any], log: list[bytes]) -> Any:
    return doc.observe(lambda event: log.append(event.update))


def paragraph(doc: Doc[Any], text: str) -> XmlText:
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(text)]))
    node: Any = doc.get("default", type=XmlFragment).children
    return node[len(node) - 1].children[0]  # type: ignore[no-any-return]


def test_ER2_a_rewritten_log_has_no_byte_of_what_was_deleted() -> None:
    log: list[bytes] = []
    doc: Doc[Any] = Doc()
    writing(doc, log)
    text = paragraph(doc, "keep SECRET this")
    del text[5:12]
    cards = doc.get("cards", type=Map)
    cards["a"] = Map({"title": "SECRET card"})
    del cards["a"]
    assert b"SECRET" in merge(log)
    rewritten = erasure.rewrite_log(None, log, LIMITS)
    assert b"SECRET" not in rewritten.state and not rewritten.aside
    read: Doc[Any] = Doc()
    read.apply_update(rewritten.state)
    assert str(read.get("default", type=XmlFragment)) == "<paragraph>keep this</paragraph>"


def test_ER1_only_what_some_clients_wrote_is_deleted_and_others_words_stay_beside_it() -> None:
    ana, lucia = Doc[Any](client_id=1), Doc[Any](client_id=2)
    text = paragraph(ana, "Ana begins. Ana ends.")
    lucia.apply_update(ana.get_update())
    theirs: Any = lucia.get("default", type=XmlFragment).children[0].children[0]
    theirs.insert(12, "Lucía 🐟 wrote. ")
    ana.apply_update(lucia.get_update())
    assert "Lucía" in str(text)
    with ana.transaction():
        assert erasure.delete_text(ana, {2}, LIMITS) == len("Lucía 🐟 wrote. ".encode("utf-16-le")) // 2
    assert str(text) == "Ana begins. Ana ends."
    assert b"Luc" not in ana.get_update()
    assert erasure.delete_text(ana, {2}, LIMITS) == 0


def test_ER2_who_was_offline_goes_on_and_brings_nothing_back() -> None:
    hub, away = Doc[Any](client_id=1), Doc[Any](client_id=2)
    log: list[bytes] = []
    writing(hub, log)
    paragraph(hub, "start SECRET end")
    away.apply_update(hub.get_update())
    with hub.transaction():
        text: Any = hub.get("default", type=XmlFragment).children[0].children[0]
        del text[6:13]
    rewritten = erasure.rewrite_log(None, log, LIMITS)
    # Offline somebody types right in the middle of what is gone by now.
    theirs: Any = away.get("default", type=XmlFragment).children[0].children[0]
    theirs.insert(8, "+mine+")
    again: Doc[Any] = Doc()
    again.apply_update(rewritten.state)
    again.apply_update(away.get_update(again.get_state()))
    away.apply_update(again.get_update(away.get_state()))
    for doc in (again, away):
        assert str(doc.get("default", type=XmlFragment)) == "<paragraph>start +mine+end</paragraph>"
        assert b"SECRET" not in doc.get_update()


def test_ER3_what_waits_for_something_missing_is_named_and_not_lost() -> None:
    log: list[bytes] = []
    doc: Doc[Any] = Doc()
    writing(doc, log)
    text = doc.get("t", type=Text)
    for word in ("one ", "two ", "three "):
        text += word
    rewritten = erasure.rewrite_log(None, [log[0], log[2]], LIMITS)
    assert rewritten.aside == [1]
    read: Doc[Any] = Doc()
    read.apply_update(rewritten.state)
    assert str(read.get("t", type=Text)) == "one "


def test_a_kept_state_is_changed_with_its_blocks() -> None:
    from crdt_docs.content import wall

    doc: Doc[Any] = Doc()
    for name in ("one", "two"):
        wall.add_card(
            doc,
            card_id=name,
            title=f"Card {name}",
            text="",
            tint=1,
            author_id=name,
            author_name=f"Author {name}",
            school_id="s",
            at_ms=1,
        )
    state, blocks = erasure.change_state(
        doc.get_update(), lambda kept: wall.remove_card(kept, "two"), KINDS["wall"].blocks
    )
    assert [block["title"] for block in blocks] == ["Card one"]
    assert b"Card two" not in state and b"Author two" not in state


STROKES = st.tuples(st.integers(1, 3), st.integers(0, 200), st.text("abc ", min_size=1, max_size=6))


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(1, 3), st.integers(0, 200), st.text("abc ", min_size=1, max_size=6)), max_size=25)
)
def test_whoever_is_erased_the_others_text_is_as_if_it_had_been_deleted_by_hand(
    strokes: list[tuple[int, int, str]],
) -> None:
    docs = {client: Doc[Any](client_id=client) for client in (1, 2, 3)}
    for client, place, words in strokes:
        doc = docs[client]
        text = doc.get("t", type=Text)
        marked = {1: words.upper(), 2: words, 3: f"<{words}>"}[client]
        text.insert(place % (len(str(text)) + 1), marked)
        for other in docs.values():
            if other is doc:
                continue
            other.apply_update(doc.get_update(other.get_state()))
    whole = docs[1]
    left = {client: erasure.text_ranges(whole.get_update(), {client}, LIMITS) for client in (1, 2, 3)}
    erasure.delete_text(whole, {2}, LIMITS)
    state = erasure.rewrite_log(None, [whole.get_update()], LIMITS).state
    assert not erasure.text_ranges(state, {2}, LIMITS)
    for client in (1, 3):
        assert erasure.text_ranges(state, {client}, LIMITS) == left[client]
