"""One WebSocket frame as bytes, so that what goes to a whole class is framed once and written to every transport."""

from __future__ import annotations

from struct import Struct

PING = b"\x89\x00"

_FIN_TEXT, _FIN_BINARY = 0x81, 0x82
_SHORT, _MEDIUM, _LONG = Struct("!BB"), Struct("!BBH"), Struct("!BBQ")


def server_frame(payload: bytes) -> bytes:
    """An unmasked, unfragmented binary frame (RFC 6455 section 5.2); right as long as no extension was negotiated."""
    return _frame(_FIN_BINARY, payload)


def text_frame(payload: bytes) -> bytes:
    """The same for text. It is not compressed, which a receiver takes even where compression was agreed (RFC 7692)."""
    return _frame(_FIN_TEXT, payload)


def _frame(first: int, payload: bytes) -> bytes:
    size = len(payload)
    if size < 126:
        return _SHORT.pack(first, size) + payload
    if size < 1 << 16:
        return _MEDIUM.pack(first, 126, size) + payload
    return _LONG.pack(first, 127, size) + payload
