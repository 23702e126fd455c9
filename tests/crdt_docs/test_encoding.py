from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pycrdt import Doc, Text

from crdt_docs.encoding import (
    MAX_SAFE_INTEGER,
    Reader,
    decode_state_vector,
    encode_bytes,
    encode_state_vector,
    encode_string,
    encode_varuint,
)
from crdt_docs.errors import ProtocolError

numbers = st.integers(0, MAX_SAFE_INTEGER)


@given(numbers)
def test_numbers_come_back(value: int) -> None:
    reader = Reader(encode_varuint(value))
    assert reader.read_varuint() == value
    assert reader.at_end


@given(st.text(max_size=200), st.binary(max_size=200))
def test_texts_and_bytes_come_back(text: str, data: bytes) -> None:
    text = text.encode(errors="ignore").decode()
    reader = Reader(encode_string(text) + encode_bytes(data))
    assert (reader.read_string(10_000), reader.read_bytes(10_000)) == (text, data)


@given(st.dictionaries(numbers, numbers, max_size=20))
def test_state_vectors_come_back(clocks: dict[int, int]) -> None:
    assert decode_state_vector(encode_state_vector(clocks)) == clocks


def test_the_engine_reads_and_writes_the_same_state_vectors() -> None:
    doc = Doc(client_id=300)
    text = doc.get("t", type=Text)
    text += "abc"
    assert decode_state_vector(doc.get_state()) == {300: 3}
    assert doc.get_update(encode_state_vector({300: 3})) == b"\x00\x00"


@given(st.binary(max_size=64))
def test_any_bytes_give_a_value_or_a_protocol_error(data: bytes) -> None:
    for read in (
        lambda reader: reader.read_varuint(),
        lambda reader: reader.read_string(32),
        lambda reader: reader.read_bytes(32),
        lambda reader: reader.skip_varint(),
    ):
        try:
            read(Reader(data))
        except ProtocolError:
            pass
    try:
        decode_state_vector(data)
    except ProtocolError:
        pass


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 12, b"\x80" * 30 + b"\x01"])
def test_numbers_without_an_end_or_without_measure_are_refused(data: bytes) -> None:
    with pytest.raises(ProtocolError):
        Reader(data).read_varuint()


def test_a_claimed_length_is_checked_before_anything_is_copied() -> None:
    with pytest.raises(ProtocolError, match="over its limit"):
        Reader(encode_varuint(MAX_SAFE_INTEGER)).read_bytes(100)
    with pytest.raises(ProtocolError, match="longer than its message"):
        Reader(encode_varuint(99)).read_bytes(100)
    with pytest.raises(ProtocolError, match="claims more"):
        decode_state_vector(encode_varuint(MAX_SAFE_INTEGER) + b"\x01\x01")
