"""Scalable cameras for tests of the core: VP9 and AV1 in spatial and temporal layers, and what a decoder would say."""

from __future__ import annotations

from collections.abc import Iterator
from struct import pack

from tests.webrtc.bit_writer import BitWriter
from webrtc.dependency_descriptor import Structure

PT, SSRC, DEPENDENCY_ID = 98, 21, 12
HEIGHTS = (90, 180, 360)
TEMPORAL = (0, 2, 1, 2)
"""Layers of four pictures in a row, as browsers send three temporal layers."""
FPS = 20


class ScalableCamera:
    """Three spatial and three temporal layers; every frame in two packets. Subclasses write what begins a payload."""

    def __init__(self, *, key_only: bool = True, spatial: int = 3, ssrc: int = SSRC, first: int = 65_500) -> None:
        self.key_only = key_only
        """Spatial layers are predicted from each other at key frames alone (k-SVC)."""
        self.spatial = spatial
        self.ssrc = ssrc
        self.sequence = first
        self.clock = 4_000_000_000
        self.pictures = 0
        self.frames = 0
        self.since_key = 0
        self.wants_key = True

    def picture(self, now: float) -> list[bytes]:
        key, self.wants_key = self.wants_key, False
        if key:
            self.since_key = 0
        temporal = TEMPORAL[self.since_key % 4]
        packets: list[bytes] = []
        for spatial in range(self.spatial):
            name = f"{'K' if key else 'D'}{spatial}{temporal}.{self.pictures}".encode()
            for part in (0, 1):
                last = spatial == self.spatial - 1 and part == 1
                packets.append(self._packet(key, spatial, temporal, part, name, now, last))
            self.frames += 1
        self.pictures += 1
        self.since_key += 1
        return packets

    def _packet(
        self, key: bool, spatial: int, temporal: int, part: int, name: bytes, now: float, marker: bool
    ) -> bytes:
        timestamp = (self.clock + round(now * 90_000)) & 0xFFFFFFFF
        extension, descriptor = self.describe(key, spatial, temporal, part)
        first = 0x90 if extension else 0x80
        head = pack("!BBHII", first, PT | (0x80 if marker else 0), self.sequence & 0xFFFF, timestamp, self.ssrc)
        self.sequence += 1
        return head + extension + descriptor + b"|" + name + b"/%d" % part

    def describe(self, key: bool, spatial: int, temporal: int, part: int) -> tuple[bytes, bytes]:
        """Header extension and payload descriptor."""
        raise NotImplementedError


class Vp9Camera(ScalableCamera):
    def describe(self, key: bool, spatial: int, temporal: int, part: int) -> tuple[bytes, bytes]:
        with_structure = key and spatial == 0 and part == 0
        is_top = spatial == self.spatial - 1
        unneeded = is_top or (self.key_only and not key)
        first = 0xA0 | (0 if key else 0x40) | (0x08 if part == 0 else 0x04) | (0x02 if with_structure else 0)
        first |= 0x01 if unneeded else 0
        up = 0x10 if temporal else 0
        body = pack("!BHB", first, 0x8000 | self.pictures & 0x7FFF, temporal << 5 | up | spatial << 1)
        body += bytes([self.since_key // 4 & 0xFF])
        if with_structure:
            body += bytes([(self.spatial - 1) << 5 | 0x10])
            body += b"".join(pack("!HH", height * 16 // 9, height) for height in HEIGHTS[: self.spatial])
        return b"", body


class Av1Camera(ScalableCamera):
    """One template for each spatial and temporal layer, at key frames and between them; a decode target for each."""

    def describe(self, key: bool, spatial: int, temporal: int, part: int) -> tuple[bytes, bytes]:
        bits = BitWriter()
        bits.write(part == 0, 1).write(part == 1, 1)
        template = spatial * 4 + (0 if key else 1 + temporal)
        bits.write((template + 3) % 64, 6).write(self.frames & 0xFFFF, 16)
        with_structure = key and spatial == 0 and part == 0
        if with_structure:
            bits.write(0b10000, 5)
            self._write_structure(bits)
        data = bits.build()
        extension = bytes([DEPENDENCY_ID, len(data)]) + data
        extension += bytes(-len(extension) % 4)
        return pack("!HH", 0x1000, len(extension) // 4) + extension, bytes([0x18 if with_structure else 0x10])

    def templates(self) -> Iterator[tuple[int, int, bool]]:
        for spatial in range(self.spatial):
            for temporal, key in ((0, True), (0, False), (1, False), (2, False)):
                yield spatial, temporal, key

    def _write_structure(self, bits: BitWriter) -> None:
        templates = list(self.templates())
        targets = [(spatial, temporal) for spatial in range(self.spatial) for temporal in range(3)]
        bits.write(3, 6).write(len(targets) - 1, 5)
        for (spatial, temporal, _), following in zip(templates, [*templates[1:], None], strict=True):
            step = 3 if following is None else 2 if following[0] > spatial else int(following[1] > temporal)
            bits.write(step, 2)
        for template in templates:
            for target in targets:
                bits.write(self.indication(template, target), 2)
        for spatial, temporal, key in templates:
            differences = self.differences(spatial, temporal, key)
            for difference in differences:
                bits.write(1, 1).write(difference - 1, 4)
            bits.write(0, 1)
        bits.write_below(0, len(targets) + 1)
        bits.write(1, 1)
        for height in HEIGHTS[: self.spatial]:
            bits.write(height * 16 // 9 - 1, 16).write(height - 1, 16)

    def indication(self, template: tuple[int, int, bool], target: tuple[int, int]) -> int:
        spatial, temporal, key = template
        if temporal > target[1] or spatial > target[0]:
            return 0
        if spatial < target[0] and self.key_only and not key:
            return 0
        return 2 if key or (temporal > 0 and spatial == target[0]) else 3

    def differences(self, spatial: int, temporal: int, key: bool) -> tuple[int, ...]:
        if key:
            return () if spatial == 0 else (1,)
        steps = {0: 4, 1: 2, 2: 1}[temporal] * self.spatial
        if steps > 16:
            raise ValueError("a template holds differences up to 16")
        return (steps,) if self.key_only or spatial == 0 else (steps, 1)


def targets_of(structure: Structure) -> list[tuple[int, int]]:
    return list(structure.targets)
