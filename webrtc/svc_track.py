"""A scalable stream as the router sees it: reads its layers, knows which flow, and aims every viewer at one.

Rule: the layers are what arrived within the last half second, never what a header promises.
"""

from __future__ import annotations

from webrtc import av1, vp9
from webrtc.dependency_descriptor import Structure, parse_descriptor
from webrtc.effects import Effect, SendRtp
from webrtc.ids import ConnectionId
from webrtc.incoming_stream import OVERHEAD_BYTES, IncomingStream
from webrtc.layers import STOPPED_AFTER_S, Layer, choose_layer
from webrtc.retransmission import CachedPacket
from webrtc.rtp_header import RtpHeader, read_extension, unwrap
from webrtc.sent_packets import stamp
from webrtc.svc_forwarder import FILLER, SvcForwarder
from webrtc.svc_selection import DependencySelection, Part, Rung, Selection, Vp9Selection

_TEMPORAL_LAYERS = 8
_ASK_EVERY_S = 2.0
"""Key frames that one viewer causes by wanting another layer: each one costs all viewers."""
_LEAST_MEASURE_S = 0.2
_UNKNOWN_HEIGHT = 16


class _Flow:
    """What arrives of one spatial and temporal layer."""

    __slots__ = ("last_at", "octets", "rate_bps", "since")

    def __init__(self, now: float) -> None:
        self.since = self.last_at = now
        self.octets = 0
        self.rate_bps = 0.0


class SvcTrack:
    def __init__(self, codec: str, dependency_id: int | None) -> None:
        """`codec`: vp9 or av1; `dependency_id`: of the dependency descriptor's header extension, if agreed on."""
        self._codec = codec
        self._dependency_id = dependency_id
        self.restart()

    def restart(self) -> None:
        """The publisher begins a new stream."""
        self._heights: tuple[int, ...] = ()
        self._flows: dict[Rung, _Flow] = {}
        self._structure: Structure | None = None
        self._frame = 1 << 16
        self._counted_at = 0.0

    def select(self) -> Selection:
        """What a new viewer chooses with."""
        return Vp9Selection() if self._codec == "vp9" else DependencySelection()

    def read(self, packet: bytes | memoryview, header: RtpHeader) -> Part:
        """Raise ProtocolError for what is malformed."""
        offset = header.payload_offset
        if self._codec == "vp9":
            descriptor = vp9.parse_descriptor(packet, offset)
            if descriptor.heights:
                self._heights = descriptor.heights
            rung = Rung(descriptor.spatial, descriptor.temporal)
            return Part(rung, descriptor.starts_keyframe, descriptor.ends_frame, descriptor)
        starts = av1.starts_keyframe(packet, offset)
        height = av1.keyframe_height(packet, offset) if starts else None
        if height:
            self._heights = (height,)
        data = None if self._dependency_id is None else read_extension(packet, self._dependency_id)
        if data is None:
            return Part(Rung(0, 0), starts, False, None)
        frame = parse_descriptor(data, self._structure)
        if frame.structure is not None:
            self._structure = frame.structure
            self._heights = frame.structure.heights or self._heights
        self._frame = unwrap(frame.number, self._frame, 16)
        starts = frame.structure is not None and frame.starts_frame
        return Part(Rung(frame.spatial, frame.temporal), starts, frame.ends_frame, frame, self._frame, data)

    def note(self, part: Part, size: int, now: float) -> bool:
        """Count a packet towards its layer; True when a layer begins with it."""
        flow = self._flows.get(part.rung)
        begins = flow is None or now - flow.last_at >= STOPPED_AFTER_S
        if flow is None or begins:
            flow = self._flows[part.rung] = _Flow(now)
        flow.last_at = now
        flow.octets += size + OVERHEAD_BYTES
        return begins

    def measure(self, now: float) -> None:
        """Take the rates since the last call, and forget what stopped."""
        elapsed = now - self._counted_at
        if elapsed < _LEAST_MEASURE_S:
            return
        self._counted_at = now
        newest = max((flow.last_at for flow in self._flows.values()), default=now)
        self._flows = {rung: flow for rung, flow in self._flows.items() if newest - flow.last_at < STOPPED_AFTER_S}
        for flow in self._flows.values():
            rate_bps = flow.octets * 8 / min(elapsed, max(now - flow.since, _LEAST_MEASURE_S))
            flow.rate_bps = rate_bps if not flow.rate_bps else flow.rate_bps + (rate_bps - flow.rate_bps) / 4
            flow.octets = 0

    def layers(self, forwarder: SvcForwarder) -> list[Layer]:
        """What a viewer may get, as `layers` counts it; a place is a rung's `place_of`.

        The rate of the smallest picture is reduced before the picture is given up; larger ones come whole. Browsers
        decode higher spatial layers of AV1 only with the dependency descriptor.
        """
        found = []
        is_flat = self._codec == "av1" and forwarder.dependency_id is None
        rungs = sorted(rung for rung in self._flows if not (is_flat and rung.spatial))
        most_temporal = {rung.spatial: rung.temporal for rung in rungs}
        for rung in rungs:
            is_whole = rung.temporal == most_temporal[rung.spatial]
            if rung.spatial > 0 and not is_whole:
                continue
            within = [f for r, f in self._flows.items() if r.spatial <= rung.spatial and r.temporal <= rung.temporal]
            height = self._height_of(rung.spatial) if is_whole else rung.temporal + 1
            rate_bps = sum(flow.rate_bps for flow in within)
            found.append(Layer(place_of(rung), height, rate_bps, self._flows[rung].since))
        return found

    def _height_of(self, spatial: int) -> int:
        """In pixels; where none are known, layers are at least in order."""
        heights = self._heights
        return heights[spatial] if spatial < len(heights) else _UNKNOWN_HEIGHT + spatial

    def aim(self, forwarder: SvcForwarder, now: float) -> bool:
        """Choose again what a viewer is to get; False: nothing."""
        present = None if forwarder.waiting else place_of(forwarder.selection.present)
        chosen = choose_layer(self.layers(forwarder), present, forwarder.preference, now, forwarder.limit)
        if chosen is not None:
            forwarder.selection.aim = rung_of(chosen)
        return chosen is not None

    def forward(
        self, stream: IncomingStream, cached: CachedPacket, part: Part | None, now: float
    ) -> tuple[list[Effect], bool]:
        """Fan one packet out; the second says that somebody needs a key frame to change the layer."""
        headers: list[tuple[ConnectionId, bytes]] = []
        fillers: list[tuple[ConnectionId, bytes]] = []
        sent = stamp(now, len(cached.payload))
        wants_keyframe = False
        for forwarder in stream.forwarders:
            assert isinstance(forwarder, SvcForwarder)
            header = forwarder.forward_part(cached, part, now, sent, fillers)
            if header is not None:
                headers.append((forwarder.connection_id, header))
            if forwarder.selection.wants_keyframe and now - forwarder.asked_at >= _ASK_EVERY_S:
                forwarder.asked_at = now
                wants_keyframe = True
        effects: list[Effect] = [SendRtp(cached.payload, headers)] if headers else []
        if fillers:
            effects.append(SendRtp(FILLER, fillers))
        return effects, wants_keyframe


def place_of(rung: Rung) -> int:
    return rung.spatial * _TEMPORAL_LAYERS + rung.temporal


def rung_of(place: int) -> Rung:
    return Rung(*divmod(place, _TEMPORAL_LAYERS))
