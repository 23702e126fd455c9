"""Polls and quizzes."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.cases.finding import made
from tests.hub.world import World

POLL = {"question": "Rye or wheat?", "options": ["Rye", "Wheat"], "right": [0]}


async def prepare(world: World, author: str) -> dict[str, str]:
    founder, path = world.founder, f"{world.path}/polls"
    asked, ending, prepared, unasked = [(await made(founder, "POST", path, POLL))["id"] for _ in range(4)]
    for poll_id in (asked, ending):
        await made(founder, "POST", f"/api/v1/polls/{poll_id}/open", {"room_id": world.room_id})
    return {"poll_id": asked, "ending_id": ending, "prepared_id": prepared, "unasked_id": unasked}


PREPARED, UNASKED, ENDING = ((("poll_id", f"{name}_id"),) for name in ("prepared", "unasked", "ending"))

ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/polls": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/polls": Case(lambda ids: POLL),
    "GET /api/v1/polls/{poll_id}": Case(),
    "PUT /api/v1/polls/{poll_id}": Case(lambda ids: POLL, UNASKED),
    "DELETE /api/v1/polls/{poll_id}": Case(ids=UNASKED),
    "POST /api/v1/polls/{poll_id}/open": Case(lambda ids: {"room_id": ids["room_id"]}, PREPARED),
    "POST /api/v1/polls/{poll_id}/end": Case(lambda ids: {}, ENDING),
    "PUT /api/v1/polls/{poll_id}/vote": Case(lambda ids: {"counts": [1, 0]}),
    "GET /api/v1/polls/{poll_id}/export": Case(),
}
