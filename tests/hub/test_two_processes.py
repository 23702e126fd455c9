"""Two `hub serve` on one Redis and one PostgreSQL are one hub: also when one of them is killed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import aiohttp
import pytest

from tests.hub.script import Script, post_until_killed, typed, write
from tests.hub.world import WAIT_S, Socket
from tests.hub.yjs_client import YjsClient
from tests.hub_process import HubProcess

pytestmark = [pytest.mark.services, pytest.mark.slow]

TWINSPACE_ID = "demo-rivers"
TWINSPACE = f"/api/v1/twinspaces/{TWINSPACE_ID}"
Two = tuple[HubProcess, HubProcess]


@pytest.fixture
async def hubs(tmp_path: Path, postgres_url: str, redis_url: str) -> AsyncIterator[Two]:
    """Both start at once, on an empty database."""
    settings = {"HUB_DATABASE_URL": postgres_url, "HUB_REDIS_URL": redis_url}
    first, second = (HubProcess(tmp_path / "data", **settings) for _ in range(2))
    try:
        async with asyncio.TaskGroup() as starting:
            for hub in (first, second):
                starting.create_task(hub.start())
        yield first, second
    finally:
        await asyncio.gather(first.stop(), second.stop())


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


async def test_what_is_done_through_one_is_seen_through_the_other(hubs: Two, http: aiohttp.ClientSession) -> None:
    here, there = hubs
    ana = Script(here, http, await here.token("teacher.es"))
    ola = Script(there, http, await there.token("pupil.pl"))
    ola_id = (await ola.call("GET", "/api/v1/me"))["id"]
    async with AsyncExitStack() as open_now:
        anas, olas = [await Socket.connect(script.url, {"token": script.token}) for script in (ana, ola)]
        for socket in (anas, olas):
            open_now.push_async_callback(socket.close)

        await anas.enter(TWINSPACE_ID)
        await olas.enter(TWINSPACE_ID)
        came = await anas.expect("member:online", lambda data: data["user_id"] == ola_id)
        assert came["twinspace_id"] == TWINSPACE_ID
        members = (await ana.call("GET", TWINSPACE))["members"]
        assert [member["online"] for member in members if member["user_id"] == ola_id] == [True]

        for speaker, listener, text in ((olas, anas, "Cześć"), (anas, olas, "Hola")):
            payload = {"twinspace_id": TWINSPACE_ID, "client_message_id": "greeting", "text": text}
            said = await speaker.call("chat:post", payload)
            heard = await listener.expect("chat:posted", lambda data, text=text: data["text"] == text)
            assert {"ok": True, **heard} == said

        wall_here = await open_now.enter_async_context(http.ws_connect(ana.yjs("demo-wall")))
        await YjsClient(wall_here).sync()
        card = {"client_card_id": "across", "title": "Across the bus"}
        # A pupil's card would wait for a teacher first.
        await Script(there, http, await there.token("teacher.pl")).call("POST", "/api/v1/walls/demo-wall/cards", card)
        await YjsClient(wall_here).hear(b"Across the bus")
        assert (await anas.expect("content:changed"))["id"] == "demo-wall"

        page_here, page_there = [
            YjsClient(await open_now.enter_async_context(http.ws_connect(script.yjs("demo-document"))))
            for script in (ana, ola)
        ]
        assert await page_here.sync() and await page_there.sync()
        await page_here.update(typed("from the sea"))
        await page_there.hear(b"from the sea")
        await page_there.update(typed("from the river"))
        await page_here.hear(b"from the river")

        elsewhere = await Socket.connect(ana.url, {"token": ola.token})
        await ola.call("POST", "/api/v1/logout", {})
        assert await elsewhere.expect("session:ended") == {"reason": "signed_out"}
        await elsewhere.close()


async def test_killing_one_loses_nothing_that_was_acknowledged(hubs: Two, http: aiohttp.ClientSession) -> None:
    stays, dies = hubs
    ana = Script(stays, http, await stays.token("teacher.es"))
    ola = Script(dies, http, await dies.token("pupil.pl"))
    listener = await Socket.connect(ana.url, {"token": ana.token})
    await listener.enter(TWINSPACE_ID)
    said: list[str] = []
    posting = asyncio.create_task(post_until_killed(dies, ola.token, said))
    card = {"client_card_id": "kept", "title": "Before the end"}
    kept_card = await ola.call("POST", "/api/v1/walls/demo-wall/cards", card)
    await write(dies, http, ola.token, "demo-document", "typed just before")
    async with asyncio.timeout(2 * WAIT_S):
        while len(said) < 20:
            await listener.expect("chat:posted")
    await dies.kill()
    await posting

    messages = (await ana.call("GET", f"{TWINSPACE}/messages?since=0&limit=200"))["messages"]
    assert set(said) <= {message["text"] for message in messages}
    seqs = [message["seq"] for message in messages]
    assert seqs == list(range(1, len(seqs) + 1))
    moved = Script(stays, http, ola.token)
    assert await moved.call("POST", "/api/v1/walls/demo-wall/cards", card) == kept_card
    taken = await ana.call("POST", f"{TWINSPACE}/snapshots", {"title": "After"})
    shown = await ana.call("GET", f"/api/v1/snapshots/{taken['id']}/contents/demo-document")
    assert "typed just before" in str(shown["blocks"])
    said_after = {"twinspace_id": TWINSPACE_ID, "client_message_id": "after", "text": "Still here"}
    assert (await listener.call("chat:post", said_after))["seq"] == len(seqs) + 1
    await listener.close()
