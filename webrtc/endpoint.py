"""Where packets of all peers come in and go out, over UDP and TCP: who sent this, what is it, and out again.

Rule: the first byte decides (RFC 7983), and nothing but STUN is looked at from an address that has not proved itself.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from functools import partial
from typing import Protocol

from webrtc.admission import CheckLimit
from webrtc.compiled import Libraries
from webrtc.effects import SendFeedback, Sending, Spread
from webrtc.errors import ProtocolError
from webrtc.fan_in import DROPPED, OTHER, RTP, FanIn
from webrtc.fan_out import FanOut, Route, fits
from webrtc.ids import ConnectionId
from webrtc.peer_transport import PeerTransport
from webrtc.rtp_header import is_rtcp
from webrtc.sent_packets import stamp
from webrtc.srtp import MAX_DATAGRAM, PacketBuffer
from webrtc.stun import Address, StreamAddress, parse_binding_request
from webrtc.tcp_endpoint import TcpEndpoint
from webrtc.udp_endpoint import UdpEndpoint

NO_TCP = -1


class Receiver(Protocol):
    """What the endpoint tells its owner."""

    def receive_rtp(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None: ...
    def receive_feedback(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None: ...
    def transport_connected(self, transport: PeerTransport) -> None: ...
    def transport_ended(self, transport: PeerTransport) -> None: ...


class Endpoint:
    """`tcp_port` 0 takes the number of the UDP port, or a free one where that is taken; NO_TCP offers none.

    `libraries` are what the C files were compiled to; without them Python does the same.
    Raise OSError when a port can't be had.
    """

    def __init__(self, receiver: Receiver, port: int, tcp_port: int = 0, libraries: Libraries | None = None) -> None:
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._transports: dict[ConnectionId, PeerTransport] = {}
        self._by_ufrag: dict[str, PeerTransport] = {}
        self._by_address: dict[Address, PeerTransport] = {}
        self._shaking: set[PeerTransport] = set()
        """Whose handshake may have to be repeated."""
        self._limit = CheckLimit()
        self._tx = PacketBuffer()
        self.received_packets = 0
        self.sent_packets = 0
        self.dropped_packets = 0
        """Came from strangers, or were forged, repeated or malformed."""
        self._unsent = 0
        self._udp = UdpEndpoint(port, self._receive)
        self.port = self._udp.port
        self._fan_in: FanIn | None = None
        self._fan_out: FanOut | None = None
        if libraries is not None:
            self._fan_in = FanIn(libraries.fan_in, self._udp.descriptor)
            self._fan_out = FanOut(libraries.fan_out, self._udp.descriptor)
            self._udp.read_with(partial(self._read_batch, self._fan_in), self._fan_in.batch)
        try:
            self._tcp = self._open_tcp(tcp_port)
        except OSError:
            self._udp.close()
            raise

    def _open_tcp(self, port: int) -> TcpEndpoint | None:
        if port == NO_TCP:
            return None
        if port:
            return TcpEndpoint(port, self._receive, self._lose_stream)
        try:
            return TcpEndpoint(self.port, self._receive, self._lose_stream)
        except OSError:
            return TcpEndpoint(0, self._receive, self._lose_stream)

    @property
    def tcp_port(self) -> int | None:
        return None if self._tcp is None else self._tcp.port

    def close(self) -> None:
        self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
        if self._fan_in is not None:
            self._fan_in.close()
            self._fan_in = None

    @property
    def unsent_packets(self) -> int:
        """The kernel or the peer's line would not take them: the viewer loses them, nobody waits."""
        return self._unsent + (0 if self._fan_out is None else self._fan_out.unsent_packets)

    @property
    def is_compiled(self) -> bool:
        """Whether packets go through compiled code."""
        return self._fan_out is not None

    @property
    def half_open_count(self) -> int:
        return sum(transport.is_half_open for transport in self._transports.values())

    @property
    def transports(self) -> Iterable[PeerTransport]:
        return self._transports.values()

    @property
    def streams(self) -> int:
        """TCP connections, those of strangers included."""
        return 0 if self._tcp is None else self._tcp.stream_count

    @property
    def refused_streams(self) -> int:
        return 0 if self._tcp is None else self._tcp.refused_streams

    def add(self, transport: PeerTransport) -> None:
        self._transports[transport.connection_id] = transport
        self.update_ufrags(transport, ())

    def update_ufrags(self, transport: PeerTransport, dead: tuple[str, ...]) -> None:
        for ufrag in dead:
            self._by_ufrag.pop(ufrag, None)
        for ufrag in transport.agent.ufrags:
            self._by_ufrag[ufrag] = transport

    def remove(self, transport: PeerTransport) -> None:
        """Say goodbye and forget."""
        del self._transports[transport.connection_id]
        self._shaking.discard(transport)
        self._send_datagrams(transport, transport.dtls.close())
        for ufrag in [ufrag for ufrag, owner in self._by_ufrag.items() if owner is transport]:
            del self._by_ufrag[ufrag]
        for address in transport.agent.proven_addresses:
            if self._by_address.get(address) is transport:
                self._forget_address(address)

    def _forget_address(self, address: Address) -> None:
        del self._by_address[address]
        if self._fan_in is not None:
            self._fan_in.forget(address)
        if isinstance(address, StreamAddress) and self._tcp is not None:
            self._tcp.end(address)

    def _lose_stream(self, address: StreamAddress) -> None:
        transport = self._by_address.pop(address, None)
        if transport is not None:
            transport.agent.lose(address)
            self._follow_selected(transport)

    def _change_ways(self) -> None:
        if self._fan_out is not None:
            self._fan_out.age += 1

    def _follow_selected(self, transport: PeerTransport) -> None:
        address = transport.agent.selected
        if address != transport.followed:
            transport.followed = address
            self._change_ways()
        if isinstance(address, StreamAddress) and self._tcp is not None:
            transport.stream = self._tcp.stream(address)
        else:
            transport.stream = None

    def _read_batch(self, fan_in: FanIn, now: float) -> int:
        place = -1
        for place, (connection_id, size, kind) in enumerate(fan_in.read()):
            if kind == OTHER:
                self._receive(fan_in.buffers[place], size, fan_in.address(place), now)
            elif kind == DROPPED or connection_id not in self._transports:
                # What came earlier in the batch may have ended the connection.
                self.dropped_packets += 1
            elif not self._take_media(ConnectionId(connection_id), fan_in.buffers[place].view[:size], kind != RTP, now):
                self.dropped_packets += 1
        return place + 1

    def _receive(self, buffer: PacketBuffer, size: int, address: Address, now: float) -> bool:
        """False: it was dropped."""
        first = buffer.view[0] if 0 < size <= MAX_DATAGRAM else 255
        if 128 <= first <= 191:
            taken = self._receive_media(buffer, size, address, now)
        elif first <= 3:
            taken = self._receive_check(buffer.view[:size], address, now)
        elif 20 <= first <= 63:
            taken = self._receive_dtls(bytes(buffer.view[:size]), address, now)
        else:
            taken = False
        if not taken:
            self.dropped_packets += 1
        return taken

    def _receive_media(self, buffer: PacketBuffer, size: int, address: Address, now: float) -> bool:
        transport = self._by_address.get(address)
        if transport is None or size < 12:
            return False
        srtp = transport.srtp
        view = buffer.view
        control = is_rtcp(view)
        if srtp is None or not transport.admit_ssrc(int.from_bytes(view[4:8] if control else view[8:12], "big")):
            return False
        plain = srtp.unprotect_rtcp(buffer, size) if control else srtp.unprotect(buffer, size)
        if plain < 0:
            return False
        return self._take_media(transport.connection_id, view[:plain], control, now)

    def _take_media(self, connection_id: ConnectionId, packet: memoryview, control: bool, now: float) -> bool:
        self.received_packets += 1
        try:
            if control:
                self._receiver.receive_feedback(connection_id, packet, now)
            else:
                self._receiver.receive_rtp(connection_id, packet, now)
        except ProtocolError:
            return False
        return True

    def _receive_check(self, data: memoryview, address: Address, now: float) -> bool:
        if address not in self._by_address and not self._limit.allow(address, now):
            return False
        try:
            request = parse_binding_request(data)
        except ProtocolError:
            return False
        transport = self._by_ufrag.get(request.local_ufrag)
        ufrags = () if transport is None else transport.agent.ufrags
        answer = None if transport is None else transport.agent.receive_check(data, request, address, now)
        if transport is None or answer is None:
            return False
        if answer.proven:
            self._by_address[address] = transport
            if self._fan_in is not None:
                self._fan_in.admit(address, transport)
            if isinstance(address, StreamAddress) and self._tcp is not None:
                self._tcp.prove(address)
        self._send(answer.response, address)
        self.update_ufrags(transport, tuple(set(ufrags) - set(transport.agent.ufrags)))
        if answer.forgotten is not None and self._by_address.get(answer.forgotten) is transport:
            self._forget_address(answer.forgotten)
        self._follow_selected(transport)
        if transport.dtls.state == "new" and transport.agent.selected is not None:
            self._send_datagrams(transport, transport.dtls.start())
            self._arm(transport, now)
        return True

    def _receive_dtls(self, datagram: bytes, address: Address, now: float) -> bool:
        transport = self._by_address.get(address)
        if transport is None:
            return False
        self._send_datagrams(transport, transport.dtls.receive(datagram))
        self._follow_dtls(transport, now)
        return True

    def _follow_dtls(self, transport: PeerTransport, now: float) -> None:
        dtls = transport.dtls
        self._arm(transport, now)
        if dtls.state == "connected" and transport.srtp is None:
            transport.srtp = dtls.srtp
            if self._fan_in is not None:
                for address in transport.agent.proven_addresses:
                    self._fan_in.admit(address, transport)
            self._change_ways()
            self._receiver.transport_connected(transport)
        elif dtls.state == "closed":
            self._receiver.transport_ended(transport)

    def _arm(self, transport: PeerTransport, now: float) -> None:
        transport.arm_dtls_timer(now)
        (self._shaking.discard if transport.dtls_at is None else self._shaking.add)(transport)

    def handle_timers(self, now: float) -> None:
        """Call it often (every 20 ms): repeats lost handshake datagrams, ends streams that came to nothing."""
        for transport in list(self._shaking):
            if transport.dtls_at is not None and now >= transport.dtls_at:
                self._send_datagrams(transport, transport.dtls.handle_timeout())
                self._follow_dtls(transport, now)
        if self._tcp is not None:
            self._tcp.handle_timers(now)

    def send_rtp(self, effect: Sending) -> None:
        if self._fan_out is not None and isinstance(effect, Spread) and fits(effect):
            self._spread(self._fan_out, effect)
            return
        payload, headers = effect.payload, effect.headers
        for connection_id, header in headers:
            self._send_one(self._transports[connection_id], header, payload)
        self.sent_packets += len(headers)

    def _spread(self, fan_out: FanOut, effect: Spread) -> None:
        route = effect.audience.route
        if not isinstance(route, Route) or route.age != fan_out.age:
            route = fan_out.plan(effect.audience, self._transports)
        self.sent_packets += fan_out.spread(effect, route)
        if route.others:
            payload = effect.payload
            sent = stamp(effect.now, len(payload))
            for forwarder in route.others:
                header = forwarder.rewrite(effect.packet, effect.now, sent)
                if header is not None:
                    self._send_one(self._transports[forwarder.connection_id], header, payload)
                    self.sent_packets += 1

    def _send_one(self, transport: PeerTransport, header: bytes, payload: bytes) -> None:
        srtp, address, tx = transport.srtp, transport.agent.selected, self._tx
        if srtp is None or address is None:
            return
        start = len(header)
        end = start + len(payload)
        tx.view[0:start] = header
        tx.view[start:end] = payload
        size = srtp.protect(tx, end)
        if size < 0:
            self._unsent += 1
        elif transport.stream is not None:
            self._unsent += not transport.stream.send(tx.view[:size])
        else:
            try:
                self._udp.sendto(tx.view[:size], address)
            except OSError:
                self._unsent += 1

    def send_feedback(self, effect: SendFeedback) -> None:
        transport = self._transports[effect.connection_id]
        if transport.srtp is None or transport.agent.selected is None:
            return
        self._tx.view[0 : len(effect.packet)] = effect.packet
        size = transport.srtp.protect_rtcp(self._tx, len(effect.packet))
        if size < 0:
            self._unsent += 1
        else:
            self._send(self._tx.view[:size], transport.agent.selected)

    def _send_datagrams(self, transport: PeerTransport, datagrams: list[bytes]) -> None:
        if transport.agent.selected is not None:
            for datagram in datagrams:
                self._send(datagram, transport.agent.selected)

    def _send(self, data: bytes | memoryview, address: Address) -> None:
        if isinstance(address, StreamAddress):
            stream = None if self._tcp is None else self._tcp.stream(address)
            self._unsent += stream is None or not stream.send(data)
            return
        try:
            self._udp.sendto(data, address)
        except OSError:
            self._unsent += 1
