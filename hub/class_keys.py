"""The keys on class cards: three words of the class's language and a number, forgiving when typed.

A key is `olive-wave-guitar-4729`. The lists hold 1,024 English, 617 Spanish and 599 Polish words, so a key has at least
40.9 bits; a try may stand for up to MAX_READINGS keys, which leaves at least 36.9 of them. With 100,000 pupils in one
hub, one try in a million opens a door; `hub.auth` sees to it that guesses are few.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

LANGUAGES = ("en", "es", "pl")
WORDS_PER_KEY = 3
NUMBER_DIGITS = 4
MAX_READINGS = 16
LONGEST_WORD = 11
# Letters that Unicode doesn't take apart into a plain one and a mark.
PLAIN_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ß": "ss", "æ": "ae", "œ": "oe", "þ": "th", "ı": "i"}
)


@cache
def words_of(language: str) -> tuple[str, ...]:
    """The list of this language, or the English one: `pl-PL` reads Polish words."""
    short = language.split("-")[0]
    name = short if short in LANGUAGES else LANGUAGES[0]
    return tuple(files("hub").joinpath("class_words", f"{name}.txt").read_text("utf-8").split())


def new_key(language: str) -> str:
    words = [secrets.choice(words_of(language)) for _ in range(WORDS_PER_KEY)]
    return "-".join([*words, str(secrets.randbelow(10**NUMBER_DIGITS)).zfill(NUMBER_DIGITS)])


def normalise(typed: str) -> str:
    """Forgive what children and phones do: case, accents, spaces, hyphens, dots between the words."""
    plain = unicodedata.normalize("NFKD", typed.casefold().translate(PLAIN_LETTERS))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def readings(typed: str) -> list[str]:
    """The normalised keys that may be meant, the literal one first: with at most one slip of the finger in the words
    (a wrong, missing, additional or swapped letter), or two digits swapped. A wrong digit is a guess, not a slip.
    """
    literal = normalise(typed)
    split = re.fullmatch(r"([a-z]+)(\d*)", literal)
    if split is None:
        return [literal]
    letters, number = split[1], split[2]
    found = {literal: None}
    for language in LANGUAGES:
        for words, slips in _split(letters, _plain_words(language), WORDS_PER_KEY, 1):
            if slips:
                found.setdefault(words + number)
            else:
                for swapped in _swapped(number):
                    found.setdefault(words + swapped)
    return list(found)[:MAX_READINGS]


@cache
def _plain_words(language: str) -> dict[str, frozenset[str]]:
    """Each word under itself and under everything that is left of it without one letter."""
    found: dict[str, set[str]] = {}
    for word in words_of(language):
        plain = normalise(word)
        for key in (plain, *_without_one(plain)):
            found.setdefault(key, set()).add(plain)
    return {key: frozenset(words) for key, words in found.items()}


def _split(letters: str, words: dict[str, frozenset[str]], count: int, slips: int) -> Iterator[tuple[str, int]]:
    """Every way to read the letters as `count` words with at most so many slips, and how many there were."""
    if count == 0:
        if not letters:
            yield "", 0
        return
    for end in range(2, min(len(letters), LONGEST_WORD) + 1):
        head = letters[:end]
        for word, wrong in _near(head, words, slips):
            for rest, more in _split(letters[end:], words, count - 1, slips - wrong):
                yield word + rest, wrong + more


def _near(piece: str, words: dict[str, frozenset[str]], slips: int) -> Iterator[tuple[str, int]]:
    if piece in words.get(piece, ()):
        yield piece, 0
    if slips:
        candidates = {word for key in (piece, *_without_one(piece)) for word in words.get(key, ())}
        yield from ((word, 1) for word in sorted(candidates) if word != piece and is_one_slip(piece, word))


def _without_one(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def _swapped(number: str) -> list[str]:
    return [number[:at] + number[at + 1] + number[at] + number[at + 2 :] for at in range(len(number) - 1)]


def is_one_slip(one: str, other: str) -> bool:
    """Whether a wrong, missing, additional or swapped letter makes one of the other: Damerau-Levenshtein distance 1."""
    if len(one) == len(other):
        wrong = [at for at in range(len(one)) if one[at] != other[at]]
        return len(wrong) == 1 or (
            len(wrong) == 2
            and wrong[1] == wrong[0] + 1
            and one[wrong[0]] + one[wrong[1]] == other[wrong[1]] + other[wrong[0]]
        )
    short, long = sorted((one, other), key=len)
    return len(long) - len(short) == 1 and short in _without_one(long)
