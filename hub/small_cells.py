"""Counts of people that say nothing about single ones: small ones are hidden, and can't be worked out from the others.

Whoever knows a total and all cells but one knows that one, so a hidden cell never stands alone, and hidden cells
together never count fewer than SMALLEST.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

SMALLEST = 5
Cell = TypeVar("Cell", bound=Hashable)


def suppress(cells: Mapping[Cell, int]) -> tuple[dict[Cell, int | None], int | None]:
    """The cells with None for what is hidden, and their total with None when it is too small itself.

    Zero is hidden like one to four: that nobody has chosen something tells about everybody. Of equal cells the earlier
    one is hidden, so that the same counts are always shown alike.
    """
    total = sum(cells.values())
    if total < SMALLEST:
        return dict.fromkeys(cells), None
    by_size = sorted(cells, key=lambda cell: cells[cell])
    hidden = [cell for cell in by_size if cells[cell] < SMALLEST]
    rest = by_size[len(hidden) :]
    while hidden and rest and (len(hidden) == 1 or sum(cells[cell] for cell in hidden) < SMALLEST):
        hidden.append(rest.pop(0))
    return {cell: None if cell in hidden else count for cell, count in cells.items()}, total
