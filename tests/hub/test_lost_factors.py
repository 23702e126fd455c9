"""Who lost the phone and the written codes: a colleague, or the teacher's service, takes the factor away."""

from __future__ import annotations

import logging
from dataclasses import replace

import pytest

from storage.records import SchoolId, User, UserId
from tests.hub.test_logins import PASSWORD, code_now, prove, set_up
from tests.hub.test_passkeys import add, device
from tests.hub.world import Answer, Person, World, make_person

pytestmark = pytest.mark.asyncio(loop_scope="session")
PATH = "/api/v1/second_factors/reset"


async def make(world: World, kind: str, school_id: str) -> Person:
    """With an address and a password, signed in by them."""
    context = world.hub.context
    other = await make_person(world.hub, world.founder.http, SchoolId(school_id), "guest")
    name = f"lost.{other.user.id}@school.example"
    user = User(UserId(f"lost-{other.user.id}"), name, "Lost", kind, SchoolId(school_id), "es", 1, email=name)  # type: ignore[arg-type]
    await context.storage.users.add_user(user, password_hash=await context.auth.hash_password(PASSWORD))
    return replace(await come(world, user), user=user)


async def come(world: World, user: User) -> Person:
    answer = await world.nobody.call("POST", "/api/v1/login", {"name": user.name, "password": PASSWORD})
    assert answer.status == 200, answer
    cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
    return Person(world.hub, world.founder.http, user, cookie)


async def reset(person: Person, owner: Person) -> Answer:
    return await person.call("POST", PATH, {"email": owner.user.email, "reason": "I know her voice."})


async def test_a_colleague_takes_the_lost_factor_away(world: World, caplog: pytest.LogCaptureFixture) -> None:
    owner = await make(world, "staff", "service-national")
    secret, _ = await set_up(owner)
    assert (await prove(owner, code_now(world, secret))).status == 200
    await add(owner, device(world), "Lost phone")
    socket = await owner.socket()
    colleague = await world.person_of("national_staff")
    with caplog.at_level(logging.WARNING):
        assert (await reset(colleague, owner)).status == 204
    assert await socket.expect("session:ended") == {"reason": "key_reset"}
    assert f"{colleague.user.id} has reset the second factor of {owner.user.id}" in caplog.text
    assert "voice" not in caplog.text
    assert (await owner.call("GET", "/api/v1/me")).status == 401
    # From here as on the first day: the password, then a new factor before anything else.
    again = await come(world, owner.user)
    me = await again.get("/api/v1/me")
    assert (me["second_factor"], me["factors"]) == ("set_up", [])
    assert (await again.call("GET", "/api/v1/registrations")).code == "second_factor_needed"
    assert (await reset(colleague, owner)).code == "conflict", "there is none any more"
    letters = sorted((world.hub.context.settings.data_dir / "outbox").glob("*.eml"))
    assert any(owner.user.email.encode() in (text := each.read_bytes()) and b"voice" in text for each in letters)


async def test_a_service_helps_its_own_teachers_and_nobody_else(world: World) -> None:
    teacher = await make(world, "teacher", "school-a")
    secret, _ = await set_up(teacher)
    assert (await prove(teacher, code_now(world, secret))).status == 200
    elsewhere = await make(world, "teacher", "school-b")
    secret, _ = await set_up(elsewhere)
    assert (await prove(elsewhere, code_now(world, secret))).status == 200
    national, regional = await world.person_of("national_staff"), await world.person_of("regional_staff")
    other_service = await make(world, "staff", "service-central")
    for person, owner in (
        (national, elsewhere),
        (regional, elsewhere),
        (national, other_service),
        (other_service, other_service),
        (world.founder, teacher),
        (teacher, teacher),
    ):
        assert (await reset(person, owner)).status in (404, 403), (person.user, owner.user)
    assert (await national.call("POST", PATH, {"email": "nobody@school.example", "reason": "?"})).status == 404
    assert (await national.call("POST", PATH, {"email": teacher.user.email, "reason": " "})).body["field"] == "reason"
    assert (await reset(regional, teacher)).status == 204
    assert (await (await come(world, teacher.user)).get("/api/v1/me"))["second_factor"] == "off"
