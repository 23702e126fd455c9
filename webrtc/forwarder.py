"""One track on its way to one viewer: new SSRC, payload type, sequence numbers and timestamps in the header.

Rule: a viewer sees one unbroken sequence that starts at a key frame, whatever was held back before.
"""

from __future__ import annotations

from collections import deque

from webrtc.congestion import HISTORY_MASK, Line, Stamp
from webrtc.ids import ConnectionId, Mid, Ssrc, TrackId
from webrtc.layers import NO_PREFERENCE, SMALLEST
from webrtc.pacing import BURST_S, Waiting
from webrtc.retransmission import CachedPacket, ResendGuard, RtxStream
from webrtc.rtp_header import HEADER, NUMBERED_HEADER, NUMBERED_PROFILE, number_header, unwrap

MAX_SEGMENTS = 16
"""Pauses that a viewer's requests for lost packets can reach back over."""


class Forwarder:
    __slots__ = (
        "_clock_rate",
        "_first_extended",
        "_last_out",
        "_last_timestamp",
        "_last_timestamp_at",
        "_segments",
        "_sequence_offset",
        "_source_changed",
        "_started",
        "_timestamp_offset",
        "connection_id",
        "extension",
        "fraction_lost",
        "guard",
        "limit",
        "line",
        "mid",
        "needs_keyframe",
        "octet_count",
        "packet_count",
        "payload_type",
        "preference",
        "red_payload_type",
        "rtx",
        "ssrc",
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
        self.limit: int | None = None
        """The largest layer the viewer's line has room for, by place; or NOTHING or SMALLEST; None for any."""
        self.needs_keyframe = needs_keyframe
        self.waiting = True
        """Nothing passes until a packet to start with: a key frame for video, anything for audio."""
        self.packet_count = 0
        self.octet_count = 0
        self.fraction_lost = 0
        self.guard = ResendGuard()
        self._clock_rate = clock_rate
        # RFC 3711 section 3.3.1: a start in the lower half keeps the roll-over counter out of doubt.
        self._last_out = (1 << 16) + (first_sequence & 0x7FFF)
        self._last_timestamp = first_timestamp
        self._last_timestamp_at = 0.0
        self._sequence_offset = 0
        self._timestamp_offset = 0
        self._first_extended = 0
        self._source_changed = True
        self._started = False
        self._segments: deque[tuple[int, int, int]] = deque(maxlen=MAX_SEGMENTS)

    def pause(self) -> None:
        """Hold back everything until the next packet to start with; the viewer sees no gap in the sequence."""
        self.waiting = True

    def change_source(self) -> None:
        """The publisher starts a new stream (other SSRC, other clock); continue ours from where it stands."""
        self.waiting = True
        self._source_changed = True
        self._segments.clear()

    def number_packets(self, line: Line, extension_id: int) -> None:
        """Number all packets from the first on. Then lost ones come again as RTX or not at all.

        The same packet with another number would be two messages under one nonce (RFC 7714 section 8.1).
        """
        self.line = line
        self.extension = extension_id << 4 | 1
        self.limit = SMALLEST

    @property
    def last_timestamp(self) -> int:
        return self._last_timestamp

    @property
    def has_rtx(self) -> bool:
        return self.rtx is not None and self.rtx.payload_type is not None

    def forward(
        self,
        extended: int,
        timestamp: int,
        flags: int,
        payload: bytes,
        starts_keyframe: bool,
        now: float,
        sent: Stamp,
    ) -> bytes | None:
        """The header to send this packet with, or None to hold it back. `flags` are marker and padding bits.

        `sent` is what the line remembers of the packet, made once for all its viewers.
        """
        if self.waiting:
            if self.needs_keyframe and not starts_keyframe:
                return None
            self._start(extended, timestamp, now)
        elif extended < self._first_extended:
            return None
        out = extended + self._sequence_offset
        out_timestamp = (timestamp + self._timestamp_offset) & 0xFFFFFFFF
        if out > self._last_out:
            self._last_out = out
            self._last_timestamp = out_timestamp
            self._last_timestamp_at = now
        self.packet_count += 1
        self.octet_count += len(payload)
        line = self.line
        if line is None:
            return HEADER.pack(
                0x80 | flags & 0x20, self.payload_type | flags & 0x80, out & 0xFFFF, out_timestamp, self.ssrc
            )
        pacer = line.pacer
        if pacer is not None:
            free_at = pacer.free_at
            if self.needs_keyframe and (free_at > now + BURST_S or pacer.waiting):
                header = HEADER.pack(
                    0x80 | flags & 0x20, self.payload_type | flags & 0x80, out & 0xFFFF, out_timestamp, self.ssrc
                )
                pacer.keep(Waiting(self, header, payload))
                return None
            pacer.free_at = (free_at if free_at > now else now) + sent[1] * pacer.s_per_byte
        if line.is_resting:
            return HEADER.pack(
                0x80 | flags & 0x20, self.payload_type | flags & 0x80, out & 0xFFFF, out_timestamp, self.ssrc
            )
        number = line.number
        line.number = number + 1
        line.sent[number & HISTORY_MASK] = sent
        return NUMBERED_HEADER.pack(
            0x90 | flags & 0x20,
            self.payload_type | flags & 0x80,
            out & 0xFFFF,
            out_timestamp,
            self.ssrc,
            NUMBERED_PROFILE,
            self.extension,
            number & 0xFFFF,
        )

    def _pace(self, line: Line, header: bytes, payload: bytes, now: float) -> bytes | None:
        """The numbered header of a video packet that may leave at once; None: it leaves when its turn comes."""
        pacer = line.pacer
        if pacer is not None and (pacer.free_at > now + BURST_S or pacer.waiting):
            pacer.keep(Waiting(self, header, payload))
            return None
        return self.number(header, len(payload), now)

    def number(self, header: bytes, size: int, now: float) -> bytes:
        """A header that leaves now on no fast path, with its number if the viewer wants one."""
        line = self.line
        if line is None:
            return header
        if line.pacer is not None:
            line.pacer.spend(size, now)
        if line.is_resting:
            return header
        return number_header(header, self.extension, line.take_number(now, size))

    def _start(self, extended: int, timestamp: int, now: float) -> None:
        self.waiting = False
        self._sequence_offset = self._last_out + 1 - extended
        self._first_extended = extended
        self._segments.append((self._last_out + 1, self._sequence_offset, extended))
        if self._source_changed:
            self._source_changed = False
            elapsed = round((now - self._last_timestamp_at) * self._clock_rate) if self._started else 0
            self._timestamp_offset = self._last_timestamp + elapsed - timestamp
            self._started = True

    def resend(self, packet: CachedPacket) -> bytes:
        """The header of the same packet as it went out before (the SRTP key stream forbids any other)."""
        offset = self._offset_of(packet.extended_sequence)
        assert offset is not None
        return HEADER.pack(
            0x80 | packet.flags & 0x20,
            self.payload_type | packet.flags & 0x80,
            (packet.extended_sequence + offset) & 0xFFFF,
            (packet.timestamp + self._timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
        )

    def source_sequence(self, sequence: int) -> int | None:
        """The publisher's extended number behind a number the viewer lost; None when it never went out."""
        if not self._segments:
            return None
        out = unwrap(sequence, self._last_out, 16)
        if out > self._last_out:
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
        return None if self.waiting else (timestamp + self._timestamp_offset) & 0xFFFFFFFF
