"""What the cards of a kept wall hold is shown as it was that day; what waited or is hidden is no part of it."""

from __future__ import annotations

import io
import json
import secrets
from collections.abc import Sequence
from typing import Any

import pytest
from PIL import Image

from hub.erasure import erase_card
from storage.records import CardVote, ContentId, SchoolId, User, UserId
from storage.snapshots import verify
from tests.hub.test_card_files import post, upload
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def photo(colour: str) -> bytes:
    written = io.BytesIO()
    Image.new("RGB", (900, 600), colour).save(written, "JPEG")
    return written.getvalue()


async def keep(world: World) -> str:
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Kept"})
    assert taken.status == 201, taken
    snapshot_id: str = taken.body["id"]
    return snapshot_id


async def show(world: World, wall_id: str, card_id: str, colour: str) -> str:
    """Its file's id."""
    uploaded = await upload(world.pupil, world, wall_id, photo(colour), filename=f"{colour}.jpg", card_kind="image")
    await world.pin(world.pupil, wall_id, card_id, kind="image", alt=f"A {colour} sky", **uploaded.body)
    file_id: str = uploaded.body["file_id"]
    return file_id


async def vote_often(world: World, wall_id: ContentId, card_id: str, voters: Sequence[tuple[int, str, int]]) -> None:
    """`voters`: option, school, and by how many."""
    storage = world.hub.context.storage
    for option, school, times in voters:
        for _ in range(times):
            school_id, who = SchoolId(f"school-{school}"), UserId(f"voter-{secrets.token_hex(6)}")
            await storage.users.add_user(User(who, who, "Somebody", "teacher", school_id, "en", 1))
            await storage.cards.vote(CardVote(wall_id, card_id, who, school_id, option, 1))


async def cards(world: World, snapshot_id: str, wall_id: str) -> dict[str, Any]:
    kept = await world.visitor.get(f"/api/v1/snapshots/{snapshot_id}/contents/{wall_id}")
    return {block["id"]: block for block in kept["blocks"]}


async def test_files_of_a_kept_wall_are_served_as_they_were_and_what_waited_is_not_in_it(world: World) -> None:
    wall_id = await world.create("wall", "Our skies")
    file_id = await show(world, wall_id, "one", "teal")
    waiting = await upload(world.pupil, world, wall_id, photo("red"), filename="red.jpg", card_kind="image")
    posted = await post(world.pupil, wall_id, kind="image", alt="Not yet", client_card_id="two", **waiting.body)
    assert posted.body["waits"]
    kept = await keep(world)
    assert (await world.founder.call("DELETE", f"/api/v1/walls/{wall_id}/cards/one")).status == 204
    found = await cards(world, kept, wall_id)
    assert found.keys() == {"one"} and found["one"]["alt"] == "A teal sky"
    for name, size in (("file_url", (900, 600)), ("preview_url", (640, 427))):
        for person in (world.visitor, world.teacher):
            answer = await person.call("GET", found["one"][name])
            assert answer.status == 200 and Image.open(io.BytesIO(answer.body)).size == size, (name, answer)
    # Whoever has the bytes of what waits by another way does not find them in what is kept.
    files = f"/api/v1/snapshots/{kept}/contents/{wall_id}/files"
    for person in (world.founder, world.pupil, world.visitor):
        assert (await person.call("GET", f"{files}/{waiting.body['file_id']}")).status == 404
    (link,) = await world.hub.context.storage.snapshots.of_twinspace(world.twinspace_id)
    tree = await world.hub.context.storage.blobs.get(link.tree)
    assert file_id in tree.decode() and waiting.body["file_id"] not in tree.decode()


async def test_a_hidden_cards_file_is_closed_in_what_was_kept_and_opens_when_it_comes_back(world: World) -> None:
    wall_id = await world.create("wall", "Our skies")
    file_id = await show(world, wall_id, "one", "teal")
    kept = await keep(world)
    file = f"/api/v1/snapshots/{kept}/contents/{wall_id}/files/{file_id}"
    subject = {"kind": "card", "subject_id": f"{wall_id}:one", "reason": "mean"}
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    assert await cards(world, kept, wall_id) == {}
    for way in ("", "/preview"):
        assert (await world.founder.call("GET", file + way)).status == 404
    assert (await world.founder.call("DELETE", f"{world.path}/hidden/card/{wall_id}:one")).status == 204
    for way in ("", "/preview"):
        assert (await world.visitor.call("GET", file + way)).status == 200


async def test_an_erased_cards_pictures_leave_what_was_kept_and_polls_keep_their_numbers(world: World) -> None:
    context, wall_id = world.hub.context, await world.create("wall", "Our skies")
    file_id = await show(world, wall_id, "one", "teal")
    await world.pin(world.pupil, wall_id, "poll", title="Which bread?", kind="poll", options=["White", "Brown"])
    await vote_often(world, wall_id, "poll", [(0, "a", 7), (1, "a", 2), (0, "b", 6), (1, "b", 8)])
    kept = await keep(world)

    def numbers(card: Any) -> list[Any]:
        return [{"label": each["label"], "total": each["total"], **each["by_school"]} for each in card["counts"]]

    before = (await cards(world, kept, wall_id))["poll"]
    assert [row["label"] for row in numbers(before)] == ["White", "Brown"]
    assert 2 not in [cell for row in numbers(before) for cell in row.values()] and "voter" not in json.dumps(before)
    # What is chosen later is not in it.
    await vote_often(world, wall_id, "poll", [(1, "b", 5)])
    content = await context.storage.contents.get(ContentId(wall_id))
    assert world.founder.user is not None
    await erase_card(context, content, "one", by=world.founder.user.id)
    left = await cards(world, kept, wall_id)
    assert left.keys() == {"poll"} and numbers(left["poll"]) == numbers(before)
    files = f"/api/v1/snapshots/{kept}/contents/{wall_id}/files/{file_id}"
    assert [(await world.founder.call("GET", files + way)).status for way in ("", "/preview")] == [404, 404]
    assert (await verify(context.storage, world.twinspace_id)).is_intact
