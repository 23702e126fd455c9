"""The code of conduct: begun once, accepted by each school, and again when its text is another."""

from __future__ import annotations

import pytest

from crdt_docs.content import authoring
from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

CODE = {"title": "How we treat each other", "rules": ["We are kind.", "We ask before we take a picture."]}


async def begin(world: World) -> Answer:
    return await world.founder.call("POST", f"{world.path}/code", CODE)


async def accept(person: Person, world: World, text_hash: str) -> Answer:
    return await person.call("POST", f"{world.path}/code/acceptance", {"text_hash": text_hash})


async def missing(world: World) -> int:
    from hub.phases import missing_for

    twinspace = await world.hub.context.storage.twinspaces.get(world.twinspace_id)
    found = await missing_for(world.hub.context, twinspace, "during")
    return next((each.count for each in found if each.code == "code"), 0)


async def test_both_schools_accept_the_text_that_they_have_read(world: World) -> None:
    assert (await world.pupil.get(f"{world.path}/code"))["content_id"] is None
    assert await missing(world) == 2
    code = (await begin(world)).body
    listed = (await world.pupil.get(f"{world.path}/contents"))["contents"]
    assert [each["title"] for each in listed if each["id"] == code["content_id"]] == [CODE["title"]]
    accepted = await accept(world.founder, world, code["text_hash"])
    assert [each["accepted_at_ms"] is not None for each in accepted.body["schools"]] == [True, False]
    assert await missing(world) == 1
    assert (await accept(world.teacher, world, code["text_hash"])).status == 200
    assert await missing(world) == 0
    # Saying yes twice says no more.
    assert (await accept(world.teacher, world, code["text_hash"])).status == 200


async def test_another_text_has_to_be_accepted_anew(world: World) -> None:
    socket = await world.teacher.socket()
    await socket.enter(world.twinspace_id)
    code = (await begin(world)).body
    await socket.expect("plan:changed", lambda data: data["what"] == "code")
    await accept(world.founder, world, code["text_hash"])
    await world.hub.context.live_docs.edit(
        code["content_id"],
        "document",
        lambda doc: authoring.write_text(doc, [("paragraph", "We answer within a week.")]),
        user_id=None,
    )
    stale = await accept(world.teacher, world, code["text_hash"])
    assert (stale.status, stale.code) == (409, "conflict")
    now = await world.founder.get(f"{world.path}/code")
    assert now["text_hash"] != code["text_hash"]
    assert [(each["accepted_at_ms"], each["accepted_before"]) for each in now["schools"]] == [
        (None, True),
        (None, False),
    ]


async def test_there_is_one_code_and_teachers_alone_begin_and_accept_it(world: World) -> None:
    nothing = await accept(world.founder, world, "0" * 64)
    assert (nothing.status, nothing.body["field"]) == (400, "text_hash")
    assert (await world.pupil.call("POST", f"{world.path}/code", CODE)).status == 404
    code = (await begin(world)).body
    assert (await begin(world)).status == 409
    assert (await accept(world.pupil, world, code["text_hash"])).status == 404


async def test_going_on_without_a_code_is_said_and_not_blocked(world: World) -> None:
    storage = world.hub.context.storage
    assert world.founder.user is not None
    await storage.phases.move(
        world.twinspace_id, former="during", phase="before", moved_by=world.founder.user.id, missing=[], at_ms=1
    )
    body = {"former": "before", "phase": "during"}
    refused = await world.founder.call("POST", f"{world.path}/phase", body)
    assert refused.status == 409 and "code of conduct" in refused.body["detail"]
    moved = await world.founder.call("POST", f"{world.path}/phase", {**body, "although_missing": True})
    assert moved.status == 200 and "code" in moved.body["moves"][-1]["missing"]
