"""What a learning picture may say: nothing of it is about few."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.learning_picture import count_of, level_of, middle, shares
from hub.small_cells import SMALLEST


@given(st.integers(0, 400), st.data())
def test_no_level_tells_of_fewer_than_five(people: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, people))
    level = level_of(part, people)
    alike = [each for each in range(people + 1) if level_of(each, people) == level]
    if part < SMALLEST or people - part < SMALLEST:
        # Nobody can tell one of these from five others.
        assert level is None or len(alike) >= SMALLEST


@given(st.integers(10, 400))
def test_more_people_are_never_less(people: int) -> None:
    order = ("few", "some", "many", "most")
    levels = [level_of(part, people) for part in range(people + 1)]
    assert levels == sorted(levels, key=lambda level: order.index(level or "few"))
    assert (levels[0], levels[-1]) == ("few", "most")


def test_words_of_a_class() -> None:
    assert [level_of(part, 28) for part in (0, 6, 7, 14, 15, 21, 24, 28)] == [
        *("few", "few", "some", "some", "many", "many", "most", "most")
    ]
    assert level_of(9, 9) is None


@given(st.dictionaries(st.sampled_from("abcd"), st.tuples(st.integers(0, 40), st.integers(0, 10**7))))
def test_shares_compare_large_schools_alone(schools: dict[str, tuple[int, int]]) -> None:
    people = {school: count for school, (count, _) in schools.items()}
    amounts = {school: amount for school, (_, amount) in schools.items()}
    found = shares(amounts, people)
    small = [school for school, count in people.items() if count < SMALLEST]
    assert all(found[school] is None for school in small)
    # What a small school did moves nothing.
    assert found == shares({**amounts, **dict.fromkeys(small, 0)}, people)
    shown = [share for share in found.values() if share is not None]
    assert all(share % 5 == 0 and 0 <= share <= 100 for share in shown)
    assert not shown or abs(sum(shown) - 100) <= 2.5 * len(shown)


def test_how_often_is_told_of_five_people_at_least() -> None:
    assert (count_of(40, 4), count_of(6, 5)) == (None, 6)
    assert (middle([]), middle([3]), middle([9, 1, 5]), middle([4, 2])) == (None, 3, 5, 2)
