"""What one does with one's own account: a pupil takes a consent back or asks for a card, who was refused asks again."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.cases.accounts import add_waiting
from tests.hub.test_logins import with_password
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
MINE = "/api/v1/me/consents"


async def consent(world: World, **said: Any) -> None:
    body = {
        "user_ids": [world.pupil.user.id],
        "purposes": ["live_camera"],
        "granted": True,
        "given_by": "self",
        "of_age": True,
        "how": "in_person",
        "given_on": "2026-09-01",
        **said,
    }
    answer = await world.founder.call("POST", f"{world.path}/consents", body)
    assert answer.status == 200, answer


async def test_a_pupil_sees_the_consents_and_takes_back_ones_own(world: World) -> None:
    await consent(world)
    socket = await world.pupil.socket()
    seen = await world.pupil.get(MINE)
    assert (seen["own_age"], seen["withdrawable"]) == (14, ["live_camera"])
    assert {entry["purpose"]: entry["given_by"] for entry in seen["entries"]}["live_voice"] == "guardian"
    answer = await world.pupil.call("POST", f"{MINE}/withdrawal", {"purposes": ["live_camera"]})
    assert "live_camera" not in answer.body["allowed"] and answer.body["withdrawable"] == []
    assert "live_camera" not in (await socket.expect("consent:changed"))["allowed"]
    path = f"{world.path}/consents/{world.pupil.user.id}"
    newest, before = (await world.founder.get(path))["entries"][:2]
    assert (newest["granted"], newest["given_by"], newest["how"], newest["recorded_by"]) == (
        False,
        "self",
        "online",
        world.pupil.user.id,
    )
    assert before["granted"], "the ledger forgets nothing"
    again = await world.pupil.call("POST", f"{MINE}/withdrawal", {"purposes": ["live_camera"]})
    assert (again.status, again.code) == (409, "conflict")


async def test_what_a_guardian_has_said_only_a_guardian_takes_back(world: World) -> None:
    await consent(world)
    for purposes in (["live_voice"], ["live_camera", "live_voice"]):
        answer = await world.pupil.call("POST", f"{MINE}/withdrawal", {"purposes": purposes})
        assert (answer.status, answer.body["field"]) == (409, "purposes")
    assert "live_camera" in (await world.pupil.get(MINE))["allowed"], "all of it, or nothing"
    assert (await world.founder.call("POST", f"{MINE}/withdrawal", {"purposes": ["live_voice"]})).code == "conflict"
    assert (await world.pupil.call("POST", f"{MINE}/withdrawal", {"purposes": []})).code == "invalid"


async def test_a_pupil_asks_for_a_card_and_the_teachers_see_it_until_there_is_one(world: World) -> None:
    async def asks() -> bool:
        listed = (await world.founder.get("/api/v1/pupils"))["pupils"]
        return bool([each for each in listed if each["user_id"] == world.pupil.user.id][0]["asks_for_card"])

    assert not await asks()
    assert (await world.pupil.call("POST", "/api/v1/me/class_card/wish", {})).status == 204
    assert await asks()
    assert (await world.founder.call("POST", "/api/v1/me/class_card/wish", {})).status == 404
    await world.founder.call("POST", "/api/v1/pupils/class_cards", {"user_ids": [world.pupil.user.id]})
    assert not await asks()


async def test_who_was_refused_explains_and_is_let_in(world: World) -> None:
    user_id, service = await add_waiting(world), await world.person_of("national_staff")
    user = await world.hub.context.storage.users.get_user(user_id)
    person = Person(world.hub, world.founder.http, user)
    name = await with_password(world, person)
    answer = await world.nobody.call("POST", "/api/v1/login", {"name": name, "password": "correct horse battery"})
    person.token = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    world.people[name] = person
    path = f"/api/v1/registrations/{user_id}/decision"
    assert (await person.call("POST", "/api/v1/me/registration", {"message": "Me."})).code == "conflict"
    await service.call("POST", path, {"decision": "refused", "reason": "Who are you?"})
    socket = await person.socket()
    again = await person.call("POST", "/api/v1/me/registration", {"message": "The music teacher."})
    assert (again.status, again.body["state"], again.body["decided_at_ms"]) == (200, "waiting", None)
    assert (await socket.expect("account:changed"))["state"] == "waiting"
    (listed,) = [
        each for each in (await service.get("/api/v1/registrations"))["registrations"] if each["user_id"] == user_id
    ]
    assert (listed["message"], listed["refused_before"]) == ("The music teacher.", "Who are you?")
    assert (await service.call("POST", path, {"decision": "accepted"})).status == 204
    assert (await person.call("POST", "/api/v1/me/registration", {"message": "Me."})).code == "conflict"
