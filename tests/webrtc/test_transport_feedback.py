"""Rules CC1 and CC2: what is written is read back by a decoder of its own, and by Chromium's estimator."""

from __future__ import annotations

import json
from struct import pack, unpack_from

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.meeting import ROOM, open_meeting, user
from tests.webrtc.packets import CAMERA_SSRC, UP, VIDEO_PT, open_room, source
from tests.webrtc.test_browsers import two_pages
from webrtc import rtcp
from webrtc.effects import SendFeedback
from webrtc.errors import ProtocolError
from webrtc.room import Publication
from webrtc.transport_feedback import INTERVAL_S, MAX_SPAN, Arrivals, TransportFeedback, read_arrivals
from webrtc.upward import Extensions

TICK_S = 0.00025


def read(packet: bytes) -> dict[int, float | None]:
    """Number → arrival in seconds (None: missing), as the draft says to read it."""
    assert packet[0] == 0x8F and packet[1] == 205
    assert len(packet) == 4 + 4 * unpack_from("!H", packet, 2)[0]
    base, count = unpack_from("!HH", packet, 12)
    now = int.from_bytes(packet[16:19], "big") * 0.064
    symbols: list[int] = []
    position = 20
    while len(symbols) < count:
        (chunk,) = unpack_from("!H", packet, position)
        position += 2
        if chunk >> 15 == 0:
            symbols += [chunk >> 13 & 3] * (chunk & 0x1FFF)
        elif chunk >> 14 & 1:
            symbols += [chunk >> shift & 3 for shift in range(12, -1, -2)]
        else:
            symbols += [chunk >> shift & 1 for shift in range(13, -1, -1)]
    assert not any(symbols[count:])
    found: dict[int, float | None] = {}
    for place, symbol in enumerate(symbols[:count]):
        delta = None
        if symbol == 1:
            delta, position = packet[position], position + 1
        elif symbol == 2:
            delta, position = unpack_from("!h", packet, position)[0], position + 2
        if delta is not None:
            now += delta * TICK_S
        found[(base + place) & 0xFFFF] = None if delta is None else now
    assert 0 <= len(packet) - position < 4
    return found


@given(
    st.integers(0, 0xFFFF),
    st.lists(st.tuples(st.integers(0, 20), st.floats(0, 0.3)), min_size=1, max_size=60),
    st.floats(0, 100_000),
)
def test_CC1_what_arrived_is_told_to_a_quarter_of_a_millisecond(
    first: int, steps: list[tuple[int, float]], start: float
) -> None:
    feedback = TransportFeedback()
    number, now = first, start
    arrived: dict[int, float] = {}
    for step, wait in steps:
        feedback.receive(number & 0xFFFF, now)
        arrived.setdefault(number & 0xFFFF, now)
        number, now = number + step, now + wait
    packet = feedback.build(1, 77)
    assert packet is not None
    assert unpack_from("!II", packet, 4) == (1, 77)
    told = read(packet)
    assert {n for n, at in told.items() if at is not None} == set(arrived)
    assert all(told[n] == pytest.approx(at, abs=TICK_S) for n, at in arrived.items())
    assert feedback.build(1, 77) is None
    arrivals = read_arrivals(packet[4:])
    ours = {(arrivals.base + place) & 0xFFFF: tick for place, tick in enumerate(arrivals.ticks)}
    assert {n: None if tick is None else tick * TICK_S for n, tick in ours.items()} == pytest.approx(told)


@given(st.binary(max_size=80))
def test_CC3_any_bytes_are_a_report_or_a_protocol_error(body: bytes) -> None:
    try:
        arrivals = read_arrivals(body)
    except ProtocolError:
        return
    assert len(arrivals.ticks) == body[10] << 8 | body[11]


@pytest.mark.parametrize(
    ("chunk", "symbols"),
    [
        (b"\x20\x03", [True] * 3),
        (b"\x00\x03", [False] * 3),
        (b"\xa8\x00", [True, False, True]),
        (b"\xd1\x00", [True, False, True]),
    ],
    ids=["run", "run of missing", "one bit each", "two bits each"],
)
def test_CC3_every_kind_of_chunk_is_read(chunk: bytes, symbols: list[bool]) -> None:
    body = pack("!IIHH", 1, 77, 65_535, 3) + b"\x00\x00\x02\x00" + chunk + bytes([4] * sum(symbols))
    arrivals = read_arrivals(body)
    assert (arrivals.base, arrivals.reference) == (65_535, 512)
    assert [tick is not None for tick in arrivals.ticks] == symbols
    assert [tick for tick in arrivals.ticks if tick] == [512 + 4 * (n + 1) for n in range(sum(symbols))]


