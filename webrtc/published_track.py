"""A published track and those who watch it: what each of them is to get, and when a key frame is asked for.

Rule: a viewer gets the smallest layer that fills what it shows and that its line has room for; a muted track nothing.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from webrtc import rtcp
from webrtc.alarm import Alarm
from webrtc.codecs import Format
from webrtc.effects import Effect, SendFeedback
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Kind, Mid, Ssrc, TrackId
from webrtc.incoming_stream import IncomingStream
from webrtc.layered_forwarder import LayeredForwarder
from webrtc.layers import NOTHING, REVIEW_INTERVAL_S, STOPPED_AFTER_S, Layer, Preference, choose_layer, find_ladder
from webrtc.payload_formats import PAYLOAD_FORMATS
from webrtc.svc_forwarder import SvcForwarder
from webrtc.svc_track import SvcTrack, place_of
from webrtc.track_recording import TrackRecording

REPORTER_SSRC = 1
"""The SSRC under which we speak as a receiver; we send no media on an upward connection, so it can't collide there."""

SCALABLE = ("vp9", "av1")
"""Codecs whose single stream may hold several layers."""


class Source(NamedTuple):
    """What negotiation said about a published track."""

    track_id: TrackId
    mid: Mid
    kind: Kind
    payload_type: int
    clock_rate: int
    ssrc: Ssrc | None
    """None when the offer names none: then the MID header extension tells."""
    nack: bool
    pli: bool
    fir: bool
    rids: tuple[str, ...] = ()
    """Simulcast layers (RFC 8853), told apart by the RID header extension; empty: one stream."""
    format: Format = Format("vp8")
    rtx_payload_type: int | None = None
    """Of what the publisher sends again (RFC 4588)."""
    rtx_ssrc: Ssrc | None = None
    """None when the offer names none: then MID and repaired RID tell."""
    red_payload_type: int | None = None
    """Of redundant audio (RFC 2198), which may come instead of the plain one at any time."""
    dependency_id: int | None = None
    """Of the header extension with the dependency descriptor."""


