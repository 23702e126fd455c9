"""Which breakout rooms are somebody's: what is said in one is for those who are or were in it, and for the staff."""

from __future__ import annotations

from hub.access import Access, Act
from hub.context import Context
from hub.lesson.breakouts import groups_of
from storage.records import RoomId


async def own_breakout_rooms(context: Context, access: Access) -> frozenset[RoomId]:
    """Whose talk the member may read: those of their own groups, those they were in; all, for who confers."""
    storage, twinspace_id, user_id = context.storage, access.twinspace.id, access.user.id
    if access.may(Act.CONFER):
        rooms = await storage.twinspaces.rooms(twinspace_id)
        return frozenset(room.id for room in rooms if room.parent_id is not None)
    plans = await storage.breakouts.of_twinspace(twinspace_id)
    mine = {group.room_id for plan in plans for group in groups_of(plan) if user_id in group.user_ids}
    return await storage.held_meetings.breakout_rooms_of(twinspace_id, user_id) | mine
