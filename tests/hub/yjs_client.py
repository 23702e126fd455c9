"""Just enough of the y-websocket protocol to knock on a document's door; stock clients are tests/interop's business."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from tests.hub.world import WAIT_S, Person

SYNC, STEP_1, STEP_2, UPDATE = 0, 0, 1, 2
REFUSED = (4401, 4404)


class YjsClient:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.close_code: int | None = None
        self.said: list[bytes] = []

    async def update(self, update: bytes) -> None:
        await self.socket.send_bytes(bytes([SYNC, UPDATE]) + _counted(update))

    async def sync(self) -> bool:
        """Ask for the state; whether it came. Then everything sent before was handled."""
        await self.socket.send_bytes(bytes([SYNC, STEP_1]) + _counted(b"\x00"))
        async with asyncio.timeout(WAIT_S):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                if message.data[:2] == bytes([SYNC, STEP_2]):
                    return True
        self._note_close(message)
        return False

    async def ended(self) -> int | None:
        """Wait for the end; the close code."""
        async with asyncio.timeout(WAIT_S):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                self.said.append(message.data)
        self._note_close(message)
        return self.close_code

    def _note_close(self, message: aiohttp.WSMessage) -> None:
        # aiohttp's own close_code is that of its answer, which fails when the hub is quicker.
        if message.type is aiohttp.WSMsgType.CLOSE:
            self.close_code = message.data


@asynccontextmanager
async def open_document(person: Person, content_id: str) -> AsyncIterator[YjsClient]:
    url = f"{person.hub.url}/yjs/{content_id}?token={person.token}"
    async with person.http.ws_connect(url) as socket:
        yield YjsClient(socket)


def _counted(data: bytes) -> bytes:
    """A lib0 byte array: its length as a varint, then it."""
    size, head = len(data), b""
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data
