"""Payloads of one picture back into the frame that a file holds, and what a file says of it at its head.

Rule: any payloads are a frame or a ProtocolError; nothing is decoded. H.264 becomes a byte stream (annex B), AV1 the
low-overhead format without temporal delimiters, VP9 in several layers a superframe.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from webrtc import av1, h264, vp8, vp9
from webrtc.errors import ProtocolError

_START_CODE = b"\0\0\0\1"
_SPS, _PPS, _STAP_A, _FU_A = 7, 8, 24, 28
_FU_START, _FU_TYPE = 0x80, 0x1F
_OBU_HAS_SIZE, _OBU_HAS_EXTENSION = 0x02, 0x04
_SEQUENCE_HEADER, _TEMPORAL_DELIMITER, _TILE_LIST, _OBU_PADDING = 1, 2, 8, 15
_CONTINUES, _CONTINUED = 0x80, 0x40
_MOST_ELEMENTS = 256


class Head(NamedTuple):
    """What stands at a file's head of a picture's codec."""

    size: tuple[int, int] | None
    private: bytes
    """Parameter sets in annex B, or the sequence header OBU; empty where the codec has nothing of the kind."""


class FrameFormat(NamedTuple):
    starts_frame: Callable[[bytes], bool]
    """Whether a payload can be the first of a picture."""
    join: Callable[[Sequence[bytes]], bytes]
    """The frame, of all payloads of one picture in order."""
    head_of: Callable[[bytes], Head]
    """Of a key frame."""


def _starts_vp8(payload: bytes) -> bool:
    return vp8.parse_descriptor(payload, 0).starts_frame


def _join_vp8(payloads: Sequence[bytes]) -> bytes:
    return b"".join(payload[vp8.parse_descriptor(payload, 0).size :] for payload in payloads)


def _head_of_vp8(frame: bytes) -> Head:
    return Head(vp8.keyframe_size(frame), b"")


def _starts_h264(payload: bytes) -> bool:
    return payload[0] & 0x1F != _FU_A or (len(payload) > 1 and bool(payload[1] & _FU_START))


def _join_h264(payloads: Sequence[bytes]) -> bytes:
    """RFC 6184 sections 5.6 to 5.8."""
    parts: list[bytes] = []
    for payload in payloads:
        kind = payload[0] & 0x1F
        if kind == _STAP_A:
            position = 1
            while position + 2 < len(payload):
                end = position + 2 + int.from_bytes(payload[position : position + 2], "big")
                if end > len(payload) or end == position + 2:
                    raise ProtocolError("an H.264 aggregation packet is cut off")
                parts += (_START_CODE, payload[position + 2 : end])
                position = end
        elif kind == _FU_A:
            if len(payload) < 3:
                raise ProtocolError("an H.264 fragment is empty")
            if payload[1] & _FU_START:
                parts += (_START_CODE, bytes([payload[0] & 0xE0 | payload[1] & _FU_TYPE]))
            parts.append(payload[2:])
        else:
            parts += (_START_CODE, payload)
    return b"".join(parts)


def _head_of_h264(frame: bytes) -> Head:
    units = [unit for unit in frame.split(_START_CODE) if unit]
    sets = {unit[0] & 0x1F: unit for unit in units if unit[0] & 0x1F in (_SPS, _PPS)}
    if len(sets) < 2:
        raise ProtocolError("an H.264 key frame lacks a parameter set")
    return Head(h264.parameter_set_size(sets[_SPS]), b"".join(_START_CODE + sets[kind] for kind in (_SPS, _PPS)))


def _starts_vp9(payload: bytes) -> bool:
    descriptor = vp9.parse_descriptor(payload, 0)
    return descriptor.starts_frame and descriptor.spatial == 0


def _join_vp9(payloads: Sequence[bytes]) -> bytes:
    layers: list[bytearray] = []
    for payload in payloads:
        descriptor = vp9.parse_descriptor(payload, 0)
        if descriptor.starts_frame:
            layers.append(bytearray())
        if not layers or len(layers) > vp9.MAX_SPATIAL_LAYERS:
            raise ProtocolError("a VP9 picture does not begin with a frame, or has too many")
        layers[-1] += payload[descriptor.size :]
    if len(layers) == 1:
        return bytes(layers[0])
    if not all(layers):
        raise ProtocolError("a layer of a VP9 picture is empty")
    # VP9 annex B: how long each is, so that a decoder finds them.
    width = max((len(layer).bit_length() + 7) // 8 for layer in layers)
    marker = bytes([0xC0 | (width - 1) << 3 | len(layers) - 1])
    sizes = b"".join(len(layer).to_bytes(width, "little") for layer in layers)
    return b"".join(layers) + marker + sizes + marker


def _head_of_vp9(frame: bytes) -> Head:
    """Of the smallest layer where there are several; players take the true size from the pictures."""
    return Head(vp9.keyframe_size(frame), b"")


def _starts_av1(payload: bytes) -> bool:
    return not payload[0] & _CONTINUES


def _join_av1(payloads: Sequence[bytes]) -> bytes:
    """AV1 RTP section 4: elements out of packets, each with its size as files want it."""
    units: list[bytearray] = []
    open_end = False
    for payload in payloads:
        if bool(payload[0] & _CONTINUES) != open_end:
            raise ProtocolError("an AV1 element is cut off")
        for place, element in enumerate(_elements(payload)):
            if place == 0 and open_end:
                units[-1] += element
            else:
                units.append(bytearray(element))
        open_end = bool(payload[0] & _CONTINUED)
        if open_end and len(payload) == 1:
            raise ProtocolError("an AV1 element that goes on has no beginning")
        if len(units) > _MOST_ELEMENTS:
            raise ProtocolError("an AV1 picture has too many elements")
    if open_end:
        raise ProtocolError("the last AV1 element is cut off")
    return b"".join(_sized(bytes(unit)) for unit in units if unit and _kind_of(unit) not in _NOT_KEPT)


_NOT_KEPT = (_TEMPORAL_DELIMITER, _TILE_LIST, _OBU_PADDING)


def _kind_of(unit: bytes | bytearray) -> int:
    return unit[0] >> 3 & 0x0F


def _elements(payload: bytes) -> list[bytes]:
    count, position = payload[0] >> 4 & 0x03, 1
    found: list[bytes] = []
    while position < len(payload):
        if count and len(found) == count - 1:
            found.append(payload[position:])
            break
        size, position = _read_leb128(payload, position)
        if position + size > len(payload):
            raise ProtocolError("an AV1 element reaches beyond its packet")
        found.append(payload[position : position + size])
        position += size
    return found


def _sized(unit: bytes) -> bytes:
    if unit[0] & _OBU_HAS_SIZE:
        return unit
    header = 2 if unit[0] & _OBU_HAS_EXTENSION else 1
    if len(unit) < header:
        raise ProtocolError("an AV1 OBU is cut off")
    body = unit[header:]
    return bytes([unit[0] | _OBU_HAS_SIZE]) + unit[1:header] + _leb128(len(body)) + body


def _head_of_av1(frame: bytes) -> Head:
    """The sequence header leads a key frame; behind it, everything is pictures."""
    if not frame or _kind_of(frame) != _SEQUENCE_HEADER:
        raise ProtocolError("an AV1 key frame lacks its sequence header")
    size, position = _read_leb128(frame, 2 if frame[0] & _OBU_HAS_EXTENSION else 1)
    header = frame[position : position + size]
    return Head(av1.sequence_size(header), frame[: position + size])


def _read_leb128(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place in range(8):
        if position >= len(data):
            break
        byte = data[position]
        position += 1
        value |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            return value, position
    raise ProtocolError("an AV1 length is cut off")


def _leb128(value: int) -> bytes:
    found = bytearray()
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)


FRAME_FORMATS = {
    "vp8": FrameFormat(_starts_vp8, _join_vp8, _head_of_vp8),
    "h264": FrameFormat(_starts_h264, _join_h264, _head_of_h264),
    "vp9": FrameFormat(_starts_vp9, _join_vp9, _head_of_vp9),
    "av1": FrameFormat(_starts_av1, _join_av1, _head_of_av1),
}
"""Of every picture that is forwarded."""
