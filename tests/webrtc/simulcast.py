"""A camera with three layers for tests of the core, and a viewer that checks what a decoder would."""

from __future__ import annotations

from random import Random
from struct import pack, unpack_from

from tests.webrtc.packets import CAMERA, DOWN, UP, VIDEO_PT
from webrtc.effects import Effect
from webrtc.ids import Mid, PeerId
from webrtc.published_track import Source
from webrtc.room import Publication, Room
from webrtc.subscription import Subscription
from webrtc.upward import Extensions
from webrtc.vp8 import parse_descriptor

RIDS = ("h", "m", "l")
HEIGHTS = {"h": 360, "m": 180, "l": 90}
SSRCS = {"h": 11, "m": 12, "l": 13}
MID_ID, RID_ID = 4, 10
SOURCE = Source(CAMERA, Mid("1"), "video", VIDEO_PT, 90_000, None, True, True, True, RIDS)


def open_room(*, seed: int = 1, source: Source = SOURCE) -> Room:
    room = Room(Random(seed).getrandbits, 0.0)
    room.open_upward(UP, PeerId("ana"))
    room.publish(UP, [Publication(source, False)], Extensions(MID_ID, RID_ID), 0.0)
    return room


def watch(room: Room, now: float = 0.0) -> list[Effect]:
    room.open_downward(DOWN, PeerId("ola"))
    return room.subscribe(DOWN, [Subscription(Mid("v"), CAMERA, 120)], now) + room.connected(DOWN, now)


class LayerSender:
    """One layer: frames of two packets, with numbers and a clock of its own."""

    def __init__(self, rid: str, random: Random) -> None:
        self.rid = rid
        self.ssrc = SSRCS[rid]
        self.sequence = random.getrandbits(16)
        self.clock = random.getrandbits(32)
        self.picture = random.getrandbits(15)
        self.tl0 = random.getrandbits(8)
        self.wants_key = True
        self.frames = 0

    def frame(self, now: float) -> list[bytes]:
        key, self.wants_key = self.wants_key, False
        head = bytes([0x10 if key else 0x11, 0, 0]) + b"\x9d\x01\x2a"
        head += pack("<HH", HEIGHTS[self.rid] * 16 // 9, HEIGHTS[self.rid])
        note = f"{self.rid}{self.frames}".encode()
        packets = [self._packet(0x90, head + note, now, False), self._packet(0x80, note, now, True)]
        self.frames += 1
        self.picture += 1
        self.tl0 += 1
        return packets

    def _packet(self, first: int, body: bytes, now: float, marker: bool) -> bytes:
        extensions = bytes([MID_ID << 4, ord("1"), RID_ID << 4]) + self.rid.encode()
        timestamp = (self.clock + round(now * 90_000)) & 0xFFFFFFFF
        payload_type = VIDEO_PT | (0x80 if marker else 0)
        head = pack("!BBHII", 0x90, payload_type, self.sequence & 0xFFFF, timestamp, self.ssrc)
        self.sequence += 1
        picture = pack("!HB", 0x8000 | self.picture & 0x7FFF, self.tl0 & 0xFF)
        return head + b"\xbe\xde\0\1" + extensions + bytes([first, 0xE0]) + picture + b"\x20" + body

    @property
    def report(self) -> tuple[int, int]:
        """NTP and RTP timestamp of the moment 0."""
        return 3_900_000_000 << 32, self.clock


class Picture:
    """What one viewer received, by its own sequence numbers."""

    def __init__(self) -> None:
        self.packets: dict[int, bytes] = {}
        self._highest: int | None = None

    def receive(self, packet: bytes) -> None:
        (number,) = unpack_from("!H", packet, 2)
        if self._highest is None:
            self._highest = number + 65_536
        extended = self._highest + ((number - self._highest + 32_768) & 0xFFFF) - 32_768
        self._highest = max(self._highest, extended)
        known = self.packets.setdefault(extended, packet)
        assert known == packet, "one number, two contents"

    @property
    def missing(self) -> list[int]:
        assert self._highest is not None
        return [number & 0xFFFF for number in range(min(self.packets), self._highest) if number not in self.packets]

    def frames(self) -> list[tuple[str, bool, int, int, int]]:
        """Whole frames in order: layer, whether it is a key frame, timestamp, picture id, TL0PICIDX."""
        found = []
        for number, packet in sorted(self.packets.items()):
            follower = self.packets.get(number + 1)
            descriptor = parse_descriptor(packet, 12)
            if not descriptor.starts_frame or follower is None or packet[4:8] != follower[4:8]:
                continue
            body = packet[12 + descriptor.size :]
            (timestamp,) = unpack_from("!I", packet, 4)
            assert descriptor.picture_id is not None and descriptor.tl0 is not None
            is_key = not body[0] & 1
            found.append((chr(body[10]), is_key, timestamp, descriptor.picture_id, descriptor.tl0))
        return found
