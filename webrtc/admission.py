"""How much the media process lets strangers ask of it (reliability.md section 4: limits)."""

from __future__ import annotations

from collections import OrderedDict

from webrtc.stun import Address

CHECKS_PER_SECOND = 50.0
"""STUN checks of one address before it has proved itself; a browser sends about 20 a second over all its pairs."""
MAX_ADDRESSES = 4096
MAX_HALF_OPEN = 200
"""Connections that were answered but have not finished DTLS."""
SETUP_TIMEOUT_S = 20.0
"""A connection that was answered and did not come to life is forgotten."""


class LoadMeter:
    """How busy the process is, from counters that only grow."""

    def __init__(self, now: float, cpu_s: float, packets: int) -> None:
        self._at, self._cpu_s, self._packets = now, cpu_s, packets

    def measure(self, now: float, cpu_s: float, packets: int) -> tuple[float, float]:
        """Share of one core, and packets per second, since the last call."""
        elapsed_s = max(now - self._at, 1e-3)
        busy, packets_per_s = (cpu_s - self._cpu_s) / elapsed_s, (packets - self._packets) / elapsed_s
        self._at, self._cpu_s, self._packets = now, cpu_s, packets
        return busy, packets_per_s


class CheckLimit:
    """A token bucket per transport address (not per IP address: a school shares one)."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[Address, tuple[float, float]] = OrderedDict()

    def allow(self, address: Address, now: float) -> bool:
        tokens, at = self._buckets.pop(address, (CHECKS_PER_SECOND, now))
        tokens = min(CHECKS_PER_SECOND, tokens + (now - at) * CHECKS_PER_SECOND)
        allowed = tokens >= 1
        self._buckets[address] = (tokens - 1 if allowed else tokens, now)
        if len(self._buckets) > MAX_ADDRESSES:
            self._buckets.popitem(last=False)
        return allowed
