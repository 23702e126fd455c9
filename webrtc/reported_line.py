"""How much a viewer's line carries that tells no arrival times: from its receiver reports, and REMB where it sends it.

Rule: without a complaint there is no bound; after one, what is lost says how far to go down and how soon to try again.
"""

from __future__ import annotations

from math import inf

from webrtc.congestion import CEILING_BPS, FLOOR_BPS

_MUCH_LOSS, _LITTLE_LOSS = 0.10, 0.02
_GROWTH_PER_S = 0.05
_APART_S, _TOGETHER_S = 0.5, 3.0
"""Two complaints in a row count: a single one may be of a moment that a laptop was busy."""
_SETTLE_S = 1.0
"""Reports on what was sent before a change are still under way for so long."""
_FULL_FACTOR = 1.2
"""An estimate of the receiver that is further above what it gets only says that it has seen no end."""


class ReportedLine:
    __slots__ = ("_complained_at", "_grown_at", "_loss", "_loss_at", "_settled_at", "rate_bps")

    def __init__(self) -> None:
        self.rate_bps = inf
        self._loss = 0.0
        self._loss_at = 0.0
        self._settled_at = 0.0
        self._complained_at = -inf
        self._grown_at = 0.0

    @property
    def is_limited(self) -> bool:
        return self.rate_bps < inf

    def budget_bps(self, now: float) -> float:
        """What may be sent. Every call lets it grow by the time that passed, unless much was lost of late."""
        if self.rate_bps < inf and now >= self._settled_at and self._loss <= _LITTLE_LOSS:
            self.rate_bps *= 1 + _GROWTH_PER_S * min(1.0, max(0.0, now - self._grown_at))
            if self.rate_bps > CEILING_BPS:
                self.rate_bps = inf
        self._grown_at = now
        return self.rate_bps

    def receive_loss(self, fraction: float, sent_bps: float, now: float) -> None:
        """A report on one stream; the worst within a second counts."""
        if now - self._loss_at >= 1.0:
            self._loss, self._loss_at = fraction, now
        self._loss = max(self._loss, fraction)
        if fraction <= _MUCH_LOSS or now < self._settled_at or not sent_bps:
            return
        since = now - self._complained_at
        if since >= _APART_S:
            self._complained_at = now
        if _APART_S <= since <= _TOGETHER_S:
            self._lower(min(self.rate_bps, sent_bps) * (1 - fraction / 2), now)

    def receive_estimate(self, estimate_bps: float, sent_bps: float, now: float) -> None:
        """What the receiver believes (draft-alvestrand-rmcat-remb-03)."""
        if sent_bps and estimate_bps < sent_bps * _FULL_FACTOR and estimate_bps < self.rate_bps:
            self._lower(estimate_bps, now)

    def _lower(self, rate_bps: float, now: float) -> None:
        self.rate_bps = max(FLOOR_BPS, rate_bps)
        self._settled_at = now + _SETTLE_S
