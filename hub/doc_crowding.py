"""Whether a document is sent more than it should be: then those who send most are read more slowly, and nobody else."""

from __future__ import annotations


class Crowding:
    def __init__(self, messages_per_s: float) -> None:
        self._most = messages_per_s
        self._second = 0
        self._count = 0
        self._before = 0

    def note(self, now_s: float) -> None:
        """Count a message that was let in."""
        self._turn(now_s)
        self._count += 1

    def is_crowded(self, now_s: float) -> bool:
        """Whether this second or the one before it brought too many."""
        self._turn(now_s)
        return self._count > self._most or self._before > self._most

    def _turn(self, now_s: float) -> None:
        second = int(now_s)
        if second != self._second:
            self._before = self._count if second == self._second + 1 else 0
            self._second, self._count = second, 0
