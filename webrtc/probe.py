"""One trial of whether a line carries more: which packets belong to it, and how fast they were sent and arrived."""

from __future__ import annotations

from math import inf

OPEN = 1 << 62
"""It still goes on."""


class Probe:
    __slots__ = ("_arrivals", "_octets", "_sent", "ends_at", "first", "last", "rate_bps")

    def __init__(self, first: int, rate_bps: float, ends_at: float) -> None:
        self.first = first
        self.last = OPEN
        self.rate_bps = rate_bps
        self.ends_at = ends_at
        self._octets = 0
        self._sent = [inf, 0.0]
        self._arrivals = [inf, 0.0]

    def receive(self, number: int, sent_at: float, arrived_at: float, size: int) -> None:
        if number > self.last:
            return
        if arrived_at < self._arrivals[0]:
            self._arrivals[0] = arrived_at
        else:
            self._octets += size
        self._arrivals[1] = max(self._arrivals[1], arrived_at)
        self._sent = [min(self._sent[0], sent_at), max(self._sent[1], sent_at)]

    def rates(self) -> tuple[float | None, float | None]:
        """What was sent and what arrived, in bits per second, of what arrived at all."""
        sent_s, arrived_s = self._sent[1] - self._sent[0], self._arrivals[1] - self._arrivals[0]
        if sent_s < 0.04 or arrived_s < 0.02:
            return None, None
        return self._octets * 8 / sent_s, self._octets * 8 / arrived_s
