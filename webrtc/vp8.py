"""The VP8 payload descriptor: what changes when a viewer's picture moves from one layer to another (RFC 7741).

Rule: any bytes give a descriptor or a ProtocolError; a rewritten descriptor differs in nothing but its numbers.
"""

from __future__ import annotations

from typing import NamedTuple

from webrtc.errors import ProtocolError

_EXTENDED, _START, _PARTITION = 0x80, 0x10, 0x07
_HAS_PICTURE, _HAS_TL0, _HAS_TEMPORAL = 0x80, 0x40, 0x30
KEYFRAME_HEADER = 10
"""Frame tag, start code, width, height (RFC 6386 section 9.1)."""


class Vp8Descriptor(NamedTuple):
    size: int
    starts_frame: bool
    picture_id: int | None
    picture_bits: int
    """7 or 15."""
    tl0: int | None
    """TL0PICIDX: counts the frames of the lowest temporal layer."""
    first: int
    extensions: int
    temporal: int
    """The byte of TID, Y and KEYIDX."""

    def rewritten(self, picture_id: int, tl0: int) -> bytes:
        return build_descriptor(self, picture_id, tl0)

    def places(self) -> tuple[bytes, int, int, int]:
        """The rewritten form, and where in it are the picture id, of how many bits, and TL0PICIDX; -1: nowhere."""
        picture_at = -1 if self.picture_id is None else 2
        tl0_at = -1 if self.tl0 is None else 2 if picture_at < 0 else 4
        return build_descriptor(self, 0, 0), picture_at, 15, tl0_at


def parse_descriptor(packet: bytes | memoryview, offset: int) -> Vp8Descriptor:
    """Raise ProtocolError when the descriptor does not fit into the packet."""
    try:
        first = packet[offset]
        starts_frame = bool(first & _START) and not first & _PARTITION
        if not first & _EXTENDED:
            return Vp8Descriptor(1, starts_frame, None, 15, None, first, 0, 0)
        extensions = packet[offset + 1]
        position = offset + 2
        picture_id, picture_bits, tl0, temporal = None, 15, None, 0
        if extensions & _HAS_PICTURE:
            picture_id = packet[position]
            position += 1
            if picture_id & 0x80:
                picture_id = (picture_id & 0x7F) << 8 | packet[position]
                position += 1
            else:
                picture_bits = 7
        if extensions & _HAS_TL0:
            tl0 = packet[position]
            position += 1
        if extensions & _HAS_TEMPORAL:
            temporal = packet[position]
            position += 1
    except IndexError:
        raise ProtocolError("the VP8 payload descriptor is cut off") from None
    return Vp8Descriptor(position - offset, starts_frame, picture_id, picture_bits, tl0, first, extensions, temporal)


def build_descriptor(descriptor: Vp8Descriptor, picture_id: int, tl0: int) -> bytes:
    """The same descriptor with other numbers; the picture id always takes 15 bits."""
    if not descriptor.first & _EXTENDED:
        return bytes((descriptor.first,))
    built = bytearray((descriptor.first, descriptor.extensions))
    if descriptor.picture_id is not None:
        built += (0x8000 | picture_id & 0x7FFF).to_bytes(2, "big")
    if descriptor.tl0 is not None:
        built.append(tl0 & 0xFF)
    if descriptor.extensions & _HAS_TEMPORAL:
        built.append(descriptor.temporal)
    return bytes(built)


def starts_keyframe(descriptor: Vp8Descriptor, body: bytes) -> bool:
    """Whether this payload (without its descriptor) is the first of a key frame."""
    return descriptor.starts_frame and bool(body) and not body[0] & 0x01


def keyframe_size(body: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None when the first packet is too short to say."""
    if len(body) < KEYFRAME_HEADER:
        return None
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def keyframe_height(body: bytes) -> int | None:
    """The picture's height in pixels; None when the first packet is too short to say."""
    return int.from_bytes(body[8:10], "little") & 0x3FFF if len(body) >= KEYFRAME_HEADER else None
