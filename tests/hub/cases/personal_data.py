"""What there is about a person."""

from __future__ import annotations

from tests.hub.cases.case import Case
from tests.hub.world import World

GONE = (("user_id", "erased_id"),)


async def prepare(world: World, author: str) -> dict[str, str]:
    person = world.people[author]
    school = "b" if person.user and person.user.school_id == "school-b" else "a"
    pupil = await world.add("pupil", "pupil", school)
    assert pupil.user is not None
    return {"erased_id": pupil.user.id}


ROUTES: dict[str, Case] = {
    "POST /api/v1/me/copy": Case(lambda ids: {}),
    "GET /api/v1/me/copy": Case(),
    # Nothing is ready at the moment that it is asked for.
    "GET /api/v1/me/copy/file": Case(succeeds=False),
    "POST /api/v1/pupils/{user_id}/copy": Case(lambda ids: {}, GONE),
    "GET /api/v1/pupils/{user_id}/copy": Case(ids=GONE),
    "GET /api/v1/pupils/{user_id}/copy/file": Case(ids=GONE, succeeds=False),
    "GET /api/v1/me/erasure": Case(succeeds=False),
    # Whoever walks goes on walking: tests/hub/test_own_erasure.py goes the whole way.
    "POST /api/v1/me/erasure": Case(lambda ids: {"name": "somebody-else"}, succeeds=False),
    "GET /api/v1/erasures/{erasure_id}": Case(ids=(("erasure_id", "erased_id"),), succeeds=False),
    "POST /api/v1/pupils/{user_id}/erasure": Case(lambda ids: {"texts": True}, GONE),
}
