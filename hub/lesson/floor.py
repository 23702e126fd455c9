"""Whose turn it is to speak: schools take turns, and within a school who has had least of it goes first."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from storage.records import Hand, SchoolId

TALK_GRAIN_MS = 30_000
"""Talk times that differ by less are alike: nobody loses a turn over a cough."""


def queue(hands: Sequence[Hand], spoken_ms: Mapping[SchoolId, int]) -> list[Hand]:
    """The raised hands in the order of their turns.

    `hands`: those that are up, and those that were called in this meeting. The school that was called last waits while
    another has a hand up; among the others goes first the one with the fewest turns to come, then the one that spoke
    least, then the one whose hand is up longest. Within a school: who was called least, then whose hand is up longest.
    """
    called = [hand for hand in hands if hand.outcome == "called"]
    turns = Counter(_speaker(hand) for hand in called)
    waiting: dict[SchoolId, list[Hand]] = {}
    for hand in sorted(hands, key=lambda each: (turns[_speaker(each)], each.raised_at_ms, each.id)):
        if hand.ended_at_ms is None:
            waiting.setdefault(hand.school_id, []).append(hand)
    last = max(called, key=lambda hand: (hand.ended_at_ms or 0, hand.id)).school_id if called else None
    planned: Counter[SchoolId] = Counter()
    ordered: list[Hand] = []

    def place(school_id: SchoolId) -> tuple[bool, int, int, int, str]:
        first = min(waiting[school_id], key=lambda each: (each.raised_at_ms, each.id))
        spoken = spoken_ms.get(school_id, 0) // TALK_GRAIN_MS
        return school_id == last, planned[school_id], spoken, first.raised_at_ms, first.id

    while waiting:
        last = min(waiting, key=place)
        planned[last] += 1
        ordered.append(waiting[last].pop(0))
        if not waiting[last]:
            del waiting[last]
    return ordered


def _speaker(hand: Hand) -> str:
    return hand.pupil_id or hand.user_id


class TalkTime:
    """How long each school has spoken; of single people it knows nothing."""

    def __init__(self) -> None:
        self._spoken_s: dict[SchoolId, float] = {}
        self._speaking: SchoolId | None = None
        self._since = 0.0

    def note_speaker(self, school_id: SchoolId | None, now: float) -> None:
        """Who has the floor from now on; None: nobody."""
        self._add(now)
        self._speaking, self._since = school_id, now

    def spoken_ms(self, now: float) -> dict[SchoolId, int]:
        self._add(now)
        return {school_id: round(seconds * 1000) for school_id, seconds in self._spoken_s.items()}

    def _add(self, now: float) -> None:
        if self._speaking is not None and now > self._since:
            self._spoken_s[self._speaking] = self._spoken_s.get(self._speaking, 0.0) + now - self._since
        self._since = max(self._since, now)


def counted(hands: Iterable[Hand]) -> Counter[SchoolId]:
    """How many turns each school has had."""
    return Counter(hand.school_id for hand in hands if hand.outcome == "called")
