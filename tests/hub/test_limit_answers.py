"""Every limit of a live document, reached at both doors: who goes over it is told which, and nobody else notices."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
import pytest

from crdt_docs.awareness import Entry, encode_awareness
from crdt_docs.encoding import encode_bytes, encode_string, encode_varuint
from crdt_docs.limits import Limits
from storage import open_memory_storage
from tests.crdt_docs.editor import Editor, any_item, item, nested_arrays, string_item, update_of
from tests.crdt_docs.test_nesting import chain
from tests.interop.doc_server import DocServer, fill

WAIT_S = 20.0
NAME = encode_string("doc")
STEP_1 = b"\x00\x00" + encode_bytes(b"\x00")
CLOSE_CODES = {"too_large": 4413, "invalid": 4400, "conflict": 4409, "unavailable": 4503}


def update(data: bytes) -> bytes:
    return b"\x00\x02" + encode_bytes(data)


def step_2(data: bytes) -> bytes:
    return b"\x00\x01" + encode_bytes(data)


def awareness(*states: str) -> bytes:
    return b"\x01" + encode_bytes(encode_awareness([Entry(number, 1, state) for number, state in enumerate(states, 1)]))


def letters(count: int, client: int = 7) -> bytes:
    return update_of(*[string_item("x")] * count, client=client)


def waiting(count: int, letters_each: int = 1) -> list[bytes]:
    """Updates that wait for a first one that never comes."""
    return [update(update_of(string_item("x" * letters_each), clock=(n + 1) * 1_000)) for n in range(count)]


LONG_NAME = item(4, encode_bytes(b"x"), parent=encode_varuint(1) + encode_string("t" * 1_100))


@dataclass(frozen=True)
class Case:
    limits: dict[str, Any]
    frames: list[bytes]
    code: str


CASES = {
    "update_bytes": Case({"update_bytes": 1_000}, [update(Editor(1).type("x" * 2_000))], "too_large"),
    "first_sync_bytes": Case({"first_sync_bytes": 1_000}, [step_2(Editor(1).type("x" * 2_000))], "too_large"),
    "update_structs": Case({"update_structs": 10}, [update(letters(11))], "too_large"),
    "first_sync_structs": Case({"first_sync_structs": 10}, [STEP_1, step_2(letters(11))], "too_large"),
    "document_bytes": Case(
        {"document_bytes": 1_000},
        [update(update_of(string_item("x" * 600), client=client)) for client in (1, 2)],
        "too_large",
    ),
    "nesting": Case({}, [update(update_of(any_item(nested_arrays(40))))], "invalid"),
    "type_nesting": Case({}, [update(chain(0, 40)), update(chain(40, 70))], "invalid"),
    "name_bytes": Case({}, [update(update_of(LONG_NAME))], "too_large"),
    "awareness_state_bytes": Case({"awareness_state_bytes": 50}, [awareness('"' + "x" * 60 + '"')], "too_large"),
    "awareness_message_bytes": Case({"awareness_message_bytes": 50}, [awareness(*['"x"'] * 20)], "too_large"),
    "aside_updates": Case({"aside_updates": 3}, waiting(4), "conflict"),
    "aside_bytes": Case({"aside_bytes": 1_000}, waiting(2, letters_each=600), "conflict"),
}


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as http:
        yield http


class Client:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse, prefix: bytes) -> None:
        self._socket = socket
        self._prefix = prefix

    async def send(self, frame: bytes) -> None:
        await self._socket.send_bytes(self._prefix + frame)

    async def is_served(self) -> bool:
        await self.send(STEP_1)
        while not (data := await self._socket.receive_bytes()).startswith(self._prefix + b"\x00\x01"):
            assert data[len(self._prefix)] in (0, 1, 2)
        return True

    async def refusal(self) -> str:
        """The code it is told: one document's on a shared socket, or with the socket's end."""
        async with asyncio.timeout(WAIT_S):
            while (message := await self._socket.receive()).type is aiohttp.WSMsgType.BINARY:
                denied = self._prefix + b"\x02\x01"
                if self._prefix and message.data.startswith(denied):
                    code: str = message.data[len(denied) + 1 :].decode()
                    return code
        assert message.type is aiohttp.WSMsgType.CLOSE, message
        assert message.data == CLOSE_CODES[str(message.extra)]
        return str(message.extra)


async def enter(server: DocServer, http: aiohttp.ClientSession, door: str, user: str) -> Client:
    if door == "yjs":
        return Client(await http.ws_connect(f"{server.url}/yjs/doc?token={user}"), b"")
    socket = await http.ws_connect(f"{server.url}/collab")
    await socket.send_bytes(NAME + b"\x02\x00" + encode_string(user))
    return Client(socket, NAME)


@pytest.mark.parametrize("door", ["yjs", "collab"])
@pytest.mark.parametrize("limit", CASES)
async def test_who_goes_over_a_limit_is_told_and_others_go_on(
    http: aiohttp.ClientSession, limit: str, door: str
) -> None:
    case = CASES[limit]
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    try:
        async with DocServer(storage, limits=Limits(**case.limits)) as server, asyncio.timeout(WAIT_S):
            other = await enter(server, http, door, "other")
            assert await other.is_served()
            client = await enter(server, http, door, "writer")
            for frame in case.frames:
                await client.send(frame)
            assert await client.refusal() == case.code
            assert await other.is_served()
            assert server.live_docs.counts().discarded == 0
    finally:
        await storage.close()


@pytest.mark.parametrize("door", ["yjs", "collab"])
async def test_a_document_holds_so_many_clients(http: aiohttp.ClientSession, door: str) -> None:
    storage = open_memory_storage()
    await fill(storage, ("doc", "document"))
    try:
        async with DocServer(storage, limits=Limits(sessions=2)) as server, asyncio.timeout(WAIT_S):
            inside = [await enter(server, http, door, user) for user in ("other", "reader")]
            assert all([await client.is_served() for client in inside])
            assert await (await enter(server, http, door, "writer")).refusal() == "unavailable"
            assert all([await client.is_served() for client in inside])
    finally:
        await storage.close()
