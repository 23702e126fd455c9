"""Video on a narrow line goes out no faster than the line carries it, so that a key frame never stands before a voice.

Rule: sound never waits; what waits is bounded in time, and when it is too much all of it goes, for a key frame to come.
"""

from __future__ import annotations

from array import array
from collections import deque
from typing import NamedTuple, Protocol

from webrtc.alarm import Alarm
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


FREE_AT, S_PER_BYTE, IS_ON, COUNT = range(4)
"""In a pacer's state."""


class Pacer:
    """The video of one viewer, in order. Who sends a packet looks at `state` itself, and moves FREE_AT."""

    __slots__ = ("_alarm", "_waiting", "_waiting_bytes", "state")

    def __init__(self, alarm: Alarm | None = None) -> None:
        """`alarm` is brought forward when something waits: `release` it then."""
        self._alarm = Alarm() if alarm is None else alarm
        self.state = array("d", [0.0] * 4)
        """When all that left would be through at the pace, the pace, whether there is one, and how many wait.

        In memory that compiled code reads and writes as well (fan_out.c).
        """
        self._waiting: deque[Waiting] = deque()
        self._waiting_bytes = 0

    @property
    def is_on(self) -> bool:
        return bool(self.state[IS_ON])

    @property
    def has_waiting(self) -> bool:
        return bool(self._waiting)

    def start(self) -> None:
        self.state[IS_ON] = 1.0

    def stop(self) -> None:
        """Let go what waits; after that there is no pace."""
        self.state[S_PER_BYTE] = 0.0
        if not self._waiting:
            self.state[IS_ON] = 0.0

    def set_rate(self, rate_bps: float, least_bps: float, *, is_narrow: bool) -> None:
        """The line's estimate, and what it was decided to send over it: a pace below that would only drop it."""
        self.state[S_PER_BYTE] = 8 / max(rate_bps * (NARROW_FACTOR if is_narrow else FACTOR), least_bps)

    def must_wait(self, now: float) -> bool:
        """Whether a packet of video has to: then `keep` it. Else it leaves, and has to be spent."""
        return self.state[FREE_AT] > now + BURST_S or bool(self._waiting)

    def keep(self, waiting: Waiting) -> None:
        self._waiting.append(waiting)
        self._waiting_bytes += len(waiting.payload)
        self.state[COUNT] = len(self._waiting)
        self._alarm.bring_forward(0.0)

    @property
    def is_overfull(self) -> bool:
        """Too much waits: `clear` it, and let its forwarders begin anew."""
        return self._waiting_bytes * self.state[S_PER_BYTE] > MOST_WAITING_S

    def release(self, now: float) -> list[Waiting]:
        """What may leave now; each has to be spent as it leaves."""
        released = []
        free_at, s_per_byte = self.state[FREE_AT], self.state[S_PER_BYTE]
        while self._waiting and free_at - now <= BURST_S:
            first = self._waiting.popleft()
            self._waiting_bytes -= len(first.payload)
            free_at = max(free_at, now) + len(first.payload) * s_per_byte
            released.append(first)
        self.state[COUNT] = len(self._waiting)
        return released

    def spend(self, size: int, now: float) -> None:
        """Something leaves."""
        state = self.state
        state[FREE_AT] = max(state[FREE_AT], now) + size * state[S_PER_BYTE]

    def drop(self, track_id: TrackId) -> None:
        """What waits of this track is not sent any more."""
        self._waiting = deque(waiting for waiting in self._waiting if waiting.sender.track_id != track_id)
        self._waiting_bytes = sum(len(waiting.payload) for waiting in self._waiting)
        self.state[COUNT] = len(self._waiting)

    def clear(self) -> set[TrackId]:
        """Of which tracks packets waited."""
        track_ids = {waiting.sender.track_id for waiting in self._waiting}
        self._waiting.clear()
        self._waiting_bytes = 0
        self.state[COUNT] = 0.0
        return track_ids
