"""Which layer of each picture a viewer's line has room for.

Rule: a function of what is known now. Sound is paid first; then every picture gets its smallest layer, the important
ones first; then all climb together. Who climbs needs room to spare: a wavering line must not make pictures flicker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from webrtc.layers import NOTHING

KEEP_MARGIN = 0.85
"""What a layer one has must fit by: a key frame makes it look costly for a second, and that is no reason to lose it."""
CLIMB_MARGIN = 1.15
"""What a layer one does not have yet must fit by."""
RETURN_MARGIN = 1.2
"""What a picture that was given up must fit by: coming and going is worse than staying away."""


class Wish(NamedTuple):
    """A picture that a viewer shows."""

    costs_bps: Sequence[float]
    """Of each layer up to the one that fills its place, smallest first; empty while nothing flows."""
    present: int
    """The layer it gets now, as an index into the costs; NOTHING when it gets none."""


class Shares(NamedTuple):
    places: list[int]
    """For each wish, the index of the layer to send, or NOTHING."""
    next_bps: float | None
    """The budget with which something would become better; None: all get what they wish."""


def share(budget_bps: float, wishes: Sequence[Wish], *, keep_smallest: bool = False) -> Shares:
    """`wishes` come by importance. `keep_smallest`: the line has shown no end, so nobody loses the smallest layer."""
    left = budget_bps
    places = [NOTHING] * len(wishes)
    lacking: list[float] = []
    for index, wish in enumerate(wishes):
        if not wish.costs_bps:
            continue
        cost = wish.costs_bps[0]
        if keep_smallest or cost * _margin(wish, 0) <= left:
            places[index] = 0
            left -= cost
        else:
            lacking.append(cost * _margin(wish, 0) - left)
    climbing = True
    while climbing:
        climbing = False
        for index, wish in enumerate(wishes):
            place = places[index] + 1
            if place == 0 or place >= len(wish.costs_bps):
                continue
            further = wish.costs_bps[place] * _margin(wish, place) - wish.costs_bps[place - 1]
            if further <= left:
                places[index] = place
                left -= wish.costs_bps[place] - wish.costs_bps[place - 1]
                climbing = True
    for place, wish in zip(places, wishes, strict=True):
        if 0 <= place < len(wish.costs_bps) - 1:
            lacking.append(wish.costs_bps[place + 1] * _margin(wish, place + 1) - wish.costs_bps[place] - left)
    return Shares(places, budget_bps + min(lacking) if lacking else None)


def _margin(wish: Wish, place: int) -> float:
    if place <= wish.present:
        return KEEP_MARGIN
    return RETURN_MARGIN if wish.present == NOTHING else CLIMB_MARGIN