def test_CC1_disorder_and_wrapping() -> None:
    feedback = TransportFeedback()
    for number, now in ((65_534, 1.0), (1, 1.001), (65_535, 1.002), (2, 1.2)):
        feedback.receive(number, now)
    packet = feedback.build(1, 77)
    assert packet is not None
    told = read(packet)
    assert list(told) == [65_534, 65_535, 0, 1, 2]
    assert [at and round(at, 3) for at in told.values()] == [1.0, 1.002, None, 1.001, 1.2]


def test_CC2_what_comes_late_is_told_late_and_nothing_twice_for_nothing() -> None:
    feedback = TransportFeedback()
    packets = []
    for numbers in ((1, 3, 4), (3, 4), (2,), (6, 6)):
        for number in numbers:
            feedback.receive(number, 1.0)
        packets.append(feedback.build(1, 77))
    assert packets[1] is None
    told = [read(packet) for packet in packets if packet is not None]
    assert [list(numbers) for numbers in told] == [[1, 2, 3, 4], [2, 3, 4], [5, 6]]
    assert told[0][2] is None and None not in told[1].values(), "what was told to be missing has come"


def test_CC2_what_comes_too_late_is_lost() -> None:
    feedback = TransportFeedback()
    for number, now in ((1, 1.0), (3, 1.0), (4, 2.0)):
        feedback.receive(number, now)
    assert feedback.build(1, 77) is not None
    feedback.receive(2, 2.0)
    assert feedback.build(1, 77) is None


@given(st.lists(st.integers(0, 0xFFFF), max_size=300))
def test_CC2_no_numbers_make_it_large(numbers: list[int]) -> None:
    feedback = TransportFeedback()
    for number in numbers:
        feedback.receive(number, 1.0)
    packet = feedback.build(1, 77)
    if packet is not None:
        assert len(read(packet)) <= MAX_SPAN
        assert len(packet) < 1_200


def numbered(sequence: int, number: int) -> bytes:
    head = pack("!BBHII", 0x90, VIDEO_PT, sequence, 0, CAMERA_SSRC)
    return head + b"\xbe\xde\0\1" + bytes([0x51]) + pack("!H", number) + b"\0" + b"\x10\x10"


@pytest.mark.parametrize(("extension", "told"), [(5, [300, 301]), (None, [])])
def test_CC1_a_room_tells_those_who_number_their_packets(extension: int | None, told: list[int]) -> None:
    room = open_room()
    room.publish(UP, [Publication(source(), False)], Extensions(4, None, extension), 0.0)
    for sequence in (1, 2):
        room.receive_rtp(UP, numbered(sequence, 299 + sequence), 0.01)
    assert room.next_deadline() <= INTERVAL_S
    effects = [effect for effect in room.handle_deadline(INTERVAL_S) if isinstance(effect, SendFeedback)]
    assert [number for effect in effects for number in read(effect.packet)] == told
    for effect in effects:
        assert [type(item) for item in rtcp.parse_feedback(effect.packet)] == [Arrivals]
        assert unpack_from("!II", effect.packet, 4) == (1, CAMERA_SSRC)


@pytest.mark.browser
@pytest.mark.timeout(120)
async def test_CC1_chromium_believes_it() -> None:
    """Without feedback it begins with 300 kbit/s and adds 8 % a second; with it, it knows a free line at once.

    It tries the line out with a burst of packets, and a machine whose cores are taken can spoil a burst; not three.
    """
    layers = [{"rid": "h", "maxBitrate": 1_500_000}, {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000}]
    async with open_meeting() as meeting, two_pages(meeting) as (ana, _):
        meeting.rooms.join(ROOM, "ana", user("ana"), None)
        for _attempt in range(3):
            await ana.evaluate(f"sendLayers(640, 360, {json.dumps(layers)})")
            if await ana.evaluate("estimateReaches(1200000, 10000)"):
                return
            await ana.evaluate("forgetSent()")
        raise AssertionError("the estimate stayed low")
