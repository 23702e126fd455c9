"""Which breakout rooms are somebody's: what is said in one is for those who are or were in it, and for the staff."""

from __future__ import annotations

from hub.access import Access, Act, access_twinspace
from hub.context import Context
from hub.errors import NotFound
from hub.lesson.breakouts import groups_of
from storage import ports
from storage.records import Room, RoomId, User


async def access_said(context: Context, user: User, room_id: RoomId) -> tuple[Access, Room]:
    """For reading what was said, written or captioned in a room: of a breakout room it stays with its people when it
    has closed. Raise NotFound when the room is absent, or its talk is not open to the user."""
    try:
        room = await context.storage.twinspaces.get_room(room_id)
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, user, room.twinspace_id, Act.READ)
    if room.parent_id is not None and room.id not in await own_breakout_rooms(context, access):
        raise NotFound
    return access, room


async def own_breakout_rooms(context: Context, access: Access) -> frozenset[RoomId]:
    """Whose talk the member may read: those of their own groups, those they were in; all, for who confers."""
    storage, twinspace_id, user_id = context.storage, access.twinspace.id, access.user.id
    if access.may(Act.CONFER):
        rooms = await storage.twinspaces.rooms(twinspace_id)
        return frozenset(room.id for room in rooms if room.parent_id is not None)
    plans = await storage.breakouts.of_twinspace(twinspace_id)
    mine = {group.room_id for plan in plans for group in groups_of(plan) if user_id in group.user_ids}
    return await storage.held_meetings.breakout_rooms_of(twinspace_id, user_id) | mine
