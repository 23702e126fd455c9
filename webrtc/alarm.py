"""When something of a room is due: one moment that anything in it can bring forward, so that nobody has to be asked."""

from __future__ import annotations

from math import inf


class Alarm:
    """Whoever handles what is due sets `at` anew."""

    __slots__ = ("at",)

    def __init__(self, at: float = inf) -> None:
        self.at = at

    def bring_forward(self, at: float) -> None:
        if at < self.at:
            self.at = at
