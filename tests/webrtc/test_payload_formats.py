"""Rules VC: what is read of payloads, against streams that real encoders made and against any bytes."""

from __future__ import annotations

from fractions import Fraction
from struct import pack

import av
import pytest
from aiortc.codecs.h264 import H264Encoder
from aiortc.codecs.vpx import Vp8Encoder
from av import VideoFrame
from hypothesis import given
from hypothesis import strategies as st

from tests.webrtc.bit_writer import BitWriter
from tests.webrtc.scalable import HEIGHTS, Av1Camera, Vp9Camera
from webrtc import av1, h264
from webrtc.bits import BitReader
from webrtc.dependency_descriptor import Frame, Structure, parse_descriptor
from webrtc.errors import ProtocolError
from webrtc.payload_formats import PAYLOAD_FORMATS
from webrtc.rtp_header import parse_rtp_header, read_extension
from webrtc.vp9 import parse_descriptor as parse_vp9

ANY_BYTES = st.binary(max_size=60)


@given(st.sampled_from(sorted(PAYLOAD_FORMATS)), ANY_BYTES, st.integers(0, 8))
def test_VC1_any_bytes_are_a_payload_or_refused(name: str, data: bytes, offset: int) -> None:
    known = PAYLOAD_FORMATS[name]
    starts: bool | None
    try:
        starts = known.starts_keyframe(data, offset)
    except ProtocolError:
        starts = None
    try:
        layer = known.read_layer(data, offset)
    except ProtocolError:
        return
    assert layer.starts_keyframe in (starts, False)
    assert offset + layer.descriptor.size <= max(offset, len(data))
    assert len(layer.descriptor.rewritten(40_000, 300)) >= layer.descriptor.size


@given(ANY_BYTES, st.integers(0, 0x7FFF), st.integers(0, 255))
def test_VC1_a_rewritten_vp9_descriptor_differs_in_its_numbers_alone(data: bytes, picture: int, tl0: int) -> None:
    try:
        before = parse_vp9(data, 0)
    except ProtocolError:
        return
    after = parse_vp9(before.rewritten(picture, tl0), 0)
    assert after._replace(raw=before.raw, picture_id=before.picture_id, tl0=before.tl0) == before
    assert after.tl0 == (None if before.tl0 is None else tl0)
    assert after.picture_id == (None if before.picture_id is None else picture % (1 << before.picture_bits))


def test_VC1_vp9_layers_references_and_heights_are_read() -> None:
    packets = [packet for number in range(5) for packet in Vp9Camera().picture(number / 20)][:6]
    found = [parse_vp9(packet, 12) for packet in packets]
    assert [(d.spatial, d.starts_frame, d.ends_frame) for d in found] == [
        (spatial, part == 0, part == 1) for spatial in range(3) for part in (0, 1)
    ]
    assert [d.starts_keyframe for d in found] == [True] + [False] * 5
    assert found[0].heights == HEIGHTS
    flexible = parse_vp9(bytes([0xF0 | 0x08, 0x05, 0x00, 0x03, 0x05, 0x06]), 0)
    assert (flexible.picture_id, flexible.differences, flexible.size) == (5, (1, 2, 3), 6)
    with pytest.raises(ProtocolError, match="references"):
        parse_vp9(bytes([0x50, 0x03, 0x03, 0x03, 0x03]), 0)


def h264_payloads(width: int, height: int, count: int) -> list[bytes]:
    encoder = H264Encoder()
    payloads = []
    for number in range(count):
        frame = VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            plane.update(bytes([number * 40 % 256]) * plane.buffer_size)
        frame.pts, frame.time_base = number * 3000, Fraction(1, 90_000)
        payloads += encoder.encode(frame, force_keyframe=number == 0)[0]
    return payloads


