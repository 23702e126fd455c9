"""Rules AU: redundant audio goes to those who agreed on it, once to the others, and fills what was lost (RFC 2198)."""

from __future__ import annotations

from random import Random
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.packets import AUDIO_PT, DOWN, DOWN2, UP, VOICE, VOICE_SSRC, rtp, sent_to, sequence_of, source
from webrtc import rtcp
from webrtc.errors import ProtocolError
from webrtc.ids import Mid, PeerId
from webrtc.redundant_audio import MAX_BLOCKS, Block, parse_redundant, relabel
from webrtc.room import Publication, Room, Subscription
from webrtc.upward import Extensions

RED_PT = 63
PLAIN_VIEWER_PT, RED_VIEWER_PT, RED_VIEWER_OPUS_PT = 109, 64, 112
STEP = 960


def build(blocks: list[Block]) -> bytes:
    heads = b"".join(
        (0x80000000 | b.payload_type << 24 | b.timestamp_offset << 10 | len(b.payload)).to_bytes(4, "big")
        for b in blocks[:-1]
    )
    return heads + bytes((blocks[-1].payload_type,)) + b"".join(block.payload for block in blocks)


def redundant(number: int, *, repeats: int = 1, sound: bytes | None = None) -> bytes:
    """Packet `number`, whose sound is its number, with those before it."""
    before = [Block(AUDIO_PT, age * STEP, b"sound%d" % (number - age)) for age in range(repeats, 0, -1)]
    own = Block(AUDIO_PT, 0, b"sound%d" % number if sound is None else sound)
    head = pack("!BBHII", 0x80, RED_PT, number & 0xFFFF, number * STEP, VOICE_SSRC)
    return head + build([*before, own])


def plain(number: int) -> bytes:
    return pack("!BBHII", 0x80, AUDIO_PT, number & 0xFFFF, number * STEP, VOICE_SSRC) + b"sound%d" % number


def open_room() -> Room:
    room = Room(Random(1).getrandbits, 0.0)
    room.open_upward(UP, PeerId("ana"))
    voice = source("audio")._replace(red_payload_type=RED_PT)
    room.publish(UP, [Publication(voice, False)], Extensions(4), 0.0)
    for connection_id, payload_type, red in ((DOWN, PLAIN_VIEWER_PT, None), (DOWN2, RED_VIEWER_OPUS_PT, RED_VIEWER_PT)):
        room.open_downward(connection_id, PeerId(f"viewer{connection_id}"))
        room.subscribe(connection_id, [Subscription(Mid("a"), VOICE, payload_type, red_payload_type=red)], 0.0)
        room.connected(connection_id, 0.0)
    return room


def test_AU2_each_viewer_gets_the_form_it_agreed_on() -> None:
    room = open_room()
    effects = room.receive_rtp(UP, redundant(7), 0.1)
    (once,), (twice,) = sent_to(effects, DOWN), sent_to(effects, DOWN2)
    assert (once[1], once[12:]) == (PLAIN_VIEWER_PT, b"sound7")
    assert twice[1] == RED_VIEWER_PT
    assert parse_redundant(twice[12:]) == [
        Block(RED_VIEWER_OPUS_PT, STEP, b"sound6"),
        Block(RED_VIEWER_OPUS_PT, 0, b"sound7"),
    ]


def test_AU2_a_publisher_may_change_between_the_forms() -> None:
    room = open_room()
    sent: dict[int, list[bytes]] = {DOWN: [], DOWN2: []}
    for number in range(6):
        effects = room.receive_rtp(UP, redundant(number) if number % 2 else plain(number), number * 0.02)
        for viewer, packets in sent.items():
            packets += sent_to(effects, viewer)  # type: ignore[arg-type]
    for packets in sent.values():
        numbers = [sequence_of(packet) for packet in packets]
        assert numbers == list(range(numbers[0], numbers[0] + 6))
    assert [packet[12:] for packet in sent[DOWN]] == [b"sound%d" % number for number in range(6)]
    assert [packet[1] for packet in sent[DOWN2]] == [RED_VIEWER_OPUS_PT, RED_VIEWER_PT] * 3


