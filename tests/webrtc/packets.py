"""Packets and rooms for tests of the core: a camera whose payloads say which packet they are."""

from __future__ import annotations

from random import Random
from struct import pack, unpack_from

from webrtc import rtcp
from webrtc.effects import Effect, SendFeedback, Sending
from webrtc.ids import ConnectionId, Kind, Mid, PeerId, Ssrc, TrackId
from webrtc.published_track import Source
from webrtc.room import Publication, Room
from webrtc.subscription import Subscription
from webrtc.upward import Extensions

UP, DOWN, DOWN2 = ConnectionId(1), ConnectionId(2), ConnectionId(3)
CAMERA, VOICE = TrackId("camera"), TrackId("voice")
CAMERA_SSRC, VOICE_SSRC = Ssrc(1000), Ssrc(2000)
VIDEO_PT, AUDIO_PT = 96, 111


def source(
    kind: Kind = "video", *, ssrc: Ssrc | None = CAMERA_SSRC, nack: bool = True, pli: bool = True, fir: bool = True
) -> Source:
    if kind == "audio":
        return Source(VOICE, Mid("0"), "audio", AUDIO_PT, 48_000, VOICE_SSRC, False, False, False)
    return Source(CAMERA, Mid("1"), "video", VIDEO_PT, 90_000, ssrc, nack, pli, fir)


def rtp(
    sequence: int,
    timestamp: int = 0,
    *,
    key: bool = False,
    payload: bytes = b"",
    ssrc: int = CAMERA_SSRC,
    payload_type: int = VIDEO_PT,
    marker: bool = False,
    mid: str | None = None,
) -> bytes:
    """A VP8 packet that starts a frame; for audio the descriptor is just payload."""
    extension = b""
    if mid is not None:
        body = bytes([0x40 | (len(mid) - 1)]) + mid.encode()
        body += bytes(-len(body) % 4)
        extension = b"\xbe\xde" + pack("!H", len(body) // 4) + body
    first = 0x90 if extension else 0x80
    head = pack(
        "!BBHII", first, payload_type | (0x80 if marker else 0), sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc
    )
    return head + extension + bytes([0x10, 0x10 if key else 0x11]) + payload


def open_room(*subscribers: ConnectionId, seed: int = 1, muted: bool = False, camera: Source | None = None) -> Room:
    """A room in which UP publishes voice and camera and the given connections watch both, connected."""
    room = Room(Random(seed).getrandbits, 0.0)
    room.open_upward(UP, PeerId("ana"))
    room.publish(UP, [Publication(source("audio"), muted), Publication(camera or source(), muted)], Extensions(4), 0.0)
    for connection_id in subscribers:
        watch(room, connection_id)
    return room


def watch(room: Room, connection_id: ConnectionId, now: float = 0.0) -> list[Effect]:
    room.open_downward(connection_id, PeerId(f"viewer{connection_id}"))
    wanted = [Subscription(Mid("a"), VOICE, 109), Subscription(Mid("v"), CAMERA, 120)]
    effects = room.subscribe(connection_id, wanted, now)
    return effects + room.connected(connection_id, now)


def sent_to(effects: list[Effect], connection_id: ConnectionId) -> list[bytes]:
    return [
        header + effect.payload
        for effect in effects
        if isinstance(effect, Sending)
        for to, header in effect.headers
        if to == connection_id
    ]


def feedback_to(effects: list[Effect], connection_id: ConnectionId) -> list[rtcp.Feedback]:
    return [
        item
        for effect in effects
        if isinstance(effect, SendFeedback) and effect.connection_id == connection_id
        for item in rtcp.parse_feedback(effect.packet)
    ]


def sequence_of(packet: bytes) -> int:
    number: int = unpack_from("!H", packet, 2)[0]
    return number


def timestamp_of(packet: bytes) -> int:
    number: int = unpack_from("!I", packet, 4)[0]
    return number


def ssrc_of(packet: bytes) -> int:
    number: int = unpack_from("!I", packet, 8)[0]
    return number
