"""What counts as an answer to a poll, and what all answers say."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hub.lesson.polls import fault_of, right_voices, tally, voices

COUNTS = st.integers(1, 5).flatmap(lambda seats: st.tuples(st.just(seats), st.lists(st.integers(0, 6), max_size=5)))


@given(COUNTS, st.booleans())
def test_an_answer_that_passes_can_be_counted(given_: tuple[int, list[int]], is_many: bool) -> None:
    seats, counts = given_
    fault = fault_of(counts, options=3, is_many=is_many, seats=seats)
    if fault is None:
        assert 1 <= voices(counts, is_many=is_many, seats=seats) <= seats
        right = right_voices(counts, [1], is_many=is_many, seats=seats)
        assert right is None or 0 <= right <= seats
        assert tally(3, [counts, counts]) == [2 * count for count in counts]
    else:
        assert len(counts) != 3 or max(counts) > seats or not any(counts) or (not is_many and sum(counts) > seats)


def test_a_class_counts_its_pupils() -> None:
    assert fault_of([20, 4, 0], options=3, is_many=False, seats=24) is None
    assert fault_of([20, 5, 0], options=3, is_many=False, seats=24) == "Each of 24 has one answer."
    assert right_voices([20, 4, 0], [0], is_many=False, seats=24) == 20
    # Whether the same pupils chose both can't be known.
    assert right_voices([20, 20, 0], [0, 1], is_many=True, seats=24) is None
    assert right_voices([1, 1, 0], [0, 1], is_many=True, seats=1) == 1
