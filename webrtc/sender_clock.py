"""When a packet's content was captured, on our clock: what keeps voice, picture and peers in step in a recording.

A sender report ties a stream's timestamps to its sender's wall clock (RFC 3550 section 6.4.1); the report that was
fastest on its way ties that wall clock to ours. Until there is one, the arrival of the first packet stands for it.
"""

from __future__ import annotations

from webrtc.rtp_header import unwrap

CREEP = 0.001
"""Seconds per second by which the best report ages: clocks drift less, but one that was set must be followed."""
TOLERANCE_S = 0.015
"""Smaller corrections are not worth a jump; lips and voice may be apart by three times as much (ITU-R BT.1359)."""


class SenderClock:
    """One peer's wall clock, seen from ours."""

    __slots__ = ("_noted_at", "offset_s")

    def __init__(self) -> None:
        self.offset_s: float | None = None
        """Ours minus the peer's."""
        self._noted_at = 0.0

    def note(self, wall_s: float, now: float) -> None:
        """A report that says `wall_s` arrived now; delay on the way can only make the difference too large."""
        seen = now - wall_s
        if self.offset_s is None:
            self.offset_s = seen
        else:
            self.offset_s = min(seen, self.offset_s + (now - self._noted_at) * CREEP)
        self._noted_at = now


class StreamClock:
    """The timestamps of one RTP stream, on our clock. A new SSRC needs a new one."""

    __slots__ = ("_anchor", "_clock_rate", "_last", "_report", "_sender")

    def __init__(self, clock_rate: int, sender: SenderClock) -> None:
        self._clock_rate = clock_rate
        self._sender = sender
        self._last: int | None = None
        self._anchor: tuple[int, float] | None = None
        self._report: tuple[int, float] | None = None

    def extend(self, timestamp: int) -> int:
        """The timestamp without its wrap."""
        extended = timestamp if self._last is None else unwrap(timestamp, self._last, 32)
        self._last = extended if self._last is None else max(self._last, extended)
        return extended

    def note_report(self, timestamp: int, wall_s: float) -> None:
        """The peer's clock stood at `wall_s` when the stream's stood at `timestamp`."""
        reference = self._last if self._last is not None else timestamp
        self._report = unwrap(timestamp, reference, 32), wall_s

    def time_of(self, extended: int, now: float) -> float:
        """When this moment of the stream was, on our clock; exact to TOLERANCE_S once there was a report."""
        if self._anchor is None:
            self._anchor = extended, now
        origin, at = self._anchor
        time = at + (extended - origin) / self._clock_rate
        if self._report is not None and self._sender.offset_s is not None:
            reported, wall_s = self._report
            exact = wall_s + self._sender.offset_s + (extended - reported) / self._clock_rate
            if abs(exact - time) > TOLERANCE_S:
                self._anchor = extended, exact
                return exact
        return time
