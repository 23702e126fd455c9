"""Rules RT1 and RT3 (what is a key frame); aiortc's parser is the oracle."""

from __future__ import annotations

import pytest
from aiortc.codecs.vpx import VpxPayloadDescriptor
from aiortc.rtp import RtpPacket
from hypothesis import given
from hypothesis import strategies as st

from webrtc.errors import ProtocolError
from webrtc.rtp_header import parse_rtp_header, read_extension, starts_vp8_keyframe, unwrap


@given(st.binary(max_size=80))
def test_RT1_any_bytes_are_a_header_or_refused(data: bytes) -> None:
    try:
        header = parse_rtp_header(data)
    except ProtocolError:
        return
    assert 12 <= header.payload_offset <= len(data)
    for extension_id in range(16):
        read_extension(data, extension_id)
    starts_vp8_keyframe(data, header.payload_offset)


@given(st.binary(min_size=12, max_size=80).map(lambda data: bytes([0x80 | data[0] & 0x3F]) + data[1:]))
def test_RT1_what_both_accept_both_read_alike(data: bytes) -> None:
    try:
        header = parse_rtp_header(data)
    except ProtocolError:
        return
    try:
        oracle = RtpPacket.parse(data)
    except ValueError:
        return  # it also reads the extensions' insides
    assert (header.payload_type, bool(header.marker), header.sequence, header.timestamp, header.ssrc) == (
        oracle.payload_type,
        bool(oracle.marker),
        oracle.sequence_number,
        oracle.timestamp,
        oracle.ssrc,
    )
    payload = data[header.payload_offset :]
    assert payload[: len(payload) - oracle.padding_size] == oracle.payload


def packet_with_extension(profile: int, body: bytes) -> bytes:
    body += bytes(-len(body) % 4)
    head = bytes([0x90, 96]) + bytes(10)
    return head + profile.to_bytes(2, "big") + (len(body) // 4).to_bytes(2, "big") + body + b"payload"


@pytest.mark.parametrize(
    ("profile", "body"),
    [
        (0xBEDE, bytes([0x10, 0x85, 0x41]) + b"ab"),
        (0xBEDE, bytes([0, 0, 0x10, 0x85, 0, 0x41]) + b"ab"),
        (0x1000, bytes([1, 1, 0x85, 4, 2]) + b"ab"),
        (0x100F, bytes([0, 4, 2]) + b"ab"),
    ],
)
def test_an_extension_is_found_in_both_forms(profile: int, body: bytes) -> None:
    packet = packet_with_extension(profile, body)
    assert read_extension(packet, 4) == b"ab"
    assert read_extension(packet, 9) is None
    assert packet[parse_rtp_header(packet).payload_offset :] == b"payload"


def test_an_extension_that_reaches_beyond_its_block_is_not_read() -> None:
    assert read_extension(packet_with_extension(0xBEDE, bytes([0x4F, 1, 2, 3])), 4) is None


@given(
    st.booleans(),
    st.sampled_from([0, 1]),
    st.none() | st.integers(0, 0x7FFF),
    st.none() | st.integers(0, 255),
    st.none() | st.tuples(st.integers(0, 3), st.integers(0, 1)),
    st.none() | st.integers(0, 31),
    st.booleans(),
)
def test_RT3_a_vp8_key_frame_is_recognised_behind_any_descriptor(
    is_start: bool,
    partition_id: int,
    picture_id: int | None,
    tl0picidx: int | None,
    tid: tuple[int, int] | None,
    keyidx: int | None,
    is_key: bool,
) -> None:
    descriptor = VpxPayloadDescriptor(
        partition_start=int(is_start),
        partition_id=partition_id,
        picture_id=picture_id,
        tl0picidx=tl0picidx,
        tid=tid,
        keyidx=keyidx,
    )
    payload = bytes(descriptor) + bytes([0x10 if is_key else 0x11]) + b"frame"
    assert starts_vp8_keyframe(payload, 0) == (is_start and partition_id == 0 and is_key)


@given(st.integers(0, 1 << 40), st.integers(-(1 << 14), 1 << 14))
def test_a_number_is_unwrapped_to_the_nearest(reference: int, distance: int) -> None:
    assert unwrap((reference + distance) & 0xFFFF, reference, 16) == reference + distance
