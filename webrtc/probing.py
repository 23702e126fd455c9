"""When to try out whether a line carries more: with padding, for a moment, before a picture depends on it.

An estimate grows only half above what arrives, and a larger layer is several times a smaller one: without padding it
would never come. Rule: only when something would become better by it, and the rarer the more often it was in vain.
"""

from __future__ import annotations

from webrtc.congestion import Line

PROBE_S = 0.15
STEP_FACTOR, NARROW_STEP_FACTOR = 2.0, 1.5
"""One probe tries at most so much of the estimate; less where the line has shown its end, for the voice's sake."""
_FIRST_AFTER_S = 0.3
_AGAIN_AFTER_S = 0.5
_LEAST_WAIT_S, _LONGEST_WAIT_S = 3.0, 48.0
_JUDGED_AFTER_S = 2.0
_SUCCESS_FACTOR = 1.2
_MOST_LOSS = 0.1
_MARGIN = 1.1

PADDING = bytes(254) + b"\xff"
"""The largest there is (RFC 3550 section 5.1)."""
PADDING_BYTES = len(PADDING) + 60
MOST_PACKETS = 48
"""At once; a line for which that is too few needs no probes."""


class Prober:
    __slots__ = ("_at", "_before_bps", "_ends_at", "_padded_at", "_wait_s", "is_sending")

    def __init__(self) -> None:
        self.is_sending = False
        self._at: float | None = None
        """When the next one may begin; None before the viewer's first report."""
        self._ends_at: float | None = None
        """When the present one is over, first for the sending and then for the waiting; None: there is none."""
        self._before_bps = 0.0
        self._padded_at = 0.0
        self._wait_s = _LEAST_WAIT_S

    def review(self, line: Line, wanted_bps: float | None, now: float) -> None:
        """Begin or judge a probe if it is time. `wanted_bps`: with so much something would be better; None: nothing."""
        if not line.reports or self.is_sending:
            return
        if self._ends_at is not None:
            if line.is_probing and now < self._ends_at:
                return
            self._ends_at = None
            self._learn(line.rate_bps, now)
        if self._at is None:
            self._at = now + _FIRST_AFTER_S
        self._at = max(self._at, line.lowered_at + self._wait_s)
        if wanted_bps is None or line.rate_bps >= wanted_bps or now < self._at or line.lost_fraction > _MOST_LOSS:
            return
        self._before_bps = line.rate_bps
        step = NARROW_STEP_FACTOR if line.is_limited else STEP_FACTOR
        line.begin_probe(min(step * line.rate_bps, _MARGIN * wanted_bps), PROBE_S, now)
        self.is_sending, self._padded_at, self._ends_at = True, now, now + PROBE_S

    def _learn(self, rate_bps: float, now: float) -> None:
        if rate_bps > _SUCCESS_FACTOR * self._before_bps:
            self._wait_s = _LEAST_WAIT_S
            self._at = now + _AGAIN_AFTER_S
        else:
            self._wait_s = min(_LONGEST_WAIT_S, 2 * self._wait_s)
            self._at = now + self._wait_s

    def count_packets(self, line: Line, now: float) -> int:
        """How many packets of PADDING to send now. Call it at every tick while it `is_sending`."""
        assert self._ends_at is not None
        elapsed, self._padded_at = now - self._padded_at, now
        if now >= self._ends_at or not line.is_probing:
            line.end_probe(now)
            self.is_sending, self._ends_at = False, now + _JUDGED_AFTER_S
            return 0
        missing_bps = line.probe_rate_bps - (line.delivered_bps or 0.0)
        return max(1, min(MOST_PACKETS, round(missing_bps * elapsed / 8 / PADDING_BYTES)))
