"""Who gets a stream: the viewers whose numbers differ from the publisher's by fixed amounts, until one comes or goes.

Rule: a packet changes nothing here but what it changes for all of them; what a viewer has got is worked out when it is
asked for. That makes a packet cost the same for one viewer and for fifty, up to where it is written out.
"""

from __future__ import annotations

from typing import Any, Protocol

from webrtc.ids import ConnectionId
from webrtc.retransmission import CachedPacket
from webrtc.sent_packets import Stamp


class Member(Protocol):
    """One track on its way to one viewer."""

    connection_id: ConnectionId

    def rewrite(self, packet: CachedPacket, now: float, sent: Stamp) -> bytes | None:
        """The header to send this packet with; None: not now, or not at all."""


class Audience:
    __slots__ = ("at", "highest", "members", "octets", "packets", "picture", "route", "timestamp", "tl0")

    def __init__(self) -> None:
        self.members: list[Any] = []
        """In the order they came. Each is told by `Forwarder.join` and `leave`, which keep this list."""
        self.route: object | None = None
        """What the shell made of the members to send to them; gone when anything of it changes."""
        self.packets = 0
        self.octets = 0
        self.highest = -1
        """The newest packet: extended number, clock, when it came; picture and TL0PICIDX where it has them."""
        self.timestamp = 0
        self.at = 0.0
        self.picture = 0
        self.tl0 = 0

    def take(self, packet: CachedPacket, now: float) -> None:
        """Count a packet that goes to all members."""
        self.packets += 1
        self.octets += len(packet.payload)
        descriptor = packet.descriptor
        if descriptor is not None:
            self.octets += descriptor.size
        if packet.extended_sequence > self.highest:
            self.highest, self.timestamp, self.at = packet.extended_sequence, packet.timestamp, now
            if descriptor is not None:
                self.picture = packet.picture
                if descriptor.tl0 is not None:
                    self.tl0 = descriptor.tl0
