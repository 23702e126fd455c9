"""What is recorded of one track: whole frames of its best layer, with the moment each was captured.

Rule: it takes what the router took, so a muted track gives nothing; it asks for key frames and changes nothing else.
"""

from __future__ import annotations

from webrtc import rtcp
from webrtc.effects import RecordFrame
from webrtc.errors import ProtocolError
from webrtc.frame_assembly import Frame, FrameAssembler, Piece
from webrtc.ids import TrackId
from webrtc.incoming_stream import IncomingStream
from webrtc.recorded_frames import FRAME_FORMATS
from webrtc.retransmission import CachedPacket
from webrtc.sender_clock import SenderClock, StreamClock

_MARKER, _PADDING = 0x80, 0x20


class TrackRecording:
    def __init__(self, track_id: TrackId, codec: str, clock_rate: int, sender: SenderClock) -> None:
        self._track_id = track_id
        self._format = FRAME_FORMATS.get(codec)
        """None: a voice, of which a packet is a frame."""
        self._clock_rate = clock_rate
        self._sender = sender
        self._stream: IncomingStream | None = None
        """The layer that is written."""
        join = None if self._format is None else self._format.join
        self._assembler = FrameAssembler("audio") if join is None else FrameAssembler("video", join)
        self._clocks: dict[IncomingStream, StreamClock] = {}

    def receive(
        self, stream: IncomingStream, packet: CachedPacket, starts_keyframe: bool, now: float
    ) -> list[RecordFrame]:
        """The frames complete with this packet. Call it for every packet that the router passes on."""
        if stream is not self._stream:
            if self._format is not None and not (starts_keyframe and self._is_better(stream)):
                return []
            self._stream = stream
            self._assembler.restart()
        clock = self._clock_of(stream)
        frames = self._assembler.receive(self._piece(packet, starts_keyframe), now)
        return [self._written(frame, clock, now) for frame in frames]

    def wants_keyframe(self, stream: IncomingStream) -> bool:
        """Whether nothing can be written, or nothing better, before this layer's next key frame."""
        if self._format is None:
            return False
        if stream is self._stream:
            return self._assembler.wants_keyframe
        return not stream.height or self._is_better(stream)

    def _is_better(self, stream: IncomingStream) -> bool:
        present = self._stream
        if present is None or stream.rid is None:
            return True
        return not present.is_flowing or stream.height > present.height

    def pause(self) -> None:
        """The track was muted: what comes after is another piece."""
        self._assembler.restart()

    def drop_stream(self, stream: IncomingStream) -> None:
        """The stream starts anew under another SSRC: its numbers and its clock mean nothing any more."""
        self._clocks.pop(stream, None)
        if stream is self._stream:
            self._stream = None
            self._assembler.restart()

    def note_report(self, stream: IncomingStream, report: rtcp.SenderReport) -> None:
        """Call it after the sender's clock was told of the report."""
        self._clock_of(stream).note_report(report.rtp_timestamp, report.ntp_timestamp / 2**32)

    def _clock_of(self, stream: IncomingStream) -> StreamClock:
        clock = self._clocks.get(stream)
        if clock is None:
            clock = self._clocks[stream] = StreamClock(self._clock_rate, self._sender)
        return clock

    def _piece(self, packet: CachedPacket, starts_keyframe: bool) -> Piece:
        body = packet.payload
        if packet.flags & _PADDING and body:
            body = body[: -body[-1]]
        if self._format is not None and len(body) == 1:
            body = b""  # no payload of a picture is so short: it was padding, or empty
        starts_frame = True
        if self._format is not None and body:
            if packet.descriptor is not None:
                body = packet.descriptor.places()[0] + body
            try:
                starts_frame = self._format.starts_frame(body)
            except ProtocolError:
                return Piece(packet.extended_sequence, packet.timestamp, False, False, False, b"")
        is_last = bool(packet.flags & _MARKER)
        return Piece(packet.extended_sequence, packet.timestamp, is_last, starts_frame, starts_keyframe, body)

    def _written(self, frame: Frame, clock: StreamClock, now: float) -> RecordFrame:
        at_s = clock.time_of(clock.extend(frame.timestamp), now)
        return RecordFrame(self._track_id, at_s, frame.is_key, frame.data)
