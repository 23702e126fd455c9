"""One WebSocket frame as bytes, so that what goes to a whole class is framed once and written to every transport."""

from __future__ import annotations

from struct import Struct

PING = b"\x89\x00"

_FIN_BINARY = 0x82
_SHORT, _MEDIUM, _LONG = Struct("!BB"), Struct("!BBH"), Struct("!BBQ")


def server_frame(payload: bytes) -> bytes:
    """An unmasked, unfragmented binary frame (RFC 6455 section 5.2); right as long as no extension was negotiated."""
    size = len(payload)
    if size < 126:
        return _SHORT.pack(_FIN_BINARY, size) + payload
    if size < 1 << 16:
        return _MEDIUM.pack(_FIN_BINARY, 126, size) + payload
    return _LONG.pack(_FIN_BINARY, 127, size) + payload
