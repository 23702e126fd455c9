"""Calls what fan_out.c was compiled to: one packet to many viewers without Python in between.

Rule: it does what `Spread.headers` and `Endpoint.send_rtp` do, on the same memory and with the same bytes; whoever
finds no library does it that way.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from ctypes import c_char_p, c_int32, c_int64, c_uint8, c_uint32, c_void_p
from struct import Struct
from typing import Any

from webrtc.audience import Audience
from webrtc.effects import Spread
from webrtc.forwarder import Forwarder
from webrtc.payload_formats import Places
from webrtc.peer_transport import PeerTransport
from webrtc.socket_address import pack_address
from webrtc.srtp import PROTECT_ADDRESS, SrtpSession
from webrtc.stun import Address, StreamAddress

_PACKET = Struct("@qqdIIIIiiii64s")
_LONGEST_DESCRIPTOR = 64
_NOTHING = Places(b"", -1, 0, -1)


class _Member(ctypes.Structure):
    _fields_ = [
        ("first_extended", c_int64),
        ("sequence_offset", c_int64),
        ("picture_offset", c_int64),
        ("numbering", c_void_p),
        ("pacer", c_void_p),
        ("sent_at", c_void_p),
        ("sizes", c_void_p),
        ("srtp", c_void_p),
        ("timestamp_offset", c_uint32),
        ("tl0_offset", c_uint32),
        ("ssrc", c_uint32),
        ("payload_type", c_uint8),
        ("extension", c_uint8),
        ("is_video", c_uint8),
        ("address_size", c_uint8),
        ("address", c_uint8 * 28),
    ]


class Route:
    """An audience as the library sees it: as long as nobody comes, goes or moves."""

    __slots__ = ("_kept", "address", "age", "count", "held", "held_address", "members", "others")

    def __init__(self, members: list[tuple[Forwarder, PeerTransport]], others: list[Forwarder], age: int) -> None:
        self.members = [forwarder for forwarder, _ in members]
        self.others = others
        """Those that are reached over TCP; the library does not know them."""
        self.age = age
        self.count = len(members)
        array = (_Member * len(members))()
        # As long as the library may write there, the memory has to be.
        self._kept: list[Any] = [array]
        for place, (forwarder, transport) in zip(array, members, strict=True):
            self._kept += [forwarder.line, transport.srtp]
            _describe(place, forwarder, transport.srtp, transport.agent.selected)
        self.address = ctypes.addressof(array)
        self.held = (c_int32 * max(1, len(members)))()
        self.held_address = ctypes.addressof(self.held)


def _describe(place: _Member, forwarder: Forwarder, srtp: SrtpSession | None, address: Address | None) -> None:
    place.first_extended = forwarder.first_extended
    place.sequence_offset = forwarder.sequence_offset
    place.picture_offset = forwarder.picture_offset
    place.timestamp_offset = forwarder.timestamp_offset & 0xFFFFFFFF
    place.tl0_offset = forwarder.tl0_offset & 0xFFFFFFFF
    place.ssrc = forwarder.ssrc
    place.payload_type = forwarder.payload_type
    place.extension = forwarder.extension
    place.is_video = forwarder.needs_keyframe
    line = forwarder.line
    if line is not None:
        place.numbering = line.numbering.buffer_info()[0]
        place.pacer = line.pacer.state.buffer_info()[0]
        place.sent_at = line.sent_at.buffer_info()[0]
        place.sizes = line.sizes.buffer_info()[0]
    if srtp is not None and address is not None:
        packed = pack_address(address)
        place.srtp = srtp.sending_address
        place.address_size = len(packed)
        place.address[: len(packed)] = packed


class FanOut:
    def __init__(self, library: ctypes.CDLL, descriptor: int) -> None:
        """`descriptor`: of the UDP socket."""
        sizes = (c_uint32 * 3)()
        library.fan_out_layout(sizes)
        if (sizes[0], sizes[1]) != (ctypes.sizeof(_Member), _PACKET.size):
            raise OSError("fan_out was compiled for another machine")
        self._sender = ctypes.create_string_buffer(sizes[2] + 64)
        self._address = (ctypes.addressof(self._sender) + 63) & ~63
        library.fan_out_open.argtypes = [c_void_p, c_int32, c_void_p]
        library.fan_out_open(self._address, descriptor, PROTECT_ADDRESS)
        self._unsent = ctypes.c_uint64.from_address(self._address + 8)
        self._packet = ctypes.create_string_buffer(_PACKET.size)
        self._packet_address = ctypes.addressof(self._packet)
        spread = library.fan_out_spread
        spread.argtypes = [c_void_p, c_void_p, c_int32, c_void_p, c_char_p, c_void_p]
        spread.restype = c_int32
        self._spread: Callable[..., int] = spread
        self.age = 0
        """Of the ways to the viewers: a route that is older has to be made again."""

    @property
    def unsent_packets(self) -> int:
        return self._unsent.value

    def plan(self, audience: Audience, transports: dict[Any, PeerTransport]) -> Route:
        members: list[tuple[Forwarder, PeerTransport]] = []
        others: list[Forwarder] = []
        for forwarder in audience.members:
            transport = transports[forwarder.connection_id]
            if isinstance(transport.agent.selected, StreamAddress):
                others.append(forwarder)
            else:
                members.append((forwarder, transport))
        route = Route(members, others, self.age)
        audience.route = route
        return route

    def spread(self, effect: Spread, route: Route) -> int:
        """Send to all the route's members but `others`; returns to how many. The effect must be `fits`."""
        packet = effect.packet
        payload, descriptor = packet.payload, packet.descriptor
        if descriptor is None:
            (raw, picture_at, picture_bits, tl0_at), tl0 = _NOTHING, 0
        else:
            (raw, picture_at, picture_bits, tl0_at), tl0 = descriptor.places(), descriptor.tl0 or 0
        _PACKET.pack_into(
            self._packet,
            0,
            packet.extended_sequence,
            packet.picture,
            effect.now,
            packet.timestamp,
            tl0,
            packet.flags,
            len(payload),
            len(raw),
            picture_at,
            picture_bits,
            tl0_at,
            raw,
        )
        held = self._spread(
            self._address, route.address, route.count, self._packet_address, payload, route.held_address
        )
        for place in route.held[:held]:
            route.members[place].keep(packet)
        return route.count - held


def fits(effect: Spread) -> bool:
    """Whether the library can write this packet: a VP9 descriptor with a long structure is left to Python."""
    descriptor = effect.packet.descriptor
    return descriptor is None or descriptor.size < _LONGEST_DESCRIPTOR
