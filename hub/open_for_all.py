"""What a meeting's locks mean for the document that is open on everybody's screen: who writes in it, who is seen in it.

They hold for every member without `moderate`, in the meeting or not: who leaves it, or opens the document beside it,
gains nothing.
"""

from __future__ import annotations

from hub.access import Access, Act
from hub.context import Context
from hub.lesson.powers import OF_WHAT_IS_OPEN, Part, Standpoint, hold_of
from storage.records import ContentId, Room, UserId


async def closed_parts(context: Context, access: Access, content_id: ContentId) -> frozenset[Part]:
    """Which of `OF_WHAT_IS_OPEN` are closed to the member in this content, by any meeting in which it is open now."""
    if access.may(Act.MODERATE):
        return frozenset()
    person = Standpoint(access.user.id)
    closed: set[Part] = set()
    for room_id in await context.storage.shared_views.showing(content_id):
        rules = await context.room_powers.rules_of(room_id)
        standings = await context.storage.room_powers.standings(room_id)
        mine = next((standing for standing in standings if standing.user_id == person.user_id), None)
        closed |= {part for part in OF_WHAT_IS_OPEN if hold_of(part, person, rules, mine, alone=False) is not None}
    return frozenset(closed)


async def follow_part(context: Context, room: Room, part: Part, user_id: UserId | None = None) -> None:
    """A part was closed or opened, to one person or (None) to all: when it returns, every open document obeys."""
    if part in OF_WHAT_IS_OPEN:
        await context.live_docs.reauthorise(user_id, room.twinspace_id)


async def follow_locks(context: Context, room: Room) -> None:
    """Something else is open for all: when it returns, every open document obeys."""
    rules = await context.room_powers.rules_of(room.id)
    standings = await context.storage.room_powers.standings(room.id)
    if not OF_WHAT_IS_OPEN.isdisjoint({*rules.locked, *(part for each in standings for part in each.held)}):
        await context.live_docs.reauthorise(None, room.twinspace_id)
