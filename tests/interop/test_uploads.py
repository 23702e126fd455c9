"""Resumable uploads with the stock tus client: cut off at 99 %, and with the hub killed in between."""

from __future__ import annotations

import asyncio
import hashlib
import json
import random
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any, Self

import aiohttp
import pytest

from tests.hub_process import HubProcess

HERE = Path(__file__).parent
WAIT_S = 120
BYTES = 48 * 1024 * 1024


class Line:
    """Between client and hub: it breaks once, when so many bytes have gone to the hub, and counts them."""

    def __init__(self, hub_port: int, breaks_after: int) -> None:
        self.sent = 0
        self.broken = asyncio.Event()
        self.port = 0
        self._hub_port = hub_port
        self._breaks_after = breaks_after
        self._writers: list[asyncio.StreamWriter] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        self._cut()
        await self._server.wait_closed()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.append(writer)
        try:
            hub_reader, hub_writer = await asyncio.open_connection("127.0.0.1", self._hub_port)
        except OSError:
            writer.close()
            return
        self._writers.append(hub_writer)
        with suppress(OSError):
            await asyncio.gather(self._carry(reader, hub_writer, True), self._carry(hub_reader, writer, False))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_up: bool) -> None:
        while data := await reader.read(64 * 1024):
            writer.write(data)
            await writer.drain()
            self.sent += len(data) if is_up else 0
            if self.sent >= self._breaks_after and not self.broken.is_set():
                self.broken.set()
                self._cut()
        writer.close()

    def _cut(self) -> None:
        for writer in self._writers:
            writer.close()
        self._writers.clear()


@asynccontextmanager
async def tus(
    line: Line, space: str, token: str, path: Path, filename: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    asked = {
        "endpoint": f"http://127.0.0.1:{line.port}/api/v1/twinspaces/{space}/uploads",
        "token": token,
        "path": str(path),
        "filename": filename,
    }
    process = await asyncio.create_subprocess_exec(
        "node", "--import", "./web_client_modules.mjs", "uploads.mjs", json.dumps(asked), cwd=HERE, stdout=PIPE
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_done(client: asyncio.subprocess.Process) -> None:
    async with asyncio.timeout(WAIT_S):
        said, _ = await client.communicate()
    assert json.loads(said).keys() == {"done"}, said


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_the_stock_client_goes_on_where_its_line_broke_and_where_the_hub_was_killed(tmp_path: Path) -> None:
    path = tmp_path / "film.bin"
    data = random.Random(1).randbytes(BYTES)
    path.write_bytes(data)
    async with HubProcess(tmp_path / "data") as hub:
        token = await hub.token("pupil.es")
        headers = {"Authorization": f"Bearer {token}"}
        async with aiohttp.ClientSession(hub.url, headers=headers) as http:
            space = (await get(http, "/api/v1/twinspaces"))["twinspaces"][0]["id"]

            async with Line(hub.port, int(BYTES * 0.99)) as line, tus(line, space, token, path, "cut.bin") as client:
                await until_done(client)
            await check(http, space, "cut.bin", data)
            # What had come was kept: only what was on its way went twice.
            assert line.broken.is_set() and line.sent < BYTES * 1.3

            async with Line(hub.port, int(BYTES * 0.6)) as line, tus(line, space, token, path, "killed.bin") as client:
                await line.broken.wait()
                await hub.kill()
                await hub.start()
                await until_done(client)
            await check(http, space, "killed.bin", data)
            assert line.sent < BYTES * 1.3


async def get(http: aiohttp.ClientSession, path: str) -> Any:
    async with http.get(path) as reply:
        assert reply.status == 200
        return await reply.json()


async def check(http: aiohttp.ClientSession, space: str, title: str, data: bytes) -> None:
    """It is there once, and every byte of it."""
    materials = (await get(http, f"/api/v1/twinspaces/{space}/materials"))["materials"]
    (material,) = [each for each in materials if each["title"] == title]
    async with http.get(f"/api/v1/materials/{material['id']}/file") as reply:
        assert hashlib.sha256(await reply.read()).digest() == hashlib.sha256(data).digest()
