"""Whiteboards at the hub: whose objects they are, and locks that no client goes round."""

from __future__ import annotations

from typing import Any

import pytest
from pycrdt import Doc, Map

from crdt_docs.content import whiteboard
from storage.records import ContentId
from tests.hub.world import Person, World
from tests.hub.yjs_client import AUTHENTICATED, open_collab, open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


def drawn(client_id: int, object_id: str, after: bytes | None = None) -> bytes:
    doc: Doc[Any] = Doc(client_id=client_id)
    if after is not None:
        doc.apply_update(after)
    look = {"type": "ellipse", "tint": 1, "width": 4}
    doc.get("objects", type=Map)[object_id] = Map({"look": look, "box": [0, 0, 50, 40], "order": "a0"})
    return doc.get_update()


async def draw(person: Person, board_id: str, client_id: int) -> bool:
    async with open_collab(person, board_id) as document:
        await document.sign_in(person.token or "")
        return bool(await document.update(drawn(client_id, f"by-{client_id}")))


async def objects(world: World, board_id: str) -> set[str]:
    found = await world.hub.context.live_docs.read(ContentId(board_id), "whiteboard", whiteboard.objects)
    return {each.id for each in found}


async def test_CB5_a_locked_board_refuses_what_pupils_draw_and_takes_what_teachers_draw(world: World) -> None:
    board_id = await world.create("whiteboard")
    path = f"/api/v1/whiteboards/{board_id}/lock"
    async with open_collab(world.pupil, board_id) as document:
        assert await document.sign_in(world.pupil.token or "") == (AUTHENTICATED, "read-write")
        assert await document.update(drawn(1, "before"))
        locked = await world.teacher.call("PATCH", path, {"is_locked": True})
        assert (locked.status, locked.body["is_locked"], locked.body["may_write"]) == (200, True, True)
        # The same socket, still open: whatever its page believes.
        assert not await document.update(drawn(1, "after"))
    async with open_collab(world.pupil, board_id) as document:
        assert await document.sign_in(world.pupil.token or "") == (AUTHENTICATED, "readonly")
    assert await draw(world.founder, board_id, 2)
    assert await objects(world, board_id) == {"before", "by-2"}
    assert (await world.pupil.get(path))["may_write"] is False
    await world.teacher.call("PATCH", path, {"is_locked": False})
    assert await draw(world.pupil, board_id, 3)


async def test_CB5_one_pupil_is_held_and_nobody_else(world: World) -> None:
    board_id, other = await world.create("whiteboard"), await world.add("pupil", "pupil", "b")
    path = f"/api/v1/whiteboards/{board_id}/lock"
    assert world.pupil.user is not None and other.user is not None
    held = await world.founder.call("PATCH", path, {"hold": [world.pupil.user.id]})
    assert held.body["held"] == [world.pupil.user.id] and held.body["is_locked"] is False
    assert not await draw(world.pupil, board_id, 4)
    assert await draw(other, board_id, 5)
    # Only teachers and the pupil hear who it is.
    assert (await other.get(path))["held"] == []
    assert (await world.pupil.get(path))["held"] == [world.pupil.user.id]
    await world.founder.call("PATCH", path, {"free": [world.pupil.user.id]})
    assert await draw(world.pupil, board_id, 4)


async def test_locks_are_told_and_bad_ones_refused(world: World) -> None:
    board_id = await world.create("whiteboard")
    path = f"/api/v1/whiteboards/{board_id}/lock"
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    await world.founder.call("PATCH", path, {"is_locked": True})
    told = await socket.expect("whiteboard:locked")
    assert told == {"content_id": board_id, "is_locked": True, "revision": 1}
    stranger = world.stranger.user
    assert stranger is not None
    for body, field in (({"hold": [stranger.id]}, "hold"), ({"hold": ["x"], "free": ["x"]}, None)):
        refused = await world.founder.call("PATCH", path, body)
        assert refused.status == 400 and (field is None or refused.body["field"] == field), refused
    document_id = await world.create("document")
    for name in ("lock", "drawers"):
        answer = await world.founder.call("GET", f"/api/v1/whiteboards/{document_id}/{name}")
        assert answer.status == 404


async def test_who_drew_is_known_by_the_client_id_and_called_as_the_asker_may(world: World) -> None:
    board_id = await world.create("whiteboard")
    assert world.pupil.user is not None and world.founder.user is not None
    assert await draw(world.pupil, board_id, 71) and await draw(world.founder, board_id, 72)
    # Under another's client id nothing is taken.
    async with open_document(world.teacher, board_id) as document:
        await document.update(drawn(71, "forged", after=drawn(71, "by-71")))
        assert await document.ended() == 4409
    drawers = (await world.teacher.get(f"/api/v1/whiteboards/{board_id}/drawers"))["drawers"]
    assert {(each["client_id"], each["user_id"]) for each in drawers} == {
        (71, world.pupil.user.id),
        (72, world.founder.user.id),
    }
    made = await world.hub.context.live_docs.makers(ContentId(board_id), "objects")
    assert made == {"by-71": world.pupil.user.id, "by-72": world.founder.user.id}
