"""Foundings and phases."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World

PLAN = {
    "title": "Breads of Europe",
    "programme": "ka2",
    "stage": "lower_secondary",
    "subjects": ["Cooking"],
    "languages": ["es", "pl"],
    "starts_on": "2026-09-01",
    "ends_on": "2027-06-30",
    "room_title": "Our room",
}


CHANGED_PLAN = {name: value for name, value in PLAN.items() if name != "room_title"}


def partner_of(world: World) -> str:
    """The sign-in name of a teacher of the other school."""
    assert world.teacher.user is not None
    return world.teacher.user.name


FOUNDING = (("twinspace_id", "founding_id"),)


async def prepare(world: World, author: str) -> dict[str, str]:
    partner = partner_of(world)
    proposed = await world.founder.call("POST", "/api/v1/foundings", {**PLAN, "partner": partner})
    assert proposed.status == 201, proposed
    return {"founding_id": proposed.body["twinspace_id"], "agreement": proposed.body["agreement"], "partner": partner}


ROUTES: dict[str, Case] = {
    "GET /api/v1/foundings": Case(),
    "POST /api/v1/foundings": Case(lambda ids: {**PLAN, "partner": ids["partner"]}),
    "GET /api/v1/foundings/{twinspace_id}": Case(ids=FOUNDING),
    "PATCH /api/v1/foundings/{twinspace_id}": Case(lambda ids: CHANGED_PLAN, FOUNDING),
    "DELETE /api/v1/foundings/{twinspace_id}": Case(ids=FOUNDING),
    "POST /api/v1/foundings/{twinspace_id}/signature": Case(lambda ids: {"agreement": ids["agreement"]}, FOUNDING),
    # Nobody may decide what nobody has signed; tests/hub/test_foundings.py goes the whole way.
    "POST /api/v1/foundings/{twinspace_id}/verdict": Case(
        lambda ids: {"agreement": ids["agreement"], "approved": True}, FOUNDING, succeeds=False
    ),
    "GET /api/v1/successions": Case(),
    # Two founders, and a teacher who follows: tests/hub/test_successions.py goes the whole way.
    "POST /api/v1/foundings/{twinspace_id}/successions": Case(
        lambda ids: {"leaving_id": ids["user_id"], "successor": "nobody-here"}, FOUNDING, succeeds=False
    ),
    "POST /api/v1/foundings/{twinspace_id}/successions/{succession_id}/agreement": Case(
        lambda ids: {}, (*FOUNDING, ("succession_id", "founding_id")), succeeds=False
    ),
    "POST /api/v1/foundings/{twinspace_id}/successions/{succession_id}/end": Case(
        lambda ids: {}, (*FOUNDING, ("succession_id", "founding_id")), succeeds=False
    ),
    "GET /api/v1/twinspaces/{twinspace_id}/life": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/phase": Case(
        lambda ids: {"former": "during", "phase": "after", "although_missing": True}
    ),
    "POST /api/v1/twinspaces/{twinspace_id}/reopening": Case(lambda ids: {"former": "during"}, succeeds=False),
}
