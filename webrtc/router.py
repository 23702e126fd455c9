"""One published track: packets in, headers for every viewer out, loss repaired on both sides.

Rule: nothing is decoded; a muted track passes nothing, whatever its publisher sends.
"""

from __future__ import annotations

from math import inf
from typing import NamedTuple

from webrtc import rtcp
from webrtc.alarm import Alarm
from webrtc.codecs import Format
from webrtc.effects import Effect, SendFeedback, SendRtp, Spread
from webrtc.errors import ProtocolError
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Kind, Mid, Ssrc, TrackId
from webrtc.incoming_stream import OVERHEAD_BYTES, IncomingStream
from webrtc.layered_forwarder import LayeredForwarder
from webrtc.layers import NOTHING, REVIEW_INTERVAL_S, STOPPED_AFTER_S, Layer, Preference, choose_layer, find_ladder
from webrtc.payload_formats import PAYLOAD_FORMATS
from webrtc.redundant_audio import parse_redundant, send_redundant
from webrtc.retransmission import CachedPacket
from webrtc.rtp_header import RtpHeader
from webrtc.svc_forwarder import SvcForwarder
from webrtc.svc_track import SvcTrack, place_of
from webrtc.track_recording import TrackRecording

_PADDING = b"\x01"
"""One byte of padding that counts itself: what is left of a packet of nothing but padding."""


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


