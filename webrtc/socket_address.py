"""Addresses as the kernel has them (sockaddr_in, sockaddr_in6) and as Python's sockets have them.

The socket's family shows in the form: two parts for IPv4, four for IPv6.
"""

from __future__ import annotations

from socket import AF_INET, AF_INET6, inet_ntop, inet_pton
from struct import Struct

from webrtc.stun import Address, StreamAddress

_INET, _INET6 = Struct("=H2s4s8x"), Struct("=H2s4x16sI")
"""Ports are in network order; flow labels are left out, since they say nothing about who it is."""


def pack_address(address: Address) -> bytes:
    port = address[1].to_bytes(2, "big")
    if len(address) == 2:
        return _INET.pack(AF_INET, port, inet_pton(AF_INET, address[0]))
    assert not isinstance(address, StreamAddress)
    return _INET6.pack(AF_INET6, port, inet_pton(AF_INET6, address[0].partition("%")[0]), address[3])


def unpack_address(packed: bytes) -> Address:
    if len(packed) == _INET.size:
        _, port, host = _INET.unpack(packed)
        return inet_ntop(AF_INET, host), int.from_bytes(port, "big")
    _, port, host, scope = _INET6.unpack(packed)
    return inet_ntop(AF_INET6, host), int.from_bytes(port, "big"), 0, scope
