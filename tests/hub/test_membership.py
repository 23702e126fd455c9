"""A role that is changed in mid-session, as another process would change it: in the stored row alone."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from crdt_docs.content import KINDS
from tests.hub.test_access import UPDATES
from tests.hub.world import World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")

WITHIN_S = 1.0


async def test_a_writer_who_becomes_a_visitor_can_not_write_a_second_later(world: World) -> None:
    document_id = await world.create("document")
    twinspaces = world.hub.context.storage.twinspaces
    async with open_document(world.pupil, document_id) as document:
        assert await document.sync()
        socket, watcher = await world.pupil.socket(), await world.founder.socket()
        for entered in (socket, watcher):
            await entered.enter(world.twinspace_id)
        changed_at_s = time.monotonic()
        await twinspaces.set_role(world.twinspace_id, world.pupil.user.id, "visitor")
        refused = await socket.call(
            "chat:post", {"twinspace_id": world.twinspace_id, "client_message_id": "late", "text": "x"}
        )
        assert refused["error"]["code"] == "not_found"
        told = {"twinspace_id": world.twinspace_id, "user_id": world.pupil.user.id, "role": "visitor"}
        assert await socket.expect("member:changed") == told == await watcher.expect("member:changed")
        assert time.monotonic() - changed_at_s < WITHIN_S
        assert {epoch for *_, epoch in standings(world)} == {2}
        await document.update(UPDATES["document"])
        await document.sync()
    blocks = await world.hub.context.live_docs.read(document_id, "document", KINDS["document"].blocks)
    assert "smuggled" not in str(blocks)
    assert (await socket.call("twinspace:enter", {"twinspace_id": world.twinspace_id}))["ok"]


async def test_a_removed_member_is_out_of_everything_within_a_second(world: World) -> None:
    document_id = await world.create("document")
    socket, watcher = await world.pupil.socket(), await world.founder.socket()
    for entered in (socket, watcher):
        await entered.enter(world.twinspace_id)
    joined = await socket.call("room:join", {"room_id": world.room_id})
    assert joined["ok"]
    async with open_document(world.pupil, document_id) as document:
        assert await document.sync()
        await world.hub.context.storage.twinspaces.remove_member(world.twinspace_id, world.pupil.user.id)
        async with asyncio.timeout(WITHIN_S):
            assert await socket.expect("session:ended") == {"reason": "removed"}
            await socket.disconnected.wait()
            assert await document.ended() == 4404
    await watcher.expect("room:counted", lambda data: data["peer_count"] == 0)
    again = await world.pupil.socket()
    reply = await again.call("twinspace:enter", {"twinspace_id": world.twinspace_id})
    assert reply["error"]["code"] == "not_found"


async def test_a_publisher_over_whip_who_may_not_meet_any_more_is_out(world: World) -> None:
    """Somebody in a room without any socket of the TwinSpace."""
    rooms, watcher = world.hub.context.live_rooms, await world.founder.socket()
    await watcher.enter(world.twinspace_id)
    rooms.join(world.room_id, "a session that is no socket", world.pupil.user, None)
    assert (world.room_id, world.pupil.user.id) in rooms.roster.places()
    await world.hub.context.storage.twinspaces.set_role(world.twinspace_id, world.pupil.user.id, "visitor")
    await watcher.expect("room:counted", lambda data: data["peer_count"] == 0)
    assert (world.room_id, world.pupil.user.id) not in rooms.roster.places()


def standings(world: World) -> list[Any]:
    return [s for s in world.hub.context.live_docs.standings() if s[0] == world.twinspace_id]
