"""Pupils are never left alone: without a reachable adult their voice, camera and chat pause, and resume by themselves.

One instance for each family of rooms: a meeting and its breakouts, in any of which an adult can be called.
"""

from __future__ import annotations

PAUSE_AFTER_S = 2.0
"""Long enough for a teacher's page to be reloaded, short enough for "under three seconds"."""


class NeverAlone:
    """Call `note` when anybody comes or goes, `handle_deadline` at `next_deadline()`; `now` is of a monotonic clock."""

    def __init__(self) -> None:
        self._alone_since: float | None = None
        self.is_paused = True
        """Whoever comes first finds nobody."""

    def note(self, adult_reachable: bool, now: float) -> bool:
        """Whether the pause began or ended by it."""
        if adult_reachable:
            self._alone_since = None
            changed, self.is_paused = self.is_paused, False
            return changed
        if not self.is_paused and self._alone_since is None:
            self._alone_since = now
        return False

    def next_deadline(self) -> float | None:
        return None if self._alone_since is None else self._alone_since + PAUSE_AFTER_S

    def handle_deadline(self, now: float) -> bool:
        """Whether the pause begins now."""
        deadline = self.next_deadline()
        if deadline is None or now < deadline:
            return False
        self._alone_since, self.is_paused = None, True
        return True
