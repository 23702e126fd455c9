"""One real hub for all tests of this folder that ask for it; each test has a TwinSpace of its own in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from hub.app import RunningHub, start
from hub.settings import Settings
from tests.hub.world import World, add_schools, make_world


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def hub(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[RunningHub]:
    folder: Path = tmp_path_factory.mktemp("hub")
    running = await start(Settings(data_dir=folder, port=0, host="127.0.0.1", demo=False))
    await add_schools(running.context.storage)
    yield running
    await running.stop()


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session


@pytest_asyncio.fixture(loop_scope="session")
async def world(hub: RunningHub, http: aiohttp.ClientSession) -> AsyncIterator[World]:
    made = await make_world(hub, http)
    yield made
    await made.close()
