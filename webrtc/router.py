"""One published track: packets in, headers for every viewer out, loss repaired on both sides.

Rule: nothing is decoded; a muted track passes nothing, whatever its publisher sends.
"""

from __future__ import annotations

from typing import NamedTuple

from webrtc import rtcp
from webrtc.effects import Effect, SendFeedback, SendRtp
from webrtc.forwarder import Forwarder
from webrtc.ids import ConnectionId, Kind, Mid, Ssrc, TrackId
from webrtc.keyframes import KeyframeRequests
from webrtc.retransmission import CachedPacket, LossDetector, PacketCache
from webrtc.rtp_header import RtpHeader, starts_vp8_keyframe

_CACHE_SIZE = {"video": 512, "audio": 128}
"""About two seconds of either at school rates: what a viewer may still ask for is younger."""


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


class _Arrivals:
    """What receiver reports say of one stream: jitter and loss (RFC 3550 sections 6.4 and A.8)."""

    __slots__ = ("_expected_before", "_received_before", "_transit", "jitter", "last_report", "last_report_at")

    def __init__(self) -> None:
        self.jitter = 0.0
        self._transit: float | None = None
        self._expected_before = 0
        self._received_before = 0
        self.last_report = 0
        self.last_report_at = 0.0

    def receive(self, timestamp: int, clock_rate: int, now: float) -> None:
        transit = now * clock_rate - timestamp
        if self._transit is not None:
            # A wrapped or restarted clock makes one absurd difference; it says nothing about jitter.
            difference = abs(transit - self._transit)
            if difference < clock_rate:
                self.jitter += (difference - self.jitter) / 16
        self._transit = transit

    def report(self, ssrc: int, loss: LossDetector, now: float) -> rtcp.LossReport:
        expected = loss.highest - loss.expected_from + 1
        lost = expected - loss.received
        expected_since = expected - self._expected_before
        lost_since = expected_since - (loss.received - self._received_before)
        self._expected_before, self._received_before = expected, loss.received
        fraction = min(255, lost_since * 256 // expected_since) if expected_since > 0 and lost_since > 0 else 0
        delay = round((now - self.last_report_at) * 65536) & 0xFFFFFFFF if self.last_report else 0
        cumulative = max(-0x800000, min(0x7FFFFF, lost))
        highest = loss.highest & 0xFFFFFFFF
        return rtcp.LossReport(ssrc, fraction, cumulative, highest, int(self.jitter), self.last_report, delay)


class Router:
    def __init__(self, connection_id: ConnectionId, source: Source, cname: str, muted: bool) -> None:
        self.connection_id = connection_id
        self.source = source
        self.cname = cname
        self.muted = muted
        self.ssrc = source.ssrc
        self.forwarders: list[Forwarder] = []
        self.packets_received = 0
        self._keyframes = KeyframeRequests()
        self._fir_command = 0
        self._reset()

    def _reset(self) -> None:
        self._loss = LossDetector(self.source.nack)
        self._cache = PacketCache(_CACHE_SIZE[self.source.kind])
        self._arrivals = _Arrivals()

    def change_source(self, source: Source) -> None:
        """A renegotiation: keep the viewers, and start a new stream for them if the SSRC or payload type changed."""
        before = self.source
        self.source = source
        if source.payload_type != before.payload_type or (source.ssrc is not None and source.ssrc != self.ssrc):
            self.start_stream(source.ssrc)

    def start_stream(self, ssrc: Ssrc | None) -> None:
        """From now on the track's packets carry this SSRC; numbers and clock start anew."""
        self.ssrc = ssrc
        # The cache goes too: a kept packet would be sent again under an old number with another content.
        self._reset()
        for forwarder in self.forwarders:
            forwarder.change_source()

    def receive_rtp(self, packet: bytes | memoryview, header: RtpHeader, now: float) -> list[Effect]:
        self.packets_received += 1
        offset = header.payload_offset
        source = self.source
        extended = self._loss.receive(header.sequence, now)
        self._arrivals.receive(header.timestamp, source.clock_rate, now)
        if self.muted:
            return []
        is_video = source.kind == "video"
        starts_keyframe = is_video and starts_vp8_keyframe(packet, offset)
        flags = header.marker | header.padding
        payload = bytes(packet[offset:])
        self._cache.put(CachedPacket(extended, header.timestamp, flags, payload))
        size = len(payload)
        timestamp = header.timestamp
        headers = []
        for forwarder in self.forwarders:
            out = forwarder.forward(extended, timestamp, flags, size, starts_keyframe, now)
            if out is not None:
                headers.append((forwarder.connection_id, out))
        effects: list[Effect] = [SendRtp(payload, headers)] if headers else []
        if is_video:
            self._watch_keyframes(starts_keyframe, now, effects)
        return effects

    def _watch_keyframes(self, arrived: bool, now: float, effects: list[Effect]) -> None:
        if arrived:
            self._keyframes.arrived()
        if self._loss.given_up:
            self._loss.given_up = False
            effects += self.request_keyframe(now)
        elif self._keyframes.wanted and self._keyframes.due(now):
            effects += self._ask_for_keyframe()

    def receive_sender_report(self, report: rtcp.SenderReport, now: float) -> list[Effect]:
        """Tell the viewers how the publisher's clock relates to the media, in their own numbers: lip sync needs it."""
        self._arrivals.last_report = report.ntp_timestamp >> 16 & 0xFFFFFFFF
        self._arrivals.last_report_at = now
        effects: list[Effect] = []
        for forwarder in self.forwarders:
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

    def add_forwarder(self, forwarder: Forwarder) -> None:
        """A video viewer sees nothing before a key frame: ask for one when it can be received."""
        self.forwarders.append(forwarder)

    def restart(self, forwarder: Forwarder, now: float) -> list[Effect]:
        """The viewer could not receive until now: begin with the next packet to start with."""
        forwarder.pause()
        return self.request_keyframe(now)

    def remove_forwarder(self, forwarder: Forwarder) -> None:
        self.forwarders.remove(forwarder)

    def mute(self, muted: bool, now: float) -> list[Effect]:
        if muted == self.muted:
            return []
        self.muted = muted
        for forwarder in self.forwarders:
            forwarder.pause()
        return [] if muted else self.request_keyframe(now)

    def request_keyframe(self, now: float) -> list[Effect]:
        if self.source.kind != "video" or self.muted or not self.forwarders or not self._keyframes.request(now):
            return []
        return self._ask_for_keyframe()

    def _ask_for_keyframe(self) -> list[Effect]:
        if self.ssrc is None:
            return []
        if self.source.pli:
            packet = rtcp.build_pli(REPORTER_SSRC, self.ssrc)
        elif self.source.fir:
            self._fir_command += 1
            packet = rtcp.build_fir(REPORTER_SSRC, self.ssrc, self._fir_command)
        else:
            return []
        return [SendFeedback(self.connection_id, packet)]

    def resend(self, forwarder: Forwarder, sequences: tuple[int, ...], now: float) -> list[Effect]:
        """Answer a viewer's request for lost packets, as far as the cache and the viewer's share allow."""
        effects: list[Effect] = []
        if self.muted:
            return effects
        for sequence in sequences:
            extended = forwarder.source_sequence(sequence)
            packet = None if extended is None else self._cache.get(extended)
            if packet is not None and forwarder.guard.allow(packet.extended_sequence, now):
                effects.append(SendRtp(packet.payload, [(forwarder.connection_id, forwarder.resend(packet))]))
        return effects

    def next_deadline(self) -> float | None:
        return self._loss.next_deadline()

    def handle_deadline(self, now: float) -> list[Effect]:
        missing = self._loss.handle_deadline(now)
        if not missing or self.ssrc is None or self.muted:
            return []
        sequences = sorted(missing)
        packet = rtcp.build_nack(REPORTER_SSRC, self.ssrc, (extended & 0xFFFF for extended in sequences))
        return [SendFeedback(self.connection_id, packet)]

    def report_loss(self, now: float) -> rtcp.LossReport | None:
        """The report block for this track; None before its first packet."""
        if self.ssrc is None or self._loss.highest < 0:
            return None
        return self._arrivals.report(self.ssrc, self._loss, now)


REPORTER_SSRC = 1
"""The SSRC under which we speak as a receiver; we send no media on an upward connection, so it can't collide there."""
