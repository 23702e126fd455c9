"""How a wall grew."""

from __future__ import annotations

from hub.payloads.fields import Reply


class GrowthStep(Reply):
    at_ms: int
    card_id: str
    """Empty: nothing but comments came."""
    author_id: str
    author_name: str
    school_id: str
    cards: int
    """How many there were by then."""
    comments: int


class WallGrowth(Reply):
    steps: list[GrowthStep]
    """Oldest first; of what hangs on the wall now and nothing else."""
