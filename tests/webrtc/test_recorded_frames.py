"""Rules RE of webrtc/SPEC.md: pictures of every codec come out of packets, go into files and can be played."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import av
import pytest
from aiortc.codecs.h264 import H264Encoder
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.recorded_media import CAMERA, VOICE, in_order, play, voice
from webrtc.effects import RecordFrame
from webrtc.errors import ProtocolError
from webrtc.recorded_frames import FRAME_FORMATS
from webrtc.recording_files import RecordingFiles

WIDTH, HEIGHT, FPS = 192, 128, 25
ENCODERS: dict[str, tuple[str, dict[str, str]]] = {
    "h264": ("libx264", {"tune": "zerolatency", "preset": "ultrafast", "g": "10"}),
    "vp9": ("libvpx-vp9", {"deadline": "realtime", "lag-in-frames": "0", "cpu-used": "8", "g": "10"}),
    "av1": ("libsvtav1", {"preset": "12", "g": "10"}),
}
MTU = 300


def encode(codec: str, count: int) -> list[tuple[bool, bytes]]:
    name, options = ENCODERS[codec]
    encoder: Any = av.CodecContext.create(name, "w")
    encoder.width, encoder.height, encoder.pix_fmt = WIDTH, HEIGHT, "yuv420p"
    encoder.time_base, encoder.bit_rate, encoder.options = Fraction(1, FPS), 300_000, options
    random, packets = Random(1), []
    for index in range(count):
        picture = av.VideoFrame(WIDTH, HEIGHT, "yuv420p")
        for plane in picture.planes:
            plane.update(random.randbytes(plane.buffer_size))
        picture.pts = index
        packets += encoder.encode(picture)
    packets += encoder.encode(None)
    return [(packet.is_keyframe, bytes(packet)) for packet in packets]


def packetize_h264(frame: bytes) -> list[bytes]:
    """By another implementation: single units, aggregation and fragments."""
    return list(H264Encoder._packetize(H264Encoder._split_bitstream(frame)))


def packetize_vp9(frame: bytes) -> list[bytes]:
    parts = [frame[at : at + MTU] for at in range(0, len(frame), MTU)]
    return [bytes([0x08 * (n == 0) | 0x04 * (n == len(parts) - 1)]) + part for n, part in enumerate(parts)]


def packetize_av1(frame: bytes) -> list[bytes]:
    """OBUs without their sizes, one stream of elements cut at the packets' ends, each with its length (W = 0)."""
    payloads: list[bytes] = []
    room, body, continues = MTU, b"", False
    for unit in split_obus(frame):
        while unit:
            part, unit = unit[: room - 2], unit[room - 2 :]
            body += bytes([len(part) & 0x7F | 0x80, len(part) >> 7]) + part
            room -= len(part) + 2
            if unit or room < 10:
                payloads.append(bytes([0x80 * continues | 0x40 * bool(unit)]) + body)
                room, body, continues = MTU, b"", bool(unit)
    return [*payloads, bytes([0x80 * continues]) + body] if body else payloads


def split_obus(frame: bytes) -> list[bytes]:
    units, position = [], 0
    while position < len(frame):
        header = 2 if frame[position] & 4 else 1
        size, at, shift = 0, position + header, 0
        while True:
            size |= (frame[at] & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if not frame[at - 1] & 0x80:
                break
        unit = bytes([frame[position] & ~2]) + frame[position + 1 : position + header] + frame[at : at + size]
        units.append(unit)
        position = at + size
    return units


PACKETIZERS = {"h264": packetize_h264, "vp9": packetize_vp9, "av1": packetize_av1}


def frames_of(codec: str, count: int) -> list[RecordFrame]:
    format_ = FRAME_FORMATS[codec]
    frames = []
    for index, (is_key, encoded) in enumerate(encode(codec, count)):
        payloads = PACKETIZERS[codec](encoded)
        assert format_.starts_frame(payloads[0])
        frames.append(RecordFrame(CAMERA, index / FPS, is_key, format_.join(payloads)))
    return frames


@pytest.mark.parametrize("codec", ["h264", "vp9", "av1"])
def test_RE9_every_codec_comes_out_of_packets_and_plays_from_a_file(codec: str, tmp_path: Path) -> None:
    frames = frames_of(codec, 50)
    assert FRAME_FORMATS[codec].head_of(frames[0].data).size == (WIDTH, HEIGHT)
    told: list[dict[str, Any]] = []
    files = RecordingFiles(told.append)
    files.start("one", tmp_path / "ana", {VOICE: "opus", CAMERA: codec}, 0)
    for frame in in_order(voice(2), frames):
        files.write(frame)
    files.stop("one")
    files.close()
    assert [event["event"] for event in told] == ["recording_part", "recording_ended"]
    played = play(tmp_path / ("ana.mkv" if codec == "h264" else "ana.webm"))
    assert (played.pictures, played.size) == (50, (WIDTH, HEIGHT))
    assert played.sounds in range(95, 101)


@pytest.mark.parametrize("codec", ["h264", "av1"])
def test_RE9_a_picture_that_does_not_say_what_it_is_ends_itself_alone(codec: str, tmp_path: Path) -> None:
    told: list[dict[str, Any]] = []
    files = RecordingFiles(told.append)
    files.start("one", tmp_path / "ana", {VOICE: "opus", CAMERA: codec}, 0)
    nonsense = [RecordFrame(CAMERA, index / FPS, index % 10 == 0, b"\x65nonsense") for index in range(50)]
    for frame in in_order(voice(2), nonsense):
        files.write(frame)
    files.stop("one")
    files.close()
    assert {"event": "recording_unreadable", "file_id": "one", "track_id": CAMERA} in told
    assert "recording_failed" not in {event["event"] for event in told}
    played = play(tmp_path / "ana.webm")
    assert played.pictures == 0 and played.sounds in range(95, 101)


@given(st.sampled_from(sorted(FRAME_FORMATS)), st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=6))
def test_RE9_any_payloads_are_a_frame_or_an_error(codec: str, payloads: Sequence[bytes]) -> None:
    format_ = FRAME_FORMATS[codec]
    try:
        format_.starts_frame(payloads[0])
        format_.head_of(format_.join(payloads))
    except ProtocolError as error:
        assert re.search(r"\w", str(error))


def test_RE9_the_layers_of_a_vp9_picture_are_one_frame_that_names_them() -> None:
    small, large = b"\x0c" + bytes(70), b"\x0c" + bytes(300)
    frame = FRAME_FORMATS["vp9"].join([small, large])
    assert len(frame) == 70 + 300 + 6
    marker = frame[-1]
    assert marker & 0xE0 == 0xC0 and marker == frame[-6]
    assert [int.from_bytes(frame[-5:-3], "little"), int.from_bytes(frame[-3:-1], "little")] == [70, 300]
