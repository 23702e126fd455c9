"""The stories of publishing (S10) and of something that goes wrong (S12) through the public API, on each database.

Their rules one by one are in test_shares.py, test_visibility.py, test_safety.py, test_erasure.py and test_retention.py.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import asyncpg  # type: ignore[import-untyped]
import pytest
import pytest_asyncio

from crdt_docs.content import authoring
from hub import retention
from hub.app import RunningHub, start
from hub.protocol import ROUTES
from hub.settings import Settings
from storage.records import ContentId
from storage.snapshots import verify
from tests.hub.test_erasure import CLIENTS, needle, places_of, rewritten, write_into
from tests.hub.test_materials import upload
from tests.hub.test_names import make_named
from tests.hub.test_personal_data import copy_of
from tests.hub.test_shares import consent, look, make, picture, raise_to, seen
from tests.hub.world import World, add_schools, make_world

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(
    scope="module",
    loop_scope="module",
    params=[pytest.param("sqlite", marks=pytest.mark.slow), pytest.param("postgres", marks=pytest.mark.services)],
)
async def hub(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    folder: Path = tmp_path_factory.mktemp("stories")
    url = request.getfixturevalue("postgres").new_database() if request.param == "postgres" else ""
    running = await start(Settings(data_dir=folder, port=0, database_url=url))
    await add_schools(running.context.storage)
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="module")
async def world(hub: RunningHub, http: aiohttp.ClientSession) -> AsyncIterator[World]:
    made = await make_world(hub, http)
    yield made
    await made.close()


async def rows_with(world: World, text: str) -> list[str]:
    """The tables of PostgreSQL that hold the text; of SQLite the files are searched."""
    url = world.hub.context.settings.database_url
    if not url:
        return []
    connection = await asyncpg.connect(url)
    try:
        tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        forms = [f"%{form}%" for form in (text, json.dumps(text)[1:-1].replace("\\", "\\\\"), text.encode().hex())]
        found = []
        for (table,) in tables:
            held = f'SELECT 1 FROM "{table}" AS row WHERE row::text LIKE ANY($1) LIMIT 1'
            if await connection.fetchval(held, forms):
                found.append(str(table))
        return found
    finally:
        await connection.close()


async def test_s10_families_inspection_and_everybody_see_what_is_theirs(world: World) -> None:
    ana, named, context = world.founder, await make_named(world), world.hub.context
    rungs = ("twinspace", "families", "inspection", "public")
    documents = {rung: ContentId(await world.create("document", f"On the rung {rung}")) for rung in rungs}
    for rung, document in documents.items():
        await context.live_docs.edit(
            document, "document", lambda doc: authoring.write_text(doc, [("paragraph", "as it was")]), user_id=None
        )
        assert (await raise_to(world, f"contents/{document}", rung)).status == 200
    wall = f"contents/{named.wall_id}"
    assert (await raise_to(world, wall, "public")).status == 200

    # Families: what is theirs and what is more public, for a while.
    families = await make(world, "families", days=7)
    assert set(await seen(world, families)) >= {"On the rung families", "On the rung public"}
    assert "On the rung twinspace" not in await seen(world, families)
    assert families["expires_at_ms"] > context.now_ms()

    # The inspection: sealed, whatever is written afterwards.
    inspection = await make(world, "inspection")
    await context.live_docs.edit(
        documents["inspection"],
        "document",
        lambda doc: authoring.write_text(doc, [("paragraph", "as it is now")]),
        user_id=None,
    )
    sealed = await look(world, inspection)
    assert sealed.body["seal"] == inspection["seal"] and "as it is now" not in str(sealed.body)
    assert (await verify(context.storage, world.twinspace_id)).is_intact

    # A face without consent blocks, and who blocks is told to the teachers of the pupil's school by name.
    assert world.pupil.user is not None
    photo = await upload(ana, world, picture(), filename="p.png", title="Baking")
    path = f"materials/{photo['id']}"
    pictured = {"faces": "named", "pictured": [world.pupil.user.id]}
    assert (await ana.call("PATCH", f"/api/v1/{path}", pictured)).status == 200
    await consent(world, False)
    blocked = await raise_to(world, path, "public")
    assert blocked.status == 400 and world.pupil.user.display_name in blocked.body["detail"]
    public = await make(world, "public")
    assert "Baking" not in await seen(world, public)
    assert world.pupil.user.display_name not in str((await look(world, public)).body)
    await consent(world, True)
    assert (await raise_to(world, path, "public")).status == 200
    file = (await seen(world, public))["Baking"]["file"]
    assert (await world.nobody.call("GET", file["url"])).status == 200

    # The mother takes it back: gone with the next request, everywhere, and the ledger says when.
    await consent(world, False)
    assert "Baking" not in await seen(world, public)
    for url in (file["url"], file["preview_url"]):
        gone = await world.nobody.call("GET", url)
        assert gone.code == "not_found"
    history = await ana.get(f"{world.path}/consents/{world.pupil.user.id}")
    newest = history["entries"][0]
    assert (newest["purpose"], newest["granted"]) == ("image_public", False)

    # Nobody is named outside, and nothing is set or fetched from elsewhere.
    answer = await look(world, public)
    assert "Bread" in str(answer.body)
    for name in (named.first_name, named.user.id, ana.user.display_name):  # type: ignore[union-attr]
        assert name not in json.dumps(answer.body)
    assert "Set-Cookie" not in answer.headers
    assert "default-src 'self'" in answer.headers["Content-Security-Policy"]

    revoked = await ana.call("DELETE", f"{world.path}/shares/{public['id']}")
    assert revoked.status == 204
    assert (await look(world, public)).code == "not_found"


async def test_s12_a_nasty_message_is_reported_hidden_and_forgotten(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, storage = world.hub.context, world.hub.context.storage
    named, nasty, kind, written = await make_named(world), needle(), needle(), needle()
    lucia = world.pupil
    body = {"client_message_id": secrets.token_hex(6), "text": nasty}
    said = await named.pupil.call("POST", f"{world.path}/messages", body)
    assert (await lucia.call("POST", f"{world.path}/messages", {**body, "text": kind})).status == 201
    document = await world.create("document", "Our diary")
    await write_into(named.pupil, document, next(CLIENTS), written)
    await write_into(lucia, document, next(CLIENTS), kind)
    taken = await world.founder.call("POST", f"{world.path}/snapshots", {"title": "Before"})

    # Both schools' teachers hear of it at once; who told is not shown to who wrote.
    sockets = {who: await world.people[who].socket() for who in ("founder", "teacher", "named")}
    about = {"kind": "message", "subject_id": str(said.body["seq"]), "reason": "mean", "words": ""}
    assert (await lucia.call("POST", f"{world.path}/reports", about)).status == 201
    for who in ("founder", "teacher"):
        assert (await sockets[who].expect("report:changed"))["state"] == "open"
    assert [name for name, _ in sockets["named"].heard() if name.startswith("report")] == []
    assert (await named.pupil.call("GET", f"{world.path}/moderation")).status == 404

    # Hidden is hidden everywhere; the log says who did what to what, why and when, and nobody can change it.
    hidden = {name: about[name] for name in ("kind", "subject_id", "reason")}
    assert (await world.teacher.call("POST", f"{world.path}/hidden", hidden)).status == 204
    for person in (lucia, world.founder, world.visitor):
        assert nasty not in str(await person.get(f"{world.path}/messages"))
        assert nasty not in str(await person.get(f"/api/v1/search?q={nasty}"))
    log = (await world.founder.get(f"{world.path}/moderation/log"))["entries"]
    entry = next(each for each in log if each["action"] == "hidden")
    assert world.teacher.user is not None
    assert (entry["user_id"], entry["kind"], entry["reason"]) == (world.teacher.user.id, "message", "mean")
    methods = {route.method for route in ROUTES if "/moderation/log" in route.path}
    assert methods == {"GET"}

    # The guardian asks for a copy, then to be forgotten.
    data = f"/api/v1/pupils/{named.user.id}"
    with await copy_of(world.founder, f"{data}/copy") as copy:
        assert "README.txt" in copy.namelist() and nasty in "".join(
            copy.read(name).decode() for name in copy.namelist() if name.endswith((".json", ".txt"))
        )
    assert places_of(world, nasty) or await rows_with(world, nasty)
    assert (await world.founder.call("POST", f"{data}/erasure", {"texts": True})).status == 202
    await rewritten(world)
    for gone in (nasty, written, named.first_name):
        assert (places_of(world, gone), await rows_with(world, gone)) == ([], []), gone
    report = await verify(storage, world.twinspace_id)
    assert report.is_intact and report.redaction_count > 0
    assert kind in str(await lucia.get(f"{world.path}/messages"))
    kept = f"/api/v1/snapshots/{taken.body['id']}/contents/{document}"
    assert kind in str(await world.visitor.get(kept)) and written not in str(await world.visitor.get(kept))

    # A year after the close the pupils' accounts are gone, and what they wrote is by pupils of their school.
    assert lucia.user is not None and world.founder.user is not None
    phases: list[Any] = ["during", "after", "closed"]
    present = (await storage.twinspaces.get(world.twinspace_id)).phase
    assert present == "during"
    for former, phase in zip(phases, phases[1:], strict=False):
        await storage.phases.move(
            world.twinspace_id,
            former=former,
            phase=phase,
            moved_by=world.founder.user.id,
            missing=[],
            at_ms=context.now_ms(),
        )
    days = retention.read_rules()["pupils"].days
    later_ms = context.now_ms() + (days + 1) * retention.DAY_MS
    monkeypatch.setattr(context, "now_ms", lambda: later_ms)
    await retention.take_away(context)
    forgotten = await storage.users.get_user(lucia.user.id)
    assert (forgotten.state, forgotten.display_name) == ("closed", "A former pupil of School a")
