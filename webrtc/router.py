"""One published track: packets in, headers for every viewer out, loss repaired on both sides.

Rule: nothing is decoded; a muted track passes nothing, whatever its publisher sends.
"""

from __future__ import annotations

from webrtc import rtcp
from webrtc.effects import Effect, SendFeedback, SendRtp, Spread
from webrtc.errors import ProtocolError
from webrtc.forwarder import Forwarder
from webrtc.ids import Ssrc
from webrtc.incoming_stream import OVERHEAD_BYTES, IncomingStream
from webrtc.layered_forwarder import LayeredForwarder
from webrtc.published_track import REPORTER_SSRC, PublishedTrack, Source
from webrtc.redundant_audio import parse_redundant, send_redundant
from webrtc.retransmission import CachedPacket
from webrtc.rtp_header import RtpHeader
from webrtc.svc_track import SvcTrack

_PADDING = b"\x01"
"""One byte of padding that counts itself: what is left of a packet of nothing but padding."""


class Router(PublishedTrack):
    """What arrives of the track goes to those who are to get it."""

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
