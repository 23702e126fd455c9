"""What the hub knows of each peer's line, for people who want to know why somebody freezes.

Rule: figures describe lines, never what is said or shown over them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import inf

from webrtc.downward import Downward
from webrtc.ids import PeerId
from webrtc.router import Router

WEAK_LOSS = 0.05
"""A voice is still whole thanks to its redundancy; pictures begin to freeze."""
WEAK_JITTER_S = 0.1
"""More than browsers hold back for."""
WEAK_ROUND_TRIP_S = 0.6
WEAK_BPS = 300_000.0
"""A voice and a few small pictures."""


@dataclass(frozen=True, slots=True)
class UpwardFigures:
    """From the peer to the hub."""

    peer_id: PeerId
    rate_bps: float
    loss: float
    """Of the worst stream, 0–1, since the last receiver report."""
    jitter_s: float

    @property
    def is_weak(self) -> bool:
        return self.loss >= WEAK_LOSS or self.jitter_s >= WEAK_JITTER_S


@dataclass(frozen=True, slots=True)
class DownwardFigures:
    """From the hub to the peer."""

    peer_id: PeerId
    rate_bps: float
    budget_bps: float | None
    """What the line is believed to carry; None: it has shown no end."""
    loss: float
    round_trip_s: float | None

    @property
    def is_weak(self) -> bool:
        slow = self.round_trip_s is not None and self.round_trip_s >= WEAK_ROUND_TRIP_S
        narrow = self.budget_bps is not None and self.budget_bps < WEAK_BPS
        return self.loss >= WEAK_LOSS or slow or narrow


def upward_figures(peer_id: PeerId, routers: Iterable[Router]) -> UpwardFigures:
    flowing = [
        (stream, router.source.clock_rate)
        for router in routers
        for stream in router.streams
        # Only of layers is it known when they stop.
        if (stream.is_flowing if router.is_layered else stream.loss.highest >= 0)
    ]
    return UpwardFigures(
        peer_id,
        sum(stream.rate_bps for stream, _ in flowing),
        max((stream.arrivals.loss for stream, _ in flowing), default=0.0),
        max((stream.arrivals.jitter / clock_rate for stream, clock_rate in flowing), default=0.0),
    )


def downward_figures(downward: Downward) -> DownwardFigures:
    line = downward.line
    budget_bps = downward.reported.rate_bps if line is None else line.rate_bps if line.is_limited else inf
    reported = max((forwarder.fraction_lost / 256 for forwarder in downward.forwarders.values()), default=0.0)
    return DownwardFigures(
        downward.peer_id,
        downward.sent_bps,
        None if budget_bps == inf else budget_bps,
        reported if line is None else max(reported, line.lost_fraction),
        line.round_trip_s if line is not None and line.reports else None,
    )
