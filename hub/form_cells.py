"""Which numbers of a table, answers × schools, may be shown: small ones are hidden, and can't be worked out.

A row is an answer, a column a school; beside each row stands its total, and how many answered at all is known. Along
every line of the table what is hidden counts SMALLEST people at least, and is never a single cell.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Literal, TypeVar

from hub.small_cells import SMALLEST

Shown = int | Literal["few", "kept"]
"""A count; or that it is under SMALLEST; or that it is not, and would give away one that is."""
School = TypeVar("School", bound=Hashable)
_Cell = tuple[int, Hashable | None]
"""Row and school; None stands for the row's total."""


def hide_small(rows: Sequence[Mapping[School, int]]) -> list[tuple[dict[School, Shown], Shown]]:
    """For every row its cells and its total. Of equal cells the earlier is hidden: the same is always shown alike."""
    schools = list(dict.fromkeys(school for row in rows for school in row))
    counts: dict[_Cell, int] = {}
    for place, row in enumerate(rows):
        counts |= {(place, school): row.get(school, 0) for school in schools}
        counts[place, None] = sum(row.values())
    hidden = {cell for cell, count in counts.items() if count < SMALLEST}
    places = range(len(rows))
    columns: list[list[_Cell]] = [[(place, column) for place in places] for column in (*schools, None)]
    while (more := _next(counts, hidden, columns, places, schools)) is not None:
        hidden.add(more)

    def show(cell: _Cell) -> Shown:
        return counts[cell] if cell not in hidden else "few" if counts[cell] < SMALLEST else "kept"

    return [({school: show((place, school)) for school in schools}, show((place, None))) for place in places]


def _next(
    counts: Mapping[_Cell, int],
    hidden: set[_Cell],
    columns: Sequence[Sequence[_Cell]],
    places: Sequence[int],
    schools: Sequence[Hashable],
) -> _Cell | None:
    """A cell that has to be hidden as well; None when all is well."""
    for column in columns:
        if _gives_away(counts, hidden, column) and (smallest := _smallest(counts, hidden, column)) is not None:
            return smallest
    for place in places:
        total: _Cell = (place, None)
        row: list[_Cell] = [(place, school) for school in schools]
        if total in hidden:
            if row and hidden.isdisjoint(row):
                return _smallest(counts, hidden, row)
        elif _gives_away(counts, hidden, row):
            return _smallest(counts, hidden, row) or total
    return None


def _gives_away(counts: Mapping[_Cell, int], hidden: set[_Cell], line: Sequence[_Cell]) -> bool:
    """Whether somebody who knows the line's sum learns too much of what is hidden in it."""
    missing = [cell for cell in line if cell in hidden]
    return bool(missing) and (len(missing) == 1 or sum(counts[cell] for cell in missing) < SMALLEST)


def _smallest(counts: Mapping[_Cell, int], hidden: set[_Cell], line: Sequence[_Cell]) -> _Cell | None:
    return min((cell for cell in line if cell not in hidden), key=lambda cell: counts[cell], default=None)
