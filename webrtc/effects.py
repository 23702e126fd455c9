"""What the core wishes the shell to do: every call returns all its effects, to be run before the next call."""

from __future__ import annotations

from typing import NamedTuple

from webrtc.audience import Audience
from webrtc.ids import ConnectionId, PeerId, TrackId
from webrtc.retransmission import CachedPacket
from webrtc.sent_packets import stamp


class SendRtp(NamedTuple):
    """Send `header + payload` to each connection."""

    payload: bytes
    headers: list[tuple[ConnectionId, bytes]]


class Spread:
    """Send one packet to every member of an audience, each with its own numbers.

    Run it once: by `headers`, or by code that does for all members what `Forwarder.rewrite` does for one, and calls
    `Forwarder.keep` for those whose line has no room now.
    """

    __slots__ = ("_headers", "audience", "now", "packet")

    def __init__(self, audience: Audience, packet: CachedPacket, now: float) -> None:
        self.audience = audience
        self.packet = packet
        self.now = now
        self._headers: list[tuple[ConnectionId, bytes]] | None = None

    @property
    def payload(self) -> bytes:
        return self.packet.payload

    @property
    def headers(self) -> list[tuple[ConnectionId, bytes]]:
        """What goes before the payload, for each connection that it is to be sent to now."""
        headers = self._headers
        if headers is None:
            packet, now = self.packet, self.now
            sent = stamp(now, len(packet.payload))
            headers = self._headers = []
            for member in self.audience.members:
                header = member.rewrite(packet, now, sent)
                if header is not None:
                    headers.append((member.connection_id, header))
        return headers


class SendFeedback(NamedTuple):
    """Send one RTCP packet."""

    connection_id: ConnectionId
    packet: bytes


class TellLine(NamedTuple):
    """Tell a viewer what its line, or the size of the meeting, keeps from it."""

    connection_id: ConnectionId
    sound_only: bool
    """The line has room for no picture at all."""
    paused: tuple[TrackId, ...]
    """Pictures that it shows and does not get now."""
    narrowed: bool
    """Because of its line it gets pictures smaller than it shows them, or not at all."""


class TellSpeaker(NamedTuple):
    """Tell everybody who has the floor now; None: who had it has left."""

    connection_id: ConnectionId
    """Any one in the room."""
    peer_id: PeerId | None


class TellVoice(NamedTuple):
    """Tell the hub who speaks now, for the schools' talk times; None: nobody who has the floor."""

    connection_id: ConnectionId
    """Any one in the room."""
    peer_id: PeerId | None


class RecordFrame(NamedTuple):
    """Write one whole frame of a recorded track."""

    track_id: TrackId
    at_s: float
    """When it was captured, on the clock of `now`."""
    is_key: bool
    data: bytes


Sending = SendRtp | Spread
"""Both have a `payload` and `headers`."""

Effect = Sending | SendFeedback | TellLine | TellSpeaker | TellVoice | RecordFrame
