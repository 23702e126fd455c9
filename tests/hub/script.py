"""Programs that use a hub in another process, with a token: what they were told is kept has to be kept."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from tests.hub.world import Socket
from tests.hub.yjs_client import YjsClient
from tests.hub_process import HubProcess


class Script:
    """A program with a token."""

    def __init__(self, hub: HubProcess, http: aiohttp.ClientSession, token: str) -> None:
        self.url, self._http, self.token = hub.url, http, token

    def yjs(self, content_id: str) -> str:
        return f"{self.url}/yjs/{content_id}?token={self.token}"

    async def call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._http.request(method, self.url + path, json=body, headers=headers) as reply:
            assert reply.status < 300, await reply.text()
            return await reply.json() if reply.status != 204 else None


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
    async with http.ws_connect(f"{hub.url}/yjs/{content_id}?token={token}") as socket:
        client = YjsClient(socket)
        await client.update(typed(text))
        assert await client.sync()


def typed(text: str) -> bytes:
    """The update of somebody who adds a paragraph to a document."""
    doc: Doc[Any] = Doc()
    doc.get("default", type=XmlFragment).children.append(XmlElement("paragraph", None, [XmlText(text)]))
    return doc.get_update()
