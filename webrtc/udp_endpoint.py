"""The one UDP socket of a media process, for all peers."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

from webrtc.srtp import PACKET_SIZE, PacketBuffer
from webrtc.stun import Address

SOCKET_BUFFER_BYTES = 4 << 20
"""A key frame of every publisher at once, with room."""
DATAGRAMS_PER_WAKE = 512
"""Read until empty, but let the loop breathe: control messages come over it too."""

Receive = Callable[[PacketBuffer, int, Address, float], bool]
"""`receive(buffer, size, address, now)` takes one datagram; False when it was dropped."""

ReadBatch = Callable[[float], int]
"""`read(now)` reads and takes as many datagrams as are there, or as it can; returns how many."""


class UdpEndpoint:
    """`sendto` is the socket's own: it raises OSError when the kernel does not take the datagram."""

    def __init__(self, port: int, receive: Receive) -> None:
        self._receive = receive
        self._loop = asyncio.get_running_loop()
        self._socket = _open_socket(port)
        self.sendto = self._socket.sendto
        self.port: int = self._socket.getsockname()[1]
        self.descriptor = self._socket.fileno()
        self._buffer = PacketBuffer()
        self._loop.add_reader(self.descriptor, self._readable)

    def read_with(self, read: ReadBatch, batch: int) -> None:
        """From now on this reads the socket, up to `batch` datagrams at once."""

        def readable() -> None:
            now = self._loop.time()
            for _ in range(DATAGRAMS_PER_WAKE // batch):
                if read(now) < batch:
                    return

        self._loop.add_reader(self.descriptor, readable)

    def close(self) -> None:
        self._loop.remove_reader(self.descriptor)
        self._socket.close()

    def _readable(self) -> None:
        buffer, read, receive = self._buffer, self._socket.recvfrom_into, self._receive
        view = buffer.view
        now = self._loop.time()
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                size, address = read(view, PACKET_SIZE)
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                continue  # an ICMP error of an earlier datagram
            receive(buffer, size, address, now)


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
