"""Rules RE of webrtc/SPEC.md: which frames are recorded, and that they can be decoded, whatever the network does."""

from __future__ import annotations

import itertools
from random import Random
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc import simulcast
from tests.webrtc.packets import (
    AUDIO_PT,
    CAMERA,
    CAMERA_SSRC,
    DOWN,
    UP,
    VIDEO_PT,
    VOICE,
    VOICE_SSRC,
    feedback_to,
    open_room,
    rtp,
    sent_to,
)
from tests.webrtc.simulcast import RIDS, SSRCS, LayerSender
from webrtc import rtcp
from webrtc.effects import Effect, RecordFrame
from webrtc.errors import ProtocolError
from webrtc.frame_assembly import MAX_WAITING, Frame, FrameAssembler, Piece
from webrtc.sender_clock import TOLERANCE_S, SenderClock, StreamClock
from webrtc.vp8 import keyframe_size

FRAME_S = 1 / 25
KEY_EVERY = 10


def recorded(effects: list[Effect], track_id: str = CAMERA) -> list[RecordFrame]:
    return [effect for effect in effects if isinstance(effect, RecordFrame) and effect.track_id == track_id]


def pictures(count: int) -> list[Piece]:
    """Frames of one to four packets, every tenth a key frame; a body tells its frame and its place in it."""
    pieces: list[Piece] = []
    for frame in range(count):
        size = frame % 4 + 1
        for place in range(size):
            number = 70_000 + len(pieces)
            body = f"{frame}.{place} ".encode()
            is_key = frame % KEY_EVERY == 0 and place == 0
            pieces.append(Piece(number, frame * 3000, place == size - 1, place == 0, is_key, body))
    return pieces


def whole(frame: int) -> Frame:
    data = b"".join(f"{frame}.{place} ".encode() for place in range(frame % 4 + 1))
    return Frame(frame * 3000, frame % KEY_EVERY == 0, data)


def assemble(pieces: list[Piece], *, kind: str = "video", step_s: float = 0.001) -> list[Frame]:
    assembler = FrameAssembler("video" if kind == "video" else "audio")
    return [frame for index, piece in enumerate(pieces) for frame in assembler.receive(piece, index * step_s)]


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_RE3_disorder_and_repetition_change_nothing(seed: int, distance: int) -> None:
    random = Random(seed)
    pieces = pictures(60)
    disordered = [
        piece for _, piece in sorted((index + random.uniform(0, distance), piece) for index, piece in enumerate(pieces))
    ]
    for _ in range(20):
        disordered.insert(random.randrange(len(disordered)), random.choice(pieces))
    first = min(index for index, piece in enumerate(disordered) if piece.starts_keyframe)
    # A start that comes late takes what came before it along, as far as it belongs behind it.
    frames = assemble(disordered)
    begin = disordered[first].timestamp // 3000
    assert frames == [whole(frame) for frame in range(begin, 60)]


@given(st.integers(0, 2**32), st.floats(0.0, 0.3))
def test_RE2_RE3_what_is_written_after_a_loss_starts_at_a_key_frame(seed: int, loss: float) -> None:
    random = Random(seed)
    frames = assemble([piece for piece in pictures(300) if random.random() >= loss], step_s=0.02)
    expected: int | None = None
    for frame in frames:
        number = frame.timestamp // 3000
        assert frame == whole(number)
        assert number == expected or frame.is_key
        expected = number + 1


@given(st.lists(st.tuples(st.integers(0, 5000), st.integers(0, 500), st.booleans(), st.booleans(), st.booleans())))
def test_RE3_nonsense_is_bounded(packets: list[tuple[int, int, bool, bool, bool]]) -> None:
    for kind in ("video", "audio"):
        frames = assemble([Piece(n, t, a, b, c, b"x") for n, t, a, b, c in packets], kind=kind)
        assert sum(len(frame.data) for frame in frames) <= len(packets)


def test_RE3_no_more_waits_than_the_limit() -> None:
    assembler = FrameAssembler("video")
    assembler.receive(Piece(1, 0, False, True, True, b"key"), 0.0)
    for number in range(3, MAX_WAITING + 10):
        assembler.receive(Piece(number, 0, False, False, False, b"more"), 0.0)
    assert assembler.lost == 1
    assert assembler.wants_keyframe


