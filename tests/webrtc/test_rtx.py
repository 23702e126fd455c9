"""Rules LO3 and LO6: what is lost comes again in a stream of its own, to viewers and from publishers (RFC 4588)."""

from __future__ import annotations

from random import Random
from struct import pack, unpack_from

from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.packets import (
    CAMERA,
    CAMERA_SSRC,
    DOWN,
    UP,
    VIDEO_PT,
    rtp,
    sent_to,
    sequence_of,
    source,
    ssrc_of,
    timestamp_of,
)
from tests.webrtc.simulcast import MID_ID, RID_ID, LayerSender
from tests.webrtc.simulcast import SOURCE as LAYERED
from webrtc import rtcp
from webrtc.errors import ProtocolError
from webrtc.ids import Mid, PeerId, Ssrc
from webrtc.published_track import Source
from webrtc.retransmission import RtxStream, unwrap_rtx
from webrtc.room import Publication, Room, Subscription
from webrtc.rtp_header import RtpHeader, parse_rtp_header
from webrtc.upward import Extensions

RTX_PT, RTX_SSRC, VIEWER_RTX_PT = 97, Ssrc(1001), 121
REPAIRED_RID_ID = 11


def open_room(camera: Source, *, viewer_rtx: int | None = VIEWER_RTX_PT, seed: int = 1) -> Room:
    room = Room(Random(seed).getrandbits, 0.0)
    room.open_upward(UP, PeerId("ana"))
    extensions = Extensions(MID_ID, RID_ID, repaired_rid=REPAIRED_RID_ID)
    room.publish(UP, [Publication(camera, False)], extensions, 0.0)
    room.open_downward(DOWN, PeerId("ola"))
    room.outgoing(DOWN, Mid("v"), CAMERA)
    room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120, None, viewer_rtx)], 0.0)
    room.connected(DOWN, 0.0)
    return room


def single(**changes: object) -> Source:
    return source()._replace(rtx_payload_type=RTX_PT, rtx_ssrc=RTX_SSRC, **changes)  # type: ignore[arg-type]


