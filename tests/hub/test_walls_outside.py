"""Walls on the pages of families, the inspection and everybody: pictures of nobody, polls as numbers, and nothing that
somebody hid or erased, sealed or not."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from hub.erasure import erase_card, erase_content, erase_person
from storage import ports
from storage.records import ContentId
from tests.hub.test_card_files import sound, upload
from tests.hub.test_kept_walls import photo, show, vote_often
from tests.hub.test_shares import look, make, raise_to, seen
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@dataclass
class Shown:
    wall_id: ContentId
    open_id: str
    """The file of a picture in which nobody can be recognised."""
    inside: list[str]
    """Files that stay inside: a picture of which nobody said this, and a voice."""


@pytest_asyncio.fixture(loop_scope="session")
async def shown(world: World) -> Shown:
    wall_id = ContentId(await world.create("wall", "Finds"))
    closed_id = await show(world, wall_id, "class", "red")
    opened = await upload(world.pupil, world, wall_id, photo("teal"), filename="Ala.jpg", card_kind="image")
    await world.pin(world.pupil, wall_id, "shell", kind="image", alt="A teal sky", nobody_pictured=True, **opened.body)
    voice = await upload(world.pupil, world, wall_id, sound("webm", "libopus"), filename="Ala.webm", card_kind="audio")
    await world.pin(world.pupil, wall_id, "voice", kind="audio", alt="I tell of it", **voice.body)
    await world.pin(world.pupil, wall_id, "poll", title="Which bread?", kind="poll", options=["White", "Brown"])
    await vote_often(world, wall_id, "poll", [(0, "a", 7), (1, "a", 2), (0, "b", 6), (1, "b", 8)])
    assert (await raise_to(world, f"contents/{wall_id}", "public")).status == 200
    return Shown(wall_id, opened.body["file_id"], [closed_id, voice.body["file_id"]])


async def cards(world: World, share: Any) -> dict[str, Any]:
    return {card["id"]: card for card in (await seen(world, share))["Finds"]["blocks"]}


@pytest.mark.parametrize("audience", ["families", "inspection", "public"])
async def test_only_a_picture_of_nobody_is_seen_outside_until_it_is_said_otherwise(
    world: World, shown: Shown, audience: str
) -> None:
    share = await make(world, audience)
    found = await cards(world, share)
    assert [card_id for card_id, card in found.items() if card["file_url"]] == ["shell"]
    addresses = [found["shell"]["file_url"], found["shell"]["preview_url"]]
    for address in addresses:
        answer = await world.nobody.call("GET", address)
        assert (answer.status, answer.headers["X-Content-Type-Options"]) == (200, "nosniff")
    # A ticket is for one file: nobody makes one for another out of it.
    for file_id in shown.inside:
        forged = addresses[0].replace(shown.open_id, file_id)
        assert forged != addresses[0] and (await world.nobody.call("GET", forged)).code == "not_found"
    told = json.dumps(found)
    assert not any(file_id in told for file_id in shown.inside) and "Ala" not in told
    wall = f"/api/v1/walls/{shown.wall_id}/cards/shell"
    assert (await world.founder.call("PATCH", wall, {"nobody_pictured": False})).status in (200, 204)
    assert (await cards(world, share))["shell"]["file_url"] is None
    absent = await world.nobody.call("GET", addresses[0].replace("card", "file"))
    for address in addresses:
        answer = await world.nobody.call("GET", address)
        assert (answer.status, answer.body) == (absent.status, absent.body) == (404, absent.body)


async def test_polls_are_told_outside_in_numbers_without_schools(world: World, shown: Shown) -> None:
    (first, second) = (await cards(world, await make(world, "public")))["poll"]["counts"]
    assert [row["label"] for row in (first, second)] == ["White", "Brown"]
    assert first["by_school"] == second["by_school"] == {}
    assert world.pupil.user is not None and world.pupil.user.school_id not in json.dumps((first, second))


@pytest.mark.parametrize("audience", ["inspection", "public"])
async def test_a_hidden_card_is_gone_outside_and_from_what_was_sealed(
    world: World, shown: Shown, audience: str
) -> None:
    share = await make(world, audience)
    address = (await cards(world, share))["shell"]["file_url"]
    subject = {"kind": "card", "subject_id": f"{shown.wall_id}:shell", "reason": "mean"}
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    assert "shell" not in await cards(world, share)
    assert (await world.nobody.call("GET", address)).code == "not_found"
    assert (await look(world, share)).body["withheld"] == (1 if audience == "inspection" else 0)
    assert (await world.founder.call("DELETE", f"{world.path}/hidden/card/{shown.wall_id}:shell")).status == 204
    assert "shell" in await cards(world, share)


async def test_a_hidden_comment_is_gone_from_what_was_sealed(world: World, shown: Shown) -> None:
    said = {"client_comment_id": "remark", "text": "You look like a pig"}
    answer = await world.founder.call("POST", f"/api/v1/walls/{shown.wall_id}/cards/shell/comments", said)
    assert answer.status == 201, answer
    share = await make(world, "inspection")
    assert "pig" in json.dumps(await cards(world, share))
    subject = {"kind": "comment", "subject_id": f"{shown.wall_id}:remark", "reason": "mean"}
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    assert "pig" not in json.dumps(await cards(world, share))


async def sealed_bytes(world: World, share: Any) -> bytes:
    """All that the disk still holds of what was sealed of the wall."""
    blobs = world.hub.context.storage.blobs
    redactions = await world.hub.context.storage.erasure.redactions()
    left = b""
    for name, blob in json.loads(await blobs.get(share["seal"])).items():
        if name.startswith("items/"):
            copy = redactions[blob].copy if blob in redactions else blob
            left += await blobs.get(copy) if copy is not None else b""
            if copy != blob:
                with pytest.raises(ports.NotFound):
                    await blobs.get(blob)
    return left


@pytest.mark.parametrize("what", ["card", "person", "content"])
async def test_what_is_erased_leaves_what_was_sealed(world: World, shown: Shown, what: str) -> None:
    context, wall_id = world.hub.context, shown.wall_id
    await world.pin(world.founder, wall_id, "ours", title="By a teacher")
    share = await make(world, "inspection")
    assert b"A teal sky" in await sealed_bytes(world, share)
    content = await context.storage.contents.get(wall_id)
    assert world.founder.user is not None and world.pupil.user is not None
    if what == "card":
        await erase_card(context, content, "shell", by=world.founder.user.id)
        assert (await cards(world, share)).keys() == {"class", "voice", "poll", "ours"}
    elif what == "person":
        # Of what they took off the wall themselves nobody could say any more that it was theirs.
        assert (await world.pupil.call("DELETE", f"/api/v1/walls/{wall_id}/cards/shell")).status == 204
        await erase_person(context, world.pupil.user, texts=True)
        assert (await cards(world, share)).keys() == {"ours"}
    else:
        await erase_content(context, content, by=world.founder.user.id)
        answer = await look(world, share)
        assert (answer.body["items"], answer.body["withheld"]) == ([], 1)
    assert b"A teal sky" not in await sealed_bytes(world, share)
