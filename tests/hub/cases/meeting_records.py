"""A meeting that was held."""

from __future__ import annotations

from storage.records import HeldMeeting, HeldMeetingId
from tests.hub.cases.case import Case
from tests.hub.world import World

RECORD = {"schools": [], "content_ids": [], "breakouts": [], "message_seqs": []}

MINE = (("held_id", "held_meeting_id"),)


async def prepare(world: World, author: str) -> dict[str, str]:
    held_id = HeldMeetingId(f"held-{world.twinspace_id}")
    assert world.founder.user is not None
    user_id, held = world.founder.user.id, world.hub.context.storage.held_meetings
    await held.begin(HeldMeeting(held_id, world.twinspace_id, world.room_id, None, "Talk", "", user_id, 1, 2, {}))
    await held.end(held_id, 2, RECORD)
    return {"held_meeting_id": held_id}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/held-meetings": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/held-meetings/{held_id}": Case(ids=MINE),
    "PUT /api/v1/twinspaces/{twinspace_id}/held-meetings/{held_id}/visibility": Case(
        lambda ids: {"visibility": "twinspace"}, ids=MINE
    ),
    "GET /api/v1/twinspaces/{twinspace_id}/held-meetings/{held_id}/attendance": Case(ids=MINE),
    "GET /api/v1/twinspaces/{twinspace_id}/held-meetings/{held_id}/attendance.csv": Case(ids=MINE),
}
# Whoever may end it has come in before, by the event `room:join`.

EVENTS: dict[str, Case] = {"room:end": Case(lambda ids: {"room_id": ids["room_id"]})}