def rtx(original: bytes, sequence: int, *, ssrc: int = RTX_SSRC, names: bytes = b"") -> bytes:
    """The original packet as its publisher sends it again."""
    header = parse_rtp_header(original)
    extension = b"" if not names else b"\xbe\xde" + pack("!H", (len(names) + 3) // 4) + names + bytes(-len(names) % 4)
    head = pack("!BBHII", 0x90 if names else 0x80, RTX_PT | header.marker, sequence & 0xFFFF, header.timestamp, ssrc)
    return head + extension + pack("!H", header.sequence) + original[header.payload_offset :]


def test_LO3_a_viewer_gets_a_lost_packet_again_in_its_rtx_stream() -> None:
    room = open_room(single())
    promised = room.outgoing(DOWN, Mid("v"), CAMERA)
    sent = [
        packet
        for number in range(5)
        for packet in sent_to(room.receive_rtp(UP, rtp(number, number, key=number == 0, marker=True), 0.1), DOWN)
    ]
    lost = sent[2]
    nack = rtcp.build_nack(9, promised.ssrc, [sequence_of(lost), sequence_of(sent[3])])
    first, second = sent_to(room.receive_feedback(DOWN, nack, 1.0), DOWN)
    assert (ssrc_of(first), first[1]) == (promised.rtx_ssrc, 0x80 | VIEWER_RTX_PT)
    assert timestamp_of(first) == timestamp_of(lost)
    assert first[12:14] == lost[2:4]
    assert first[14:] == lost[12:]
    assert sequence_of(second) == sequence_of(first) + 1
    (again,) = sent_to(room.receive_feedback(DOWN, rtcp.build_nack(9, promised.ssrc, [sequence_of(lost)]), 2.0), DOWN)
    assert sequence_of(again) == sequence_of(second) + 1, "a number is never used twice"


def test_LO3_without_rtx_it_comes_again_as_it_was() -> None:
    room = open_room(single(), viewer_rtx=None)
    promised = room.outgoing(DOWN, Mid("v"), CAMERA)
    (sent,) = sent_to(room.receive_rtp(UP, rtp(0, key=True), 0.1), DOWN)
    assert sent_to(room.receive_feedback(DOWN, rtcp.build_nack(9, promised.ssrc, [sequence_of(sent)]), 1.0), DOWN) == [
        sent
    ]


def test_LO3_a_layer_comes_again_with_the_viewers_numbers_in_the_rtx_stream() -> None:
    room = open_room(LAYERED)
    promised = room.outgoing(DOWN, Mid("v"), CAMERA)
    sender = LayerSender("h", Random(3))
    sent = [
        packet
        for step in range(5)
        for one in sender.frame(step / 10)
        for packet in sent_to(room.receive_rtp(UP, one, step / 10), DOWN)
    ]
    assert len(sent) == 10
    for lost in sent:
        nack = rtcp.build_nack(9, promised.ssrc, [sequence_of(lost)])
        (again,) = sent_to(room.receive_feedback(DOWN, nack, 1.0), DOWN)
        assert again[12:14] + again[14:] == lost[2:4] + lost[12:]
        assert ssrc_of(again) == promised.rtx_ssrc


def test_LO6_what_a_publisher_sends_again_fills_the_gap() -> None:
    room = open_room(single())
    room.receive_rtp(UP, rtp(0, key=True), 0.0)
    lost = rtp(1, 7, payload=b"lost", marker=True)
    (before,) = sent_to(room.receive_rtp(UP, rtp(2, 9), 0.1), DOWN)
    (filled,) = sent_to(room.receive_rtp(UP, rtx(lost, 500), 0.2), DOWN)
    assert sequence_of(filled) == sequence_of(before) - 1
    assert filled[1] == 0x80 | 120 and filled[12:] == lost[12:]
    assert sent_to(room.receive_rtp(UP, rtx(lost, 501), 0.3), DOWN) == [], "what is there needs no repair"
    assert sent_to(room.receive_rtp(UP, rtx(rtp(2, 9), 502), 0.3), DOWN) == []


def test_LO6_streams_without_an_announced_ssrc_are_recognised_by_mid_and_repaired_rid() -> None:
    layered = LAYERED._replace(rtx_payload_type=RTX_PT)
    room = open_room(layered)
    sender = LayerSender("m", Random(3))
    packets = [packet for step in range(3) for packet in sender.frame(step / 10)]
    for packet in packets[:3] + packets[4:]:
        room.receive_rtp(UP, packet, 0.1)
    names = bytes([MID_ID << 4]) + b"1" + bytes([REPAIRED_RID_ID << 4])
    assert sent_to(room.receive_rtp(UP, rtx(packets[3], 1, ssrc=77, names=names + b"x"), 0.2), DOWN) == []
    assert len(sent_to(room.receive_rtp(UP, rtx(packets[3], 1, ssrc=77, names=names + b"m"), 0.2), DOWN)) == 1
    room = open_room(source()._replace(rtx_payload_type=RTX_PT))
    for number in (0, 2):
        room.receive_rtp(UP, rtp(number, key=number == 0), 0.1)
    names = bytes([MID_ID << 4]) + b"1"
    assert len(sent_to(room.receive_rtp(UP, rtx(rtp(1), 1, ssrc=77, names=names), 0.2), DOWN)) == 1


def test_LO6_a_stream_for_repairs_never_takes_the_place_of_the_stream_itself() -> None:
    room = open_room(single())
    room.receive_rtp(UP, rtp(0, key=True), 0.1)
    assert sent_to(room.receive_rtp(UP, rtp(1, ssrc=RTX_SSRC), 0.1), DOWN) == []
    names = bytes([MID_ID << 4]) + b"1"
    assert sent_to(room.receive_rtp(UP, rtx(rtp(0), 1, ssrc=88, names=names), 0.1), DOWN) == []
    assert len(sent_to(room.receive_rtp(UP, rtp(1), 0.2), DOWN)) == 1


@given(st.binary(max_size=40))
def test_LO6_any_bytes_are_a_repair_or_nothing(body: bytes) -> None:
    for first in (0x80, 0xA0):
        packet = pack("!BBHII", first, RTX_PT, 1, 2, RTX_SSRC) + body
        try:
            header = parse_rtp_header(packet)
        except ProtocolError:
            continue
        original = unwrap_rtx(packet, header, VIDEO_PT, CAMERA_SSRC)
        if original is not None:
            assert original.payload_offset == header.payload_offset + 2 <= len(packet)
            assert original.sequence == unpack_from("!H", packet, header.payload_offset)[0]


@given(st.booleans(), st.integers(0, 0xFFFF), st.binary(max_size=8), st.integers(0, 3))
def test_LO3_wrapping_and_unwrapping_give_the_packet_again(
    marker: bool, sequence: int, payload: bytes, extension_words: int
) -> None:
    stream = RtxStream(Ssrc(5), 9)
    stream.payload_type = 97
    extension = b"\xbe\xde" + pack("!H", extension_words) + bytes(4 * extension_words)
    first, extension = (0x90, extension) if extension_words else (0x80, b"")
    header = pack("!BBHII", first, 96 | (0x80 if marker else 0), sequence, 7, 1) + extension
    packet = stream.wrap(header) + payload
    parsed: RtpHeader = parse_rtp_header(packet)
    original = unwrap_rtx(packet, parsed, 96, 1)
    assert original is not None
    assert (original.sequence, original.marker, original.timestamp) == (sequence, 0x80 if marker else 0, 7)
    assert packet[original.payload_offset :] == payload
