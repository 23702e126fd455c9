"""Messages that are taken in the call that brought them, and those that wait; and what of aiohttp this relies on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web, web_protocol
from aiohttp._websocket.reader import WebSocketDataQueue

from hub.direct_socket import RELIED_ON, DirectSocket

PLACES = {
    "aiohttp.web.WebSocketResponse": DirectSocket(max_message_bytes=1),
    "aiohttp.WebSocketDataQueue": WebSocketDataQueue,
    "aiohttp.web.RequestHandler": web_protocol.RequestHandler,
}
WAIT_S = 20.0


@pytest.mark.parametrize("place", RELIED_ON)
def test_aiohttp_still_has_what_the_hub_relies_on(place: str) -> None:
    missing = [name for name in RELIED_ON[place] if not hasattr(PLACES[place], name)]
    assert not missing, f"{place} has no {', '.join(missing)} any more: see hub/direct_socket.py"


class Echo:
    """Notes what came which way. What begins with `wait` is not taken, and is held up until `release` is set."""

    def __init__(self) -> None:
        self.came: list[tuple[str, bytes]] = []
        self.release = asyncio.Event()
        self.ended = asyncio.Event()

    def take(self, data: bytes) -> bool:
        if data.startswith(b"wait"):
            return False
        self.came.append(("taken", data))
        return True

    async def handle(self, request: web.Request) -> web.StreamResponse:
        socket = DirectSocket(max_message_bytes=1000)
        await socket.prepare(request)
        socket.take_directly(self.take)
        async for message in socket:
            await self.release.wait()
            self.came.append(("waited", message.data))
            socket.handled()
            await socket.send_bytes(message.data)
        self.ended.set()
        return socket


@pytest.fixture
async def echo() -> Echo:
    return Echo()


@pytest.fixture
async def client(echo: Echo) -> AsyncIterator[aiohttp.ClientWebSocketResponse]:
    app = web.Application()
    app.router.add_get("/", echo.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with aiohttp.ClientSession() as http, asyncio.timeout(WAIT_S):
            async with http.ws_connect(f"http://127.0.0.1:{runner.addresses[0][1]}/") as socket:
                yield socket
    finally:
        echo.release.set()
        await runner.cleanup()


async def test_what_is_taken_never_reaches_the_iteration(echo: Echo, client: aiohttp.ClientWebSocketResponse) -> None:
    echo.release.set()
    await client.send_bytes(b"a")
    await client.send_bytes(b"b" * 900)
    await client.send_bytes(b"wait")
    assert (await client.receive()).data == b"wait"
    assert echo.came == [("taken", b"a"), ("taken", b"b" * 900), ("waited", b"wait")]


async def test_nothing_overtakes_a_message_that_waits(echo: Echo, client: aiohttp.ClientWebSocketResponse) -> None:
    for data in (b"1", b"wait", b"2", b"3"):
        await client.send_bytes(data)
    await client.ping()
    echo.release.set()
    assert [(await client.receive()).data for _ in range(3)] == [b"wait", b"2", b"3"]
    await client.send_bytes(b"4")
    await client.send_bytes(b"wait again")
    assert (await client.receive()).data == b"wait again"
    ways = [("taken", b"1"), ("waited", b"wait"), ("waited", b"2"), ("waited", b"3")]
    assert echo.came == [*ways, ("taken", b"4"), ("waited", b"wait again")]


async def test_too_large_a_message_ends_the_socket(echo: Echo, client: aiohttp.ClientWebSocketResponse) -> None:
    await client.send_bytes(b"x" * 1001)
    assert (await client.receive()).type is aiohttp.WSMsgType.CLOSE
    assert client.close_code == aiohttp.WSCloseCode.MESSAGE_TOO_BIG


async def test_a_client_that_leaves_ends_the_iteration(echo: Echo, client: aiohttp.ClientWebSocketResponse) -> None:
    await client.send_bytes(b"a")
    await client.close()
    await echo.ended.wait()
    assert echo.came == [("taken", b"a")]
