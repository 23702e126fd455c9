"""Makes groups out of two or more classes: mixed by school, alike in size, never with the same partners if it can be.

What counts, in this order: sizes differ by at most one, always; pairs that are to be kept apart are apart; every group
has its share of each school, so at least one of each that has enough people; and few meet whom they have met before.
Where numbers make a demand impossible the best there is comes back, with what could not be kept.

A seat is whoever can be moved to a room of their own: a pupil at a device, or a class at one. A class can't be cut in
two, so sizes are counted in seats.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Demand = Literal["groups", "adults", "schools", "school", "apart"]
"""`groups`: more of them than seats. `adults`: nobody to call. `schools`: all are of one. `school`, `apart`: below."""

ROUNDS = 300
"""Exchanges that are tried after the first arrangement; each looks at all pairs of seats that could change places."""
PATIENCE = 30
"""Rounds without a better arrangement after which there hardly is one."""


@dataclass(frozen=True, slots=True)
class Seat:
    id: str
    school_id: str


@dataclass(frozen=True, slots=True)
class Unmet:
    """A demand that could not be kept."""

    demand: Demand
    ids: tuple[str, ...] = ()
    """`apart`: the two who sit together. `school`: that school, which is missing somewhere."""
    group: int | None = None
    """Where, counted from 0."""


@dataclass(frozen=True, slots=True)
class Grouping:
    groups: tuple[tuple[str, ...], ...]
    adults: tuple[str | None, ...]
    """For each group the adult who looks after it first; one may have several groups."""
    unmet: tuple[Unmet, ...]
    repeats: int
    """How often two who sit together were partners before."""


def make_groups(
    seats: Sequence[Seat],
    count: int,
    *,
    apart: Iterable[tuple[str, str]] = (),
    met: Mapping[tuple[str, str], int] | None = None,
    adults: Sequence[Seat] = (),
    seed: int = 0,
) -> Grouping:
    """`count` groups; the same for the same arguments. `met`: how often two were partners, in either order.

    Pairs that name somebody who is not among the seats are passed over. Raise ValueError without a seat, without a
    group, or when a seat stands there twice.
    """
    if not seats or count < 1:
        raise ValueError("Groups are made of at least one seat, and there is at least one of them.")
    if len({seat.id for seat in seats}) < len(seats):
        raise ValueError("Somebody stands there twice.")
    wanted, count = count, min(count, len(seats))
    table = _Table(sorted(seats, key=lambda seat: seat.id), count, apart, met or {}, random.Random(seed))
    table.settle()
    groups = tuple(tuple(sorted(table.seats[each].id for each in group)) for group in table.groups())
    unmet = list(table.unmet())
    if wanted > count:
        unmet.insert(0, Unmet("groups"))
    if len({seat.school_id for seat in seats}) == 1:
        unmet.append(Unmet("schools"))
    if not adults:
        unmet.append(Unmet("adults"))
    return Grouping(groups, _share_adults(adults, count), tuple(unmet), table.repeats())


def _share_adults(adults: Sequence[Seat], count: int) -> tuple[str | None, ...]:
    """In turn, a school's adult after another school's, so that neighbours have not all the same school to call."""
    by_school: dict[str, list[str]] = {}
    for adult in sorted(adults, key=lambda adult: adult.id):
        by_school.setdefault(adult.school_id, []).append(adult.id)
    order: list[str] = []
    while any(by_school.values()):
        order += [waiting.pop(0) for waiting in by_school.values() if waiting]
    return tuple(order[place % len(order)] if order else None for place in range(count))


class _Table:
    """Who sits where. Seats are numbers here; an empty chair, where groups differ by one, is a seat of no school."""

    def __init__(
        self,
        seats: Sequence[Seat],
        count: int,
        apart: Iterable[tuple[str, str]],
        met: Mapping[tuple[str, str], int],
        chance: random.Random,
    ) -> None:
        self.seats = list(seats)
        self.count = count
        self._chance = chance
        number = {seat.id: place for place, seat in enumerate(seats)}
        chairs = -(-len(seats) // count) * count
        self._schools = sorted({seat.school_id for seat in seats})
        self._school = [self._schools.index(seat.school_id) for seat in seats] + [-1] * (chairs - len(seats))
        sizes = [sum(school == each for school in self._school) for each in range(len(self._schools))]
        self._least = [size // count for size in sizes]
        self._most = [-(-size // count) for size in sizes]
        self._met = _matrix(chairs)
        for (one, other), times in met.items():
            if one in number and other in number and one != other:
                _add(self._met, number[one], number[other], times)
        # Weights so far apart that no number of lesser faults outweighs one of the greater kind.
        self._school_weight = 1 + sum(map(sum, self._met)) // 2
        self._apart_weight = self._school_weight * (1 + len(seats) * len(self._schools))
        self._cost = [row[:] for row in self._met]
        self._apart = {
            (min(number[one], number[other]), max(number[one], number[other]))
            for one, other in apart
            if one in number and other in number and one != other
        }
        for first, second in self._apart:
            _add(self._cost, first, second, self._apart_weight)
        self._group = self._deal(chairs)
        self._with: list[list[int]] = []
        """What each seat would cost in each group."""
        self._here: list[list[int]] = []
        """How many of each school are in each group."""
        self._empty: list[int] = []
        """How many empty chairs, in each group: one at most."""
        self._count_all()

    def _deal(self, chairs: int) -> list[int]:
        """School by school round the table, as cards are dealt: sizes and schools are right from the start."""
        group, place = [0] * chairs, 0
        for school in [*range(len(self._schools)), -1]:
            these = [seat for seat in range(chairs) if self._school[seat] == school]
            self._chance.shuffle(these)
            for seat in these:
                group[seat] = place % self.count
                place += 1
        return group

    def groups(self) -> list[list[int]]:
        found: list[list[int]] = [[] for _ in range(self.count)]
        for seat in range(len(self.seats)):
            found[self._group[seat]].append(seat)
        return found

    def settle(self) -> None:
        """Exchange the best pair again and again; one that changed places rests for a while (tabu search)."""
        now = best = self._total()
        kept, rests, patience = self._group[:], [0] * len(self._group), PATIENCE
        for turn in range(1, ROUNDS + 1):
            if not best or not patience:
                break
            found = self._best_exchange(turn, rests, best - now)
            if found is None:
                break
            gain, one, other = found
            self._exchange(one, other)
            now += gain
            rests[one] = rests[other] = turn + 3 + self._chance.randrange(4)
            patience -= 1
            if now < best:
                best, kept, patience = now, self._group[:], PATIENCE
        self._group = kept
        self._count_all()

    def _best_exchange(self, turn: int, rests: list[int], worth: int) -> tuple[int, int, int] | None:
        """`worth`: a gain below it beats the best so far, and then nobody has to rest."""
        found: tuple[int, int, int] | None = None
        ties = 0
        group, cost, here = self._group, self._cost, self._with
        troubled = [self._is_troubled(seat) for seat in range(len(group))]
        for one in range(len(group)):
            if not troubled[one]:
                continue
            mine, from_here, row = group[one], here[one], cost[one]
            for other in range(len(group)):
                theirs = group[other]
                if theirs == mine or (other < one and troubled[other]) or not self._may_exchange(one, other):
                    continue
                gain = from_here[theirs] - from_here[mine] + here[other][mine] - here[other][theirs] - 2 * row[other]
                if self._school[one] != self._school[other]:
                    gain += self._school_gain(one, other)
                if (rests[one] >= turn or rests[other] >= turn) and gain >= worth:
                    continue
                if found is None or gain < found[0]:
                    found, ties = (gain, one, other), 1
                elif gain == found[0]:
                    ties += 1
                    if self._chance.randrange(ties) == 0:
                        found = (gain, one, other)
        return found

    def _is_troubled(self, seat: int) -> bool:
        """Whether moving it can mend anything: it sits with somebody it should not, or its group's mixture is wrong."""
        group = self._group[seat]
        if self._with[seat][group] > 0:
            return True
        return any(self._share_fault(group, school) for school in range(len(self._schools)))

    def _may_exchange(self, one: int, other: int) -> bool:
        """No group may get a second empty chair, which would make it two smaller than others."""
        if self._school[one] >= 0 and self._school[other] >= 0:
            return True
        if self._school[one] < 0 and self._school[other] < 0:
            return False
        into = self._group[other] if self._school[one] < 0 else self._group[one]
        return self._empty[into] == 0

    def _share_fault(self, group: int, school: int) -> int:
        count = self._here[group][school]
        return max(0, self._least[school] - count, count - self._most[school])

    def _school_gain(self, one: int, other: int) -> int:
        gain = 0
        for leaving, coming, group in ((one, other, self._group[one]), (other, one, self._group[other])):
            for seat, step in ((leaving, -1), (coming, 1)):
                school = self._school[seat]
                if school < 0:
                    continue
                before = self._share_fault(group, school)
                self._here[group][school] += step
                gain += self._share_fault(group, school) - before
                self._here[group][school] -= step
        return gain * self._school_weight

    def _exchange(self, one: int, other: int) -> None:
        mine, theirs = self._group[one], self._group[other]
        for seat, former, new in ((one, mine, theirs), (other, theirs, mine)):
            self._group[seat] = new
            for each, weight in enumerate(self._cost[seat]):
                if weight:
                    self._with[each][former] -= weight
                    self._with[each][new] += weight
            school = self._school[seat]
            if school < 0:
                self._empty[former] -= 1
                self._empty[new] += 1
            else:
                self._here[former][school] -= 1
                self._here[new][school] += 1

    def _count_all(self) -> None:
        self._here = [[0] * len(self._schools) for _ in range(self.count)]
        self._empty = [0] * self.count
        self._with = [[0] * self.count for _ in self._group]
        for seat, group in enumerate(self._group):
            if self._school[seat] < 0:
                self._empty[group] += 1
            else:
                self._here[group][self._school[seat]] += 1
            for other, weight in enumerate(self._cost[seat]):
                if weight:
                    self._with[other][group] += weight

    def _total(self) -> int:
        together = sum(self._with[seat][group] for seat, group in enumerate(self._group)) // 2
        faults = sum(
            self._share_fault(group, school) for group in range(self.count) for school in range(len(self._schools))
        )
        return together + faults * self._school_weight

    def unmet(self) -> Iterable[Unmet]:
        for one, other in sorted(self._apart):
            if self._group[one] == self._group[other]:
                yield Unmet("apart", (self.seats[one].id, self.seats[other].id), self._group[one])
        if len(self._schools) == 1:
            return
        for group in range(self.count):
            for school, school_id in enumerate(self._schools):
                if not self._here[group][school]:
                    yield Unmet("school", (school_id,), group)

    def repeats(self) -> int:
        return sum(self._met[one][other] for group in self.groups() for one in group for other in group if one < other)


def _matrix(size: int) -> list[list[int]]:
    return [[0] * size for _ in range(size)]


def _add(matrix: list[list[int]], one: int, other: int, weight: int) -> None:
    matrix[one][other] += weight
    matrix[other][one] += weight
