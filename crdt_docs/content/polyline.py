"""Whole numbers packed into text as the encoded polyline format has them: differences, five bits to a character.

(developers.google.com/maps/documentation/utilities/polylinealgorithm, without its factor of 100,000.) A point near the
one before it takes two characters, and a text is a value that Yjs merges with its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

_FIRST, _LAST = 63, 126
_MOST_CHARACTERS = 6
"""Of one number: 2^29 lies beyond every board."""


def pack(points: Iterable[Sequence[int]], before: Sequence[int]) -> str:
    """Points of as many numbers as `before` has, which is the last point of what is there already, or zeros."""
    last = list(before)
    text = []
    for point in points:
        for place, number in enumerate(point):
            difference = number - last[place]
            bits = ~(difference << 1) if difference < 0 else difference << 1
            while bits >= 0x20:
                text.append(chr((0x20 | (bits & 0x1F)) + _FIRST))
                bits >>= 5
            text.append(chr(bits + _FIRST))
        last = list(point)
    return "".join(text)


def unpack(text: str, dimensions: int, most: int) -> list[tuple[int, ...]]:
    """The points, at most so many. Members write it, so anything may come: and it ends where it goes wrong."""
    points: list[tuple[int, ...]] = []
    last = [0] * dimensions
    place = bits = shift = 0
    for character in text:
        value = ord(character) - _FIRST
        if not 0 <= value <= _LAST - _FIRST or shift >= _MOST_CHARACTERS * 5:
            break
        bits |= (value & 0x1F) << shift
        shift += 5
        if value >= 0x20:
            continue
        last[place] += ~(bits >> 1) if bits & 1 else bits >> 1
        bits = shift = 0
        place += 1
        if place == dimensions:
            points.append(tuple(last))
            place = 0
            if len(points) == most:
                break
    return points
