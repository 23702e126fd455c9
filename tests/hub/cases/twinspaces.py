"""A TwinSpace, its members and guests."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World


async def prepare(world: World, author: str) -> dict[str, str]:
    person = world.people[author]
    school = "b" if person.user and person.user.school_id == "school-b" else "a"
    pupil = await world.add("pupil", "pupil", school)
    assert pupil.user is not None
    return {"twinspace_id": world.twinspace_id, "user_id": pupil.user.id, "link_id": "a-link"}


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/members/{user_id}/class_card": Case(lambda ids: {}),
    "GET /api/v1/twinspaces/{twinspace_id}/guest_links": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/guest_links": Case(lambda ids: {"title": "Parents"}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/guest_links/{link_id}": Case(succeeds=False),
    "POST /api/v1/twinspaces/{twinspace_id}/guests/{user_id}": Case(succeeds=False),
    "DELETE /api/v1/twinspaces/{twinspace_id}/guests/{user_id}": Case(succeeds=False),
    "POST /api/v1/guests": Case(
        lambda ids: {"secret": "none", "display_name": "Guest", "language": "es"}, succeeds=False
    ),
    "POST /api/v1/twinspaces/{twinspace_id}/members": Case(lambda ids: {"user_ids": [ids["user_id"]]}),
    "DELETE /api/v1/twinspaces/{twinspace_id}/members/{user_id}": Case(),
}

EVENTS: dict[str, Case] = {
    "twinspace:enter": Case(lambda ids: {"twinspace_id": ids["twinspace_id"]}),
    "twinspace:leave": Case(lambda ids: {"twinspace_id": ids["twinspace_id"]}),
}
