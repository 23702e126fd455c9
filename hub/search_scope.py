"""Where somebody may look for things: the TwinSpaces they may read, and what they see of each."""

from __future__ import annotations

from dataclasses import replace

from hub.access import Access, Act, Duty, duties_of, read_sight
from hub.breakout_people import own_breakout_rooms
from hub.context import Context
from hub.lane_names import room_team
from storage import ports
from storage.records import SearchScope, TwinspaceId, User


async def read_scope(context: Context, user: User) -> tuple[SearchScope, dict[TwinspaceId, str]]:
    """The scope, asked anew for every search, and the titles of the TwinSpaces in it."""
    sights, titles = {}, {}
    for twinspace in await context.storage.twinspaces.of_user(user.id):
        try:
            member = await context.storage.twinspaces.get_member(twinspace.id, user.id)
        except ports.NotFound:
            continue
        access = Access(twinspace, member, user)
        if access.may(Act.READ):
            rooms = await own_breakout_rooms(context, access)
            sight = await read_sight(context, access)
            sights[twinspace.id] = replace(sight, team_ids=sight.team_ids | {*map(room_team, rooms)})
            titles[twinspace.id] = twinspace.title
    at_large = Duty.NETWORK in await duties_of(context, user)
    return SearchScope(user.id, context.now_ms(), sights, at_large), titles
