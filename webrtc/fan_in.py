"""Calls what fan_in.c was compiled to: datagrams in batches, media decrypted, strangers' left as they are.

Rule: it does what `UdpEndpoint` and `Endpoint` do one datagram at a time; whoever finds no library does it that way.
"""

from __future__ import annotations

import ctypes
from array import array
from collections.abc import Iterator
from ctypes import CDLL, c_char_p, c_int32, c_int64, c_uint32, c_void_p
from struct import Struct
from typing import NamedTuple

from webrtc.ids import ConnectionId
from webrtc.peer_transport import MAX_SSRCS, PeerTransport
from webrtc.socket_address import pack_address, unpack_address
from webrtc.srtp import UNPROTECT_ADDRESS, UNPROTECT_RTCP_ADDRESS, PacketBuffer, SrtpSession
from webrtc.stun import Address, StreamAddress

DROPPED, OTHER, RTP, RTCP = range(4)
"""Forged, repeated or too long; not media of a known address; decrypted media; decrypted reports."""
_DATAGRAM = Struct("=qii32x")
_ADDRESS = Struct("=28si")
_ADDRESS_AT = 16
_KEY_SIZE = 28


class Datagram(NamedTuple):
    connection_id: ConnectionId
    """Of media."""
    size: int
    kind: int


class FanIn:
    def __init__(self, library: CDLL, descriptor: int) -> None:
        """`descriptor`: of the UDP socket. Raise OSError when the library is not for this machine."""
        sizes = (c_uint32 * 3)()
        library.fan_in_layout(sizes)
        size, self.batch, packet_size = sizes
        if size != _DATAGRAM.size:
            raise OSError("fan_in was compiled for another machine")
        library.fan_in_open.argtypes = [c_int32, c_void_p, c_void_p, c_uint32]
        for name in ("fan_in_open", "fan_in_buffers", "fan_in_datagrams"):
            getattr(library, name).restype = c_void_p
        for name in ("fan_in_read", "fan_in_close", "fan_in_buffers", "fan_in_datagrams"):
            getattr(library, name).argtypes = [c_void_p]
        library.fan_in_admit.argtypes = [c_void_p, c_char_p, c_int64, c_void_p, c_void_p]
        library.fan_in_forget.argtypes = [c_void_p, c_char_p]
        self._library = library
        self._reader = library.fan_in_open(descriptor, UNPROTECT_ADDRESS, UNPROTECT_RTCP_ADDRESS, MAX_SSRCS)
        if self._reader is None:
            raise OSError("no memory to read packets into")
        self._read = library.fan_in_read
        buffers = library.fan_in_buffers(self._reader)
        self.buffers = [
            PacketBuffer(memoryview((ctypes.c_char * packet_size).from_address(buffers + place * packet_size)))
            for place in range(self.batch)
        ]
        datagrams = library.fan_in_datagrams(self._reader)
        self._datagrams = memoryview((ctypes.c_char * (size * self.batch)).from_address(datagrams)).cast("B")
        self._kept: dict[bytes, tuple[SrtpSession, array[int]]] = {}
        """As long as the library may use them, they have to be."""

    def close(self) -> None:
        """Nothing may be called afterwards, and the buffers may not be looked at."""
        self._library.fan_in_close(self._reader)

    def read(self) -> Iterator[tuple[int, int, int]]:
        """What is there now, at most `batch`: each as `Datagram`, in the buffer of the same place."""
        count = self._read(self._reader)
        return _DATAGRAM.iter_unpack(self._datagrams[: count * _DATAGRAM.size])

    def address(self, place: int) -> Address:
        """Where the datagram at this place came from."""
        key, size = _ADDRESS.unpack_from(self._datagrams, place * _DATAGRAM.size + _ADDRESS_AT)
        return unpack_address(key[:size])

    def admit(self, address: Address, transport: PeerTransport) -> None:
        """Media from this address is that connection's, which has keys."""
        if isinstance(address, StreamAddress) or transport.srtp is None:
            return
        key = pack_address(address).ljust(_KEY_SIZE, b"\0")
        session, ssrcs = transport.srtp, transport.ssrcs
        connection_id, at = transport.connection_id, ssrcs.buffer_info()[0]
        if self._library.fan_in_admit(self._reader, key, connection_id, session.receiving_address, at):
            self._kept[key] = session, ssrcs

    def forget(self, address: Address) -> None:
        if not isinstance(address, StreamAddress):
            key = pack_address(address).ljust(_KEY_SIZE, b"\0")
            self._library.fan_in_forget(self._reader, key)
            self._kept.pop(key, None)