class Router:
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

    def change_source(self, source: Source) -> None:
        """A renegotiation: keep the viewers, and start a new stream for them if the SSRC or payload type changed.

        The layers and the codec stay as they are: a track with others is another track.
        """
        assert source.rids == self.source.rids
        assert source.format == self.source.format
        before = self.source
        self.source = source
        for stream in self.streams:
            if source.payload_type != before.payload_type or (source.ssrc is not None and source.ssrc != stream.ssrc):
                self.start_stream(stream, source.ssrc)

    def start_stream(self, stream: IncomingStream, ssrc: Ssrc | None) -> None:
        """From now on the stream's packets carry this SSRC; numbers and clock start anew."""
        for forwarder in self.forwarders:
            if isinstance(forwarder, LayeredForwarder):
                forwarder.drop_stream(stream)
            else:
                forwarder.change_source()
        stream.start(ssrc, self.source.nack)
        if self.svc is not None:
            self.svc.restart()
        if self.recording is not None:
            self.recording.drop_stream(stream)

    def receive_rtp(
        self, stream: IncomingStream, packet: bytes | memoryview, header: RtpHeader, now: float
    ) -> list[Effect]:
        offset = header.payload_offset
        source = self.source
        extended = stream.loss.receive(header.sequence, now)
        stream.arrivals.receive(header.timestamp, source.clock_rate, now)
        if self.muted:
            return []
        if source.rids:
            return self._receive_layer(stream, packet, header, extended, now)
        if self.svc is not None:
            return self._receive_svc(self.svc, stream, packet, header, extended, now)
        is_video = source.kind == "video"
        starts_keyframe = is_video and self._payloads is not None and self._payloads.starts_keyframe(packet, offset)
        flags = header.marker | header.padding
        payload = _PADDING if header.is_padding_only(packet) else bytes(packet[offset:])
        cached = CachedPacket(extended, header.timestamp, flags, payload)
        stream.cache.put(cached)
        stream.octets += len(packet) + OVERHEAD_BYTES
        audience = stream.audience
        if starts_keyframe or not is_video:
            stream.start_waiting(cached, now)
        effects: list[Effect] = []
        if audience.members:
            audience.take(cached, now)
            effects.append(Spread(audience, cached, now))
        if is_video:
            self._watch_keyframes(stream, starts_keyframe, now, effects)
        if self.recording is not None:
            self._record(stream, cached, starts_keyframe, now, effects)
        return effects

    def receive_redundant(
        self, stream: IncomingStream, packet: bytes | memoryview, header: RtpHeader, now: float
    ) -> list[Effect]:
        """Take a packet of redundant audio; what it repeats replaces a packet that is missing."""
        payload = bytes(packet[header.payload_offset : header.payload_end(packet)])
        blocks = parse_redundant(payload)
        source = self.source
        if any(block.payload_type != source.payload_type for block in blocks):
            return []
        effects: list[Effect] = []
        for age in range(len(blocks) - 1, 0, -1):
            block = blocks[-1 - age]
            sequence = (header.sequence - age) & 0xFFFF
            if block.payload and stream.lacks(sequence):
                again = header._replace(
                    payload_type=source.payload_type,
                    marker=0,
                    padding=0,
                    sequence=sequence,
                    timestamp=(header.timestamp - block.timestamp_offset) & 0xFFFFFFFF,
                    payload_offset=0,
                )
                effects += self.receive_rtp(stream, block.payload, again, now)
        extended = stream.loss.receive(header.sequence, now)
        stream.arrivals.receive(header.timestamp, source.clock_rate, now)
        if self.muted:
            return effects
        stream.octets += len(packet) + OVERHEAD_BYTES
        cached = CachedPacket(extended, header.timestamp, header.marker, blocks[-1].payload)
        stream.cache.put(cached)
        if self.recording is not None:
            self._record(stream, cached, False, now, effects)
        stream.start_waiting(cached, now)
        stream.audience.take(cached, now)
        return effects + send_redundant(stream.audience.members, cached, payload, blocks, now)

    def _receive_layer(
        self, stream: IncomingStream, packet: bytes | memoryview, header: RtpHeader, extended: int, now: float
    ) -> list[Effect]:
        offset = header.payload_offset
        flags = header.marker | header.padding
        stream.octets += len(packet) + OVERHEAD_BYTES
        stream.last_at = now
        if header.is_padding_only(packet):
            cached, is_start = CachedPacket(extended, header.timestamp, flags, _PADDING), False
        else:
            assert self._payloads is not None
            descriptor, is_start, height = self._payloads.read_layer(packet, offset)
            body = bytes(packet[offset + descriptor.size :])
            picture_id, bits = descriptor.picture_id, descriptor.picture_bits
            picture = 0 if picture_id is None else stream.extend_picture(picture_id, bits)
            cached = CachedPacket(extended, header.timestamp, flags, body, descriptor, picture)
            if is_start:
                stream.height = height or stream.height or 1
        stream.cache.put(cached)
        effects: list[Effect] = []
        if not stream.is_flowing:
            stream.begin(now)
            effects += self._review(now)
        if is_start:
            self._move_to(stream, cached, now)
        if stream.audience.members:
            stream.audience.take(cached, now)
            effects.append(Spread(stream.audience, cached, now))
        self._watch_keyframes(stream, is_start, now, effects)
        if self.recording is not None:
            self._record(stream, cached, is_start, now, effects)
        return effects

    def _move_to(self, stream: IncomingStream, packet: CachedPacket, now: float) -> None:
        """A key frame of this layer begins: those who want it get it from now on, and no other."""
        for forwarder in stream.forwarders:
            assert isinstance(forwarder, LayeredForwarder)
            if forwarder.target is not stream or (forwarder.stream is stream and not forwarder.waiting):
                continue
            before = forwarder.stream
            forwarder.move_to(stream, packet, now)
            if before is not None and before is not stream:
                before.detach(forwarder)

    def _record(
        self, stream: IncomingStream, packet: CachedPacket, starts_keyframe: bool, now: float, effects: list[Effect]
    ) -> None:
        recording = self.recording
        assert recording is not None
        effects += recording.receive(stream, packet, starts_keyframe, now)
        if recording.wants_keyframe(stream) and stream.keyframes.request(now):
            effects += self._ask_for_keyframe(stream)

    def _receive_svc(
        self,
        svc: SvcTrack,
        stream: IncomingStream,
        packet: bytes | memoryview,
        header: RtpHeader,
        extended: int,
        now: float,
    ) -> list[Effect]:
        stream.octets += len(packet) + OVERHEAD_BYTES
        is_empty = header.is_padding_only(packet) or header.payload_offset == len(packet)
        try:
            part = None if is_empty else svc.read(packet, header)
        except ProtocolError:
            # What explains it was lost: held back as padding is, it leaves no hole.
            part, stream.loss.given_up = None, True
        payload = _PADDING if is_empty else bytes(packet[header.payload_offset :])
        number, dependency = (0, b"") if part is None else (part.number, part.dependency)
        flags = header.marker | header.padding
        cached = CachedPacket(extended, header.timestamp, flags, payload, None, number, dependency)
        stream.cache.put(cached)
        effects: list[Effect] = []
        if part is not None and svc.note(part, len(packet), now):
            effects += self._review(now)
        sent, wants_keyframe = svc.forward(stream, cached, part, now)
        effects += sent
        starts_keyframe = part is not None and part.starts_keyframe
        self._watch_keyframes(stream, starts_keyframe, now, effects)
        if self.recording is not None:
            self._record(stream, cached, starts_keyframe, now, effects)
        if wants_keyframe:
            effects += self._request_keyframe(stream, now)
        return effects

    def _watch_keyframes(self, stream: IncomingStream, arrived: bool, now: float, effects: list[Effect]) -> None:
        if arrived:
            stream.keyframes.arrived()
        if stream.loss.given_up:
            stream.loss.given_up = False
            effects += self._request_keyframe(stream, now)
        elif stream.keyframes.wanted and stream.forwarders and stream.keyframes.due(now):
            effects += self._ask_for_keyframe(stream)

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
        if not isinstance(forwarder, LayeredForwarder):
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

    def receive_sender_report(self, stream: IncomingStream, report: rtcp.SenderReport, now: float) -> list[Effect]:
        """Tell the viewers how the publisher's clock relates to the media, in their own numbers: lip sync needs it."""
        stream.arrivals.last_report = report.ntp_timestamp >> 16 & 0xFFFFFFFF
        stream.arrivals.last_report_at = now
        stream.note_report(report, self.source.clock_rate)
        if self.recording is not None:
            self.recording.note_report(stream, report)
        effects: list[Effect] = []
        for forwarder in stream.forwarders:
            if isinstance(forwarder, LayeredForwarder) and forwarder.stream is not stream:
                continue
            timestamp = forwarder.timestamp_of(report.rtp_timestamp)
            if timestamp is None or self.muted:
                continue
            rewritten = rtcp.SenderReport(
                forwarder.ssrc,
                report.ntp_timestamp,
                timestamp,
                forwarder.packet_count & 0xFFFFFFFF,
                forwarder.octet_count & 0xFFFFFFFF,
            )
            packet = rtcp.build_sender_report(rewritten) + rtcp.build_description(forwarder.ssrc, self.cname)
            effects.append(SendFeedback(forwarder.connection_id, packet))
        return effects

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
        return self.request_keyframe(forwarder, now)

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

    def resend(self, forwarder: Forwarder, sequences: tuple[int, ...], now: float) -> list[Effect]:
        """Answer a viewer's request for lost packets, as far as the cache and the viewer's share allow."""
        effects: list[Effect] = []
        # Redundant audio repeats itself, and is not kept in the form in which it went out.
        if self.muted or (self.source.red_payload_type is not None and forwarder.red_payload_type is not None):
            return effects
        if forwarder.line is not None and not forwarder.has_rtx:
            return effects
        if isinstance(forwarder, LayeredForwarder):
            for sequence in sequences:
                again = forwarder.resend_lost(sequence, now)
                if again is not None:
                    header = _wrap(forwarder, again[0], len(again[1]), now)
                    effects.append(SendRtp(again[1], [(forwarder.connection_id, header)]))
            return effects
        cache = self.streams[0].cache
        for sequence in sequences:
            extended = forwarder.source_sequence(sequence)
            packet = None if extended is None else cache.get(extended)
            if packet is not None and forwarder.guard.allow(packet.extended_sequence, now):
                header = _wrap(forwarder, forwarder.resend(packet), len(packet.payload), now)
                effects.append(SendRtp(packet.payload, [(forwarder.connection_id, header)]))
        return effects

    def next_deadline(self) -> float | None:
        deadlines = [at for stream in self.streams if (at := stream.loss.next_deadline()) is not None]
        if (self.source.rids or self.svc is not None) and not self.muted:
            deadlines.append(self._review_at)
        return min(deadlines, default=None)

    def handle_deadline(self, now: float) -> list[Effect]:
        effects: list[Effect] = []
        if (self.source.rids or self.svc is not None) and now >= self._review_at and not self.muted:
            effects += self._review(now)
        for stream in self.streams:
            missing = stream.loss.handle_deadline(now)
            if missing and stream.ssrc is not None and not self.muted:
                sequences = (extended & 0xFFFF for extended in sorted(missing))
                packet = rtcp.build_nack(REPORTER_SSRC, stream.ssrc, sequences)
                effects.append(SendFeedback(self.connection_id, packet))
        return effects

    def report_loss(self, now: float) -> list[rtcp.LossReport]:
        """The report blocks for this track; none before its first packet."""
        return [
            stream.arrivals.report(stream.ssrc, stream.loss, now)
            for stream in self.streams
            if stream.ssrc is not None and stream.loss.highest >= 0
        ]


def _wrap(forwarder: Forwarder, header: bytes, size: int, now: float) -> bytes:
    if forwarder.rtx is not None:
        header = forwarder.rtx.wrap(header)
    return forwarder.number(header, size, now)


REPORTER_SSRC = 1
"""The SSRC under which we speak as a receiver; we send no media on an upward connection, so it can't collide there."""
