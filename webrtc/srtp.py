"""SRTP with libsrtp called in place (RFC 3711): no copy and no object per packet.

pylibsrtp's `Session` copies each packet twice; its cffi `lib` works on our buffers. The private names used of it are
all in this file: `_binding.lib`, `_binding.ffi`, `Session._srtp`.
"""

from __future__ import annotations

from typing import Any

from pylibsrtp import Policy, Session
from pylibsrtp._binding import ffi, lib  # type: ignore[import-not-found]

PACKET_SIZE = 2048
"""Room for any datagram we accept (1,500 bytes) and libsrtp's trailer (148)."""
MAX_DATAGRAM = 1500

REPLAY_WINDOW = 2048
"""Packets; covers two seconds of retransmission."""

_OK = lib.srtp_err_status_ok
_protect, _protect_rtcp = lib.srtp_protect, lib.srtp_protect_rtcp
_unprotect, _unprotect_rtcp = lib.srtp_unprotect, lib.srtp_unprotect_rtcp
_length = ffi.new("int *")
PROTECT_ADDRESS, UNPROTECT_ADDRESS, UNPROTECT_RTCP_ADDRESS = (
    int(ffi.cast("uintptr_t", ffi.addressof(lib, name)))
    for name in ("srtp_protect", "srtp_unprotect", "srtp_unprotect_rtcp")
)
"""For compiled code: `int srtp_protect(context, packet, int *length)`; 0 is success."""


class PacketBuffer:
    """A fixed piece of memory that Python writes and libsrtp changes."""

    __slots__ = ("pointer", "view")

    def __init__(self, memory: memoryview | None = None) -> None:
        """In memory of its own, or in that of somebody who keeps it."""
        self.view = (memoryview(bytearray(PACKET_SIZE)) if memory is None else memory).cast("B")
        self.pointer: Any = ffi.from_buffer(self.view)


class SrtpSession:
    """Both directions of one connection."""

    __slots__ = ("_rx", "_rx_session", "_tx", "_tx_session")

    def __init__(self, profile: int, rx_key: bytes, tx_key: bytes) -> None:
        self._rx_session = _open_session(profile, rx_key, Policy.SSRC_ANY_INBOUND)
        self._tx_session = _open_session(profile, tx_key, Policy.SSRC_ANY_OUTBOUND)
        self._rx: Any = self._rx_session._srtp[0]
        self._tx: Any = self._tx_session._srtp[0]

    @property
    def sending_address(self) -> int:
        """Of libsrtp's context, for PROTECT_ADDRESS; valid as long as this session is."""
        return int(ffi.cast("uintptr_t", self._tx))

    @property
    def receiving_address(self) -> int:
        """Likewise, for UNPROTECT_ADDRESS and UNPROTECT_RTCP_ADDRESS."""
        return int(ffi.cast("uintptr_t", self._rx))

    def unprotect(self, buffer: PacketBuffer, size: int) -> int:
        """The size of the plain packet now in the buffer, or -1 when it is forged, repeated or broken."""
        _length[0] = size
        return _length[0] if _unprotect(self._rx, buffer.pointer, _length) == _OK else -1

    def unprotect_rtcp(self, buffer: PacketBuffer, size: int) -> int:
        _length[0] = size
        return _length[0] if _unprotect_rtcp(self._rx, buffer.pointer, _length) == _OK else -1

    def protect(self, buffer: PacketBuffer, size: int) -> int:
        """The size of the protected packet now in the buffer, or -1."""
        _length[0] = size
        return _length[0] if _protect(self._tx, buffer.pointer, _length) == _OK else -1

    def protect_rtcp(self, buffer: PacketBuffer, size: int) -> int:
        _length[0] = size
        return _length[0] if _protect_rtcp(self._tx, buffer.pointer, _length) == _OK else -1


def _open_session(profile: int, key: bytes, ssrc_type: int) -> Session:
    policy = Policy(key=key, ssrc_type=ssrc_type, srtp_profile=profile)
    policy.window_size = REPLAY_WINDOW
    # Answering a NACK sends the same packet again.
    policy.allow_repeat_tx = True
    return Session(policy)
