"""Who may see an item: a rung of the visibility ladder, the same on everything that people make in a TwinSpace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, get_args

from storage.records.ids import SchoolId, UserId
from storage.records.teams import TeamId

Rung = Literal["me", "team", "school", "teachers", "twinspace", "families", "inspection", "public"]
"""From the fewest people to all: each rung from `twinspace` on lets in everybody of those below it as well."""
RUNGS: tuple[Rung, ...] = get_args(Rung)


class Item(Protocol):
    """What the ladder asks of anything that has a rung: a record with these fields fits."""

    @property
    def created_by(self) -> UserId: ...
    @property
    def school_id(self) -> SchoolId | None:
        """The school of who made it, at that time."""
        ...

    @property
    def visibility(self) -> Rung: ...
    @property
    def team_id(self) -> TeamId | None:
        """Which team, on the rung `team`; None on every other."""
        ...


@dataclass(frozen=True, slots=True)
class Sight:
    """What one viewer sees of a TwinSpace's items: plain data, so that a database filters by it as the hub does."""

    rungs: frozenset[Rung]
    """Everything on these rungs."""
    user_id: UserId | None = None
    """Whoever made something sees it, whatever its rung."""
    school_id: SchoolId | None = None
    """Staff of this school see what is for its staff, and what its people keep to their teams."""
    team_ids: frozenset[TeamId] = frozenset()
