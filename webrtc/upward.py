"""One publisher's connection: which stream a packet belongs to, and what arrived when.

Rule: a stream is found by its SSRC; one that no offer announced is learnt by its names, and only so many are.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from webrtc import rtcp
from webrtc.effects import Effect
from webrtc.ids import ConnectionId, Mid, PeerId, Ssrc
from webrtc.incoming_stream import IncomingStream
from webrtc.retransmission import unwrap_rtx
from webrtc.router import Router
from webrtc.rtp_header import RtpHeader, read_extension
from webrtc.sender_clock import SenderClock
from webrtc.transport_feedback import TransportFeedback

MAX_LEARNED_SSRCS = 64
"""Streams of one connection that were recognised by their MID; more is nonsense or an attack on memory."""


class Extensions(NamedTuple):
    """The ids of the header extensions that are read on an upward connection."""

    mid: int | None = None
    """RFC 9143; it and the next tell the streams apart."""
    rid: int | None = None
    """RFC 8852"""
    transport_sequence: int | None = None
    """Numbers the packets of all streams together."""
    audio_level: int | None = None
    """RFC 6464: how loud the sound in this packet is."""
    repaired_rid: int | None = None
    """RFC 8852: the layer whose packets come again in this stream."""


NO_EXTENSIONS = Extensions()


class Upward:
    def __init__(self, peer_id: PeerId, connection_id: ConnectionId) -> None:
        self.peer_id = peer_id
        self.connection_id = connection_id
        self.extensions = NO_EXTENSIONS
        self.routers: dict[Mid, Router] = {}
        self.by_ssrc: dict[int, tuple[Router, IncomingStream]] = {}
        self.feedback = TransportFeedback()
        self.last_ssrc = 0
        self.clock = SenderClock()
        """Kept up while something of this peer is recorded."""
        self._rtx: dict[int, tuple[Router, IncomingStream]] = {}
        """By the SSRC in which lost packets of a stream come again."""
        self._learned = 0

    def publish(self, routers: Iterable[Router], extensions: Extensions) -> None:
        """From now on these are its tracks; what was learnt of those that stay is kept."""
        self.routers = {router.source.mid: router for router in routers}
        self.extensions = extensions
        streams = [(router, stream) for router in self.routers.values() for stream in router.streams]
        self.by_ssrc = {stream.ssrc: (router, stream) for router, stream in streams if stream.ssrc is not None}
        self._rtx = {ssrc: found for ssrc, found in self._rtx.items() if found[0] in self.routers.values()}
        for router in self.routers.values():
            if router.source.rtx_ssrc is not None:
                self._rtx[router.source.rtx_ssrc] = router, router.streams[0]
        self._learned = 0

    def note_arrival(self, packet: bytes | memoryview, header: RtpHeader, now: float) -> None:
        number = read_extension(packet, self.extensions.transport_sequence or 0)
        if number is not None and len(number) >= 2:
            self.feedback.receive(number[0] << 8 | number[1], now)
            self.last_ssrc = header.ssrc

    def receive_feedback(self, feedback: Iterable[rtcp.Feedback], now: float) -> list[Effect]:
        """What the publisher says of its own streams."""
        effects: list[Effect] = []
        for item in feedback:
            if isinstance(item, rtcp.SenderReport):
                found = self.by_ssrc.get(item.ssrc)
                if found is not None:
                    if found[0].recording is not None:
                        self.clock.note(item.ntp_timestamp / 2**32, now)
                    effects += found[0].receive_sender_report(found[1], item, now)
        return effects

    def receive_again(self, packet: bytes | memoryview, header: RtpHeader, now: float) -> list[Effect]:
        """Take a packet of a stream for retransmissions (RFC 4588); of any other unknown one, nothing."""
        found = self._rtx.get(header.ssrc) or self._learn_rtx(packet, header)
        if found is None:
            return []
        router, stream = found
        source = router.source
        if header.payload_type != source.rtx_payload_type or stream.ssrc is None:
            return []
        original = unwrap_rtx(packet, header, source.payload_type, stream.ssrc)
        if original is None or not stream.loss.is_missing(original.sequence):
            return []
        return router.receive_rtp(stream, packet, original, now)

    def _learn_rtx(self, packet: bytes | memoryview, header: RtpHeader) -> tuple[Router, IncomingStream] | None:
        """Recognise retransmissions that the offer did not announce by MID and repaired RID (RFC 8852)."""
        router = self._router_of(packet)
        if router is None or header.payload_type != router.source.rtx_payload_type:
            return None
        stream = router.stream_of(_read_name(packet, self.extensions.repaired_rid) if router.is_layered else None)
        if stream is None:
            return None
        self._learned += 1
        self._rtx[header.ssrc] = router, stream
        return router, stream

    def learn_ssrc(self, packet: bytes | memoryview, header: RtpHeader) -> tuple[Router, IncomingStream] | None:
        """Recognise a stream the offer did not announce by its MID, and a layer by its RID (RFC 9143 section 9.2)."""
        router = None if header.ssrc in self._rtx else self._router_of(packet)
        if router is None or header.payload_type not in (router.source.payload_type, router.source.red_payload_type):
            return None
        stream = router.stream_of(_read_name(packet, self.extensions.rid) if router.is_layered else None)
        if stream is None:
            return None
        self._learned += 1
        if stream.ssrc is not None:
            self.by_ssrc.pop(stream.ssrc, None)
        ssrc = Ssrc(header.ssrc)
        self.by_ssrc[ssrc] = router, stream
        router.start_stream(stream, ssrc)
        return router, stream

    def _router_of(self, packet: bytes | memoryview) -> Router | None:
        mid = _read_name(packet, self.extensions.mid)
        return None if mid is None or self._learned == MAX_LEARNED_SSRCS else self.routers.get(Mid(mid))


def _read_name(packet: bytes | memoryview, extension: int | None) -> str | None:
    value = None if extension is None else read_extension(packet, extension)
    return None if value is None else value.decode("ascii", "replace")
