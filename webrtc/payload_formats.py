"""What forwarding asks of a codec's payloads: where a key frame starts, how high it is, which numbers to rewrite."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, Protocol

from webrtc import av1, h264, vp8, vp9
from webrtc.rtp_header import starts_vp8_keyframe


class Places(NamedTuple):
    """Where in a descriptor its numbers are; -1: nowhere."""

    raw: bytes
    picture_at: int
    picture_bits: int
    tl0_at: int


class Descriptor(Protocol):
    """What a payload begins with: the part of it that differs from viewer to viewer."""

    @property
    def size(self) -> int: ...
    @property
    def starts_frame(self) -> bool: ...
    @property
    def picture_id(self) -> int | None: ...
    @property
    def picture_bits(self) -> int: ...
    @property
    def tl0(self) -> int | None: ...
    def rewritten(self, picture_id: int, tl0: int) -> bytes: ...
    def places(self) -> tuple[bytes, int, int, int]:
        """As `Places`, of the rewritten form."""


class NoDescriptor(NamedTuple):
    """Of codecs that number nothing in their payloads."""

    size: int = 0
    starts_frame: bool = True
    picture_id: int | None = None
    picture_bits: int = 15
    tl0: int | None = None

    def rewritten(self, picture_id: int, tl0: int) -> bytes:
        return b""

    def places(self) -> tuple[bytes, int, int, int]:
        return b"", -1, 0, -1


class LayerPayload(NamedTuple):
    """One payload of a simulcast layer."""

    descriptor: Descriptor
    starts_keyframe: bool
    height: int | None
    """Of the key frame that starts here, where it says so."""


class PayloadFormat(NamedTuple):
    starts_keyframe: Callable[[bytes | memoryview, int], bool]
    read_layer: Callable[[bytes | memoryview, int], LayerPayload]
    """Raises ProtocolError for what is malformed."""


_NONE = NoDescriptor()


def _read_vp8(packet: bytes | memoryview, offset: int) -> LayerPayload:
    descriptor = vp8.parse_descriptor(packet, offset)
    position = offset + descriptor.size
    head = bytes(packet[position : position + vp8.KEYFRAME_HEADER])
    starts = vp8.starts_keyframe(descriptor, head)
    return LayerPayload(descriptor, starts, vp8.keyframe_height(head) if starts else None)


def _starts_vp9_keyframe(packet: bytes | memoryview, offset: int) -> bool:
    return vp9.parse_descriptor(packet, offset).starts_keyframe


def _read_vp9(packet: bytes | memoryview, offset: int) -> LayerPayload:
    descriptor = vp9.parse_descriptor(packet, offset)
    return LayerPayload(descriptor, descriptor.starts_keyframe, max(descriptor.heights, default=None))


def _read_h264(packet: bytes | memoryview, offset: int) -> LayerPayload:
    starts = h264.starts_keyframe(packet, offset)
    return LayerPayload(_NONE, starts, h264.keyframe_height(packet, offset) if starts else None)


def _read_av1(packet: bytes | memoryview, offset: int) -> LayerPayload:
    starts = av1.starts_keyframe(packet, offset)
    return LayerPayload(_NONE, starts, av1.keyframe_height(packet, offset) if starts else None)


PAYLOAD_FORMATS = {
    "vp8": PayloadFormat(starts_vp8_keyframe, _read_vp8),
    "h264": PayloadFormat(h264.starts_keyframe, _read_h264),
    "vp9": PayloadFormat(_starts_vp9_keyframe, _read_vp9),
    "av1": PayloadFormat(av1.starts_keyframe, _read_av1),
}
