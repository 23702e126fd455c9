"""A voice and a camera in two layers, a room, and viewers behind lines of their own; time is simulated."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from struct import pack

from tests.webrtc.lines import Bottleneck, Reporter, number_of
from tests.webrtc.packets import AUDIO_PT, UP, VOICE, VOICE_SSRC, feedback_to, rtp
from tests.webrtc.simulcast import HEIGHTS, MID_ID, RID_ID, SOURCE, SSRCS, LayerSender, Picture
from webrtc import rtcp
from webrtc.effects import Effect, Sending, TellLine
from webrtc.ids import ConnectionId, Mid, PeerId, Ssrc, TrackId
from webrtc.published_track import Source
from webrtc.room import Publication, Room, Subscription
from webrtc.upward import Extensions

LEVEL_ID, NUMBER_ID = 7, 3
MICROPHONE = Source(VOICE, Mid("0"), "audio", AUDIO_PT, 48_000, VOICE_SSRC, False, False, False)
CAMERA = SOURCE._replace(rids=("h", "l"))
RATES_BPS = {"h": 600_000, "l": 120_000}
KEYFRAME_FACTOR = 8
STEP_S, SOUND_S, FRAME_S = 0.005, 0.02, 0.04


class SizedLayer(LayerSender):
    """Frames as large as the layer's rate wants, key frames several times as large."""

    def frame(self, now: float) -> list[bytes]:
        key, self.wants_key = self.wants_key, False
        size = RATES_BPS[self.rid] * FRAME_S / 8 * (KEYFRAME_FACTOR if key else 1)
        count = max(1, round(size / 1_100))
        head = bytes([0x10 if key else 0x11, 0, 0]) + b"\x9d\x01\x2a"
        head += pack("<HH", HEIGHTS[self.rid] * 16 // 9, HEIGHTS[self.rid])
        note = f"{self.rid}{self.frames}".encode()
        body = bytes(int(size / count))
        packets = [
            self._packet(0x80 if index else 0x90, (note if index else head + note) + body, now, index == count - 1)
            for index in range(count)
        ]
        self.frames += 1
        self.picture += 1
        self.tl0 += 1
        return packets


class PlainCamera:
    """One stream without layers, 700 kbit/s."""

    def __init__(self, ssrc: int) -> None:
        self.ssrc = ssrc
        self.source = SOURCE._replace(track_id=TrackId(f"plain{ssrc}"), mid=Mid(str(ssrc)), ssrc=Ssrc(ssrc), rids=())
        self.sequence = 0
        self.wants_key = True

    def frame(self, now: float) -> list[bytes]:
        key, self.wants_key = self.wants_key, False
        packets = []
        for index in range(12 if key else 3):
            self.sequence += 1
            starts_key = key and index == 0
            packets.append(
                rtp(self.sequence, round(now * 90_000), key=starts_key, ssrc=self.ssrc, payload=bytes(1_100))
            )
        return packets


class Viewer:
    def __init__(self, connection_id: ConnectionId, line: Bottleneck) -> None:
        self.connection_id = connection_id
        self.line = line
        self.reporter = Reporter(line)
        self.picture = Picture()
        self.pictures: dict[int, Picture] = {}
        """Those of further cameras, by SSRC."""
        self.picture_times: dict[int, float] = {}
        """When each of the picture's packets arrived, by its number."""
        self.voice_delays: list[tuple[float, float]] = []
        self.heights: list[tuple[float, int]] = []
        self.told: list[tuple[float, TellLine]] = []
        self.narrowed = False
        """As it was told last."""
        self.ssrc = 0
        self.voice_ssrc = 0
        self.is_reporting = True

    def delays(self, since: float, until: float = float("inf")) -> list[float]:
        return sorted(delay for at, delay in self.voice_delays if since <= at < until)

    def height(self, since: float) -> float:
        """The mean height of the frames that began to arrive since then; 0 for none."""
        heights = [height for at, height in self.heights if at >= since]
        return sum(heights) / len(heights) if heights else 0.0


class Meeting:
    def __init__(self, *, seed: int = 1, numbered: bool = True, with_rtx: bool = True, cameras: int = 1) -> None:
        self.random = Random(seed)
        self.room = Room(self.random.getrandbits, 0.0)
        self.now = 0.0
        self.viewers: list[Viewer] = []
        self.layers = {rid: SizedLayer(rid, self.random) for rid in RATES_BPS}
        self.sequence = 0
        self._numbered = numbered
        self._rtx = 121 if with_rtx else None
        self.room.open_upward(UP, PeerId("ana"))
        self.plain = [PlainCamera(5_000 + number) for number in range(cameras - 1)]
        extensions = Extensions(MID_ID, RID_ID, None, LEVEL_ID)
        publications = [Publication(MICROPHONE, False), Publication(CAMERA, False, True)]
        publications += [Publication(camera.source, False, True) for camera in self.plain]
        self.room.publish(UP, publications, extensions, 0.0)
        self.run(1.5)

    def join(self, line: Bottleneck) -> Viewer:
        viewer = Viewer(ConnectionId(10 + len(self.viewers)), line)
        self.viewers.append(viewer)
        connection_id, number = viewer.connection_id, NUMBER_ID if self._numbered else None
        self.room.open_downward(connection_id, PeerId(f"viewer{connection_id}"))
        viewer.voice_ssrc = self.room.outgoing(connection_id, Mid("a"), VOICE).ssrc
        viewer.ssrc = self.room.outgoing(connection_id, Mid("v"), CAMERA.track_id).ssrc
        wanted = [
            Subscription(Mid("a"), VOICE, 111, number),
            Subscription(Mid("v"), CAMERA.track_id, 120, number, self._rtx),
        ]
        for camera in self.plain:
            mid, track_id = Mid(f"v{camera.ssrc}"), camera.source.track_id
            wanted.append(Subscription(mid, track_id, 120, number, self._rtx))
            viewer.pictures[self.room.outgoing(connection_id, mid, track_id).ssrc] = Picture()
        self.apply(self.room.subscribe(connection_id, wanted, self.now))
        self.apply(self.room.connected(connection_id, self.now))
        return viewer

    def apply(self, effects: list[Effect]) -> None:
        for item in feedback_to(effects, UP):
            if isinstance(item, rtcp.KeyframeRequest) and item.ssrc >= 5_000:
                self.plain[item.ssrc - 5_000].wants_key = True
            elif isinstance(item, rtcp.KeyframeRequest) and item.ssrc in SSRCS.values():
                rid = next(rid for rid, ssrc in SSRCS.items() if ssrc == item.ssrc)
                if rid in self.layers:
                    self.layers[rid].wants_key = True
        lines = {viewer.connection_id: viewer for viewer in self.viewers}
        for effect in effects:
            if isinstance(effect, Sending):
                for connection_id, header in effect.headers:
                    lines[connection_id].line.send(header + effect.payload, self.now)
            elif isinstance(effect, TellLine):
                lines[effect.connection_id].narrowed = effect.narrowed
                told = lines[effect.connection_id].told
                if told or effect.sound_only or effect.paused:
                    told.append((self.now, effect))

    def run(self, seconds: float, meanwhile: Callable[[float], None] = lambda now: None) -> None:
        for _ in range(round(seconds / STEP_S)):
            before, self.now = self.now, round(self.now + STEP_S, 6)
            meanwhile(self.now)
            if before // SOUND_S != self.now // SOUND_S:
                self.sequence += 1
                self.apply(self.room.receive_rtp(UP, voice(self.sequence, round(self.now * 48_000)), self.now))
            if before // FRAME_S != self.now // FRAME_S:
                for layer in self.layers.values():
                    for packet in layer.frame(self.now):
                        self.apply(self.room.receive_rtp(UP, packet, self.now))
                for camera in self.plain:
                    for packet in camera.frame(self.now):
                        self.apply(self.room.receive_rtp(UP, packet, self.now))
            for viewer in self.viewers:
                self._receive(viewer)
            if before // 0.02 != self.now // 0.02 and self.room.next_deadline() <= self.now:
                self.apply(self.room.handle_deadline(self.now))

    def _receive(self, viewer: Viewer) -> None:
        for at, sent_at, packet in viewer.line.arrived(self.now):
            number = number_of(packet)
            if number is not None:
                assert self._numbered
                viewer.reporter.receive(number, at)
            ssrc = int.from_bytes(packet[8:12], "big")
            plain = bytes([packet[0] & 0xEF]) + packet[1:12] + packet[12 if number is None else 20 :]
            if ssrc == viewer.voice_ssrc:
                viewer.voice_delays.append((at, at - sent_at))
            elif ssrc in viewer.pictures:
                viewer.pictures[ssrc].receive(plain)
            elif ssrc == viewer.ssrc:
                viewer.picture.receive(plain)
                # The descriptor has six bytes; the height stands behind the start code of a key frame.
                if not plain[18] & 1 and plain[12] & 0x10:
                    viewer.heights.append((at, int.from_bytes(plain[26:28], "little")))
                elif plain[12] & 0x10:
                    viewer.heights.append((at, HEIGHTS[chr(plain[28])]))
        if viewer.is_reporting and self._numbered:
            for report in viewer.reporter.reports(self.now):
                self.apply(self.room.receive_feedback(viewer.connection_id, report, self.now))


def voice(sequence: int, timestamp: int, *, level: int = 30, ssrc: int = VOICE_SSRC, size: int = 80) -> bytes:
    head = pack("!BBHII", 0x90, AUDIO_PT, sequence & 0xFFFF, timestamp & 0xFFFFFFFF, ssrc)
    return head + b"\xbe\xde\0\1" + bytes([LEVEL_ID << 4, level, 0, 0]) + bytes(size)
