"""Keys on class cards: easy words, many of them, and a forgiving reader."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hub.class_keys import (
    LANGUAGES,
    MAX_READINGS,
    NUMBER_DIGITS,
    WORDS_PER_KEY,
    is_one_slip,
    new_key,
    normalise,
    readings,
    words_of,
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_short_and_apart(language: str) -> None:
    plain = [normalise(word) for word in words_of(language)]
    assert len(set(plain)) == len(plain)
    assert all(word.isalpha() and 3 <= len(word) <= 10 for word in plain)
    assert all(word == word.lower() for word in words_of(language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_key_has_bits_enough_for_all_its_readings(language: str) -> None:
    bits = WORDS_PER_KEY * math.log2(len(words_of(language))) + NUMBER_DIGITS * math.log2(10)
    assert bits >= 40.9
    assert bits - math.log2(MAX_READINGS) >= 36.9


def test_the_key_is_in_the_classes_language() -> None:
    for language, tag in (("es", "es-ES"), ("pl", "pl"), ("en", "fi")):
        *words, number = new_key(tag).split("-")
        assert len(words) == 3 and set(words) <= set(words_of(language))
        assert len(number) == NUMBER_DIGITS and number.isdigit()


@pytest.mark.parametrize(
    "typed",
    [
        "żółw-książka-pieróg-0470",
        "Żółw KSIĄŻKA Pieróg 0470",
        "zolw ksiazka pierog 0470",
        "zolwksiazkapierog0470",
        " zolw . ksiazka – pierog: 0470 ",
        "zolw ksiazka pieog 0470",
        "zlow ksiazka pierog 0470",
        "zolw ksiaszka pierog 0470",
        "zolw ksiazka pierrog 0470",
        "zolw ksiazka pierog 4070",
    ],
)
def test_case_accents_spaces_and_one_slip_are_forgiven(typed: str) -> None:
    assert "zolwksiazkapierog0470" in readings(typed)


@pytest.mark.parametrize(
    "typed",
    ["zolw ksiazka pierog 0471", "zolw ksiazka pierog 470", "zolv ksiazzka pierog 0470", "zolw ksiazka 0470", ""],
)
def test_a_wrong_digit_two_slips_and_half_a_key_are_not(typed: str) -> None:
    assert "zolwksiazkapierog0470" not in readings(typed)


@given(st.sampled_from(LANGUAGES), st.data())
def test_every_single_slip_in_the_words_finds_the_key(language: str, data: st.DataObject) -> None:
    words = [data.draw(st.sampled_from(words_of(language))) for _ in range(WORDS_PER_KEY)]
    key = normalise("".join(words)) + data.draw(st.from_regex(r"[0-9]{4}", fullmatch=True))
    at = data.draw(st.integers(0, len(key) - NUMBER_DIGITS - 1))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    typed = data.draw(
        st.sampled_from([key[:at] + key[at + 1 :], key[:at] + letter + key[at:], key[:at] + letter + key[at + 1 :]])
    )
    # A slip that makes another word of the list out of one may have more readings than a try stands for; none has yet.
    assert key in readings(typed)


@given(st.text(max_size=120))
def test_any_text_has_its_literal_reading_and_few_others(typed: str) -> None:
    found = readings(typed)
    assert found[0] == normalise(typed) and 1 <= len(found) <= MAX_READINGS


@given(st.text("abc", max_size=5), st.text("abc", max_size=5))
def test_one_slip_is_distance_one(one: str, other: str) -> None:
    assert is_one_slip(one, other) is (_distance(one, other) == 1)


def _distance(one: str, other: str) -> int:
    """Damerau-Levenshtein (adjacent swaps), by the table."""
    table = [[max(i, j) if min(i, j) == 0 else 0 for j in range(len(other) + 1)] for i in range(len(one) + 1)]
    for i in range(1, len(one) + 1):
        for j in range(1, len(other) + 1):
            table[i][j] = min(
                table[i - 1][j] + 1, table[i][j - 1] + 1, table[i - 1][j - 1] + (one[i - 1] != other[j - 1])
            )
            if i > 1 and j > 1 and one[i - 1] == other[j - 2] and one[i - 2] == other[j - 1]:
                table[i][j] = min(table[i][j], table[i - 2][j - 2] + 1)
    return table[-1][-1]
