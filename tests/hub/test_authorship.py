"""Who wrote a document, by user and by school, through real sockets."""

from __future__ import annotations

import pytest

from hub.authorship import read_authorship
from tests.crdt_docs.editor import Editor
from tests.hub.world import World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize("first", ["pupil", "founder"])
async def test_AU5_text_is_counted_by_user_and_by_school(world: World, first: str) -> None:
    content_id = await world.create("document")
    ana, bea = Editor(1), Editor(2)
    for role, editor, text in ((first, ana, "Hola "), ("teacher", bea, "Cześć!")):
        bea.doc.apply_update(ana.doc.get_update())
        bea.take()
        async with open_document(world.people[role], content_id) as client:
            await client.update(editor.type(text))
            assert await client.sync()
    found = await read_authorship(world.hub.context, content_id)
    here, there = world.people[first].user, world.teacher.user
    assert here is not None and there is not None
    assert [(run.text, run.user_id, run.school_id) for run in found.runs] == [
        ("Hola ", here.id, "school-a"),
        ("Cześć!", there.id, "school-b"),
    ]
    assert found.characters_by_user == {here.id: 5, there.id: 6}
    assert found.characters_by_school == {"school-a": 5, "school-b": 6}
    assert {user.id for user in found.users} == {here.id, there.id}


async def test_AU5_who_may_read_a_document_is_told_who_wrote_it(world: World) -> None:
    content_id = await world.create("document")
    ana = Editor(1)
    async with open_document(world.pupil, content_id) as client:
        await client.update(ana.type("Hola "))
        assert await client.sync()
    path = f"/api/v1/contents/{content_id}/authorship"
    told = await world.visitor.get(path)
    writer = world.pupil.user
    assert writer is not None
    (run,) = told["runs"]
    assert {**run, "written_at_ms": 0} == {
        "text": "Hola ",
        "user_id": writer.id,
        "written_by": writer.id,
        "written_at_ms": 0,
        "begins_text": True,
    }
    assert abs(run["written_at_ms"] - world.hub.context.now_ms()) < 300_000
    assert told["writers"] == [
        {"user_id": writer.id, "display_name": writer.display_name, "school_id": "school-a", "characters": 5}
    ]
    assert told["schools"] == [{"school_id": "school-a", "characters": 5}]
    assert (await world.stranger.call("GET", path)).status == 404
    assert (await world.nobody.call("GET", path)).status == 401
