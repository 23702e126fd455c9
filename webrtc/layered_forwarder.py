"""A simulcast track on its way to one viewer: one stream for the viewer, whichever layer it is made of.

Rule: a viewer moves to another layer at a key frame of it and nowhere else; SSRC, sequence numbers, clock, picture id
and TL0PICIDX run on, so that the decoder sees one publisher who changed its resolution.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from webrtc.forwarder import MAX_SEGMENTS, Forwarder
from webrtc.incoming_stream import IncomingStream
from webrtc.retransmission import CachedPacket
from webrtc.rtp_header import HEADER, unwrap

_LEAST_STEP = 90
"""A millisecond: two layers show the same moment, and no two frames may have the same timestamp."""


class _Segment(NamedTuple):
    """A run of packets from one layer, with what turns its numbers into the viewer's."""

    first_out: int
    first_extended: int
    stream: IncomingStream
    sequence_offset: int
    timestamp_offset: int
    picture_offset: int
    tl0_offset: int


class LayeredForwarder(Forwarder):
    __slots__ = ("_last_picture", "_last_tl0", "_runs", "stream", "target")

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.stream: IncomingStream | None = None
        """The layer the viewer gets."""
        self.target: IncomingStream | None = None
        """The layer it is to get from its next key frame on; None: nothing."""
        self._runs: deque[_Segment] = deque(maxlen=MAX_SEGMENTS)
        self._last_picture = 0
        self._last_tl0 = 0

    def change_source(self) -> None:
        super().change_source()
        self._runs.clear()

    def drop_stream(self, stream: IncomingStream) -> None:
        """The layer starts anew under another SSRC: what it sent can't be had again."""
        if self.stream is stream:
            self.pause()
            self._source_changed = True
        self._runs = deque((run for run in self._runs if run.stream is not stream), MAX_SEGMENTS)

    def leave(self) -> None:
        audience = self.audience
        if audience is not None:
            self._last_picture = audience.picture + self.picture_offset
            self._last_tl0 = audience.tl0 + self.tl0_offset
        super().leave()

    def move_to(self, stream: IncomingStream, packet: CachedPacket, now: float) -> None:
        """Begin to get this layer, with the packet that starts a key frame of it."""
        self.leave()
        timestamp_offset = self.timestamp_offset
        if self._source_changed or self.stream is None:
            elapsed = round((now - self._last_timestamp_at) * self._clock_rate) if self._started else 0
            timestamp_offset = self._last_timestamp + elapsed - packet.timestamp
        elif stream is not self.stream:
            timestamp_offset += stream.clock_ahead_of(self.stream)
        if self._started:
            ahead = unwrap(packet.timestamp + timestamp_offset, self._last_timestamp, 32) - self._last_timestamp
            if ahead > (now - self._last_timestamp_at + 2.0) * self._clock_rate:
                # A sender report that contradicts the arrival by seconds is wrong.
                ahead = round((now - self._last_timestamp_at) * self._clock_rate)
            timestamp_offset = self._last_timestamp + max(ahead, _LEAST_STEP) - packet.timestamp
        descriptor = packet.descriptor
        assert descriptor is not None
        self.sequence_offset = self._last_out + 1 - packet.extended_sequence
        self.first_extended = packet.extended_sequence
        self.timestamp_offset = timestamp_offset
        self.picture_offset = self._last_picture + 1 - packet.picture
        self.tl0_offset = self._last_tl0 + 1 - (descriptor.tl0 or 0)
        self._source_changed = False
        self._started = True
        self.waiting = False
        self.stream = stream
        run = _Segment(
            self._last_out + 1,
            self.first_extended,
            stream,
            self.sequence_offset,
            timestamp_offset,
            self.picture_offset,
            self.tl0_offset,
        )
        self._runs.append(run)
        self.join(stream.audience)

    def _header_of(self, packet: CachedPacket, run: _Segment) -> bytes:
        head = HEADER.pack(
            0x80 | packet.flags & 0x20,
            self.payload_type | packet.flags & 0x80,
            (packet.extended_sequence + run.sequence_offset) & 0xFFFF,
            (packet.timestamp + run.timestamp_offset) & 0xFFFFFFFF,
            self.ssrc,
        )
        descriptor = packet.descriptor
        if descriptor is None:
            return head
        return head + descriptor.rewritten(packet.picture + run.picture_offset, (descriptor.tl0 or 0) + run.tl0_offset)

    def resend_lost(self, sequence: int, now: float) -> tuple[bytes, bytes] | None:
        """The lost packet as it went out before, as header and payload; None when it is gone, or the share used up."""
        if not self._runs:
            return None
        last_out = self.last_out
        out = unwrap(sequence, last_out, 16)
        run = next((run for run in reversed(self._runs) if out >= run.first_out), None)
        if run is None or out > last_out:
            return None
        packet = run.stream.cache.get(out - run.sequence_offset)
        # The viewer's own numbers are unique over all layers, which the publisher's are not.
        if packet is None or not self.guard.allow(out, now):
            return None
        return self._header_of(packet, run), packet.payload
