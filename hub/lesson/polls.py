"""What counts as an answer to a poll, and what all answers together say.

An answer is a number for each option: of one person 0 or 1, of a class seat how many of its pupils chose it. So tallies
count pupils wherever a class sits before one camera.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def fault_of(counts: Sequence[int], *, options: int, is_many: bool, seats: int) -> str | None:
    """Why this is no answer of so many people to a poll with so many options; None: it is one."""
    if len(counts) != options:
        return f"There are {options} answers to choose from."
    if any(not 0 <= count <= seats for count in counts):
        return f"Each answer can be chosen by 0 to {seats}."
    if not any(counts):
        return "Choose at least one answer."
    if not is_many and sum(counts) > seats:
        return f"Each of {seats} has one answer."
    return None


def tally(options: int, votes: Iterable[Sequence[int]]) -> list[int]:
    """How many chose each option."""
    found = [0] * options
    for counts in votes:
        for place, count in enumerate(counts):
            found[place] += count
    return found


def voices(counts: Sequence[int], *, is_many: bool, seats: int) -> int:
    """How many people answered with this: of a class that may choose several answers at least so many."""
    return min(seats, max(counts) if is_many else sum(counts))


def right_voices(counts: Sequence[int], right: Sequence[int], *, is_many: bool, seats: int) -> int | None:
    """How many of them were right. None where nobody can tell: a class that chose several answers each."""
    if not is_many:
        return sum(counts[place] for place in right)
    if seats > 1:
        return None
    return int([place for place, count in enumerate(counts) if count] == sorted(right))