def test_RE3_a_voice_goes_on_after_a_lost_packet() -> None:
    voice = [Piece(number, number * 960, False, True, False, str(number).encode()) for number in range(40)]
    frames = assemble([piece for piece in voice if piece.extended_sequence != 7], kind="audio", step_s=0.02)
    numbers = [frame.timestamp // 960 for frame in frames]
    assert numbers == [number for number in range(40) if number != 7]


class Camera:
    """A room with a camera of one stream that answers key frame requests, and a clock that tests set."""

    def __init__(self, *, watched: bool = False) -> None:
        self.room = open_room(*([DOWN] if watched else []))
        self.now = 100.0
        self.sequence, self.clock = 65_500, 2**32 - 50_000
        self.wants_key = False
        self.requests = 0
        self.frames: list[RecordFrame] = []

    def run(self, count: int, *, lose: bool = False) -> None:
        for _ in range(count):
            self.now += FRAME_S
            head = b"\0\0" + b"\x9d\x01\x2a" + pack("<HH", 640, 360)
            packet = rtp(self.sequence, self.clock, key=self.wants_key, payload=head, marker=True)
            self.wants_key = False
            self.sequence += 1
            self.clock += 3600
            if not lose:
                self.apply(self.room.receive_rtp(UP, packet, self.now))
            self.apply(self.room.handle_deadline(self.now))

    def apply(self, effects: list[Effect]) -> None:
        asked = sum(isinstance(item, rtcp.KeyframeRequest) for item in feedback_to(effects, UP))
        self.requests += asked
        self.wants_key = self.wants_key or asked > 0
        self.frames += recorded(effects)


def test_RE1_nothing_is_recorded_unless_it_is_named() -> None:
    camera = Camera(watched=True)
    camera.run(50)
    assert camera.frames == []
    assert not camera.room.record(VOICE[:-1])  # type: ignore[arg-type]
    assert camera.room.record(VOICE)
    camera.run(50)
    assert camera.frames == []


def test_RE2_a_picture_that_nobody_watches_is_recorded_from_a_key_frame_on() -> None:
    camera = Camera()
    camera.run(5)
    assert camera.room.record(CAMERA)
    camera.run(50)
    assert camera.requests == 1
    assert camera.frames[0].is_key
    assert keyframe_size(camera.frames[0].data) == (640, 360)
    assert len(camera.frames) == 49
    camera.room.stop_recording(CAMERA)
    camera.run(10)
    assert len(camera.frames) == 49


def test_RE2_after_a_loss_a_key_frame_is_asked_for() -> None:
    camera = Camera()
    camera.room.record(CAMERA)
    camera.run(20)
    camera.run(1, lose=True)
    camera.run(60)
    assert camera.requests >= 2
    after = [frame for frame in camera.frames if frame.at_s > 100.0 + 21.5 * FRAME_S]
    assert after[0].is_key
    assert len(after) > 20


def test_RE1_a_muted_track_is_not_recorded_and_comes_back_at_a_key_frame() -> None:
    camera = Camera()
    camera.room.record(CAMERA)
    camera.run(20)
    camera.apply(camera.room.mute(CAMERA, True, camera.now))
    before = len(camera.frames)
    camera.run(20)
    assert len(camera.frames) == before
    camera.apply(camera.room.mute(CAMERA, False, camera.now))
    camera.run(40)
    assert camera.frames[before].is_key
    assert len(camera.frames) > before + 30


@given(
    st.lists(
        st.tuples(
            st.integers(0, 40),
            st.integers(0, 2**32 - 1),
            st.booleans(),
            st.binary(max_size=20),
            st.integers(0, 4),
            st.booleans(),
        ),
        max_size=60,
    )
)
def test_RE3_hostile_packets_end_nothing(
    packets: list[tuple[int, int, bool, bytes, int, bool]],
) -> None:
    """Whatever a publisher sends while it is recorded is a frame, nothing, or a ProtocolError."""
    room = open_room()
    room.record(CAMERA)
    room.record(VOICE)
    for index, (sequence, timestamp, marker, payload, padding, to_voice) in enumerate(packets):
        ssrc, payload_type = (VOICE_SSRC, AUDIO_PT) if to_voice else (CAMERA_SSRC, VIDEO_PT)
        first = 0xA0 if padding else 0x80
        head = pack("!BBHII", first, payload_type | marker << 7, sequence, timestamp, ssrc)
        packet = head + payload + (bytes(padding - 1) + bytes([padding]) if padding else b"")
        try:
            for frame in recorded(room.receive_rtp(UP, packet, index * 0.05)):
                assert len(frame.data) <= 20 * len(packets)
        except ProtocolError:
            pass


def layer_of(frame: RecordFrame) -> str:
    """A layer's frames end in its name and their number."""
    return frame.data.rstrip(b"0123456789")[-1:].decode()


@pytest.mark.parametrize("seed", range(20))
def test_RE5_the_largest_layer_that_flows_is_recorded(seed: int) -> None:
    random = Random(seed)
    room = simulcast.open_room(seed=seed)
    layers = {rid: LayerSender(rid, random) for rid in RIDS}
    sending, now, frames = set(RIDS), 0.0, list[RecordFrame]()
    assert room.record(CAMERA)

    def run(seconds: float) -> None:
        nonlocal now
        for _ in range(round(seconds / FRAME_S)):
            now += FRAME_S
            effects: list[Effect] = []
            for rid in sorted(sending):
                for packet in layers[rid].frame(now):
                    effects += room.receive_rtp(UP, packet, now)
            effects += room.handle_deadline(now)
            for item in feedback_to(effects, UP):
                if isinstance(item, rtcp.KeyframeRequest):
                    layers[next(rid for rid, ssrc in SSRCS.items() if ssrc == item.ssrc)].wants_key = True
            frames.extend(recorded(effects))

    run(4)
    assert frames[0].is_key
    assert frames[-1].data.endswith(f"h{layers['h'].frames - 1}".encode())
    sending.remove("h")
    run(4)
    assert frames[-1].data.endswith(f"m{layers['m'].frames - 1}".encode())
    sending.add("h")
    layers["h"].wants_key = True
    run(4)
    assert frames[-1].data.endswith(f"h{layers['h'].frames - 1}".encode())
    moves = [after for before, after in itertools.pairwise(frames) if layer_of(before) != layer_of(after)]
    assert 2 <= len(moves) <= 3
    assert all(frame.is_key for frame in moves)


@given(st.integers(0, 2**32), st.floats(-1e6, 1e6), st.floats(0.0, 0.3))
def test_RE4_sender_reports_keep_voice_and_picture_in_step(seed: int, wall_offset_s: float, delay_s: float) -> None:
    """Voice and picture of one moment, each with a start and a delay of its own, get the same time."""
    random = Random(seed)
    sender = SenderClock()
    clocks = [StreamClock(48_000, sender), StreamClock(90_000, sender)]
    starts = [random.getrandbits(32), random.getrandbits(32)]
    rates, now, times = [48_000, 90_000], 1000.0, [0.0, 0.0]
    for step in range(200):
        now += 0.05
        for index, clock in enumerate(clocks):
            timestamp = (starts[index] + round(now * rates[index])) & 0xFFFFFFFF
            arrival = now + delay_s * (index + 1) * random.random()
            times[index] = clock.time_of(clock.extend(timestamp), arrival)
            if step % 20 == 10:
                sender.note(now + wall_offset_s, now + 0.01 + delay_s * random.random() * 0.1)
                clock.note_report(timestamp, now + wall_offset_s)
    assert abs(times[0] - times[1]) <= 2 * TOLERANCE_S + 1e-6
    assert abs(times[0] - now) <= 0.05 + delay_s * 0.1 + 2 * TOLERANCE_S


def test_RE4_peers_whose_clocks_differ_are_in_step() -> None:
    camera = Camera()
    camera.room.record(CAMERA)
    for round_ in range(5):
        wall = 3_000_000_000.0 + camera.now - 0.02
        report = rtcp.SenderReport(1000, int(wall * 2**32), (camera.clock - 3600) & 0xFFFFFFFF, 0, 0)
        camera.apply(camera.room.receive_feedback(UP, rtcp.build_sender_report(report), camera.now))
        camera.run(25)
        assert abs(camera.frames[-1].at_s - camera.now) <= FRAME_S + TOLERANCE_S, round_


def test_RE1_recording_asks_nothing_of_viewers() -> None:
    """What viewers are sent is the same with and without."""
    with_recording, without = Camera(watched=True), Camera(watched=True)
    with_recording.room.record(CAMERA)
    for camera in (with_recording, without):
        camera.wants_key = True
    sent: list[list[bytes]] = [[], []]
    for index, camera in enumerate((with_recording, without)):
        for sequence in range(50):
            packet = rtp(sequence, sequence * 3600, key=sequence == 0, payload=b"\0" * 9, marker=True)
            effects = camera.room.receive_rtp(UP, packet, 100 + sequence * FRAME_S)
            sent[index] += sent_to(effects, DOWN)
    assert sent[0] == sent[1]
