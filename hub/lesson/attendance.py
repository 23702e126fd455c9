"""Who was there and for how long: one line a person, whatever broke in between."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from storage.records import Stay, UserId

DROP_MS = 120_000
"""Who is back within two minutes was there all the time: a line that broke is not an absence."""


@dataclass(frozen=True, slots=True)
class Presence:
    """One person of a meeting."""

    user_id: UserId
    spans: tuple[tuple[int, int], ...]
    """From when until when, in order, with drops mended."""

    @property
    def lasted_ms(self) -> int:
        return sum(until - since for since, until in self.spans)

    @property
    def minutes(self) -> int:
        """Rounded; whoever was there at all has one."""
        return max(1, round(self.lasted_ms / 60_000))


def attendance_of(stays: Iterable[Stay]) -> list[Presence]:
    """By when they came first. Before a class's device are its pupils and whose it is; rooms of one meeting are one."""
    found: dict[UserId, list[tuple[int, int]]] = {}
    for stay in stays:
        for user_id in (stay.user_id, *stay.pupils):
            found.setdefault(user_id, []).append((stay.joined_at_ms, stay.seen_at_ms))
    people = [Presence(user_id, mended(spans)) for user_id, spans in found.items()]
    return sorted(people, key=lambda each: (each.spans[0], each.user_id))


def mended(spans: Iterable[tuple[int, int]], drop_ms: int = DROP_MS) -> tuple[tuple[int, int], ...]:
    """In order, those that overlap or lie no further apart than a drop made one."""
    joined: list[tuple[int, int]] = []
    for since, until in sorted((since, max(since, until)) for since, until in spans):
        if joined and since - joined[-1][1] <= drop_ms:
            joined[-1] = joined[-1][0], max(joined[-1][1], until)
        else:
            joined.append((since, until))
    return tuple(joined)
