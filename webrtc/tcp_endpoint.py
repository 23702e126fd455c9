"""The one TCP port of a media process, for networks that block UDP: passive ICE-TCP candidates (RFC 6544).

Rule: a stream belongs to nobody until a check on it proved a password; strangers get little time and few places, and
nobody can make us keep more than a fixed number of bytes for them: media that a line can't take is dropped, not queued.
"""

from __future__ import annotations

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import Callable

from webrtc.errors import ProtocolError
from webrtc.srtp import MAX_DATAGRAM, PacketBuffer
from webrtc.stream_framing import HEADER_SIZE, Deframer, frame
from webrtc.stun import StreamAddress
from webrtc.udp_endpoint import Receive

PROOF_TIMEOUT_S = 8.0
"""A browser sends its first check as soon as the stream stands."""
MAX_STRANGERS = 512
MAX_STRANGERS_PER_HOST = 128
"""Streams that proved nothing yet. Of those that did there is no limit per host: a school shares one address."""
MAX_BACKLOG_BYTES = 32 * 1024
"""What waits in the process for a peer that does not read; what the kernel may hold unsent is limited to as much."""
SOUND_BYTES = 400
"""A packet so small is a voice or control: it may still wait when pictures are dropped."""
STALL_TIMEOUT_S = 30.0
"""A peer that took nothing for so long is gone, whatever it sends."""
READ_BYTES = 64 * 1024
MAX_STREAMS = 8192
SPARE_DESCRIPTORS = 64
"""Of the process's file descriptors, for everything else."""
ACCEPTS_PER_WAKE = 64


class Stream:
    """One accepted connection."""

    __slots__ = ("_backlog", "_endpoint", "_socket", "address", "deframer", "expires_at", "proven", "stalls_at")

    def __init__(self, endpoint: TcpEndpoint, connection: socket.socket, address: StreamAddress, now: float) -> None:
        self._endpoint = endpoint
        self._socket = connection
        self._backlog = bytearray()
        self.address = address
        self.deframer = Deframer(MAX_DATAGRAM)
        self.proven = False
        self.expires_at = now + PROOF_TIMEOUT_S
        self.stalls_at: float | None = None

    def send(self, packet: bytes | memoryview) -> bool:
        """False: the peer does not take as much, and the packet is dropped."""
        backlog = self._backlog
        if backlog:
            limit = MAX_BACKLOG_BYTES if len(packet) <= SOUND_BYTES else 0
            if len(backlog) + HEADER_SIZE + len(packet) > limit:
                return False
            backlog += frame(packet)
            return True
        framed = frame(packet)
        try:
            sent = self._socket.send(framed)
        except (BlockingIOError, InterruptedError):
            if len(packet) > SOUND_BYTES:
                return False
            sent = 0
        except OSError:
            return False  # the reader learns of it too, and ends the stream
        if sent < len(framed):
            backlog += memoryview(framed)[sent:]
            self._endpoint.wait_for_room(self)
        return True

    def flush(self) -> bool:
        """Send what waits. True when nothing waits any more."""
        try:
            sent = self._socket.send(self._backlog)
        except (BlockingIOError, InterruptedError):
            return False
        except OSError:
            self._backlog.clear()
            return True
        del self._backlog[:sent]
        return not self._backlog

    def read(self) -> bytes:
        """What came; empty at the end. Raise BlockingIOError when nothing did."""
        try:
            return self._socket.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            raise BlockingIOError from None
        except OSError:
            return b""

    def fileno(self) -> int:
        return self._socket.fileno()

    def close(self) -> None:
        self._socket.close()


