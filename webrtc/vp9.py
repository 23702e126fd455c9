"""The VP9 payload descriptor: layers, references, and the numbers that change between streams (RFC 9628 section 4.2).

Rule: any bytes give a descriptor or a ProtocolError; a rewritten one differs in nothing but its numbers.
"""

from __future__ import annotations

from typing import NamedTuple

from webrtc.errors import ProtocolError

_I, _P, _L, _F, _B, _E, _V, _Z = 0x80, 0x40, 0x20, 0x10, 0x08, 0x04, 0x02, 0x01
_MAX_REFERENCES = 3
MAX_SPATIAL_LAYERS = 8
_RGB = 7


class Vp9Descriptor(NamedTuple):
    size: int
    raw: bytes
    starts_frame: bool
    """The first packet of one spatial layer's frame."""
    ends_frame: bool
    is_predicted: bool
    """From an earlier picture; a frame that is not, at the lowest spatial layer, is a key frame."""
    picture_id: int | None
    picture_bits: int
    """7 or 15."""
    tl0: int | None
    """TL0PICIDX: counts the frames of the lowest temporal layer; where it is, is `tl0_at`."""
    tl0_at: int
    spatial: int
    temporal: int
    can_switch_up: bool
    is_layer_reference: bool
    """Higher spatial layers of the same picture may need it."""
    differences: tuple[int, ...]
    """How many pictures ago those are that it is predicted from; empty where a fixed pattern says so."""
    heights: tuple[int, ...]
    """Of every spatial layer, where a scalability structure is attached."""

    @property
    def starts_keyframe(self) -> bool:
        return self.starts_frame and not self.is_predicted and self.spatial == 0

    def rewritten(self, picture_id: int, tl0: int) -> bytes:
        """The same with other numbers, in the room that they had."""
        changed = bytearray(self.raw)
        if self.picture_id is not None:
            if self.picture_bits == 15:
                changed[1:3] = (0x8000 | picture_id & 0x7FFF).to_bytes(2, "big")
            else:
                changed[1] = picture_id & 0x7F
        if self.tl0 is not None:
            changed[self.tl0_at] = tl0 & 0xFF
        return bytes(changed)

    def places(self) -> tuple[bytes, int, int, int]:
        """The same, and where in it are the picture id, of how many bits, and TL0PICIDX; -1: nowhere."""
        return (
            self.raw,
            -1 if self.picture_id is None else 1,
            self.picture_bits,
            -1 if self.tl0 is None else self.tl0_at,
        )


def parse_descriptor(packet: bytes | memoryview, offset: int) -> Vp9Descriptor:
    """Raise ProtocolError when the descriptor does not fit into the packet."""
    try:
        return _parse(packet, offset)
    except IndexError:
        raise ProtocolError("the VP9 payload descriptor is cut off") from None


def keyframe_size(frame: bytes) -> tuple[int, int] | None:
    """Width and height in the uncompressed header of a key frame of profile 0 (VP9 section 6.2); None: it is none."""
    if len(frame) < 10 or frame[0] & 0xFC != 0x80 or frame[1:4] != b"\x49\x83\x42":
        return None
    fields = int.from_bytes(frame[4:10], "big")
    if fields >> 45 == _RGB:
        return None
    return (fields >> 28 & 0xFFFF) + 1, (fields >> 12 & 0xFFFF) + 1


def _parse(packet: bytes | memoryview, offset: int) -> Vp9Descriptor:
    first = packet[offset]
    position = offset + 1
    picture_id, bits = None, 15
    if first & _I:
        picture_id = packet[position]
        position += 1
        if picture_id & 0x80:
            picture_id = (picture_id & 0x7F) << 8 | packet[position]
            position += 1
        else:
            bits = 7
    temporal = spatial = tl0_at = 0
    can_switch_up, tl0 = False, None
    if first & _L:
        layers = packet[position]
        position += 1
        temporal, can_switch_up, spatial = layers >> 5, bool(layers & 0x10), layers >> 1 & 0x07
        if not first & _F:
            tl0, tl0_at = packet[position], position - offset
            position += 1
    differences: list[int] = []
    if first & _F and first & _P:
        more = True
        while more:
            if len(differences) == _MAX_REFERENCES:
                raise ProtocolError("a VP9 frame has more than three references")
            differences.append(packet[position] >> 1)
            more = bool(packet[position] & 1)
            position += 1
    heights: tuple[int, ...] = ()
    if first & _V:
        heights, position = _parse_structure(packet, position)
    if position > len(packet):
        raise ProtocolError("the VP9 payload descriptor is cut off")
    return Vp9Descriptor(
        position - offset,
        bytes(packet[offset:position]),
        bool(first & _B),
        bool(first & _E),
        bool(first & _P),
        picture_id,
        bits,
        tl0,
        tl0_at,
        spatial,
        temporal,
        can_switch_up,
        not first & _Z,
        tuple(differences),
        heights,
    )


def _parse_structure(packet: bytes | memoryview, position: int) -> tuple[tuple[int, ...], int]:
    """The scalability structure: the heights it names, and where it ends."""
    first = packet[position]
    position += 1
    heights = []
    if first & 0x10:
        for _ in range((first >> 5) + 1):
            heights.append(packet[position + 2] << 8 | packet[position + 3])
            position += 4
    if first & 0x08:
        count = packet[position]
        position += 1
        for _ in range(count):
            position += 1 + (packet[position] >> 2 & 0x03)
    return tuple(heights), position
