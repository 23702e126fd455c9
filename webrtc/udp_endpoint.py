"""The one UDP socket of a media process: who sent this, what is it, and out again.

Rule: the first byte decides (RFC 7983), and nothing but STUN is looked at from an address that has not proved itself.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Protocol

from webrtc.admission import CheckLimit
from webrtc.effects import SendFeedback, SendRtp
from webrtc.errors import ProtocolError
from webrtc.ids import ConnectionId
from webrtc.peer_transport import PeerTransport
from webrtc.rtp_header import is_rtcp
from webrtc.srtp import MAX_DATAGRAM, PACKET_SIZE, PacketBuffer
from webrtc.stun import Address, parse_binding_request

SOCKET_BUFFER_BYTES = 4 << 20
"""A key frame of every publisher at once, with room."""
DATAGRAMS_PER_WAKE = 512
"""Read until empty, but let the loop breathe: control messages come over it too."""


class Receiver(Protocol):
    """What the socket tells its owner."""

    def receive_rtp(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None: ...
    def receive_feedback(self, connection_id: ConnectionId, packet: memoryview, now: float) -> None: ...
    def transport_connected(self, transport: PeerTransport) -> None: ...
    def transport_ended(self, transport: PeerTransport) -> None: ...


class UdpEndpoint:
    def __init__(self, receiver: Receiver, port: int) -> None:
        self._receiver = receiver
        self._loop = asyncio.get_running_loop()
        self._socket = _open_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self._transports: dict[ConnectionId, PeerTransport] = {}
        self._by_ufrag: dict[str, PeerTransport] = {}
        self._by_address: dict[Address, PeerTransport] = {}
        self._limit = CheckLimit()
        self._rx = PacketBuffer()
        self._tx = PacketBuffer()
        self.received_packets = 0
        self.sent_packets = 0
        self.dropped_packets = 0
        """Came from strangers, or were forged, repeated or malformed."""
        self.unsent_packets = 0
        """The kernel would not take them: the viewer loses them, nobody waits."""
        self._loop.add_reader(self._socket.fileno(), self._readable)

    def close(self) -> None:
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()

    @property
    def half_open_count(self) -> int:
        return sum(transport.is_half_open for transport in self._transports.values())

    @property
    def transports(self) -> Iterable[PeerTransport]:
        return self._transports.values()

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
        self._send_datagrams(transport, transport.dtls.close())
        for ufrag in [ufrag for ufrag, owner in self._by_ufrag.items() if owner is transport]:
            del self._by_ufrag[ufrag]
        for address in transport.agent.proven_addresses:
            if self._by_address.get(address) is transport:
                del self._by_address[address]

    def _readable(self) -> None:
        buffer, receive = self._rx.view, self._socket.recvfrom_into
        now = self._loop.time()
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                size, address = receive(buffer, PACKET_SIZE)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier datagram
            first = buffer[0] if 0 < size <= MAX_DATAGRAM else 255
            if 128 <= first <= 191:
                self._receive_media(address, size, now)
            elif first <= 3:
                self._receive_check(address, size, now)
            elif 20 <= first <= 63:
                self._receive_dtls(address, size, now)
            else:
                self.dropped_packets += 1

    def _receive_media(self, address: Address, size: int, now: float) -> None:
        transport = self._by_address.get(address)
        if transport is None or size < 12:
            self.dropped_packets += 1
            return
        srtp = transport.srtp
        buffer = self._rx
        view = buffer.view
        control = is_rtcp(view)
        if srtp is None or not transport.admit_ssrc(bytes(view[4:8] if control else view[8:12])):
            self.dropped_packets += 1
            return
        plain = srtp.unprotect_rtcp(buffer, size) if control else srtp.unprotect(buffer, size)
        if plain < 0:
            self.dropped_packets += 1
            return
        self.received_packets += 1
        try:
            if control:
                self._receiver.receive_feedback(transport.connection_id, view[:plain], now)
            else:
                self._receiver.receive_rtp(transport.connection_id, view[:plain], now)
        except ProtocolError:
            self.dropped_packets += 1

    def _receive_check(self, address: Address, size: int, now: float) -> None:
        if address not in self._by_address and not self._limit.allow(address, now):
            self.dropped_packets += 1
            return
        data = self._rx.view[:size]
        try:
            request = parse_binding_request(data)
        except ProtocolError:
            self.dropped_packets += 1
            return
        transport = self._by_ufrag.get(request.local_ufrag)
        ufrags = () if transport is None else transport.agent.ufrags
        answer = None if transport is None else transport.agent.receive_check(data, request, address, now)
        if transport is None or answer is None:
            self.dropped_packets += 1
            return
        self._send(answer.response, address)
        self.update_ufrags(transport, tuple(set(ufrags) - set(transport.agent.ufrags)))
        if answer.proven:
            self._by_address[address] = transport
        if answer.forgotten is not None and self._by_address.get(answer.forgotten) is transport:
            del self._by_address[answer.forgotten]
        if transport.dtls.state == "new" and transport.agent.selected is not None:
            self._send_datagrams(transport, transport.dtls.start())
            transport.arm_dtls_timer(now)

    def _receive_dtls(self, address: Address, size: int, now: float) -> None:
        transport = self._by_address.get(address)
        if transport is None:
            self.dropped_packets += 1
            return
        dtls = transport.dtls
        self._send_datagrams(transport, dtls.receive(bytes(self._rx.view[:size])))
        self._follow_dtls(transport, now)

    def _follow_dtls(self, transport: PeerTransport, now: float) -> None:
        dtls = transport.dtls
        transport.arm_dtls_timer(now)
        if dtls.state == "connected" and transport.srtp is None:
            transport.srtp = dtls.srtp
            self._receiver.transport_connected(transport)
        elif dtls.state == "closed":
            self._receiver.transport_ended(transport)

    def handle_timers(self, now: float) -> None:
        """Call it often (every 20 ms): repeats lost handshake datagrams."""
        for transport in list(self._transports.values()):
            if transport.dtls_at is not None and now >= transport.dtls_at:
                self._send_datagrams(transport, transport.dtls.handle_timeout())
                self._follow_dtls(transport, now)

    def send_rtp(self, effect: SendRtp) -> None:
        payload, headers = effect
        tx, transports, sendto = self._tx, self._transports, self._socket.sendto
        data, view = tx.data, tx.view
        length = len(payload)
        for connection_id, header in headers:
            transport = transports[connection_id]
            srtp, address = transport.srtp, transport.agent.selected
            if srtp is None or address is None:
                continue
            start = len(header)
            end = start + length
            data[0:start] = header
            data[start:end] = payload
            size = srtp.protect(tx, end)
            if size < 0:
                self.unsent_packets += 1
                continue
            try:
                sendto(view[:size], address)
            except OSError:
                self.unsent_packets += 1
        self.sent_packets += len(headers)

    def send_feedback(self, effect: SendFeedback) -> None:
        transport = self._transports[effect.connection_id]
        if transport.srtp is None or transport.agent.selected is None:
            return
        self._tx.data[0 : len(effect.packet)] = effect.packet
        size = transport.srtp.protect_rtcp(self._tx, len(effect.packet))
        if size < 0:
            self.unsent_packets += 1
        else:
            self._send(self._tx.view[:size], transport.agent.selected)

    def _send_datagrams(self, transport: PeerTransport, datagrams: list[bytes]) -> None:
        if transport.agent.selected is not None:
            for datagram in datagrams:
                self._send(datagram, transport.agent.selected)

    def _send(self, data: bytes | memoryview, address: Address) -> None:
        try:
            self._socket.sendto(data, address)
        except OSError:
            self.unsent_packets += 1


def _open_socket(port: int) -> socket.socket:
    """IPv6 with mapped IPv4 where the machine has IPv6, else IPv4."""
    try:
        udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
        udp.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        udp.bind(("::", port))
    except OSError:
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("0.0.0.0", port))
    udp.setblocking(False)
    for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
        udp.setsockopt(socket.SOL_SOCKET, option, SOCKET_BUFFER_BYTES)
    return udp
