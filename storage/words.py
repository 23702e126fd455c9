"""Words as the search index knows them: without case, accents and signs, alike on every database and in every language.

The databases' own ways of cutting and folding text differ, so they are only given words that are cut and folded here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

LONGEST_WORD = 64
MOST_TERMS = 12
"""What comes after so many words of a query is not looked at."""
LONGEST_TEXT = 200_000
"""Characters of one entry that are indexed; PostgreSQL takes no more than a megabyte of words at once."""

_WORD = re.compile(r"[^\W_]+")
_TERM = re.compile(r'(?P<minus>(?<![^\s("])-)?(?:"(?P<phrase>[^"]*)"?|(?P<word>[^\s"]+))')
# Letters that Unicode doesn't take apart into a plain one and a mark.
_PLAIN = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ħ": "h", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text, folded, and where it stands in it."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Term:
    """What a query asks for: one word or the beginning of one, or several words in a row."""

    words: tuple[str, ...]
    is_prefix: bool
    is_excluded: bool = False


def fold(text: str) -> str:
    """`Łódź` and `lodz` become the same."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_PLAIN))
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> Iterator[Word]:
    """The words of a text in their order. A long one is cut, and what folding leaves nothing of is left out."""
    # Marks that stand apart from their letters would cut words in two; composed, nothing moves in what people type.
    for match in _WORD.finditer(text):
        for part in _parts(match[0]):
            yield Word(part[:LONGEST_WORD], match.start(), match.end())


def _parts(word: str) -> Sequence[str]:
    """What folding makes of a word; most are of plain letters, of which it only makes small ones."""
    return (word.lower(),) if word.isascii() else _WORD.findall(fold(word))


def folded_words(text: str) -> list[str]:
    """For the index."""
    return [part[:LONGEST_WORD] for word in _WORD.findall(text[:LONGEST_TEXT]) for part in _parts(word)]


def terms_of(query: str) -> list[Term]:
    """What somebody typed: words, the beginnings of words, `"phrases"` and `-without`. Any text has a meaning, or none.

    A query that only excludes finds nothing: an empty list.
    """
    terms: list[Term] = []
    for match in _TERM.finditer(query):
        is_phrase = match["phrase"] is not None
        words = tuple(word.folded for word in words_of(match["phrase"] if is_phrase else match["word"]))
        if words and len(terms) < MOST_TERMS:
            # What is joined by signs, as `KA2-project` or `s.com`, has to stand in a row.
            terms.append(Term(words[:MOST_TERMS], not is_phrase, match["minus"] is not None))
    return terms if any(not term.is_excluded for term in terms) else []


def finds(term: Term, words: Sequence[str], at: int) -> bool:
    """Whether the term stands in these folded words at this place."""
    last = at + len(term.words) - 1
    if last >= len(words) or any(word != words[at + n] for n, word in enumerate(term.words[:-1])):
        return False
    return words[last].startswith(term.words[-1]) if term.is_prefix else words[last] == term.words[-1]
