"""How a school's people took part in a meeting, together: never who, and nothing from which few could be told.

A share of people is said as one of four levels, each of which as many as five different numbers of people would give
wherever fewer than five took part or fewer than five did not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from typing import Literal, TypeVar

from hub.small_cells import SMALLEST

Level = Literal["few", "some", "many", "most"]
"""Of a school's people: nobody or few, up to half, more than half, nearly all or all."""
PERCENT_STEP = 5
School = TypeVar("School", bound=Hashable)


def level_of(part: int, people: int) -> Level | None:
    """None: in so small a group any word would tell about few."""
    if people < 2 * SMALLEST:
        return None
    if part < SMALLEST or part * 4 < people:
        return "few"
    if people - part < SMALLEST or part * 4 > people * 3:
        return "most"
    return "some" if part * 2 <= people else "many"


def count_of(events: int, part: int) -> int | None:
    """How often something was done, if five people at least did it."""
    return events if part >= SMALLEST else None


def shares(amounts: Mapping[School, int], people: Mapping[School, int]) -> dict[School, int | None]:
    """Each school's part of what all did, in steps of five per cent; what is left over from a hidden one can't be told.

    Only schools of five people and more are compared, and only where there are two of them.
    """
    compared = {school: amounts.get(school, 0) for school, count in people.items() if count >= SMALLEST}
    total = sum(compared.values())
    if len(compared) < 2 or total == 0:
        return dict.fromkeys(people)
    return {school: _percent(compared[school], total) if school in compared else None for school in people}


def _percent(part: int, total: int) -> int:
    return round(100 * part / total / PERCENT_STEP) * PERCENT_STEP


def middle(waits_ms: Iterable[int]) -> int | None:
    """The median; None of nothing."""
    in_order = sorted(waits_ms)
    return in_order[(len(in_order) - 1) // 2] if in_order else None
