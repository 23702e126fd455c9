"""Just enough of both document protocols to knock on a document's doors; stock clients are tests/interop's business."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp

from crdt_docs.awareness import Entry, encode_awareness
from tests.hub.world import WAIT_S, Person

SYNC, STEP_1, STEP_2, UPDATE = 0, 0, 1, 2
AWARENESS, QUERY_AWARENESS = 1, 3
AUTH, SYNC_STATUS = 2, 8
TOKEN, DENIED, AUTHENTICATED = 0, 1, 2
REFUSED = (4401, 4404)


class YjsClient:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self.socket = socket
        self.close_code: int | None = None
        self.said: list[bytes] = []

    async def update(self, update: bytes) -> None:
        await self.socket.send_bytes(bytes([SYNC, UPDATE]) + counted(update))

    async def sync(self) -> bool:
        """Ask for the state; whether it came. Then everything sent before was handled."""
        await self.socket.send_bytes(bytes([SYNC, STEP_1]) + counted(b"\x00"))
        async with asyncio.timeout(WAIT_S):
            while (message := await self.socket.receive()).type is aiohttp.WSMsgType.BINARY:
                if message.data[:2] == bytes([SYNC, STEP_2]):
                    return True
        self._note_close(message)
        return False

    async def state(self) -> bytes:
        """The whole document, as the hub sends it."""
        await self.socket.send_bytes(bytes([SYNC, STEP_1]) + counted(b"\x00"))
        async with asyncio.timeout(WAIT_S):
            while (frame := await self.socket.receive_bytes())[:2] != bytes([SYNC, STEP_2]):
                pass
        return frame

    async def who_is_here(self) -> bytes:
        """What the hub says when it is asked for everybody's awareness."""
        await self.socket.send_bytes(bytes([QUERY_AWARENESS]))
        await self.socket.send_bytes(bytes([SYNC, STEP_1]) + counted(b"\x00"))
        heard = b""
        async with asyncio.timeout(WAIT_S):
            while (frame := await self.socket.receive_bytes())[:2] != bytes([SYNC, STEP_2]):
                heard += frame
        return heard

    async def hear(self, part: bytes) -> None:
        """Wait for a frame that holds this."""
        async with asyncio.timeout(WAIT_S):
            while part not in await self.socket.receive_bytes():
                pass

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


class CollabClient:
    """One document on a Hocuspocus socket; the person's token is in the document's own auth message."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, content_id: str, *, patience_s: float = WAIT_S) -> None:
        self._socket = socket
        self._name = counted(content_id.encode())
        self._patience_s = patience_s

    async def sign_in(self, token: str) -> tuple[int, str]:
        """AUTHENTICATED and the scope, or DENIED and the reason."""
        await self._socket.send_bytes(self._name + bytes([AUTH, TOKEN]) + counted(token.encode()))
        said = await self._next(AUTH)
        return said[0], said[2:].decode()

    async def update(self, update: bytes) -> bool:
        """Whether it is on disk now, or else refused."""
        await self._socket.send_bytes(self._name + bytes([SYNC, UPDATE]) + counted(update))
        return (await self._next(SYNC_STATUS)) == b"\x01"

    async def say_where(self, client_id: int, clock: int, state: object) -> None:
        """An awareness state; when it returns, the hub has taken it."""
        word = encode_awareness([Entry(client_id, clock, json.dumps(state))])
        await self._socket.send_bytes(self._name + bytes([AWARENESS]) + counted(word))
        await self.state()

    async def state(self) -> bytes:
        """The whole document, as the hub sends it."""
        await self._socket.send_bytes(self._name + bytes([SYNC, STEP_1]) + counted(b"\x00"))
        while (said := await self._next(SYNC))[:1] != bytes([STEP_2]):
            pass
        return said

    async def _next(self, kind: int) -> bytes:
        async with asyncio.timeout(self._patience_s):
            while True:
                frame = await self._socket.receive_bytes()
                head = self._name + bytes([kind])
                if frame.startswith(head):
                    return frame[len(head) :]


@asynccontextmanager
async def open_collab(person: Person, content_id: str) -> AsyncIterator[CollabClient]:
    async with person.http.ws_connect(f"{person.hub.url}/collab") as socket:
        yield CollabClient(socket, content_id)


def counted(data: bytes) -> bytes:
    """A lib0 byte array: its length as a varint, then it."""
    size, head = len(data), b""
    while size > 0x7F:
        head += bytes([size & 0x7F | 0x80])
        size >>= 7
    return head + bytes([size]) + data
