"""One track on its way to one viewer: new SSRC, payload type, sequence numbers and timestamps in the header.

Rule: a viewer sees one unbroken sequence that starts at a key frame, whatever was held back before.
"""

from __future__ import annotations

from collections import deque

from webrtc.audience import Audience
from webrtc.congestion import Line
from webrtc.ids import ConnectionId, Mid, Ssrc, TrackId
from webrtc.layers import NO_PREFERENCE, SMALLEST
from webrtc.pacing import IS_ON, Waiting
from webrtc.retransmission import CachedPacket, ResendGuard, RtxStream
from webrtc.rtp_header import HEADER, NUMBERED_HEADER, NUMBERED_PROFILE, number_header, unwrap
from webrtc.sent_packets import IS_RESTING, Stamp, stamp

MAX_SEGMENTS = 16
"""Pauses that a viewer's requests for lost packets can reach back over."""


class Forwarder:
    __slots__ = (
        "_clock_rate",
        "_last_out",
        "_last_timestamp",
        "_last_timestamp_at",
        "_octets",
        "_packets",
        "_segments",
        "_source_changed",
        "_started",
        "audience",
        "connection_id",
        "extension",
        "first_extended",
        "fraction_lost",
        "guard",
        "is_ready",
        "limit",
        "line",
        "mid",
        "needs_keyframe",
        "payload_type",
        "picture_offset",
        "preference",
        "red_payload_type",
        "rtx",
        "sequence_offset",
        "ssrc",
        "timestamp_offset",
        "tl0_offset",
        "track_id",
        "waiting",
    )

    def __init__(
        self,
        connection_id: ConnectionId,
        mid: Mid,
        track_id: TrackId,
        ssrc: Ssrc,
        payload_type: int,
        *,
        clock_rate: int,
        needs_keyframe: bool,
        first_sequence: int,
        first_timestamp: int,
    ) -> None:
        self.connection_id = connection_id
        self.mid = mid
        self.track_id = track_id
        self.ssrc = ssrc
        self.payload_type = payload_type
        self.red_payload_type: int | None = None
        """Redundant audio goes on as it came (RFC 2198); None: each sound once."""
        self.rtx: RtxStream | None = None
        """Lost packets come again there (RFC 4588); None: as they were."""
        self.line: Line | None = None
        """Numbers its packets together with the viewer's other tracks; None: the viewer has not agreed on it."""
        self.extension = 0
        """Id and length of the number, as the header extension's first byte."""
        self.preference = NO_PREFERENCE
        self.is_ready = True
        """The viewer's connection can carry packets: before that none is sent, and no key frame asked for in vain."""
        self.limit: int | None = None
        """The largest layer the viewer's line has room for, by place; or NOTHING or SMALLEST; None for any."""
        self.needs_keyframe = needs_keyframe
        self.waiting = True
        """Nothing passes until a packet to start with: a key frame for video, anything for audio."""
        self.audience: Audience | None = None
        """Whose packets all go to this viewer now, with numbers that differ by the offsets below."""
        self.fraction_lost = 0
        self.guard = ResendGuard()
        self._clock_rate = clock_rate
        # RFC 3711 section 3.3.1: a start in the lower half keeps the roll-over counter out of doubt.
        self._last_out = (1 << 16) + (first_sequence & 0x7FFF)
        self._last_timestamp = first_timestamp
        self._last_timestamp_at = 0.0
        self._packets = 0
        self._octets = 0
        self.sequence_offset = 0
        self.timestamp_offset = 0
        self.picture_offset = 0
        self.tl0_offset = 0
        self.first_extended = 0
        """Older packets were before this viewer's time."""
        self._source_changed = True
        self._started = False
        self._segments: deque[tuple[int, int, int]] = deque(maxlen=MAX_SEGMENTS)

    def pause(self) -> None:
        """Hold back everything until the next packet to start with; the viewer sees no gap in the sequence."""
        self.waiting = True
        self.leave()

    def change_source(self) -> None:
        """The publisher starts a new stream (other SSRC, other clock); continue ours from where it stands."""
        self.pause()
        self._source_changed = True
        self._segments.clear()

    def number_packets(self, line: Line, extension_id: int) -> None:
        """Number all packets from the first on. Then lost ones come again as RTX or not at all.

        The same packet with another number would be two messages under one nonce (RFC 7714 section 8.1).
        """
        self.line = line
        self.extension = extension_id << 4 | 1
        self.limit = SMALLEST

    def renegotiate(self, payload_type: int, red_payload_type: int | None, rtx_payload_type: int | None) -> None:
        self.payload_type = payload_type
        self.red_payload_type = red_payload_type
        if self.rtx is not None:
            self.rtx.payload_type = rtx_payload_type
        if self.audience is not None:
            self.audience.route = None

    def join(self, audience: Audience) -> None:
        """From now on all packets of the audience go to this viewer, by the offsets as they are."""
        assert self.audience is None
        self.audience = audience
        self._packets -= audience.packets
        self._octets -= audience.octets
        audience.members.append(self)
        audience.route = None

    def leave(self) -> None:
        """Take over what the audience knows for all its members."""
        audience = self.audience
        if audience is None:
            return
        self._last_out, self._last_timestamp, self._last_timestamp_at = self.last_out, self.last_timestamp, self.last_at
        self._packets += audience.packets
        self._octets += audience.octets
        self.audience = None
        audience.members.remove(self)
        audience.route = None

    def count_more(self, octets: int) -> None:
        """This viewer gets so much more of a packet than its audience."""
        self._octets += octets

    @property
    def packet_count(self) -> int:
        return self._packets if self.audience is None else self._packets + self.audience.packets

    @property
    def octet_count(self) -> int:
        return self._octets if self.audience is None else self._octets + self.audience.octets

    @property
    def last_out(self) -> int:
        """The highest sequence number that went out, without its wrap."""
        audience = self.audience
        if audience is None:
            return self._last_out
        # Of two packets that came in disorder the viewer may have got only the older one. Then the newer one's number
        # is taken as used: better a hole than one number for two packets.
        return max(audience.highest, self.first_extended) + self.sequence_offset

    @property
    def last_timestamp(self) -> int:
        """Of that packet."""
        audience = self.audience
        if audience is None:
            return self._last_timestamp
        return (audience.timestamp + self.timestamp_offset) & 0xFFFFFFFF

    @property
    def last_at(self) -> float:
        """When it went out."""
        return self._last_timestamp_at if self.audience is None else self.audience.at

    @property
    def has_rtx(self) -> bool:
        return self.rtx is not None and self.rtx.payload_type is not None

    def start(self, packet: CachedPacket, audience: Audience, now: float) -> None:
        """This packet is one to start with: from it on, all go to this viewer."""
        self._start(packet.extended_sequence, packet.timestamp, now)
        self.join(audience)

    def rewrite(self, packet: CachedPacket, now: float, sent: Stamp) -> bytes | None:
        """The header to send a packet of its audience with, or None when it waits for its turn, or came too late.

        `sent` is what the line remembers of the packet, made once for all its viewers. Compiled code does the same
        for a whole audience (fan_out.c).
        """
        if packet.extended_sequence < self.first_extended:
            return None
        line = self.line
        if line is None:
            return self.header(packet)
        pacer = line.pacer
        if pacer.state[IS_ON]:
            if self.needs_keyframe and pacer.must_wait(now):
                self.keep(packet)
                return None
            pacer.spend(sent[1], now)
        if line.numbering[IS_RESTING]:
            return self.header(packet)
        flags = packet.flags
        header: bytes = NUMBERED_HEADER.pack(
            0x90 | flags & 0x20,
            self.payload_type | flags & 0x80,
            (packet.extended_sequence + self.sequence_offset) & 0xFFFF,
            (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
            NUMBERED_PROFILE,
            self.extension,
            line.number_packet(sent) & 0xFFFF,
        )
        return header if packet.descriptor is None else header + self.describe(packet)

    def header(self, packet: CachedPacket) -> bytes:
        """Without a number over all streams."""
        flags = packet.flags
        header: bytes = HEADER.pack(
            0x80 | flags & 0x20,
            self.payload_type | flags & 0x80,
            (packet.extended_sequence + self.sequence_offset) & 0xFFFF,
            (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
        )
        return header if packet.descriptor is None else header + self.describe(packet)

    def describe(self, packet: CachedPacket) -> bytes:
        """The descriptor that the payload begins with, with this viewer's numbers."""
        descriptor = packet.descriptor
        assert descriptor is not None
        return descriptor.rewritten(packet.picture + self.picture_offset, (descriptor.tl0 or 0) + self.tl0_offset)

    def keep(self, packet: CachedPacket) -> None:
        """The line has no room for this packet of its audience now; it leaves when its turn comes."""
        assert self.line is not None
        self.line.pacer.keep(Waiting(self, self.header(packet), packet.payload))

    def _pace(self, line: Line, header: bytes, payload: bytes, now: float) -> bytes | None:
        """The numbered header of a video packet that may leave at once; None: it leaves when its turn comes."""
        pacer = line.pacer
        if pacer.is_on and pacer.must_wait(now):
            pacer.keep(Waiting(self, header, payload))
            return None
        return self.number(header, len(payload), now)

    def number(self, header: bytes, size: int, now: float) -> bytes:
        """A header that leaves now on no fast path, with its number if the viewer wants one."""
        line = self.line
        if line is None:
            return header
        if line.pacer.is_on:
            line.pacer.spend(size, now)
        if line.is_resting:
            return header
        return number_header(header, self.extension, line.number_packet(stamp(now, size)))

    def _start(self, extended: int, timestamp: int, now: float) -> None:
        self.waiting = False
        self.sequence_offset = self._last_out + 1 - extended
        self.first_extended = extended
        self._segments.append((self._last_out + 1, self.sequence_offset, extended))
        if self._source_changed:
            self._source_changed = False
            elapsed = round((now - self._last_timestamp_at) * self._clock_rate) if self._started else 0
            self.timestamp_offset = self._last_timestamp + elapsed - timestamp
            self._started = True

    def resend(self, packet: CachedPacket) -> bytes:
        """The header of the same packet as it went out before (the SRTP key stream forbids any other)."""
        offset = self._offset_of(packet.extended_sequence)
        assert offset is not None
        return HEADER.pack(
            0x80 | packet.flags & 0x20,
            self.payload_type | packet.flags & 0x80,
            (packet.extended_sequence + offset) & 0xFFFF,
            (packet.timestamp + self.timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
        )

    def source_sequence(self, sequence: int) -> int | None:
        """The publisher's extended number behind a number the viewer lost; None when it never went out."""
        if not self._segments:
            return None
        last_out = self.last_out
        out = unwrap(sequence, last_out, 16)
        if out > last_out:
            return None
        for first_out, offset, _ in reversed(self._segments):
            if out >= first_out:
                return out - offset
        return None

    def _offset_of(self, extended: int) -> int | None:
        for _, offset, first_extended in reversed(self._segments):
            if extended >= first_extended:
                return offset
        return None

    def timestamp_of(self, timestamp: int) -> int | None:
        """The viewer's clock for the publisher's (RFC 3550 sender reports); None while nothing is forwarded."""
        return None if self.waiting else (timestamp + self.timestamp_offset) & 0xFFFFFFFF