@pytest.mark.parametrize(("width", "height"), [(320, 180), (640, 360), (176, 144)])
def test_VC2_and_VC3_h264_of_a_real_encoder_is_read(width: int, height: int) -> None:
    payloads = h264_payloads(width, height, 4)
    assert [h264.starts_keyframe(payload, 0) for payload in payloads].count(True) == 1
    assert h264.starts_keyframe(payloads[0], 0)
    assert h264.keyframe_height(payloads[0]) == height


@pytest.mark.parametrize("profile", ["baseline", "main", "high", "high444"])
def test_VC3_the_height_is_read_in_every_profile(profile: str) -> None:
    pixels = "yuv444p" if profile == "high444" else "yuv420p"
    encoder = av.CodecContext.create("libx264", "w")
    assert isinstance(encoder, av.VideoCodecContext)
    encoder.width, encoder.height, encoder.pix_fmt = 332, 186, pixels
    encoder.framerate = Fraction(15)
    encoder.time_base = Fraction(1, 15)
    encoder.options = {"profile": profile, "x264-params": "cqm=jvt" if "high" in profile else "ref=1"}
    frame = VideoFrame(332, 186, pixels)
    stream = b"".join(map(bytes, [*encoder.encode(frame), *encoder.encode(None)]))
    units = [unit for unit in stream.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]
    (parameters,) = [unit for unit in units if unit[0] & 0x1F == 7]
    assert h264.keyframe_height(parameters) == 186


SPS = bytes.fromhex("6742c01ed901405ff2e022000003000200000300301e2c5c90")


@pytest.mark.parametrize(
    ("payload", "starts"),
    [
        (SPS, True),
        (b"\x78" + pack("!H", len(SPS)) + SPS + b"\0\2\x68\xce", True),
        (b"\x78\0\2\x09\x10" + pack("!H", len(SPS)) + SPS, True),
        (b"\x7c\x87" + SPS[1:], True),
        (b"\x7c\x07" + SPS[1:], False),
        (b"\x7c\x85\x88", False),
        (b"\x65\x88\x84", False),
        (b"\x41\x9a", False),
        (b"\x78\0\x20\x67", False),
        (b"\x78", False),
        (b"", False),
    ],
    ids=[
        "alone",
        "STAP-A",
        "after a delimiter",
        "FU-A start",
        "FU-A later",
        "IDR FU-A",
        "IDR",
        "delta",
        "cut",
        "",
        "-",
    ],
)
def test_VC2_an_h264_key_frame_begins_with_its_parameter_set(payload: bytes, starts: bool) -> None:
    assert h264.starts_keyframe(b"1234" + payload, 4) == starts


def test_VC2_vp8_of_a_real_encoder_is_read() -> None:
    encoder = Vp8Encoder()
    frames = [VideoFrame(320, 240, "yuv420p") for _ in range(2)]
    for number, frame in enumerate(frames):
        frame.pts, frame.time_base = 3000 * number, Fraction(1, 90_000)
    (key, _), (delta, _) = (encoder.encode(frame, force_keyframe=frame is frames[0]) for frame in frames)
    read = PAYLOAD_FORMATS["vp8"].read_layer
    assert [read(key[0], 0)[1:], read(delta[0], 0)[1:]] == [(True, 240), (False, None)]


def av1_sequence_header(height: int, *, reduced: bool, timing: bool) -> bytes:
    bits = BitWriter().write(0, 3).write(reduced, 1).write(reduced, 1)
    if reduced:
        bits.write(5, 5)
    else:
        bits.write(timing, 1)
        if timing:
            bits.write(1, 32).write(30, 32).write(1, 1).write_exp_golomb(2)
            bits.write(1, 1).write(9, 5).write(7, 32).write(3, 5).write(4, 5)
        bits.write(1, 1).write(1, 5)
        for level in (9, 4):
            bits.write(0, 12).write(level, 5)
            if level > 7:
                bits.write(0, 1)
            if timing:
                bits.write(1, 1).write(0, 21)
            bits.write(1, 1).write(3, 4)
    return bits.write(9, 4).write(9, 4).write(639, 10).write(height - 1, 10).write(0, 20).build()


