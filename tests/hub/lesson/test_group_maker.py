"""Groups out of two or more classes: what always holds, what holds where it can, and what is said where it can't."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.group_maker import Grouping, Seat, Unmet, make_groups

Pair = tuple[str, str]


def seats_of(*counts: int) -> list[Seat]:
    return [Seat(f"{'abc'[school]}{place}", "abc"[school]) for school, n in enumerate(counts) for place in range(n)]


@st.composite
def demands(draw: st.DrawFn, most: int = 12, schools: int = 3) -> tuple[list[Seat], int, list[Pair], dict[Pair, int]]:
    seats = seats_of(*draw(st.lists(st.integers(0, most), min_size=1, max_size=schools).filter(any)))
    ids = [seat.id for seat in seats]
    pairs = st.tuples(st.sampled_from(ids), st.sampled_from(ids))
    apart = draw(st.lists(pairs, max_size=len(ids)))
    met = draw(st.dictionaries(pairs, st.integers(1, 4), max_size=2 * len(ids)))
    return seats, draw(st.integers(1, 8)), apart, met


def together(grouping: Grouping, pairs: Iterable[Pair]) -> set[Pair]:
    place = {each: number for number, group in enumerate(grouping.groups) for each in group}
    return {(min(a, b), max(a, b)) for a, b in pairs if a != b and place[a] == place[b]}


@given(demands(), st.integers(0, 5))
def test_everybody_has_a_place_and_sizes_differ_by_one_at_most(
    demand: tuple[list[Seat], int, list[Pair], dict[Pair, int]], seed: int
) -> None:
    seats, count, apart, met = demand
    found = make_groups(seats, count, apart=apart, met=met, seed=seed)
    assert sorted(itertools.chain(*found.groups)) == sorted(seat.id for seat in seats)
    sizes = [len(group) for group in found.groups]
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) == min(count, len(seats))
    assert (Unmet("groups") in found.unmet) == (count > len(seats))
    assert found == make_groups(seats, count, apart=apart, met=met, seed=seed)


@given(demands())
def test_what_is_said_of_a_demand_is_true(demand: tuple[list[Seat], int, list[Pair], dict[Pair, int]]) -> None:
    seats, count, apart, met = demand
    found = make_groups(seats, count, apart=apart, met=met)
    school = {seat.id: seat.school_id for seat in seats}
    assert {each.ids for each in found.unmet if each.demand == "apart"} == together(found, apart)
    schools = set(school.values())
    missing = {
        ((each,), number)
        for number, group in enumerate(found.groups)
        for each in schools - {school[member] for member in group}
    }
    assert {(each.ids, each.group) for each in found.unmet if each.demand == "school"} == missing
    assert (Unmet("schools") in found.unmet) == (len(schools) == 1)
    assert found.repeats == sum(times for pair, times in met.items() if together(found, [pair]))


@given(st.lists(st.integers(1, 20), min_size=2, max_size=3), st.integers(1, 20), st.integers(0, 100))
def test_every_group_has_its_share_of_every_school(counts: list[int], count: int, seed: int) -> None:
    seats = seats_of(*counts)
    found = make_groups(seats, count, seed=seed)
    groups = len(found.groups)
    for school, size in zip("abc", counts, strict=False):
        for group in found.groups:
            here = sum(member[0] == school for member in group)
            assert size // groups <= here <= -(-size // groups)


@given(st.data())
def test_pairs_are_apart_where_an_arrangement_is_known(data: st.DataObject) -> None:
    """Every group gets one of each school, and only pairs of different groups are to be apart: so it can be done."""
    count = data.draw(st.integers(2, 8))
    order = data.draw(st.permutations(range(count)))
    home = {f"a{n}": n for n in range(count)} | {f"b{n}": order[n] for n in range(count)}
    pairs = [(a, b) for a, b in itertools.combinations(sorted(home), 2) if home[a] != home[b]]
    apart = data.draw(st.lists(st.sampled_from(pairs), max_size=count))
    found = make_groups(seats_of(count, count), count, apart=apart)
    assert not together(found, apart)


def arrangements(ids: Sequence[str], sizes: Sequence[int]) -> Iterable[list[tuple[str, ...]]]:
    if not sizes:
        yield []
        return
    for group in itertools.combinations(ids, sizes[0]):
        for rest in arrangements([each for each in ids if each not in group], sizes[1:]):
            yield [group, *rest]


@given(demands(most=3, schools=2).filter(lambda demand: len(demand[0]) <= 6))
def test_small_demands_are_kept_as_well_as_trying_everything_would(
    demand: tuple[list[Seat], int, list[Pair], dict[Pair, int]],
) -> None:
    seats, count, apart, met = demand
    found = make_groups(seats, count, apart=apart, met=met)
    ids = [seat.id for seat in seats]
    sizes = sorted((len(group) for group in found.groups), reverse=True)
    best = min(len(together(Grouping(tuple(each), (), (), 0), apart)) for each in arrangements(ids, sizes))
    assert len(together(found, apart)) == best


def test_partners_change_from_time_to_time() -> None:
    """Eight mixed groups of two classes: four times in a row nobody meets the same partner twice."""
    seats, met = seats_of(8, 8), dict[Pair, int]()
    for turn in range(4):
        found = make_groups(seats, 8, met=met, seed=turn)
        assert found.repeats == 0
        for group in found.groups:
            for pair in itertools.combinations(group, 2):
                met[pair] = met.get(pair, 0) + 1


def test_more_who_are_to_be_apart_than_there_are_groups() -> None:
    three = [("a0", "a1"), ("a1", "a2"), ("a0", "a2")]
    found = make_groups(seats_of(4, 4), 2, apart=three)
    assert [each.demand for each in found.unmet] == ["apart", "adults"]


def test_safety_comes_before_an_even_mixture() -> None:
    found = make_groups(seats_of(2, 2), 2, apart=[("a0", "b0"), ("a0", "b1"), ("a1", "b0"), ("a1", "b1")])
    assert set(found.groups) == {("a0", "a1"), ("b0", "b1")}
    assert {each.demand for each in found.unmet} == {"school", "adults"}


def test_every_group_has_an_adult_to_call_and_schools_take_turns() -> None:
    adults = [Seat("ana", "a"), Seat("eva", "a"), Seat("marek", "b")]
    found = make_groups(seats_of(12, 12), 8, adults=adults)
    assert found.adults == ("ana", "marek", "eva", "ana", "marek", "eva", "ana", "marek")
    assert found.unmet == ()


def test_sixty_pupils_in_eight_groups() -> None:
    seats = seats_of(32, 28)
    ids = [seat.id for seat in seats]
    met = {pair: 1 for turn in range(3) for group in make_groups(seats, 8, seed=turn).groups
           for pair in itertools.combinations(group, 2)}  # fmt: skip
    apart = list(zip(ids[:20:2], ids[1:20:2], strict=True))
    found = make_groups(seats, 8, apart=apart, met=met, adults=[Seat("ana", "a")])
    assert found.unmet == ()
    dealt = make_groups(seats, 8, adults=[Seat("ana", "a")])
    assert found.repeats < sum(times for pair, times in met.items() if together(dealt, [pair]))


@pytest.mark.parametrize(("seats", "count"), [([], 1), (seats_of(2), 0), ([*seats_of(1), *seats_of(1)], 1)])
def test_nothing_to_make_groups_of(seats: list[Seat], count: int) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        make_groups(seats, count)
