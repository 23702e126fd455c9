"""The codecs of both protocols: what they read, what they write, and that nothing else can happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs import hocuspocus, y_websocket
from crdt_docs.encoding import encode_bytes, encode_string
from crdt_docs.errors import ProtocolError
from crdt_docs.hocuspocus import Frame, HocuspocusCodec
from crdt_docs.limits import Limits
from crdt_docs.messages import (
    AwarenessUpdate,
    Close,
    Message,
    Ping,
    Pong,
    QueryAwareness,
    Stateless,
    SyncStep1,
    SyncStep2,
    Token,
    Update,
)

LIMITS = Limits()
BODIES: list[tuple[bytes, Message]] = [
    (b"\x00\x00" + encode_bytes(b"\x00"), SyncStep1(b"\x00")),
    (b"\x00\x01" + encode_bytes(b"\x00\x00"), SyncStep2(b"\x00\x00")),
    (b"\x00\x02" + encode_bytes(b"abc"), Update(b"abc")),
    (b"\x01" + encode_bytes(b"\x00"), AwarenessUpdate(b"\x00")),
    (b"\x03", QueryAwareness()),
]
HOCUSPOCUS_BODIES: list[tuple[bytes, Message]] = [
    *BODIES,
    (b"\x04\x00" + encode_bytes(b"\x00"), SyncStep1(b"\x00")),
    (b"\x02\x00" + encode_string("secret") + encode_string("4.8.0"), Token("secret")),
    (b"\x02\x00" + encode_string(""), Token("")),
    (b"\x05" + encode_string("{}"), Stateless("{}")),
    (b"\x07", Close()),
    (b"\x09", Ping()),
    (b"\x0a", Pong()),
]


@pytest.mark.parametrize(("body", "message"), BODIES)
def test_YW1_every_message_is_read(body: bytes, message: Message) -> None:
    assert y_websocket.read_frame(body, LIMITS) == message


@pytest.mark.parametrize(("body", "message"), HOCUSPOCUS_BODIES)
def test_HP2_every_message_is_read(body: bytes, message: Message) -> None:
    assert hocuspocus.read_frame(encode_string("doc") + body, LIMITS) == Frame("doc", message)


def test_HP1_a_routing_key_names_the_document_and_comes_back_whole() -> None:
    frame = hocuspocus.read_frame(encode_string("doc\0tab-2") + b"\x03", LIMITS)
    assert frame.document_name == "doc"
    codec = HocuspocusCodec(frame.name)
    for sent in (codec.acknowledged(), codec.refused(""), codec.permission_denied("x"), codec.closed("x")):
        assert sent is not None and sent.startswith(encode_string("doc\0tab-2"))


def test_HP2_a_single_byte_is_the_sockets_own_ping() -> None:
    assert hocuspocus.read_frame(b"\x09", LIMITS).message == Ping()
    assert hocuspocus.read_frame(b"\x0a", LIMITS).message == Pong()


@pytest.mark.parametrize("kind", [6, 8, 11, 300])
def test_HP2_the_servers_own_words_are_refused_from_clients(kind: int) -> None:
    from crdt_docs.encoding import encode_varuint

    with pytest.raises(ProtocolError, match="unknown type"):
        hocuspocus.read_frame(encode_string("doc") + encode_varuint(kind) + b"\x01", LIMITS)
    with pytest.raises(ProtocolError, match="server's word"):
        hocuspocus.read_frame(encode_string("doc") + b"\x02\x02" + encode_string("read-write"), LIMITS)
    with pytest.raises(ProtocolError, match="unknown type 2"):
        y_websocket.read_frame(b"\x02\x00" + encode_string("no"), LIMITS)


@given(st.binary(max_size=100))
def test_YW2_any_bytes_give_a_message_or_a_protocol_error(data: bytes) -> None:
    try:
        y_websocket.read_frame(data, LIMITS)
    except ProtocolError:
        pass


@given(st.binary(max_size=100), st.booleans())
def test_HP5_any_bytes_give_a_frame_or_a_protocol_error(data: bytes, named: bool) -> None:
    try:
        hocuspocus.read_frame(encode_string("doc") + data if named else data, LIMITS)
    except ProtocolError:
        pass


@pytest.mark.parametrize(
    ("body", "limits"),
    [
        (b"\x00\x02" + encode_bytes(b"12345"), Limits(update_bytes=4)),
        (b"\x00\x01" + encode_bytes(b"12345"), Limits(first_sync_bytes=4)),
        (b"\x01" + encode_bytes(b"12345"), Limits(awareness_message_bytes=4)),
    ],
)
def test_every_size_limit_is_answered(body: bytes, limits: Limits) -> None:
    for read in (y_websocket.read_frame, lambda data, limits: hocuspocus.read_frame(b"\x01d" + data, limits)):
        with pytest.raises(ProtocolError) as refusal:
            read(body, limits)
        assert refusal.value.code == "too_large"


def test_what_the_hub_says_in_hocuspocus() -> None:
    codec = HocuspocusCodec("d")
    assert codec.acknowledged() == b"\x01d\x08\x01"
    assert codec.refused("why") == b"\x01d\x08\x00"
    assert codec.authenticated(True) == b"\x01d\x02\x02" + encode_string("read-write")
    assert codec.scope(False) == b"\x01d\x02\x02" + encode_string("readonly")
    assert codec.permission_denied("x") == b"\x01d\x02\x01\x01x"
    assert codec.closed("x") == b"\x01d\x07\x01x"
    assert codec.stateless("{}") == b"\x01d\x05\x02{}"


def test_what_the_hub_says_in_y_websocket() -> None:
    codec = y_websocket.YWebsocketCodec()
    assert codec.refused("no") == b"\x02\x00\x02no" == y_websocket.permission_denied("no")
    assert codec.acknowledged() is codec.scope(True) is codec.stateless("") is None
