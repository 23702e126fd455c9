"""Links for people outside."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    body = {"audience": "families", "title": "The parents of 5B"}
    made = await world.founder.call("POST", f"{world.path}/shares", body)
    assert made.status == 201, made
    return {"share_id": made.body["id"], "ticket": "none", "secret": made.body["url"].rpartition("=")[2]}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/shares": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/shares": Case(lambda ids: {"audience": "inspection", "title": "June"}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/shares/{share_id}": Case(),
    "POST /api/v1/shared": Case(lambda ids: {"secret": ids["secret"]}),
    "GET /api/v1/shared/files/{ticket}": Case(succeeds=False),
}
