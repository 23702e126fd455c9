"""Video on a narrow line goes out no faster than the line carries it, so that a key frame never stands before a voice.

Rule: sound never waits; what waits is bounded in time, and when it is too much all of it goes, for a key frame to come.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple, Protocol

from webrtc.ids import TrackId

NARROW_FACTOR = 1.05
"""Above the estimate, which is a little low on purpose: more would make the queue that is to be spared the voice."""
FACTOR = 2.5
"""On a line that has never shown a queue: the first picture is not to wait for an estimate that has only begun."""
BURST_S = 0.04
"""What may leave at once, in time of the line: a usual frame."""
MOST_WAITING_S = 0.8
"""A key frame on the narrowest line; whoever is further behind is better off with the next one."""


class Sender(Protocol):
    """Whose packet waits."""

    track_id: TrackId

    def number(self, header: bytes, size: int, now: float) -> bytes: ...


class Waiting(NamedTuple):
    sender: Sender
    header: bytes
    """All but its transport-wide number, which is given when it leaves."""
    payload: bytes


class Pacer:
    """The video of one viewer, in order. Forwarders look at `free_at` and `waiting` themselves, and move `free_at`."""

    __slots__ = ("free_at", "s_per_byte", "waiting", "waiting_bytes")

    def __init__(self) -> None:
        self.s_per_byte = 0.0
        self.free_at = 0.0
        """When all that left would be through, at the pace."""
        self.waiting: deque[Waiting] = deque()
        self.waiting_bytes = 0

    def set_rate(self, rate_bps: float, least_bps: float, *, is_narrow: bool) -> None:
        """The line's estimate, and what it was decided to send over it: a pace below that would only drop it."""
        self.s_per_byte = 8 / max(rate_bps * (NARROW_FACTOR if is_narrow else FACTOR), least_bps)

    def keep(self, waiting: Waiting) -> None:
        self.waiting.append(waiting)
        self.waiting_bytes += len(waiting.payload)

    @property
    def is_overfull(self) -> bool:
        """Too much waits: `clear` it, and let its forwarders begin anew."""
        return self.waiting_bytes * self.s_per_byte > MOST_WAITING_S

    def release(self, now: float) -> list[Waiting]:
        """What may leave now; each has to be spent as it leaves."""
        released = []
        free_at = self.free_at
        while self.waiting and free_at - now <= BURST_S:
            first = self.waiting.popleft()
            self.waiting_bytes -= len(first.payload)
            free_at = max(free_at, now) + len(first.payload) * self.s_per_byte
            released.append(first)
        return released

    def spend(self, size: int, now: float) -> None:
        """Something leaves."""
        self.free_at = max(self.free_at, now) + size * self.s_per_byte

    def drop(self, track_id: TrackId) -> None:
        """What waits of this track is not sent any more."""
        self.waiting = deque(waiting for waiting in self.waiting if waiting.sender.track_id != track_id)
        self.waiting_bytes = sum(len(waiting.payload) for waiting in self.waiting)

    def clear(self) -> set[TrackId]:
        """Of which tracks packets waited."""
        track_ids = {waiting.sender.track_id for waiting in self.waiting}
        self.waiting.clear()
        self.waiting_bytes = 0
        return track_ids
