"""The visibility ladder: me → my team → my school's staff → all teachers → TwinSpace → families → inspection → public.

Everything that people make in a TwinSpace has a rung. `may_see` is the one rule; whoever opens a way to read items asks
it (through `hub.access`, which knows the viewer), or hands the viewer's `Sight` to a list's port, which filters alike.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.records import RUNGS, Role, Rung, Sight, TeamId, User
from storage.visibility import sees as may_see

__all__ = [
    "ANYBODY",
    "FAMILIES",
    "INSPECTION",
    "OF_ALL_MEMBERS",
    "is_outside",
    "may_see",
    "sight_of",
    "starting_rung",
]


def _from(rung: Rung) -> frozenset[Rung]:
    return frozenset(RUNGS[RUNGS.index(rung) :])


OF_ALL_MEMBERS = _from("twinspace")
OUTSIDE = _from("families")
"""Rungs that let in people who are no members."""
FAMILIES = Sight(_from("families"))
"""Who holds a link for families."""
INSPECTION = Sight(_from("inspection"))
"""Who holds a link for the inspection."""
ANYBODY = Sight(_from("public"))

START: dict[str, Rung] = {}
"""The rung on which something of a kind begins; what is not named here begins on `twinspace`, the same for everybody.

Nothing begins above it: that is a teacher's decision, one item at a time.
"""


def sight_of(user: User, *, confers: bool, team_ids: Iterable[TeamId]) -> Sight:
    """What a member sees. `confers`: whether the role takes part in what is kept among teachers."""
    return Sight(
        rungs=_from("teachers") if confers else OF_ALL_MEMBERS,
        user_id=user.id,
        school_id=user.school_id if confers else None,
        team_ids=frozenset(team_ids),
    )


def is_outside(rung: Rung) -> bool:
    """Whether people see it who are no members of the TwinSpace."""
    return rung in OUTSIDE


def starting_rung(kind: str, role: Role) -> Rung:
    return START.get(kind, "twinspace")