def test_AU3_a_lost_sound_that_is_repeated_takes_its_place() -> None:
    room = open_room()
    sent = []
    for number in (0, 1, 3, 4, 7):
        sent += sent_to(room.receive_rtp(UP, redundant(number, repeats=2 if number == 7 else 1), number * 0.02), DOWN)
    first = sequence_of(sent[0])
    assert [(sequence_of(packet) - first, packet[12:]) for packet in sent] == [
        (number, b"sound%d" % number) for number in (0, 1, 2, 3, 4, 5, 6, 7)
    ]
    late = sent_to(room.receive_rtp(UP, redundant(2), 0.2), DOWN)
    assert all(packet in sent for packet in late), "what comes late after all is what went out"


def test_AU3_pauses_go_on_as_they_come() -> None:
    """With DTX a pause is a gap in time, not in numbers."""
    room = open_room()
    sent = []
    for number, moment in ((0, 0.0), (1, 0.4), (2, 0.8)):
        packet = pack("!BBHII", 0x80, AUDIO_PT, number, round(moment * 48_000), VOICE_SSRC) + b"\x08"
        sent += sent_to(room.receive_rtp(UP, packet, moment), DOWN)
    numbers = [sequence_of(packet) for packet in sent]
    clocks = [int.from_bytes(packet[4:8], "big") for packet in sent]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    assert [(clock - clocks[0]) & 0xFFFFFFFF for clock in clocks] == [0, 19_200, 38_400]


def test_AU2_what_a_viewer_gets_redundantly_is_not_sent_again() -> None:
    room = open_room()
    promised = room.outgoing(DOWN2, Mid("a"), VOICE)
    (sent,) = sent_to(room.receive_rtp(UP, redundant(0), 0.0), DOWN2)
    nack = rtcp.build_nack(9, promised.ssrc, [sequence_of(sent)])
    assert sent_to(room.receive_feedback(DOWN2, nack, 1.0), DOWN2) == []


def test_AU2_redundancy_of_another_codec_is_dropped() -> None:
    room = open_room()
    head = pack("!BBHII", 0x80, RED_PT, 1, STEP, VOICE_SSRC)
    assert room.receive_rtp(UP, head + build([Block(9, STEP, b"x"), Block(AUDIO_PT, 0, b"y")]), 0.0) == []


@given(st.binary(max_size=60))
def test_AU1_any_bytes_are_blocks_or_refused(payload: bytes) -> None:
    try:
        blocks = parse_redundant(payload)
    except ProtocolError:
        return
    assert 1 <= len(blocks) <= MAX_BLOCKS
    assert build(blocks) == payload
    assert parse_redundant(relabel(payload, 7)) == [block._replace(payload_type=7) for block in blocks]


@given(st.binary(max_size=60))
def test_AU1_any_redundant_packet_is_forwarded_or_refused(payload: bytes) -> None:
    room = open_room()
    room.receive_rtp(UP, redundant(1), 0.0)
    try:
        room.receive_rtp(UP, pack("!BBHII", 0x80, RED_PT, 3, 3 * STEP, VOICE_SSRC) + payload, 0.1)
    except ProtocolError:
        pass
    assert sent_to(room.receive_rtp(UP, plain(4), 0.2), DOWN)


def test_AU1_too_many_blocks_are_refused() -> None:
    blocks = [Block(AUDIO_PT, 1, b"")] * (MAX_BLOCKS + 1) + [Block(AUDIO_PT, 0, b"x")]
    with pytest.raises(ProtocolError, match="too many"):
        parse_redundant(build(blocks))


def test_AU2_an_unannounced_voice_may_begin_redundantly() -> None:
    room = Room(Random(1).getrandbits, 0.0)
    room.open_upward(UP, PeerId("ana"))
    voice = source("audio")._replace(red_payload_type=RED_PT, ssrc=None)
    room.publish(UP, [Publication(voice, False)], Extensions(4), 0.0)
    room.open_downward(DOWN, PeerId("ola"))
    room.subscribe(DOWN, [Subscription(Mid("a"), VOICE, PLAIN_VIEWER_PT)], 0.0)
    named = rtp(1, STEP, mid="0", ssrc=VOICE_SSRC, payload_type=RED_PT)
    body = build([Block(AUDIO_PT, 0, b"sound")])
    assert len(sent_to(room.receive_rtp(UP, named[:-2] + body, 0.0), DOWN)) == 1
