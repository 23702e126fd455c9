"""How a wall grew: in which order what hangs on it today was made.

Only from what is in the wall's document now: what waits before the gate was never there, and what was hidden, taken
off or erased has left it. So nothing that is gone comes back by being played.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    at_ms: int
    card_id: str
    """The card that was made; empty: nothing but comments came on this day."""
    author_id: str
    school_id: str
    cards: int
    """How many there were by then, this one with them."""
    comments: int


def steps(cards: Sequence[dict[str, Any]], comments: Sequence[dict[str, Any]]) -> list[Step]:
    """A step for each card, and one for each day on which something was said and no card made after it."""
    said = sorted(comment["created_at_ms"] for comment in comments)
    made = sorted(cards, key=lambda card: (card["created_at_ms"], card["position"], card["id"]))
    ends = {_day(at_ms): at_ms for at_ms in said}
    for card in made:
        if ends.get(day := _day(card["created_at_ms"]), card["created_at_ms"] + 1) <= card["created_at_ms"]:
            del ends[day]
    moments = [(card["created_at_ms"], card) for card in made] + [(at_ms, None) for at_ms in ends.values()]
    moments.sort(key=lambda moment: moment[0])
    found, cards_so_far, comments_so_far = [], 0, 0
    for at_ms, made_now in moments:
        cards_so_far += made_now is not None
        while comments_so_far < len(said) and said[comments_so_far] <= at_ms:
            comments_so_far += 1
        who = made_now or {"id": "", "author_id": "", "school_id": ""}
        found.append(Step(at_ms, who["id"], who["author_id"], who["school_id"], cards_so_far, comments_so_far))
    return found


def _day(at_ms: int) -> datetime.date:
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.UTC).date()
