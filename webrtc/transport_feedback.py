"""What a publisher's bandwidth estimator wants to know: which of its packets arrived, and when.

Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.
Rule: each number is reported once, in order; memory and messages are bounded whatever numbers come.
"""

from __future__ import annotations

from struct import Struct

from webrtc.rtp_header import unwrap

INTERVAL_S = 0.1
"""Often enough to notice a queue that builds up; a report costs about as much as one small packet."""
MAX_SPAN = 1024
"""Numbers in one report; more within its interval is a jump, and what was before it is not reported."""

_TICK_S = 0.00025
_TICKS_PER_REFERENCE = 256
_MISSING, _SMALL, _LARGE = 0, 1, 2
_VECTOR_SIZE = 7
_MAX_DELTA = 0x7FFF

_head = Struct("!BBHIIHH")


class TransportFeedback:
    """The packets of one upward connection, over all its streams."""

    __slots__ = ("_arrived", "_count", "_highest", "_next")

    def __init__(self) -> None:
        self._arrived: dict[int, int] = {}
        self._highest: int | None = None
        self._next = 0
        self._count = 0

    def receive(self, sequence: int, now: float) -> None:
        number = sequence + (1 << 16) if self._highest is None else unwrap(sequence, self._highest, 16)
        if self._highest is None or abs(number - self._next) >= MAX_SPAN:
            self._arrived.clear()
            self._next = self._highest = number
        if number < self._next:
            return  # reported as missing already
        self._highest = max(self._highest, number)
        self._arrived.setdefault(number, round(now / _TICK_S))

    def build(self, sender_ssrc: int, media_ssrc: int) -> bytes | None:
        """The RTCP packet on what came since the last one; None when nothing did."""
        if not self._arrived:
            return None
        assert self._highest is not None
        base, end = self._next, self._highest + 1
        first = self._arrived[min(self._arrived)]
        reference = first // _TICKS_PER_REFERENCE
        before = reference * _TICKS_PER_REFERENCE
        symbols: list[int] = []
        deltas = bytearray()
        for number in range(base, end):
            tick = self._arrived.get(number)
            delta = 0 if tick is None else tick - before
            if tick is None or abs(delta) > _MAX_DELTA:
                symbols.append(_MISSING)
                continue
            before = tick
            if 0 <= delta <= 0xFF:
                symbols.append(_SMALL)
                deltas.append(delta)
            else:
                symbols.append(_LARGE)
                deltas += delta.to_bytes(2, "big", signed=True)
        body = ((reference & 0xFFFFFF) << 8 | self._count).to_bytes(4, "big") + _pack_symbols(symbols) + deltas
        body += bytes(-len(body) % 4)
        head = _head.pack(0x8F, 205, 3 + len(body) // 4, sender_ssrc, media_ssrc, base & 0xFFFF, len(symbols))
        self._count = (self._count + 1) & 0xFF
        self._next = end
        self._arrived.clear()
        return head + body


def _pack_symbols(symbols: list[int]) -> bytes:
    """Runs where they save room, vectors of seven two-bit symbols elsewhere."""
    packed = bytearray()
    position = 0
    while position < len(symbols):
        symbol = symbols[position]
        end = position + 1
        while end < len(symbols) and symbols[end] == symbol:
            end += 1
        if end - position >= _VECTOR_SIZE:
            packed += (symbol << 13 | end - position).to_bytes(2, "big")
            position = end
            continue
        vector = 0b11 << 14
        for place, member in enumerate(symbols[position : position + _VECTOR_SIZE]):
            vector |= member << 12 - 2 * place
        packed += vector.to_bytes(2, "big")
        position += _VECTOR_SIZE
    return bytes(packed)
