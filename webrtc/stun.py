"""STUN as far as an ICE-lite agent needs it (RFC 8489, RFC 8445): read a binding request, write its answer.

Rule: every length is checked before it is used, and nothing is answered that did not prove our password.
"""

from __future__ import annotations

import hmac
import zlib
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv6Address, ip_address
from struct import Struct
from typing import NamedTuple

from webrtc.errors import ProtocolError

MAGIC_COOKIE = 0x2112A442
_COOKIE = MAGIC_COOKIE.to_bytes(4, "big")
_HEADER_SIZE = 20
_MAX_SIZE = 1280
"""A connectivity check fits an IPv6 minimum MTU; what is longer is none."""

_BINDING_REQUEST = 0x0001
_BINDING_SUCCESS = 0x0101
_BINDING_ERROR = 0x0111

_USERNAME = 0x0006
_MESSAGE_INTEGRITY = 0x0008
_ERROR_CODE = 0x0009
_XOR_MAPPED_ADDRESS = 0x0020
_PRIORITY = 0x0024
_USE_CANDIDATE = 0x0025
_FINGERPRINT = 0x8028
_ICE_CONTROLLED = 0x8029

_UNDERSTOOD = frozenset({_USERNAME, _MESSAGE_INTEGRITY, _PRIORITY, _USE_CANDIDATE})
_INTEGRITY_SIZE = 24
_FINGERPRINT_XOR = 0x5354554E

_head = Struct("!HH4s12s")
_attribute = Struct("!HH")


class StreamAddress(NamedTuple):
    """Where a TCP connection comes from; the number keeps it apart from UDP's addresses and from later streams."""

    host: str
    port: int
    stream: int


Address = tuple[str, int] | tuple[str, int, int, int] | StreamAddress
"""As the socket module gives it; IPv4 on a dual-stack socket arrives mapped (`::ffff:192.0.2.1`)."""


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """A request whose form is right; whether it is genuine `verify_integrity` tells."""

    transaction_id: bytes
    local_ufrag: str
    remote_ufrag: str
    use_candidate: bool
    controlled: bool
    """The sender believes that we control; we are lite, so both would wait."""
    integrity_offset: int


def parse_binding_request(data: bytes | memoryview) -> BindingRequest:
    """Raise ProtocolError unless `data` is one whole binding request with USERNAME and MESSAGE-INTEGRITY."""
    size = len(data)
    if not _HEADER_SIZE <= size <= _MAX_SIZE or size % 4:
        raise ProtocolError("not the size of a STUN message")
    message_type, length, cookie, transaction_id = _head.unpack_from(data)
    if message_type != _BINDING_REQUEST or cookie != _COOKIE or length != size - _HEADER_SIZE:
        raise ProtocolError("not a STUN binding request")
    username: bytes | None = None
    use_candidate = controlled = False
    integrity_offset = 0
    position = _HEADER_SIZE
    while position < size:
        attribute_type, attribute_length = _attribute.unpack_from(data, position)
        start, end = position + 4, position + 4 + attribute_length
        if end > size:
            raise ProtocolError("a STUN attribute reaches beyond the message")
        if attribute_type == _FINGERPRINT:
            _check_fingerprint(data, position, attribute_length)
        elif integrity_offset:
            pass  # RFC 8489 section 14.5: what follows MESSAGE-INTEGRITY is not protected, so it is ignored
        elif attribute_type == _USERNAME:
            username = bytes(data[start:end])
        elif attribute_type == _MESSAGE_INTEGRITY:
            if attribute_length != 20:
                raise ProtocolError("MESSAGE-INTEGRITY has 20 bytes")
            integrity_offset = position
        elif attribute_type == _USE_CANDIDATE:
            use_candidate = True
        elif attribute_type == _ICE_CONTROLLED:
            controlled = True
        elif attribute_type < 0x8000 and attribute_type not in _UNDERSTOOD:
            raise ProtocolError("a STUN attribute that must be understood is not")
        position = end + (-attribute_length) % 4
    if position != size or username is None or not integrity_offset:
        raise ProtocolError("USERNAME and MESSAGE-INTEGRITY are required")
    local_ufrag, separator, remote_ufrag = username.partition(b":")
    if not separator or not local_ufrag.isascii() or not remote_ufrag.isascii():
        raise ProtocolError("USERNAME is not two ufrags")
    return BindingRequest(
        transaction_id, local_ufrag.decode(), remote_ufrag.decode(), use_candidate, controlled, integrity_offset
    )


def verify_integrity(data: bytes | memoryview, request: BindingRequest, password: str) -> bool:
    """Whether MESSAGE-INTEGRITY was made with `password` (RFC 8489 section 14.5)."""
    offset = request.integrity_offset
    # The HMAC covers the header with the length as if the message ended with MESSAGE-INTEGRITY.
    length = offset + _INTEGRITY_SIZE - _HEADER_SIZE
    covered = bytes(data[:2]) + length.to_bytes(2, "big") + bytes(data[4:offset])
    return hmac.compare_digest(hmac.digest(password.encode(), covered, "sha1"), bytes(data[offset + 4 : offset + 24]))


def build_success(request: BindingRequest, address: Address, password: str) -> bytes:
    """The answer that tells the peer the address we saw."""
    host = _pack_host(address[0])
    mask = _COOKIE if len(host) == 4 else _COOKIE + request.transaction_id
    masked = (int.from_bytes(host, "big") ^ int.from_bytes(mask, "big")).to_bytes(len(host), "big")
    family = 1 if len(host) == 4 else 2
    value = bytes((0, family)) + (address[1] ^ (MAGIC_COOKIE >> 16)).to_bytes(2, "big") + masked
    return _build(_BINDING_SUCCESS, request.transaction_id, _XOR_MAPPED_ADDRESS, value, password)


@lru_cache(maxsize=1024)
def _pack_host(host: str) -> bytes:
    """4 or 16 bytes; a peer's checks come from one host every few seconds."""
    ip = ip_address(host.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    return ip.packed


def build_role_conflict(request: BindingRequest, password: str) -> bytes:
    """487: we are lite and never control, so the peer must (RFC 8445 section 7.3.1.1)."""
    value = bytes((0, 0, 4, 87)) + b"Role Conflict"
    return _build(_BINDING_ERROR, request.transaction_id, _ERROR_CODE, value, password)


def _build(message_type: int, transaction_id: bytes, attribute_type: int, value: bytes, password: str) -> bytes:
    body = _attribute.pack(attribute_type, len(value)) + value + bytes(-len(value) % 4)
    head = _head.pack(message_type, len(body) + _INTEGRITY_SIZE, _COOKIE, transaction_id)
    body += _attribute.pack(_MESSAGE_INTEGRITY, 20) + hmac.digest(password.encode(), head + body, "sha1")
    head = _head.pack(message_type, len(body) + 8, _COOKIE, transaction_id)
    return head + body + _attribute.pack(_FINGERPRINT, 4) + _fingerprint(head + body)


def _fingerprint(covered: bytes) -> bytes:
    return (zlib.crc32(covered) ^ _FINGERPRINT_XOR).to_bytes(4, "big")


def _check_fingerprint(data: bytes | memoryview, position: int, length: int) -> None:
    """RFC 8489 section 14.7: the last attribute, over everything before it."""
    if length != 4 or position + 8 != len(data):
        raise ProtocolError("FINGERPRINT has 4 bytes and comes last")
    if _fingerprint(bytes(data[:position])) != bytes(data[position + 4 : position + 8]):
        raise ProtocolError("FINGERPRINT does not fit")
