"""Changing the rung of an item: who may, and what is written down about it. Actions of every kind of item use this."""

from __future__ import annotations

from hub.access import Access, Act
from hub.actions.journal import record
from hub.context import Context
from hub.errors import Invalid, NotFound
from hub.payloads.contents import ChangeVisibility
from hub.visibility import is_outside
from storage import ports
from storage.records import Item, Json, TeamId, TwinspaceId, User


async def check_change(context: Context, access: Access, item: Item, wanted: ChangeVisibility) -> TeamId | None:
    """The team that goes with the wanted rung. The caller has made sure that the member sees the item.

    Raise NotFound unless the member made it or may moderate or publish, and may publish where the new rung is above the
    TwinSpace; Invalid when a team is missing, unknown, or named without need. One's own things can be taken back in
    every phase.
    """
    if item.created_by != access.user.id and not access.may(Act.MODERATE) and not access.may(Act.PUBLISH):
        raise NotFound
    if is_outside(wanted.visibility) and not access.may(Act.PUBLISH):
        raise NotFound
    if wanted.visibility != "team":
        if wanted.team_id is not None:
            raise Invalid("A team goes with the visibility “team” alone.", field="team_id")
        return None
    if wanted.team_id is None:
        raise Invalid("Say which team is to see it.", field="team_id")
    try:
        team = await context.storage.teams.get(TeamId(wanted.team_id))
    except ports.NotFound:
        team = None
    is_mine = team is not None and (access.user.id in team.user_ids or access.may(Act.MODERATE))
    if team is None or team.twinspace_id != access.twinspace.id or not is_mine:
        raise Invalid("There is no such team, or you are not in it.", field="team_id")
    return team.id


async def record_change(
    context: Context, user: User, twinspace_id: TwinspaceId, item_id: str, former: Item, item: Item, details: Json
) -> None:
    said = {**details, "former": former.visibility, "visibility": item.visibility}
    await record(context, twinspace_id, "visibility_changed", user, item_id, said, about=item)
