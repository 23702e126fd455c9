"""When to ask a publisher for a key frame: at once, but at most every 500 ms per track, and again until one comes."""

from __future__ import annotations

INTERVAL_S = 0.5
"""A key frame costs a publisher some ten times a usual frame; LiveKit waits as long."""


class KeyframeRequests:
    __slots__ = ("_next_at", "wanted")

    def __init__(self) -> None:
        self.wanted = False
        self._next_at = float("-inf")

    def request(self, now: float) -> bool:
        """Somebody needs a key frame. True: ask the publisher now; otherwise `due` will tell."""
        self.wanted = True
        return self.due(now)

    def due(self, now: float) -> bool:
        """Whether to ask (again) now. Call it as packets arrive: who sends nothing is not asked."""
        if not self.wanted or now < self._next_at:
            return False
        self._next_at = now + INTERVAL_S
        return True

    def arrived(self) -> None:
        self.wanted = False
