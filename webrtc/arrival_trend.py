"""What a series of arrivals says: whether they come later and later, and what of the missing was lost in an outage."""

from __future__ import annotations

from collections import deque
from math import sqrt

_OUTAGE_S = 0.3
"""A line that lets nothing at all through for so long is broken, not full."""


def find_trend(samples: deque[tuple[float, float]]) -> tuple[float, float]:
    """How much the delay has risen over the samples, and the standard error of that (least squares)."""
    count = len(samples)
    if count < 5:
        return 0.0, 0.0
    start = samples[0][0]
    mean_at = sum(at for at, _ in samples) / count - start
    mean = sum(delay for _, delay in samples) / count
    spread = across = down = 0.0
    for at, delay in samples:
        x, y = at - start - mean_at, delay - mean
        spread += x * x
        across += x * y
        down += y * y
    if spread < 1e-6:
        return 0.0, 0.0
    slope = across / spread
    span = samples[-1][0] - start
    left = max(0.0, down - slope * across)
    return slope * span, sqrt(left / (count - 2) / spread) * span


def count_in_outages(missing: list[tuple[int, float]]) -> int:
    """How many of the missing numbers lie in runs without a single arrival that last too long for a full queue."""
    found, start = 0, 0
    for place in range(1, len(missing) + 1):
        if place < len(missing) and missing[place][0] == missing[place - 1][0] + 1:
            continue
        if missing[place - 1][1] - missing[start][1] >= _OUTAGE_S:
            found += place - start
        start = place
    return found
