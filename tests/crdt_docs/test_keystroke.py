"""The header of typing, read in C and in Python: both say the same, and only of what is plainly typing."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Map, Text

from crdt_docs.encoding import encode_string, encode_varuint
from crdt_docs.errors import ProtocolError
from crdt_docs.keystroke import MAX_BYTES, read_keystroke, read_keystroke_in_python, read_logged_header
from crdt_docs.limits import Limits
from crdt_docs.update_header import EMPTY_UPDATE, UpdateHeader, read_update_header
from tests.crdt_docs.editor import Editor

LIMITS = Limits()
CLOCKS = st.one_of(st.integers(0, 300), st.integers((1 << 31) - 4, 1 << 31))
CLIENTS = st.sampled_from([1, 5, 127, 128, 1 << 31, (1 << 53) - 1, 1 << 53])


def both(update: bytes) -> UpdateHeader | None:
    """What both say. C may leave more to Python, but never says anything else."""
    native, python = read_keystroke(update, LIMITS), read_keystroke_in_python(update, LIMITS)
    assert native in (None, python)
    return native


def test_typing_is_read_whatever_is_typed() -> None:
    editor = Editor(7)
    for text in ("a", "ł", "Ω", "é\u0301", "😀", "two words"):
        header = both(editor.type(text))
        assert header is not None
        ((client, start, end),) = header.ranges
        assert client == 7 and end - start == len(text.encode("utf-16-le")) // 2
    assert header is not None and header.needs == {7: header.ranges[0][1]}


def test_anything_else_is_left_to_the_general_reader() -> None:
    editor = Editor(7)
    editor.type("abc")
    assert both(editor.delete(0, 1)) is None
    assert both(EMPTY_UPDATE) is None and both(b"") is None
    assert both(editor.type("x" * (MAX_BYTES + 1))) is None
    doc: Doc[object] = Doc(client_id=8)
    doc["m"] = cards = Map()
    cards["key"] = Text("a type")
    assert both(doc.get_update()) is None


@st.composite
def made_by_hand(draw: st.DrawFn) -> bytes:
    """Updates near the edges of what is read: clocks, lengths, references, names and texts of every kind."""
    structs = draw(st.integers(0, 3))
    client = draw(CLIENTS)
    parts = [encode_varuint(draw(st.integers(0, 2))), encode_varuint(structs), encode_varuint(client)]
    parts.append(encode_varuint(draw(CLOCKS)))
    for _ in range(structs):
        info = draw(st.sampled_from([4, 4, 4, 1, 8, 10])) | draw(st.sampled_from([0, 0x20, 0x40, 0x80, 0xC0, 0xE0]))
        parts.append(bytes([info]))
        for bit in (0x80, 0x40):
            if info & bit:
                parts += (encode_varuint(draw(st.one_of(st.just(client), CLIENTS))), encode_varuint(draw(CLOCKS)))
        if not info & 0xC0:
            parts.append(
                draw(st.sampled_from([b"\x01" + encode_string("t"), b"\x01\x02\xc3\xa9", b"\x00\x05\x01", b"\x02"]))
            )
            if info & 0x20:
                parts.append(draw(st.sampled_from([encode_string("key"), b"\x7f", b"\x01\xff"])))
        text = draw(st.one_of(st.text(max_size=3).map(lambda t: t.encode("utf-8", "replace")), st.binary(max_size=4)))
        parts.append(encode_varuint(len(text) + draw(st.sampled_from([0, 0, 0, 1]))) + text)
    parts.append(draw(st.sampled_from([b"\x00", b"\x00", b"\x00", b"\x01\x05\x01\x00\x01", b"", b"\x00\x00"])))
    return b"".join(parts)


@given(made_by_hand())
def test_both_forms_agree_on_what_is_made_by_hand(update: bytes) -> None:
    both(update)


def test_both_forms_agree_on_broken_typing() -> None:
    rng, editor = random.Random(3), Editor(1 << 40)
    updates = [editor.type(rng.choice("abł😀")) for _ in range(20)]
    for _ in range(4_000):
        broken = bytearray(rng.choice(updates))
        broken[rng.randrange(len(broken))] ^= 1 << rng.randrange(8)
        both(bytes(broken[: rng.randrange(len(broken) + 1)]) if rng.random() < 0.2 else bytes(broken))


def test_a_log_of_anything_is_read_as_the_general_reader_reads_it() -> None:
    editor = Editor(7)
    editor.type("abc")
    for update in (editor.type("d"), editor.delete(0, 2), editor.type("x" * (MAX_BYTES + 1)), EMPTY_UPDATE):
        header = read_update_header(update, max_structs=100, max_nesting=32, max_name_bytes=100)
        assert read_logged_header(update, LIMITS) == header
    with pytest.raises(ProtocolError):
        read_logged_header(b"\x01", LIMITS)
