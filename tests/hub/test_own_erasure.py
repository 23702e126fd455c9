"""A teacher leaves for good: what has to be settled first, how far it is, and that nothing of them is left."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import aiohttp
import pytest

from hub.app import start
from hub.auth import open_login
from hub.erasure_work import LEASE_MS
from hub.settings import Settings
from storage import open_storage
from storage.records import ErasureJob, ErasureJobId, Member, SchoolId, User, UserId
from storage.snapshots import verify
from tests.hub.test_erasure import keep, needle, places_of, post, rewritten
from tests.hub.test_foundings import path, propose, sign
from tests.hub.test_successions import agree, colleague, suggest
from tests.hub.world import Answer, Person, World, add_schools, make_person, make_world

pytestmark = pytest.mark.asyncio(loop_scope="session")

OWN = "/api/v1/me/erasure"


async def erase_me(person: Person, *, texts: bool = True, name: str | None = None) -> Answer:
    assert person.user is not None
    return await person.call("POST", OWN, {"name": name or person.user.name, "texts": texts})


async def teacher_called(world: World, name: str) -> Person:
    context = world.hub.context
    person = await world.add("teacher")
    assert person.user is not None
    user = replace(person.user, id=UserId(f"{person.user.id}-t"), name=f"{person.user.name}.t", display_name=name)
    user = replace(user, email=f"{user.name}@school.example")
    await context.storage.users.add_user(user)
    now_ms = context.now_ms()
    await context.storage.twinspaces.add_member(Member(world.twinspace_id, user.id, "teacher", 1, now_ms))
    _, token = await open_login(context.storage, user, "token", days=1, now_ms=now_ms)
    world.people[user.name] = Person(world.hub, world.founder.http, user, token)
    return world.people[user.name]


@pytest.mark.parametrize("texts", [True, False])
async def test_a_teacher_who_erases_the_own_account_leaves_no_byte_of_the_name(world: World, texts: bool) -> None:
    name, word, other = needle(), needle(), needle()
    iris = await teacher_called(world, name)
    assert iris.user is not None and iris.user.email is not None
    about = {"about": word, "stages": ["primary"], "subjects": [word], "languages": ["es"], "is_listed": True}
    assert (await iris.call("PUT", "/api/v1/me/profile", about)).status == 200
    await post(iris, world, word)
    await post(world.founder, world, other)
    content = await iris.call("POST", f"{world.path}/contents", {"kind": "document", "title": "Ours"})
    assert content.status == 201
    await keep(world)
    await world.hub.context.search_index.settle()
    assert places_of(world, name) and places_of(world, word)
    asked = await erase_me(iris, texts=texts)
    assert asked.status == 202 and asked.body["state"] in ("waiting", "working", "done")
    assert (await iris.call("GET", "/api/v1/me")).status == 401, "the account is shut at once"
    await rewritten(world)
    progress = await world.nobody.get(f"/api/v1/erasures/{asked.body['erasure_id']}")
    assert (progress["state"], progress["done"]) == ("done", 100)
    for gone in (name, iris.user.email, iris.user.name):
        assert places_of(world, gone) == [], gone
    assert bool(places_of(world, word)) is not texts
    assert places_of(world, other)
    assert (await verify(world.hub.context.storage, world.twinspace_id)).is_intact
    log = (await world.founder.get(f"{world.path}/moderation/log"))["entries"]
    assert [(each["action"], each["subject_id"]) for each in log if each["action"] == "erased"] == [
        ("erased", iris.user.id)
    ]


async def test_who_founds_a_project_that_goes_on_is_told_where_somebody_has_to_follow(world: World) -> None:
    founding = await propose(world)
    for person in (world.founder, world.teacher):
        await sign(person, founding)
    eva = await colleague(world)
    (listed,) = (await world.founder.get(OWN))["founded"]
    assert (listed["twinspace_id"], listed["title"]) == (founding["twinspace_id"], founding["title"])
    refused = await erase_me(world.founder)
    assert (refused.status, refused.code) == (409, "conflict") and founding["title"] in refused.body["detail"]
    made = (await suggest(world.founder, founding, world.founder, eva)).body
    for person in (world.teacher, eva):
        await agree(person, founding, made)
    assert (await world.founder.get(OWN))["founded"] == []
    assert (await erase_me(world.founder)).status == 202
    await rewritten(world)
    shown = await eva.get(path(founding))
    assert shown["may_edit"]
    assert shown["succession"]["leaving"]["display_name"] == "A former teacher of School a"


async def test_a_closed_project_keeps_nobody(world: World) -> None:
    founding = await propose(world)
    assert (await world.teacher.call("DELETE", path(founding))).status == 204
    assert (await world.founder.get(OWN))["founded"] == []


async def test_who_is_to_follow_and_goes_follows_nobody(world: World) -> None:
    founding, eva = await propose(world), await colleague(world)
    made = (await suggest(world.teacher, founding, world.founder, eva)).body
    assert (await erase_me(eva)).status == 202
    await rewritten(world)
    ended = await world.hub.context.storage.successions.get(made["id"])
    assert ended.state == "declined"


async def test_a_wrong_name_a_pupil_and_a_guest_erase_nothing(world: World) -> None:
    wrong = await erase_me(world.teacher, name="somebody-else")
    assert (wrong.status, wrong.body["field"]) == (400, "name")
    guest = await make_person(world.hub, world.founder.http, SchoolId("school-a"), "guest")
    for person in (world.pupil, guest):
        assert (await erase_me(person)).status == 404 == (await person.call("GET", OWN)).status
    assert (await world.nobody.call("GET", "/api/v1/erasures/absent")).status == 404
    assert (await world.teacher.call("GET", "/api/v1/me")).status == 200


async def test_requests_are_answered_while_the_files_are_rewritten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request that asks for it does not wait for it, and neither do others that read."""
    begun, go_on = asyncio.Event(), asyncio.Event()
    scrub = world.hub.context.storage.erasure.scrub

    async def held() -> None:
        begun.set()
        await go_on.wait()
        await scrub()

    monkeypatch.setattr(world.hub.context.storage.erasure, "scrub", held)
    iris = await teacher_called(world, needle())
    asked = await erase_me(iris)
    async with asyncio.timeout(60):
        await begun.wait()
        progress = await world.nobody.get(f"/api/v1/erasures/{asked.body['erasure_id']}")
        assert (progress["state"], progress["done"]) == ("working", 90)
        assert await world.founder.get(world.path)
        go_on.set()
    await rewritten(world)


@pytest.mark.slow
async def test_a_hub_that_died_in_the_middle_goes_on_with_it(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0, host="127.0.0.1")
    hub = await start(settings)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        try:
            await add_schools(hub.context.storage)
            world = await make_world(hub, http)
            iris = await teacher_called(world, needle())
            await post(iris, world, "Hello")
            user: User | None = iris.user
            assert user is not None
            await world.close()
            # As a process leaves it that took it and was killed; its lease has run out since.
            now_ms = hub.context.now_ms()
            job = ErasureJob(ErasureJobId("half-done"), user.id, True, user.id, now_ms - 2 * LEASE_MS)
            half_done = replace(job, state="working", done=40, taken_until_ms=now_ms - 1)
        finally:
            await hub.stop()
        storage = await open_storage(data_dir=tmp_path)
        await storage.erasure.add_job(half_done)
        await storage.close()
        hub = await start(settings)
        try:
            again = replace(world, hub=hub)
            await rewritten(again)
            assert places_of(again, user.display_name) == []
            assert (await hub.context.storage.erasure.get_job(half_done.id)).state == "done"
        finally:
            await hub.stop()
