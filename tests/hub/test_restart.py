"""What the hub acknowledged is there after `kill -9`, in the store, before any client comes back."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from tests.hub.world import Socket
from tests.hub.yjs_client import YjsClient
from tests.hub_process import HubProcess

pytestmark = pytest.mark.slow

TWINSPACE = "/api/v1/twinspaces/demo-rivers"


class Script:
    """A program with a token."""

    def __init__(self, hub: HubProcess, http: aiohttp.ClientSession, token: str) -> None:
        self._hub, self._http, self.token = hub, http, token

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._http.request(method, self._hub.url + path, json=body, headers=headers) as reply:
            assert reply.status < 300, await reply.text()
            return await reply.json() if reply.status != 204 else None


async def test_everything_acknowledged_survives_kill_9(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        teacher = Script(hub, http, await hub.token("teacher.es"))
        pupil = Script(hub, http, await hub.token("pupil.pl"))
        said: list[str] = []
        posting = asyncio.create_task(post_until_killed(hub, pupil.token, said))
        card = await pupil.call(
            "POST", "/api/v1/walls/demo-wall/cards", {"client_card_id": "kept", "title": "Before the end"}
        )
        answers = {"mood": 3, "heard": 2, "language": "pl", "word": "koniec"}
        await pupil.call("PUT", "/api/v1/forms/demo-form/response", {"version": 1, "answers": answers})
        content = await teacher.call("POST", f"{TWINSPACE}/contents", {"kind": "document", "title": "Kept"})
        await write(hub, http, teacher.token, content["id"], "typed just before")
        taken = await teacher.call("POST", f"{TWINSPACE}/snapshots", {"title": "Just before"})
        while len(said) < 20:
            await asyncio.wait([posting], timeout=0.02)
        await hub.kill()
        await posting
        assert "0 damaged" in await hub.run("verify")

        await hub.start()
        kept = {m["text"] for m in (await teacher.call("GET", f"{TWINSPACE}/messages?since=0&limit=200"))["messages"]}
        assert set(said) <= kept
        snapshots = (await teacher.call("GET", f"{TWINSPACE}/snapshots"))["snapshots"]
        assert snapshots[0] == taken
        assert (await pupil.call("GET", "/api/v1/forms/demo-form"))["my_answers"] == answers
        again = await pupil.call(
            "POST", "/api/v1/walls/demo-wall/cards", {"client_card_id": "kept", "title": "Before the end"}
        )
        assert again == card
        after = await teacher.call("POST", f"{TWINSPACE}/snapshots", {"title": "After"})
        document = await teacher.call("GET", f"/api/v1/snapshots/{after['id']}/contents/{content['id']}")
        assert "typed just before" in str(document["blocks"])


async def post_until_killed(hub: HubProcess, token: str, said: list[str]) -> None:
    """Remember what was acknowledged, until the hub is gone."""
    socket = await Socket.connect(hub.url, {"token": token})
    number = 0
    while not socket.disconnected.is_set():
        number += 1
        payload = {"twinspace_id": "demo-rivers", "client_message_id": f"m{number}", "text": f"Line {number}"}
        call = asyncio.ensure_future(socket.call("chat:post", payload))
        gone = asyncio.ensure_future(socket.disconnected.wait())
        await asyncio.wait([call, gone], return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not call.done():
            call.cancel()
            break
        if call.exception() is None and call.result()["ok"]:
            said.append(payload["text"])
        else:
            # Too fast: wait until the bucket has a token again.
            await asyncio.wait([asyncio.ensure_future(socket.disconnected.wait())], timeout=0.1)
    await socket.close()


async def write(hub: HubProcess, http: aiohttp.ClientSession, token: str, content_id: str, text: str) -> None:
    """An edit over y-websocket; the answer to a sync comes after the commits before it."""
    doc: Doc[Any] = Doc()
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(text)]))
    async with http.ws_connect(f"{hub.url}/yjs/{content_id}?token={token}") as socket:
        client = YjsClient(socket)
        await client.update(doc.get_update())
        assert await client.sync()
