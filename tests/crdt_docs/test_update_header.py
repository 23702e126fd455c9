from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Array, Doc, Map, Text, XmlElement, XmlFragment, XmlText, merge_updates

from crdt_docs.encoding import encode_bytes, encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.update_header import EMPTY_UPDATE, UpdateHeader, covers, encode_deletion, read_update_header
from tests.crdt_docs.editor import OUT_OF_ORDER, Editor, any_item, item, nested_arrays, string_item, update_of


def read(update: bytes, *, max_structs: int = 1_000, max_nesting: int = 32) -> UpdateHeader:
    return read_update_header(update, max_structs=max_structs, max_nesting=max_nesting, max_name_bytes=1_024)


@given(st.binary(max_size=200))
def test_UH1_any_bytes_give_a_header_or_a_protocol_error(data: bytes) -> None:
    try:
        read(data)
    except ProtocolError:
        pass


@given(st.integers(0, 1 << 32), st.integers(0, 200))
def test_UH1_any_damage_to_a_real_update_gives_a_header_or_a_protocol_error(seed: int, flips: int) -> None:
    rng = random.Random(seed)
    update = bytearray(everything().get_update())
    for _ in range(flips % 8 + 1):
        update[rng.randrange(len(update))] = rng.randrange(256)
    try:
        read(bytes(update[: rng.randrange(len(update)) + 1]))
    except ProtocolError:
        pass


def everything() -> Doc[Any]:
    """A document with every kind of content the engine writes."""
    doc: Doc[Any] = Doc(client_id=3)
    text = doc.get("t", type=Text)
    text += "añ😀b"
    text.format(0, 1, {"bold": True})
    text.insert_embed(0, {"image": [1, {"a": None}]})
    del text[0:1]
    values = doc.get("m", type=Map)
    values["map"] = Map({"list": Array([1, 2.5, True, None, "x", b"bytes", {"deep": [1, [2, [3]]]}])})
    values["big"] = 1 << 40
    fragment = doc.get("x", type=XmlFragment)
    paragraph = fragment.children.append(XmlElement("paragraph", {"align": "left"}))
    paragraph.children.append(XmlText("hello"))
    return doc


def test_UH2_ranges_cover_exactly_what_the_engine_integrates() -> None:
    doc = everything()
    header = read(doc.get_update())
    clocks: dict[int, int] = {}
    assert header.continues(clocks)
    header.advance(clocks)
    copy: Doc[Any] = Doc()
    copy.apply_update(doc.get_update())
    from crdt_docs.encoding import decode_state_vector

    assert clocks == decode_state_vector(copy.get_state())
    assert header.deletions


@given(st.lists(st.text(min_size=1, max_size=6), min_size=1, max_size=12))
def test_UH2_texts_count_in_utf16_units(texts: list[str]) -> None:
    editor, clock = Editor(5), 0
    for text in texts:
        text = text.encode(errors="ignore").decode().replace("\0", "") or "x"
        header = read(editor.type(text))
        assert header.ranges == ((5, clock, clock + len(text.encode("utf-16-le")) // 2),)
        clock = header.ranges[0][2]


def test_UH2_a_deletion_needs_what_it_deletes() -> None:
    header = read(encode_deletion(7, 3, 2))
    assert header.deletions == ((7, 3, 5),)
    assert header.needs == {7: 5}
    assert not header.continues({7: 4})
    assert header.continues({7: 5})


@pytest.mark.parametrize(
    ("update", "complaint"),
    [
        (update_of(any_item(nested_arrays(40))), "deeper"),
        (update_of(any_item(nested_arrays(40_000))), "deeper"),
        (update_of(item(5, encode_string("[" * 40 + "]" * 40))), "deeper"),
        (update_of(item(4, encode_bytes(b"\xff\xfe"))), "UTF-8"),
        (update_of(item(4, encode_bytes(b""))), "without length"),
        (update_of(item(1, encode_varuint(1 << 40))), "too large"),
        (update_of(string_item("x"), clock=1 << 31), "too large"),
        (update_of(item(7, encode_varuint(9))), "unknown number 9"),
        (update_of(item(9, encode_string("guid") + b"\x76\x00")), "unknown number 9"),
        (update_of(item(11, b"\x00\x00\x00")), "unknown number 11"),
        (update_of(item(8, encode_varuint(1) + b"\x00")), "unknown type 0"),
        (update_of(item(4, encode_bytes(b"x"), parent=encode_varuint(2))), "parent"),
        (update_of(item(4, encode_bytes(b"x"), parent=encode_varuint(1) + encode_string("n" * 2_000))), "limit"),
        (update_of(string_item("x")) + b"\x00", "left over"),
        (encode_varuint(1 << 50), "ends too early|ends inside"),
    ],
)
def test_UH3_what_the_hub_does_not_take_is_refused_with_a_reason(update: bytes, complaint: str) -> None:
    with pytest.raises(ProtocolError, match=complaint):
        read(update)


def test_UH3_brackets_inside_of_texts_do_not_nest() -> None:
    read(update_of(item(5, encode_string('"' + "[" * 99 + '\\"' + "{" * 99 + '"'))))
    read(update_of(any_item(nested_arrays(32))))


def test_UH3_the_number_of_structs_is_bounded() -> None:
    update = update_of(*[string_item("x")] * 20)
    assert read(update, max_structs=20).structs == 20
    with pytest.raises(ProtocolError, match="more than 19 parts"):
        read(update, max_structs=19)


def test_UH4_an_update_continues_what_it_begins_at_or_before() -> None:
    first, second = (read(update) for update in OUT_OF_ORDER[:2])
    assert first.continues({})
    assert not second.continues({})
    clocks: dict[int, int] = {}
    first.advance(clocks)
    assert second.continues(clocks)
    assert first.continues(clocks)
    assert first.is_known(clocks)
    assert read(EMPTY_UPDATE).continues({})


def test_UH4_a_hole_inside_a_merged_update_is_seen() -> None:
    merged = read(merge_updates(OUT_OF_ORDER[0], OUT_OF_ORDER[2]))
    assert len(merged.ranges) == 2
    assert not merged.continues({})


def test_UH4_a_dependency_on_another_client_is_seen() -> None:
    first, second = Editor(1), Editor(2)
    hello = first.type("hello")
    second.doc.apply_update(hello)
    second.take()
    answer = read(second.type("!"))
    assert not answer.continues({})
    assert answer.continues({1: 5})


def test_UH5_an_item_that_leans_on_itself_is_seen() -> None:
    itself = encode_varuint(0) + encode_varuint(7) + encode_varuint(4)
    header = read(update_of(item(4, encode_bytes(b"x"), parent=itself), clock=4))
    assert header.bends_time({7: 4})
    # The engine writes such items itself for structs that everybody has; those are passed over.
    assert not header.bends_time({7: 5})


def test_covers_looks_through_touching_ranges() -> None:
    assert covers(((1, 0, 5), (1, 5, 9)), ((1, 3, 8),))
    assert not covers(((1, 0, 5), (1, 6, 9)), ((1, 3, 8),))
    assert not covers((), ((2, 0, 1),))
