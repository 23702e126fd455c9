from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crdt_docs.content.order_key import key_between


@given(st.integers(0, 1 << 32))
def test_keys_stay_in_order_wherever_something_is_put(seed: int) -> None:
    rng = random.Random(seed)
    keys: list[str] = []
    for _ in range(120):
        place = rng.choice([0, len(keys), rng.randrange(len(keys) + 1)])
        before = keys[place - 1] if place else None
        after = keys[place] if place < len(keys) else None
        keys.insert(place, key_between(before, after))
    assert keys == sorted(set(keys))


@pytest.mark.parametrize("at_the_front", [False, True])
def test_a_thousand_keys_at_one_end_stay_short(at_the_front: bool) -> None:
    key = key_between(None, None)
    for _ in range(1_000):
        key = key_between(None, key) if at_the_front else key_between(key, None)
    assert len(key) <= 4


def test_a_thousand_keys_in_one_gap_grow_slowly() -> None:
    low, high = "a0", "a1"
    for _ in range(1_000):
        high = key_between(low, high)
    assert low < high and len(high) < 250


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (None, None, "a0"),
        ("a0", None, "a1"),
        (None, "a0", "Zz"),
        ("az", None, "b00"),
        ("Zz", None, "a0"),
        ("a0", "a1", "a0V"),
        (None, "a0V", "a0"),
        (None, "A" + "0" * 26 + "V", "A" + "0" * 26 + "F"),
    ],
)
def test_known_keys(before: str | None, after: str | None, expected: str) -> None:
    assert key_between(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [("a1", "a0"), ("a0", "a0"), ("", "a0"), ("a", None), ("a00", None), ("!0", None), ("aé", None)],
)
def test_what_is_no_key_is_refused(before: str, after: str | None) -> None:
    with pytest.raises(ValueError):
        key_between(before, after)
