"""Which simulcast layer of a track one viewer gets: from what it shows and from what arrives.

Rule: the choice is a function of what is known now; `router` makes it happen at key frames.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

REVIEW_INTERVAL_S = 0.25
STOPPED_AFTER_S = 0.5
"""A layer without packets for so long, while another of its track has some, was dropped by its publisher."""
STEADY_AFTER_S = 1.0
"""A layer that comes and goes is not worth a key frame each time: so long it must flow before a viewer moves up."""


class Preference(NamedTuple):
    """What a viewer shows of a track."""

    max_height: int | None = None
    """Pixels of the place on the screen; None: as large as there is."""
    visible: bool = True
    pinned: bool = False
    """Wanted whoever speaks."""


NO_PREFERENCE = Preference()


class Layer(NamedTuple):
    """What is known of a layer that flows."""

    place: int
    """Among the track's layers."""
    height: int
    rate_bps: float
    since: float


NOTHING, SMALLEST = -1, -2
"""Instead of a layer's place: the viewer's line has room for none, or is not known yet."""


def find_ladder(layers: Sequence[Layer], present: int | None, preference: Preference, now: float) -> list[Layer]:
    """The layers a viewer may get, smallest first, up to the smallest that fills its place, else all there are.

    `present` is what the viewer gets now; a larger layer must be steady before it takes over.
    """
    if not layers or not preference.visible:
        return []
    ordered = sorted(layers, key=lambda layer: (layer.height, layer.rate_bps))
    ranks = {layer.place: rank for rank, layer in enumerate(ordered)}
    wanted = len(ordered) - 1
    if preference.max_height is not None:
        wanted = next((rank for rank, layer in enumerate(ordered) if layer.height >= preference.max_height), wanted)
    floor = 0 if present is None else ranks.get(present, 0)
    while wanted > floor and now - ordered[wanted].since < STEADY_AFTER_S:
        wanted -= 1
    return ordered[: wanted + 1]


def choose_layer(
    layers: Sequence[Layer], present: int | None, preference: Preference, now: float, limit: int | None = None
) -> int | None:
    """The place of the layer to send: the largest of the viewer's ladder, or that which its line is limited to."""
    ladder = find_ladder(layers, present, preference, now)
    if not ladder or limit == NOTHING:
        return None
    if limit is None:
        return ladder[-1].place
    # What the limit named may also have stopped since; then only the smallest is sure to fit.
    return limit if any(layer.place == limit for layer in ladder) else ladder[0].place
