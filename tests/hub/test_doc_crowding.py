"""One document that is sent too much, and a herd at its door: whoever is within a fair share is served as ever."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from crdt_docs.encoding import encode_bytes
from crdt_docs.limits import Limits
from hub.doc_crowding import Crowding
from hub.doc_surroundings import DocAccess
from hub.socket_limits import SocketLimits
from storage import open_memory_storage
from storage.records import ContentId
from tests.crdt_docs.editor import Editor
from tests.interop.doc_server import DocServer, fill

WAIT_S = 30.0
MOST = 20
STEP_1 = b"\x00\x00" + encode_bytes(b"\x00")
SOCKET_LIMITS = SocketLimits(
    document_messages_per_s=MOST, fair_messages_per_s=0.001, fair_burst=5.0, messages_burst=500.0, joins_in_flight=4
)


def test_SH10_a_document_is_crowded_from_the_message_that_is_one_too_many_until_a_quiet_second_has_passed() -> None:
    crowding = Crowding(3)
    for _ in range(3):
        crowding.note(10.1)
    assert not crowding.is_crowded(10.5)
    crowding.note(10.6)
    assert crowding.is_crowded(10.6) and crowding.is_crowded(11.9)
    assert not crowding.is_crowded(12.0)
    for _ in range(4):
        crowding.note(20.0)
    assert not crowding.is_crowded(22.0)


@pytest.fixture
async def server() -> AsyncIterator[DocServer]:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"), *((f"doc{number}", "document") for number in range(20)))
    async with DocServer(storage, limits=Limits(tick_ms=0.0), socket_limits=SOCKET_LIMITS) as server:
        yield server
    await storage.close()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


async def until_heard(socket: aiohttp.ClientWebSocketResponse, part: bytes) -> bytes:
    heard = b""
    async with asyncio.timeout(WAIT_S):
        while part not in heard:
            heard += await socket.receive_bytes()
    return heard


async def test_SH10_in_a_crowded_document_those_who_send_most_are_slowed_and_nobody_else(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    address = f"{server.url}/yjs/doc?token="
    # Nobody reads the flood's close.
    impatient = aiohttp.ClientWSTimeout(ws_close=0.1)
    async with (
        http.ws_connect(address + "writer", timeout=impatient) as flood,
        http.ws_connect(address + "other") as pupil,
    ):
        for socket in (flood, pupil):
            await socket.send_bytes(STEP_1)
        flooding, typing = Editor(1), Editor(2)
        for _ in range(MOST * 5):
            await flood.send_bytes(b"\x00\x02" + encode_bytes(flooding.type("f")))
        for letter in "pq":
            await pupil.send_bytes(b"\x00\x02" + encode_bytes(typing.type(letter)))
        heard = await until_heard(pupil, b"q")
        # What was let in before the second was over, and a fair burst; nothing is refused, the rest is unread.
        assert heard.count(b"f") <= MOST + 10
        assert not flood.closed


async def test_a_herd_asks_few_questions_at_a_time_and_all_get_in(
    server: DocServer, http: aiohttp.ClientSession
) -> None:
    asking = most = 0
    authorise = server.authorise

    async def count(request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
        nonlocal asking, most
        asking += 1
        most = max(most, asking)
        try:
            await asyncio.sleep(0)
            return await authorise(request, token, content_id)
        finally:
            asking -= 1

    server.authorise = count
    async with asyncio.timeout(WAIT_S):
        sockets = await asyncio.gather(
            *(http.ws_connect(f"{server.url}/yjs/doc{number}?token=writer") for number in range(20))
        )
        for socket in sockets:
            await socket.send_bytes(STEP_1)
            assert (await socket.receive_bytes())[:2] == b"\x00\x01"
    assert 1 < most <= SOCKET_LIMITS.joins_in_flight
    for socket in sockets:
        await socket.close()
