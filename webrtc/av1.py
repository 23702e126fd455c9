"""What is read of AV1 payloads: where a coded video sequence starts, and how high it is (AV1 RTP section 4).

Rule: any bytes are a start or not; a damaged sequence header only means that its height is not known.
"""

from __future__ import annotations

from webrtc.bits import BitReader
from webrtc.errors import ProtocolError

_NEW_SEQUENCE = 0x08
_CONTINUED = 0x80
_SEQUENCE_HEADER = 1
_MAX_HEADER_BYTES = 128


def starts_keyframe(packet: bytes | memoryview, offset: int) -> bool:
    """Whether this payload is the first of a coded video sequence: its aggregation header says so (section 4.4)."""
    return offset < len(packet) and packet[offset] & (_NEW_SEQUENCE | _CONTINUED) == _NEW_SEQUENCE


def keyframe_height(packet: bytes | memoryview, offset: int = 0) -> int | None:
    """The sequence's largest height in pixels; None when its header is not the first thing in the packet."""
    try:
        return _height(bytes(packet[offset : offset + _MAX_HEADER_BYTES]))
    except (IndexError, ProtocolError):
        return None


def _height(payload: bytes) -> int | None:
    position = 1
    if payload[0] >> 4 & 0x03 != 1:
        # Without a count of one, every element is preceded by its length, in LEB128.
        while payload[position] & 0x80:
            position += 1
        position += 1
    header = payload[position]
    if header >> 3 & 0x0F != _SEQUENCE_HEADER:
        return None
    position += 2 if header & 0x04 else 1
    if header & 0x02:
        while payload[position] & 0x80:
            position += 1
        position += 1
    return sequence_size(payload[position:])[1]


def sequence_size(header: bytes) -> tuple[int, int]:
    """The largest width and height of a sequence, by the header OBU's payload (AV1 section 5.5.1).

    Raise ProtocolError.
    """
    bits = BitReader(header)
    bits.read(4)
    if bits.flag():
        bits.read(5)
    else:
        delay_bits, has_model = 0, False
        if bits.flag():
            bits.read(64)
            if bits.flag():
                bits.read_exp_golomb()
            has_model = bits.flag()
            if has_model:
                delay_bits = bits.read(5) + 1
                bits.read(42)
        has_delays = bits.flag()
        for _ in range(bits.read(5) + 1):
            bits.read(12)
            if bits.read(5) > 7:
                bits.flag()
            if has_model and bits.flag():
                bits.read(2 * delay_bits + 1)
            if has_delays and bits.flag():
                bits.read(4)
    width_bits, height_bits = bits.read(4) + 1, bits.read(4) + 1
    return bits.read(width_bits) + 1, bits.read(height_bits) + 1
