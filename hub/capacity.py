"""How much the media process can forward, and whether one more person fits.

Rule: who comes is refused before it gets worse for those who are in; nobody who is in is ever put out for it.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from typing import Literal

PACKETS_PER_S: dict[Literal["audio", "video"], float] = {"audio": 15.0, "video": 40.0}
"""What one track adds per viewer: a voice has 50 while it speaks and next to none in between, a camera 20 or 90, for
most are shown small. It only has to do until the real packets show in the load."""
FULL = 0.8
"""Share of one core up to which packets leave on time."""
FIRST_GUESS = 30_000.0
"""Packets per second, until enough was measured; a small server does twice as many."""
LEAST_MEASURED = 1_000.0
"""Below that, what the process costs by itself hides what a packet costs."""
ARRIVAL_S = 8.0
"""So long after somebody was let in, their packets may not show in the load yet."""
_SMOOTHING = 8


class Capacity:
    """`configured` packets per second; 0 finds out from the load that `note` is told of once a second."""

    def __init__(self, configured: int, now_s: Callable[[], float]) -> None:
        self._configured = float(configured)
        self._now_s = now_s
        # A second in which many come says little of what a packet costs: the guess counts until some have gone by.
        self._cost_s = FULL / FIRST_GUESS
        self._expected: deque[tuple[float, float]] = deque()
        self.busy = 0.0
        self.packets_per_s = 0.0
        """Forwarded in the last second."""

    def note(self, busy: float, packets_per_s: float) -> None:
        """`busy`: share of one core that the media process used in the last second."""
        self.busy, self.packets_per_s = busy, packets_per_s
        if packets_per_s >= LEAST_MEASURED:
            cost_s = busy / packets_per_s
            self._cost_s += (cost_s - self._cost_s) / _SMOOTHING

    def forget(self) -> None:
        """The media process came back empty."""
        self.busy = self.packets_per_s = 0.0
        self._expected.clear()

    @property
    def limit_packets_per_s(self) -> float:
        if self._configured:
            return self._configured
        return FULL / self._cost_s

    def admit(self, packets_per_s: float) -> bool:
        """Whether so much more fits; if so it counts from now on, before it can be seen in the load."""
        now_s = self._now_s()
        while self._expected and self._expected[0][0] <= now_s - ARRIVAL_S:
            self._expected.popleft()
        expected = sum(packets for _, packets in self._expected)
        if self.packets_per_s + expected + packets_per_s > self.limit_packets_per_s:
            return False
        self._expected.append((now_s, packets_per_s))
        return True


def packets_of(kinds: Iterable[Literal["audio", "video"]], most_cameras: int) -> float:
    """What these tracks are to one viewer, per second, who is sent no more than `most_cameras` unless it pins some."""
    counts = Counter(kinds)
    return counts["audio"] * PACKETS_PER_S["audio"] + min(counts["video"], most_cameras) * PACKETS_PER_S["video"]