@pytest.mark.parametrize("reduced", [True, False])
@pytest.mark.parametrize("timing", [True, False])
def test_VC3_the_height_of_an_av1_sequence_is_read(reduced: bool, timing: bool) -> None:
    header = av1_sequence_header(360, reduced=reduced, timing=timing)
    for payload in (
        b"\x18\x08" + header,
        b"\x18\x0a" + bytes([len(header)]) + header,
        b"\x28" + bytes([len(header) + 1]) + b"\x08" + header + b"\x30\0",
        b"\x18\x0c\x20" + header,
    ):
        assert av1.starts_keyframe(payload, 0)
        assert av1.keyframe_height(payload) == 360
    assert av1.keyframe_height(b"\x18\x30" + header) is None
    assert not av1.starts_keyframe(b"\x10\x30", 0)
    assert not av1.starts_keyframe(b"\x98\x30", 0)


def dependency_frames(camera: Av1Camera, pictures: int) -> list[Frame]:
    structure: Structure | None = None
    found = []
    for number in range(pictures):
        for packet in camera.picture(number / 20):
            parse_rtp_header(packet)
            data = read_extension(packet, 12)
            assert data is not None
            frame = parse_descriptor(data, structure)
            structure = frame.structure or structure
            found.append(frame)
    return found


def test_VC1_a_dependency_descriptor_is_read() -> None:
    frames = dependency_frames(Av1Camera(), 5)
    key = frames[0].structure
    assert key is not None
    assert key.heights == HEIGHTS
    assert key.targets == tuple((spatial, temporal) for spatial in range(3) for temporal in range(3))
    assert [(f.spatial, f.temporal, f.starts_frame) for f in frames[:8:2]] == [
        (0, 0, True),
        (1, 0, True),
        (2, 0, True),
        (0, 2, True),
    ]
    assert frames[0].indications == (2,) * 9
    assert frames[6].indications == (0, 0, 2, 0, 0, 0, 0, 0, 0)
    assert frames[6].differences == (3,)
    assert [frame.number for frame in frames[::2]] == list(range(15))


@given(st.binary(min_size=1, max_size=80), st.booleans())
def test_VC1_any_bytes_are_a_dependency_descriptor_or_refused(data: bytes, with_known: bool) -> None:
    known = dependency_frames(Av1Camera(), 1)[0].structure if with_known else None
    try:
        frame = parse_descriptor(data, known)
    except ProtocolError:
        return
    structure = frame.structure or known
    assert structure is not None
    assert len(frame.indications) == len(structure.targets) <= 32
    assert len(structure.templates) <= 64
    assert frame.spatial < 4 and frame.temporal < 8


@given(st.data())
def test_VC1_a_damaged_structure_is_a_structure_or_refused(data: st.DataObject) -> None:
    packet = Av1Camera().picture(0.0)[0]
    original = bytearray(read_extension(packet, 12) or b"")
    position = data.draw(st.integers(0, len(original) - 1))
    original[position] = data.draw(st.integers(0, 255))
    try:
        parse_descriptor(bytes(original[: data.draw(st.integers(1, len(original)))]), None)
    except ProtocolError:
        pass


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, (1 << 40) - 1)), max_size=20))
def test_VC1_bits_are_read_as_written(fields: list[tuple[int, int]]) -> None:
    writer = BitWriter()
    fields = [(count, value & ((1 << count) - 1)) for count, value in fields]
    for count, value in fields:
        writer.write(value, count)
        writer.write_below(value % 9, 9)
        writer.write_exp_golomb(value & 0xFFFF)
    reader = BitReader(writer.build())
    for count, value in fields:
        assert reader.read(count) == value
        assert reader.read_below(9) == value % 9
        assert reader.read_exp_golomb() == value & 0xFFFF
    with pytest.raises(ProtocolError):
        reader.read(8)
