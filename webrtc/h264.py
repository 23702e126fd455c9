"""What a forwarding unit reads of H.264 payloads: where a key frame starts, and how high the picture is (RFC 6184).

Rule: any bytes are a start or not; only what leads into a damaged parameter set raises ProtocolError.
"""

from __future__ import annotations

from collections.abc import Iterator

from webrtc.bits import BitReader
from webrtc.errors import ProtocolError

_SPS, _STAP_A, _FU_A = 7, 24, 28
_FU_START = 0x80
_MAX_UNITS = 64
"""Parts of one aggregation packet that are looked at."""
_MAX_SPS_BYTES = 256
_WITH_CHROMA = frozenset((44, 83, 86, 100, 110, 118, 122, 128, 134, 138, 139, 244))
"""Profiles whose parameter set has the high profile's fields (H.264 section 7.3.2.1.1)."""


def starts_keyframe(packet: bytes | memoryview, offset: int) -> bool:
    """Whether this payload begins a picture that a newcomer can decode: one with its sequence parameter set."""
    return any(kind == _SPS for kind, _, _ in _units(packet, offset))


def keyframe_height(packet: bytes | memoryview, offset: int = 0) -> int | None:
    """The picture's height in pixels, as the parameter set in this payload says; None when it holds none that fits."""
    for kind, start, end in _units(packet, offset):
        if kind == _SPS:
            try:
                return parameter_set_size(bytes(packet[start : min(end, start + _MAX_SPS_BYTES)]))[1]
            except ProtocolError:
                return None
    return None


def _units(packet: bytes | memoryview, offset: int) -> Iterator[tuple[int, int, int]]:
    """Type, start and end of every NAL unit that begins in this payload."""
    size = len(packet)
    if offset >= size:
        return
    kind = packet[offset] & 0x1F
    if kind == _STAP_A:
        position = offset + 1
        for _ in range(_MAX_UNITS):
            if position + 3 > size:
                return
            end = position + 2 + (packet[position] << 8 | packet[position + 1])
            if end > size:
                return
            yield packet[position + 2] & 0x1F, position + 2, end
            position = end
    elif kind == _FU_A:
        if offset + 1 < size and packet[offset + 1] & _FU_START:
            yield packet[offset + 1] & 0x1F, offset + 1, size
    else:
        yield kind, offset, size


def parameter_set_size(unit: bytes) -> tuple[int, int]:
    """Width and height as a sequence parameter set says (H.264 section 7.3.2.1.1). Raise ProtocolError."""
    bits = BitReader(_without_emulation_prevention(unit[1:]))
    profile = bits.read(8)
    bits.read(16)
    bits.read_exp_golomb()
    chroma = 1
    if profile in _WITH_CHROMA:
        chroma = bits.read_exp_golomb()
        if chroma == 3:
            bits.flag()
        bits.read_exp_golomb()
        bits.read_exp_golomb()
        bits.flag()
        if bits.flag():
            _skip_scaling_lists(bits, 12 if chroma == 3 else 8)
    bits.read_exp_golomb()
    order = bits.read_exp_golomb()
    if order == 0:
        bits.read_exp_golomb()
    elif order == 1:
        bits.flag()
        bits.read_signed_exp_golomb()
        bits.read_signed_exp_golomb()
        for _ in range(bits.read_exp_golomb()):
            bits.read_signed_exp_golomb()
    bits.read_exp_golomb()
    bits.flag()
    width = 16 * (bits.read_exp_golomb() + 1)
    units = bits.read_exp_golomb() + 1
    frames_only = bits.read(1)
    if not frames_only:
        bits.flag()
    bits.flag()
    height = 16 * units * (2 - frames_only)
    if bits.flag():
        width -= (bits.read_exp_golomb() + bits.read_exp_golomb()) * (1 if chroma == 3 else 2)
        cropped = bits.read_exp_golomb() + bits.read_exp_golomb()
        height -= cropped * (2 if chroma == 1 else 1) * (2 - frames_only)
    if not (0 < height <= 1 << 16 and 0 < width <= 1 << 16):
        raise ProtocolError("an H.264 picture has an absurd size")
    return width, height


def _skip_scaling_lists(bits: BitReader, count: int) -> None:
    for index in range(count):
        if not bits.flag():
            continue
        last = following = 8
        for _ in range(16 if index < 6 else 64):
            if following:
                following = (last + bits.read_signed_exp_golomb()) & 0xFF
            last = following or last


def _without_emulation_prevention(unit: bytes) -> bytes:
    """Section 7.4.1: 00 00 03 stands for 00 00."""
    return unit.replace(b"\x00\x00\x03", b"\x00\x00")
