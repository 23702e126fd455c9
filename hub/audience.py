"""Who is told of an item: an announcement goes to those who may see what it speaks of, and to nobody else."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from hub.access import Act, acts_of
from hub.context import Context
from hub.payloads.contents import ItemHidden
from hub.roster import read_users
from hub.visibility import OF_ALL_MEMBERS, may_see, sight_of
from storage.records import Item, TwinspaceId, UserId


async def audience_of(context: Context, twinspace_id: TwinspaceId, item: Item) -> frozenset[UserId]:
    """The members who see the item now."""
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    members = await context.storage.twinspaces.members(twinspace_id)
    users = await read_users(context.storage, [member.user_id for member in members])
    teams = await context.storage.teams.of_twinspace(twinspace_id) if item.visibility == "team" else []
    seeing = set()
    for member in members:
        acts, user = acts_of(member.role, twinspace.phase), users[member.user_id]
        in_teams = [team.id for team in teams if user.id in team.user_ids]
        if Act.READ in acts and may_see(sight_of(user, confers=Act.CONFER in acts, team_ids=in_teams), item):
            seeing.add(user.id)
    return frozenset(seeing)


async def tell(context: Context, twinspace_id: TwinspaceId, item: Item | None, event: str, payload: Any) -> None:
    """Announce to those who see the item; None: to everybody who is in the TwinSpace, which is members who may read."""
    if item is None or item.visibility in OF_ALL_MEMBERS:
        await context.announce.to_twinspace(twinspace_id, event, payload)
    else:
        seeing = await audience_of(context, twinspace_id, item)
        await context.announce.to_members(twinspace_id, seeing, event, payload)


async def tell_change(
    context: Context, twinspace_id: TwinspaceId, item_id: str, former: Item, item: Item, event: str, payload: Any
) -> None:
    """After a change of rung: who sees the item now is told `event`, and who saw it until now, that it is gone.

    Open documents are asked again whether they may stay open.
    """
    await context.live_docs.reauthorise(None, twinspace_id)
    before, after = [await audience_of(context, twinspace_id, each) for each in (former, item)]
    await _tell_hidden(context, twinspace_id, item_id, before - after)
    await context.announce.to_members(twinspace_id, after, event, payload)


async def tell_gone(context: Context, twinspace_id: TwinspaceId, item_id: str, item: Item) -> None:
    """After it was taken away altogether."""
    await _tell_hidden(context, twinspace_id, item_id, await audience_of(context, twinspace_id, item))


async def _tell_hidden(context: Context, twinspace_id: TwinspaceId, item_id: str, lost: Collection[UserId]) -> None:
    if lost:
        gone = ItemHidden(twinspace_id=twinspace_id, item_id=item_id)
        await context.announce.to_members(twinspace_id, lost, "item:hidden", gone)
