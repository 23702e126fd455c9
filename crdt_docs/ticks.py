"""Gathering what happens within a tick, so that it travels as one message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Tick:
    """After a quiet interval the first change goes at once; what follows within the interval waits for its end."""

    at_ms: float | None = None
    _not_before_ms: float = float("-inf")

    def wanted(self, now_ms: float) -> bool:
        """There is something to send; whether now is the time."""
        if self.at_ms is None:
            self.at_ms = max(now_ms, self._not_before_ms)
            return self.at_ms <= now_ms
        return False

    def is_due(self, now_ms: float) -> bool:
        return self.at_ms is not None and self.at_ms <= now_ms

    def done(self, now_ms: float, interval_ms: float) -> None:
        """All was sent; the next interval begins."""
        self.at_ms, self._not_before_ms = None, now_ms + interval_ms
