"""What activities and meetings share: who may plan, who is invited, what was changed since somebody looked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from hub.access import Access, Act, access_twinspace, acts_of
from hub.context import Context
from hub.errors import Conflict
from hub.payloads.teams import PlanChanged
from storage.records import Member, PlannedMeeting, Team, TeamId, TwinspaceId, User, UserId

LONGEST_HISTORY = 40
"""Changes that are remembered of one activity or meeting: a dialog that stayed open over more is told all the same."""


async def access_plan(context: Context, user: User, twinspace_id: str) -> Access:
    return await access_twinspace(context, user, TwinspaceId(twinspace_id), Act.PLAN)


async def planners_of(context: Context, twinspace_id: TwinspaceId) -> list[UserId]:
    """Who may plan here now."""
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    members = await context.storage.twinspaces.members(twinspace_id)
    return [member.user_id for member in members if Act.PLAN in acts_of(member.role, twinspace.phase)]


def grown(history: Any, revision: int, user_id: UserId, at_ms: int, fields: Sequence[str]) -> Any:
    """The history with one more change."""
    entry = {"revision": revision, "user_id": user_id, "at_ms": at_ms, "fields": [*fields]}
    return [*history, entry][-LONGEST_HISTORY:]


def differing(former: Any, wanted: Any, parts: Mapping[str, Sequence[str]]) -> list[str]:
    """Which of the named parts differ between two records."""
    return [
        name
        for name, attributes in parts.items()
        if any(getattr(former, each) != getattr(wanted, each) for each in attributes)
    ]


def stale(title: str, history: Any, seen: int, names: Mapping[UserId, str]) -> Conflict:
    """What somebody is told who changes a revision that is not the present one any more."""
    since = [each for each in history if each["revision"] > seen]
    fields = list(dict.fromkeys(field for each in since for field in each["fields"]))
    who = " and ".join(dict.fromkeys(names.get(each["user_id"], "Somebody") for each in since)) or "Somebody"
    what = ", ".join(fields) or "it"
    return Conflict(
        f"{who} changed “{title}” in the meantime: {what}. Nothing of yours was stored; look at both.",
        field=fields[0] if fields else None,
    )


def is_asked(meeting: PlannedMeeting, user_id: UserId, team_ids: frozenset[TeamId]) -> bool:
    """Whether a member who is in these teams is asked to the meeting; who planned it always is."""
    invited = meeting.invited
    if invited["everybody"] or user_id in invited["user_ids"] or user_id == meeting.created_by:
        return True
    return not team_ids.isdisjoint(invited["team_ids"])


def is_invited(meeting: PlannedMeeting, user_id: UserId, teams: Sequence[Team]) -> bool:
    """Whether a member is asked to the meeting, by all the teams of its TwinSpace."""
    mine = frozenset(team.id for team in teams if user_id in team.user_ids)
    return is_asked(meeting, user_id, mine)


def invited_members(meeting: PlannedMeeting, members: Sequence[Member], teams: Sequence[Team]) -> list[UserId]:
    return [member.user_id for member in members if is_invited(meeting, member.user_id, teams)]


async def tell_plan(context: Context, twinspace_id: TwinspaceId, what: Any, subject_id: str, by: UserId) -> None:
    changed = PlanChanged(twinspace_id=twinspace_id, what=what, id=subject_id, by=by)
    await context.announce.to_twinspace(twinspace_id, "plan:changed", changed)
