"""What a sender's bandwidth estimator wants to know: which of its packets arrived, and when; written and read.

Transport-wide congestion control feedback, draft-holmer-rmcat-transport-wide-cc-extensions-01 section 3.1.
Rule: what comes late is told late; memory and messages are bounded whatever numbers come.
"""

from __future__ import annotations

from struct import Struct
from typing import NamedTuple

from webrtc.errors import ProtocolError
from webrtc.rtp_header import unwrap

INTERVAL_S = 0.1
"""Often enough to notice a queue that builds up; a report costs about as much as one small packet."""
MAX_SPAN = 1024
"""Numbers in one report; more within its interval is a jump, and what was before it is not reported."""

_LATE_S = 0.5
"""What comes later than others by more is as good as lost."""

TICK_S = 0.00025
"""In which arrivals are told."""
_TICKS_PER_REFERENCE = 256
_MISSING, _SMALL, _LARGE = 0, 1, 2
_VECTOR_SIZE = 7
_MAX_DELTA = 0x7FFF

_head = Struct("!BBHIIHH")

MOST_READ = 8192
"""Numbers that one report may speak of: more than a viewer can be sent while it is silent and still alive."""

_SIGNED = 1 << 16


class Arrivals(NamedTuple):
    """A report read."""

    base: int
    """The first number, 16 bits."""
    reference: int
    """The tick that the report counts from; 32 bits, it wraps."""
    ticks: list[int | None]
    """When each number from `base` on arrived, on the scale of `reference`; None: it has not."""


class TransportFeedback:
    """The packets of one upward connection, over all its streams."""

    __slots__ = ("_arrived", "_count", "_highest", "_next", "_oldest")

    def __init__(self) -> None:
        self._arrived: dict[int, int] = {}
        """When what is to be told, and what was told of late, arrived."""
        self._highest: int | None = None
        self._next = 0
        """The first number of the next report."""
        self._oldest = 0
        self._count = 0

    def receive(self, sequence: int, now: float) -> None:
        highest = self._highest
        if highest is not None and sequence == (highest + 1) & 0xFFFF and highest + 1 - self._next < MAX_SPAN:
            # Nearly always: the next one.
            self._highest = highest + 1
            self._arrived[highest + 1] = round(now / TICK_S)
            return
        number = sequence + (1 << 16) if self._highest is None else unwrap(sequence, self._highest, 16)
        if self._highest is None or abs(number - self._next) >= MAX_SPAN:
            self._arrived.clear()
            self._next = self._highest = self._oldest = number
        if number < self._oldest or number <= self._highest - MAX_SPAN or number in self._arrived:
            return
        self._arrived[number] = round(now / TICK_S)
        self._highest = max(self._highest, number)
        # Late, not lost: the next report begins with it again, or the sender would take disorder for loss.
        self._next = min(self._next, number)

    def build(self, sender_ssrc: int, media_ssrc: int) -> bytes | None:
        """The RTCP packet on what came since the last one; None when nothing did."""
        if self._highest is None or self._highest < self._next:
            return None
        base, end = self._next, self._highest + 1
        first = next(self._arrived[number] for number in range(base, end) if number in self._arrived)
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
        self._forget()
        return head + body

    def _forget(self) -> None:
        """Keep what may have to be told again."""
        floor = max(self._arrived.values()) - round(_LATE_S / TICK_S)
        self._arrived = {number: tick for number, tick in self._arrived.items() if tick > floor}
        self._oldest = min(self._arrived)


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


def read_arrivals(body: bytes) -> Arrivals:
    """Read a report from behind its common header; raise ProtocolError when a part does not fit."""
    size = len(body)
    if size < 18:
        raise ProtocolError("a transport-wide report is cut off")
    base, count = body[8] << 8 | body[9], body[10] << 8 | body[11]
    reference = int.from_bytes(body[12:15], "big") * _TICKS_PER_REFERENCE
    if count > MOST_READ:
        raise ProtocolError(f"a transport-wide report speaks of more than {MOST_READ} packets")
    symbols: list[int] = []
    position = 16
    while len(symbols) < count:
        if position + 2 > size:
            raise ProtocolError("the status chunks of a transport-wide report are cut off")
        first, second = body[position], body[position + 1]
        position += 2
        if first < 0x80:
            symbols += [first >> 5] * ((first & 0x1F) << 8 | second)
        elif first & 0x40:
            symbols += _PAIRS[first][1:]
            symbols += _PAIRS[second]
        else:
            vector = (first & 0x3F) << 8 | second
            symbols += [vector >> shift & 1 for shift in range(13, -1, -1)]
    del symbols[count:]
    ticks: list[int | None] = []
    tick = reference
    try:
        for symbol in symbols:
            if symbol == _SMALL:
                tick += body[position]
                position += 1
                ticks.append(tick)
            elif symbol == _MISSING:
                ticks.append(None)
            elif symbol == _LARGE:
                delta = body[position] << 8 | body[position + 1]
                tick += delta - _SIGNED if delta & 0x8000 else delta
                position += 2
                ticks.append(tick)
            else:
                raise ProtocolError("a transport-wide report has a status that means nothing")
    except IndexError:
        raise ProtocolError("the arrival times of a transport-wide report are cut off") from None
    return Arrivals(base, reference, ticks)


_PAIRS = [[byte >> 6, byte >> 4 & 3, byte >> 2 & 3, byte & 3] for byte in range(256)]
"""The four two-bit symbols of a byte."""
