"""A copy of everything about one person: made in the background, fetched once, without anybody else's words."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile

import pytest

from hub import personal_copies
from hub.erasure import COPIES
from tests.hub.test_erasure import CLIENTS, needle, pupil_called, write_into
from tests.hub.test_safety import post, tell
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

PATIENCE_S = 60

POLL_S = 0.05
"""Between two looks, as the page does: the hub limits how often one may ask."""


async def copy_of(person: Person, path: str) -> zipfile.ZipFile:
    begun = await person.call("POST", path, {})
    assert begun.status == 200, begun
    async with asyncio.timeout(PATIENCE_S):
        while (state := await person.get(path))["state"] == "working":  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(POLL_S)
    assert state["state"] == "ready" and state["size_bytes"] > 0
    fetched = await person.call("GET", f"{path}/file")
    assert (fetched.status, fetched.headers["Content-Type"]) == (200, "application/zip")
    again = await person.call("GET", f"{path}/file")
    assert again.code == "not_found" and (await person.get(path))["state"] == "none"
    return zipfile.ZipFile(io.BytesIO(fetched.body))


async def test_a_copy_has_everything_about_oneself_and_nobody_elses_words(world: World) -> None:
    mine, other, told = needle(), needle(), needle()
    pupil = await pupil_called(world, "Wincenty")
    assert pupil.user is not None
    document_id, wall_id = await world.create("document", "Our diary"), await world.create("wall", "Our wall")
    for person, word in ((pupil, mine), (world.pupil, other)):
        await post(person, world, word)
        await write_into(person, document_id, next(CLIENTS), word)
        await world.pin(person, wall_id, f"card-{word[-8:-5]}{person is pupil}", title=word)
    await tell(world.pupil, world, "member", pupil.user.id, told)
    copy = await copy_of(pupil, "/api/v1/me/copy")
    names = copy.namelist()
    assert "README.txt" in names and "Wincenty" in copy.read("README.txt").decode()
    assert json.loads(copy.read("data/account.json"))[0]["display_name"] == "Wincenty"
    assert [row["text"] for row in json.loads(copy.read("data/messages.json"))] == [mine]
    assert len(json.loads(copy.read("data/consents.json"))) == 7
    written = {name: copy.read(name).decode() for name in names if name.startswith("written/")}
    assert len(written) == 2 and all(text == mine for text in written.values())
    everything = b"".join(copy.read(name) for name in names).decode()
    # Neither others' words, nor who told the teachers what, nor anything that opens a door.
    for absent in (other, told, "password_hash", "secret_hash"):
        assert absent not in everything


async def test_a_teacher_makes_it_for_ones_own_pupils(world: World) -> None:
    assert world.pupil.user is not None
    path = f"/api/v1/pupils/{world.pupil.user.id}/copy"
    copy = await copy_of(world.founder, path)
    assert json.loads(copy.read("data/account.json"))[0]["id"] == world.pupil.user.id
    for person in (world.teacher, world.pupil):
        for method, where in (("POST", path), ("GET", path), ("GET", f"{path}/file")):
            assert (await person.call(method, where, {} if method == "POST" else None)).code == "not_found"


async def test_copies_go_when_anything_is_erased_and_when_their_time_is_over(world: World) -> None:
    folder = world.hub.context.settings.data_dir / COPIES
    await world.founder.call("POST", "/api/v1/me/copy", {})
    async with asyncio.timeout(PATIENCE_S):
        while (state := await world.founder.get("/api/v1/me/copy"))["state"] == "working":  # noqa: ASYNC110 - only asking tells
            await asyncio.sleep(POLL_S)
    made_at_ms = state["asked_at_ms"]
    personal_copies.forget(folder, made_at_ms - 1_000)
    assert (await world.founder.get("/api/v1/me/copy"))["state"] == "ready"
    assert personal_copies.forget(folder, made_at_ms + 1_000, dry_run=True) >= 1
    assert (await world.founder.get("/api/v1/me/copy"))["state"] == "ready"
    assert world.pupil.user is not None
    await world.founder.call("POST", f"/api/v1/pupils/{world.pupil.user.id}/erasure", {})
    assert (await world.founder.get("/api/v1/me/copy"))["state"] == "none"
