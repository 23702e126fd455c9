"""The part of a text that answers a query, with what was looked for marked: as data, for the page to show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from storage.words import LONGEST_TEXT, Term, Word, finds, words_of

LENGTH = 160
LEAD = 40
"""Characters shown before the first hit."""

Part = tuple[str, bool]
"""A piece of the text, and whether it was looked for."""
Range = tuple[int, int]


def mark(text: str, terms: Sequence[Term]) -> list[Part]:
    """The whole text in pieces."""
    return _cut(text, 0, len(text), [place for place, _ in _hits(text, terms)])


def excerpt(text: str, terms: Sequence[Term]) -> list[Part]:
    """About two lines, where most of the terms stand together; the beginning when none does."""
    text = text[:LONGEST_TEXT]
    hits = _hits(text, terms)
    start = 0
    if hits:

        def together(at: int) -> int:
            return len({number for (begin, end), number in hits[at:] if end - hits[at][0][0] <= LENGTH - LEAD})

        best = max(range(min(len(hits), 200)), key=lambda at: (together(at), -at))
        start = _word_start(text, max(0, hits[best][0][0] - LEAD))
    end = min(len(text), start + LENGTH)
    if end < len(text):
        end = _word_start(text, end)
    parts = _cut(text, start, end, [place for place, _ in hits])
    return [*([("… ", False)] if start else []), *parts, *([(" …", False)] if end < len(text) else [])]


def _hits(text: str, terms: Sequence[Term]) -> list[tuple[Range, int]]:
    """Where each term stands, in the text's order, and which one it is."""
    words: list[Word] = list(words_of(text))
    folded = [word.folded for word in words]
    wanted = [(number, term) for number, term in enumerate(terms) if not term.is_excluded]
    return [
        ((words[at].start, words[at + len(term.words) - 1].end), number)
        for at in range(len(words))
        for number, term in wanted
        if finds(term, folded, at)
    ]


def _cut(text: str, start: int, end: int, ranges: Sequence[Range]) -> list[Part]:
    borders = {start, end}
    marked: list[Range] = []
    for first, last in ranges:
        first, last = max(first, start), min(last, end)
        if first < last:
            marked.append((first, last))
            borders |= {first, last}
    parts: list[Part] = []
    for first, last in pairwise(sorted(borders)):
        is_hit = any(a <= first and last <= b for a, b in marked)
        if parts and parts[-1][1] is is_hit:
            parts[-1] = (parts[-1][0] + text[first:last], is_hit)
        else:
            parts.append((text[first:last], is_hit))
    return parts


def _word_start(text: str, at: int) -> int:
    """Back to where the word begins, unless that is far."""
    begin = max(text.rfind(" ", 0, at), text.rfind("\n", 0, at)) + 1
    return begin if at - begin < LEAD else at
