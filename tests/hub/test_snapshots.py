"""Named snapshots: what was there stays as it was, linked to the one before."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from crdt_docs.content import authoring
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def take(world: World, title: str) -> Any:
    answer = await world.founder.call("POST", f"{world.path}/snapshots", {"title": title})
    assert answer.status == 201, answer
    return answer.body


async def write(world: World, document_id: Any, text: str) -> None:
    await world.hub.context.live_docs.edit(
        document_id, "document", lambda doc: authoring.write_text(doc, [("paragraph", text)]), user_id=None
    )


async def test_a_snapshot_keeps_contents_as_they_were(world: World) -> None:
    document_id = await world.create("document", "Diary")
    await world.create("wall", "Finds")
    await write(world, document_id, "Day one")
    taken = await take(world, "After the first day")
    await write(world, document_id, "Day two")
    detail = await world.visitor.get(f"/api/v1/snapshots/{taken['id']}")
    assert detail["content_count"] == 2
    assert sorted((c["kind"], c["title"]) for c in detail["contents"]) == [("document", "Diary"), ("wall", "Finds")]
    kept = await world.visitor.get(f"/api/v1/snapshots/{taken['id']}/contents/{document_id}")
    assert kept["blocks"][0] == {"type": "paragraph", "spans": [{"text": "Day one"}]}
    assert "Day two" not in str(kept)


async def test_snapshots_form_a_chain_and_are_announced(world: World) -> None:
    socket = await world.visitor.socket()
    await socket.enter(world.twinspace_id)
    first, second = await take(world, "First"), await take(world, "Second")
    assert (first["seq"], first["parent"]) == (1, None)
    assert (second["seq"], second["parent"]) == (2, first["id"])
    assert await socket.expect("snapshot:taken") == first
    assert (await socket.expect("journal:recorded"))["verb"] == "snapshot_taken"
    listed = await world.visitor.get(f"{world.path}/snapshots")
    assert listed["snapshots"] == [second, first]


async def test_snapshots_at_the_same_moment_all_find_their_place(world: World) -> None:
    await asyncio.gather(take(world, "One"), take(world, "Two"))
    chain = (await world.founder.get(f"{world.path}/snapshots"))["snapshots"]
    assert [link["seq"] for link in chain] == [2, 1] and chain[0]["parent"] == chain[1]["id"]


async def test_what_was_not_in_a_snapshot_is_not_found_in_it(world: World) -> None:
    taken = await take(world, "Empty")
    later = await world.create("document")
    for path in (f"/api/v1/snapshots/{taken['id']}/contents/{later}", "/api/v1/snapshots/unknown"):
        answer = await world.founder.call("GET", path)
        assert (answer.status, answer.code) == (404, "not_found")


async def test_people_stand_in_a_snapshot_by_their_ids_only(world: World) -> None:
    form_id = await world.create_form()
    await world.founder.call("POST", f"/api/v1/forms/{form_id}/versions")
    await world.pupil.call(
        "PUT", f"/api/v1/forms/{form_id}/response", {"version": 1, "answers": {"one": "a", "short": "secret"}}
    )
    await world.pupil.call("POST", f"{world.path}/messages", {"text": "kept words"})
    taken = await take(world, "With people")
    blobs = world.hub.context.storage.blobs
    tree = (await blobs.get(taken["tree"])).decode()
    everything = b""
    for blob in set(json.loads(tree).values()):
        everything += await blobs.get(blob)
    assert b"secret" in everything and b"kept words" in everything and world.pupil.user.id.encode() in everything
    assert world.pupil.user.display_name.encode() not in everything