class TcpEndpoint:
    """`receive` gets every packet; `lost` is told when a stream that had proved itself is over."""

    def __init__(self, port: int, receive: Receive, lost: Callable[[StreamAddress], None]) -> None:
        self._receive = receive
        self._lost = lost
        self._loop = asyncio.get_running_loop()
        self._socket = _open_socket(port)
        self.port: int = self._socket.getsockname()[1]
        self._streams: dict[StreamAddress, Stream] = {}
        self._strangers: Counter[str] = Counter()
        self._waiting: set[Stream] = set()
        self._accepted = 0
        self._buffer = PacketBuffer()
        descriptors = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
        unlimited = descriptors == resource.RLIM_INFINITY
        self._max_streams = MAX_STREAMS if unlimited else min(MAX_STREAMS, descriptors - SPARE_DESCRIPTORS)
        self.refused_streams = 0
        """Closed before they proved anything: too many, too slow, or nothing that a peer would send."""
        self._loop.add_reader(self._socket.fileno(), self._accept)

    def close(self) -> None:
        self._loop.remove_reader(self._socket.fileno())
        self._socket.close()
        for stream in list(self._streams.values()):
            self._end(stream)

    @property
    def stream_count(self) -> int:
        return len(self._streams)

    def stream(self, address: StreamAddress) -> Stream | None:
        return self._streams.get(address)

    def end(self, address: StreamAddress) -> None:
        """The peer it belongs to is gone, or does not need it any more."""
        stream = self._streams.get(address)
        if stream is not None:
            self._end(stream)

    def _accept(self) -> None:
        for _ in range(ACCEPTS_PER_WAKE):
            try:
                connection, address = self._socket.accept()
            except (BlockingIOError, InterruptedError):
                return
            except OSError:
                return  # it ended again already
            host = str(address[0])
            if (
                len(self._streams) >= self._max_streams
                or self._strangers.total() >= MAX_STRANGERS
                or self._strangers[host] >= MAX_STRANGERS_PER_HOST
            ):
                self.refused_streams += 1
                connection.close()
                continue
            self._admit(connection, StreamAddress(host, int(address[1]), self._accepted))

    def _admit(self, connection: socket.socket, address: StreamAddress) -> None:
        self._accepted += 1
        connection.setblocking(False)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NOTSENT_LOWAT, MAX_BACKLOG_BYTES)
        stream = Stream(self, connection, address, self._loop.time())
        self._streams[address] = stream
        self._strangers[address.host] += 1
        self._loop.add_reader(stream.fileno(), self._readable, stream)

    def _readable(self, stream: Stream) -> None:
        try:
            data = stream.read()
        except BlockingIOError:
            return
        if not data:
            self._end(stream)
            return
        try:
            packets = stream.deframer.receive(data)
        except ProtocolError:
            self._end(stream)
            return
        now = self._loop.time()
        buffer, address = self._buffer, stream.address
        for packet in packets:
            size = len(packet)
            buffer.view[:size] = packet
            taken = self._receive(buffer, size, address, now)
            if not taken and not stream.proven:
                self._end(stream)
            if address not in self._streams:
                return

    def prove(self, address: StreamAddress) -> None:
        """A check on this stream proved whose it is."""
        stream = self._streams[address]
        if not stream.proven:
            stream.proven = True
            self._forget_stranger(address)

    def wait_for_room(self, stream: Stream) -> None:
        if stream not in self._waiting:
            self._waiting.add(stream)
            stream.stalls_at = self._loop.time() + STALL_TIMEOUT_S
            self._loop.add_writer(stream.fileno(), self._writable, stream)

    def _writable(self, stream: Stream) -> None:
        stream.stalls_at = self._loop.time() + STALL_TIMEOUT_S
        if stream.flush():
            self._stop_waiting(stream)

    def _stop_waiting(self, stream: Stream) -> None:
        if stream in self._waiting:
            self._waiting.discard(stream)
            stream.stalls_at = None
            self._loop.remove_writer(stream.fileno())

    def handle_timers(self, now: float) -> None:
        """Call it now and then: ends strangers that prove nothing, and peers that read nothing."""
        if not self._strangers and not self._waiting:
            return
        for stream in list(self._streams.values()):
            stalled = stream.stalls_at is not None and now >= stream.stalls_at
            if stalled or (not stream.proven and now >= stream.expires_at):
                self._end(stream)

    def _end(self, stream: Stream) -> None:
        del self._streams[stream.address]
        self._stop_waiting(stream)
        self._loop.remove_reader(stream.fileno())
        stream.close()
        if stream.proven:
            self._lost(stream.address)
        else:
            self.refused_streams += 1
            self._forget_stranger(stream.address)

    def _forget_stranger(self, address: StreamAddress) -> None:
        self._strangers[address.host] -= 1
        if not self._strangers[address.host]:
            del self._strangers[address.host]


def raise_descriptor_limit() -> None:
    """One stream takes one file descriptor, and systems allow 1,024 unless asked."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = MAX_STREAMS + SPARE_DESCRIPTORS
    wanted = enough if hard == resource.RLIM_INFINITY else min(enough, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _open_socket(port: int) -> socket.socket:
    """IPv6 with mapped IPv4 where the machine has IPv6, else IPv4."""
    if socket.has_dualstack_ipv6():
        listening = socket.create_server(("::", port), family=socket.AF_INET6, dualstack_ipv6=True, backlog=256)
    else:
        listening = socket.create_server(("0.0.0.0", port), backlog=256)
    listening.setblocking(False)
    return listening