class PublishedTrack:
    def __init__(self, connection_id: ConnectionId, source: Source, cname: str, muted: bool, alarm: Alarm) -> None:
        """`alarm` is brought forward to when `handle_deadline` has to be called."""
        self.connection_id = connection_id
        self.source = source
        self.cname = cname
        self.muted = muted
        self.forwarders: list[Forwarder] = []
        rids: tuple[str | None, ...] = source.rids or (None,)
        self.streams = [IncomingStream(source.kind, rid, alarm) for rid in rids]
        for stream in self.streams:
            stream.start(source.ssrc, source.nack)
        self._review_at = 0.0
        self._payloads = PAYLOAD_FORMATS.get(source.format.name)
        self.svc: SvcTrack | None = None
        """Of a stream that has its layers in itself; None: it has none that can be told apart."""
        if source.kind == "video" and not source.rids and source.format.name in SCALABLE:
            self.svc = SvcTrack(source.format.name, source.dependency_id)
        self.recording: TrackRecording | None = None

    @property
    def is_layered(self) -> bool:
        return bool(self.source.rids)

    def stream_of(self, rid: str | None) -> IncomingStream | None:
        """The layer of this name; None names the stream of a track without layers."""
        return next((stream for stream in self.streams if stream.rid == rid), None)

    def add_forwarder(self, forwarder: Forwarder, now: float) -> list[Effect]:
        """A video viewer sees nothing before a key frame: ask for one when it can be received."""
        self.forwarders.append(forwarder)
        if isinstance(forwarder, LayeredForwarder):
            return self._aim(forwarder, now)
        self.streams[0].forwarders.append(forwarder)
        return []

    def restart(self, forwarder: Forwarder, now: float) -> list[Effect]:
        """The viewer could not receive until now: begin with the next packet to start with."""
        forwarder.pause()
        forwarder.is_ready = True
        return self._aim(forwarder, now) + self.request_keyframe(forwarder, now)

    def remove_forwarder(self, forwarder: Forwarder) -> None:
        self.forwarders.remove(forwarder)
        for stream in self.streams:
            stream.detach(forwarder)
        if isinstance(forwarder, LayeredForwarder):
            forwarder.target = None

    def mute(self, muted: bool, now: float) -> list[Effect]:
        if muted == self.muted:
            return []
        self.muted = muted
        if self.recording is not None:
            self.recording.pause()
        for forwarder in self.forwarders:
            forwarder.pause()
        if muted:
            return []
        return [effect for forwarder in self.forwarders for effect in self.request_keyframe(forwarder, now)]

    def measure(self, now: float) -> None:
        """Take the rate of a track without layers; those of layers are taken when they are reviewed."""
        if not self.source.rids:
            self.streams[0].measure(now)

    def layers_of(self, forwarder: Forwarder) -> tuple[list[Layer], int | None]:
        """What flows and the viewer can be sent, and the place of what it gets now; None: nothing."""
        if isinstance(forwarder, LayeredForwarder):
            return self._flowing_layers(), self._place_of(forwarder)
        (stream,) = self.streams
        if isinstance(forwarder, SvcForwarder) and self.svc is not None:
            is_held = forwarder.waiting or forwarder not in stream.forwarders
            return self.svc.layers(forwarder), None if is_held else place_of(forwarder.selection.present)
        if not stream.rate_bps:
            return [], None
        return [Layer(0, 0, stream.rate_bps, -inf)], 0 if forwarder in stream.forwarders else None

    def find_costs(self, forwarder: Forwarder, now: float) -> tuple[list[tuple[int, float]], int | None]:
        """Place and rate of each layer that the viewer might get, smallest first; and the place it gets now."""
        if self.muted:
            return [], None
        layers, present = self.layers_of(forwarder)
        ladder = find_ladder(layers, present, forwarder.preference, now)
        return [(layer.place, layer.rate_bps) for layer in ladder], present

    def prefer(self, forwarder: Forwarder, preference: Preference, now: float) -> list[Effect]:
        """The viewer shows the track in another size, or not at all. Sound goes on: who is not seen is still heard."""
        forwarder.preference = preference
        return self._apply(forwarder, now)

    def limit(self, forwarder: Forwarder, limit: int | None, now: float) -> list[Effect]:
        """The viewer's line has room for this layer and no larger one."""
        if forwarder.limit == limit:
            return []
        forwarder.limit = limit
        return self._apply(forwarder, now)

    def _apply(self, forwarder: Forwarder, now: float) -> list[Effect]:
        if isinstance(forwarder, LayeredForwarder):
            return self._aim(forwarder, now)
        if isinstance(forwarder, SvcForwarder) and self.svc is not None:
            self.svc.aim(forwarder, now)
        (stream,) = self.streams
        is_held = forwarder not in stream.forwarders
        is_wanted = forwarder.preference.visible and forwarder.limit != NOTHING
        if self.source.kind == "audio" or is_wanted is not is_held:
            return []
        if is_held:
            stream.forwarders.append(forwarder)
            return self._request_keyframe(stream, now)
        stream.detach(forwarder)
        forwarder.pause()
        return []

    def _review(self, now: float) -> list[Effect]:
        """See which layers flow, and aim every viewer at the one it should get."""
        self._review_at = now + REVIEW_INTERVAL_S
        if self.svc is not None:
            self.svc.measure(now)
            return [effect for forwarder in self.forwarders for effect in self._apply(forwarder, now)]
        newest = max(stream.last_at for stream in self.streams)
        for stream in self.streams:
            if newest - stream.last_at >= STOPPED_AFTER_S:
                stream.is_flowing = False
            stream.measure(now)
        effects: list[Effect] = []
        for forwarder in self.forwarders:
            effects += self._aim(forwarder, now)
        for stream in self.streams:
            # Its first key frame was lost: nobody would ever choose a layer of unknown size.
            if stream.is_flowing and not stream.height and self.forwarders and stream.keyframes.request(now):
                effects += self._ask_for_keyframe(stream)
        return effects

    def _aim(self, forwarder: Forwarder, now: float) -> list[Effect]:
        if not isinstance(forwarder, LayeredForwarder) or not forwarder.is_ready:
            return []
        present = forwarder.stream
        chosen = choose_layer(
            self._flowing_layers(), self._place_of(forwarder), forwarder.preference, now, forwarder.limit
        )
        target = None if chosen is None else self.streams[chosen]
        if target is forwarder.target:
            return []
        former, forwarder.target = forwarder.target, target
        if former is not None and former is not present:
            former.detach(forwarder)
        if target is None:
            forwarder.pause()
            if present is not None:
                present.detach(forwarder)
            return []
        if forwarder not in target.forwarders:
            target.forwarders.append(forwarder)
        if target is present and not forwarder.waiting:
            return []
        return self._request_keyframe(target, now)

    def _flowing_layers(self) -> list[Layer]:
        return [
            Layer(index, stream.height, stream.rate_bps, stream.since)
            for index, stream in enumerate(self.streams)
            if stream.is_flowing
        ]

    def _place_of(self, forwarder: LayeredForwarder) -> int | None:
        """Of the layer that the viewer gets now; None when it gets nothing."""
        present = forwarder.stream
        return None if present is None or not present.is_flowing or forwarder.waiting else self.streams.index(present)

    def request_keyframe(self, forwarder: Forwarder, now: float) -> list[Effect]:
        """This viewer needs a key frame of what it gets, or is to get."""
        if not isinstance(forwarder, LayeredForwarder):
            return self._request_keyframe(self.streams[0], now)
        stream = forwarder.target if forwarder.waiting else forwarder.stream
        return [] if stream is None else self._request_keyframe(stream, now)

    def _request_keyframe(self, stream: IncomingStream, now: float) -> list[Effect]:
        if self.source.kind != "video" or self.muted or not stream.forwarders or not stream.keyframes.request(now):
            return []
        return self._ask_for_keyframe(stream)

    def _ask_for_keyframe(self, stream: IncomingStream) -> list[Effect]:
        if stream.ssrc is None:
            return []
        if self.source.pli:
            packet = rtcp.build_pli(REPORTER_SSRC, stream.ssrc)
        elif self.source.fir:
            stream.fir_command += 1
            packet = rtcp.build_fir(REPORTER_SSRC, stream.ssrc, stream.fir_command)
        else:
            return []
        return [SendFeedback(self.connection_id, packet)]

    def _watch_keyframes(self, stream: IncomingStream, arrived: bool, now: float, effects: list[Effect]) -> None:
        if arrived:
            stream.keyframes.arrived()
        if stream.loss.given_up:
            stream.loss.given_up = False
            effects += self._request_keyframe(stream, now)
        elif stream.keyframes.wanted and stream.forwarders and stream.keyframes.due(now):
            effects += self._ask_for_keyframe(stream)
