"""What a line remembers of the packets sent over it: when each left and how large it was, by its number."""

from __future__ import annotations

HISTORY = 4096
"""Sent packets that are remembered, a power of two: three seconds of the busiest meetings."""
HISTORY_MASK = HISTORY - 1

_OVERHEAD_BYTES = 60
"""RTP header with its extension, SRTP tag, UDP and IPv4 header of one packet."""

NUMBER, IS_RESTING = range(2)
"""In a line's numbering."""

Stamp = tuple[float, int]
"""When a packet was sent, and its size; one for all viewers of the packet."""


def stamp(now: float, size: int) -> Stamp:
    """`size` is that of the payload."""
    return now, size + _OVERHEAD_BYTES
