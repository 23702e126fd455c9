"""The work plan: teams, activities, meetings, calendars."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    assert world.teacher.user is not None
    people = {"title": "Bakers", "user_ids": [world.teacher.user.id]}
    team = await world.founder.call("POST", f"{world.path}/teams", people)
    assert team.status == 201, team
    return {"team_id": team.body["id"]}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/teams": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/teams": Case(lambda ids: {"title": "Poets", "user_ids": []}),
    "PUT /api/v1/twinspaces/{twinspace_id}/teams/{team_id}": Case(
        lambda ids: {"title": "Poets", "user_ids": [], "revision": 1}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/teams/{team_id}": Case(),
}
