"""How large a picture each viewer gets, and why not larger: for people who want to know why somebody is blurred.

Rule: what is said follows from what forwarding decided; nothing is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from webrtc.forwarder import Forwarder
from webrtc.ids import PeerId, TrackId
from webrtc.layers import NOTHING, find_ladder
from webrtc.router import Router

Reason = Literal["all", "size", "line", "speakers", "sender", "starting"]
"""The largest there is; as large as it is shown; no larger one fits the viewer's line; others spoke later; the sender's
device or line gives no larger one; its key frame is on its way."""
REASONS: tuple[Reason, ...] = get_args(Reason)


@dataclass(frozen=True, slots=True)
class PictureFigures:
    """One picture that one viewer shows."""

    peer_id: PeerId
    track_id: TrackId
    height: int | None
    """Of the layer it gets, in pixels; None: it gets nothing, or only its sender knows."""
    largest_height: int | None
    """Of what flows to the hub."""
    reason: Reason


def figures_of(peer_id: PeerId, forwarder: Forwarder, router: Router, is_held: bool, now: float) -> PictureFigures:
    layers, present = router.layers_of(forwarder)
    heights = {layer.place: layer.height for layer in layers}
    largest = max(heights.values(), default=0)
    height = None if present is None else heights.get(present)

    def figures(reason: Reason) -> PictureFigures:
        return PictureFigures(peer_id, forwarder.track_id, height or None, largest or None, reason)

    if is_held and not forwarder.preference.pinned:
        return figures("speakers")
    if forwarder.limit == NOTHING:
        return figures("line")
    if not layers:
        return figures("sender")
    if present is None:
        return figures("starting")
    best = find_ladder(layers, present, forwarder.preference, now)[-1]
    if (height or 0) < best.height:
        return figures("line" if forwarder.limit is not None and forwarder.limit != best.place else "starting")
    if (height or 0) < largest:
        return figures("size")
    return figures("sender" if len(layers) < len(router.source.rids) else "all")
