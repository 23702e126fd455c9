"""What is written straight to a socket and what waits in its queue arrive in the order in which they were said."""

from __future__ import annotations

import asyncio
import json
import socket
from base64 import b64encode
from typing import Any

import pytest

from tests.hub.test_room_powers import id_of
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

TOLD = 700
SMALL_WINDOW_BYTES = 4096


class SlowReader:
    """A WebSocket client that reads when it is told to, behind a window so small that the hub has to hold back."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self.writer = writer

    @classmethod
    async def of(cls, person: Person) -> SlowReader:
        host, port = person.hub.url.removeprefix("http://").split(":")
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_WINDOW_BYTES)
        plain.setblocking(False)
        await asyncio.get_running_loop().sock_connect(plain, (host, int(port)))
        reader, writer = await asyncio.open_connection(sock=plain, limit=SMALL_WINDOW_BYTES)
        found = cls(reader, writer)
        key = b64encode(b"0123456789abcdef").decode()
        writer.write(
            f"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        await reader.readuntil(b"\r\n\r\n")
        await found.read()
        found.send("40" + json.dumps({"token": person.token}))
        assert (await found.read()).startswith("40")
        return found

    def send(self, text: str) -> None:
        data = text.encode()
        size = bytes([0x80 | len(data)]) if len(data) < 126 else b"\xfe" + len(data).to_bytes(2, "big")
        # Masked with zeros, which leaves it as it is.
        self.writer.write(b"\x81" + size + bytes(4) + data)

    async def read(self) -> str:
        async with asyncio.timeout(60):
            _, length = await self._reader.readexactly(2)
            if length == 126:
                length = int.from_bytes(await self._reader.readexactly(2), "big")
            return (await self._reader.readexactly(length)).decode()


async def test_announcements_and_answers_keep_their_order_while_a_client_reads_slowly(world: World) -> None:
    client = await SlowReader.of(world.founder)
    announce = world.hub.context.announce
    sent: list[Any] = []
    try:
        for number in range(TOLD):
            size = 1_500 if number % 3 else 10
            sent.append(number)
            await announce.to_user(id_of(world.founder), "test:told", {"number": number, "filling": "x" * size})
            if number % 50 == 0:
                client.send(f'42{number}["twinspace:leave",{{"twinspace_id":"{world.twinspace_id}"}}]')
            if number % 97 == 0:
                await asyncio.sleep(0)
        heard, answers = [], []
        while len(heard) < TOLD or len(answers) < TOLD // 50:
            text = await client.read()
            if text.startswith("43"):
                answers.append(int(text[2 : text.index("[")]))
            elif text.startswith('42["test:told"'):
                heard.append(json.loads(text[2:])[1]["number"])
        assert heard == sent
        assert answers == list(range(0, TOLD, 50))
    finally:
        client.writer.close()


async def test_a_class_hears_everything_in_order_beside_one_who_reads_slowly_and_one_who_goes(world: World) -> None:
    """So many are written to in one call, the slow one by the queue, and who goes in the middle harms nobody."""
    told = 300
    slow, leaving = await SlowReader.of(world.founder), await SlowReader.of(world.founder)
    others = [await SlowReader.of(world.founder) for _ in range(6)]
    announce = world.hub.context.announce

    async def hear(client: SlowReader) -> list[int]:
        heard: list[int] = []
        while len(heard) < told:
            text = await client.read()
            if text.startswith('42["test:told"'):
                heard.append(json.loads(text[2:])[1]["number"])
        return heard

    hearing = [asyncio.create_task(hear(client)) for client in others]
    try:
        for number in range(told):
            await announce.to_user(id_of(world.founder), "test:told", {"number": number, "filling": "x" * 1_500})
            if number == told // 2:
                leaving.writer.transport.abort()
            if number % 3 == 0:
                await asyncio.sleep(0)
        assert await asyncio.gather(*hearing, hear(slow)) == [list(range(told))] * 7
    finally:
        for task in hearing:
            task.cancel()
        for client in (slow, leaving, *others):
            client.writer.close()
