"""The implementations that the contract suite runs over."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from storage import Storage, open_memory_storage, open_storage

OpenAgain = Callable[[], Awaitable[Storage]]
"""Opens the same database as another process would."""

SQLITE = pytest.param("sqlite", marks=pytest.mark.slow)
SERVICE = pytest.param("postgres", marks=pytest.mark.services)


@pytest.fixture(params=["memory", SQLITE, SERVICE])
async def storage(request: pytest.FixtureRequest, data_dir: Path) -> AsyncIterator[Storage]:
    if request.param == "memory":
        opened = open_memory_storage()
    else:
        url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
        opened = await open_storage(data_dir=data_dir, database_url=url)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", SERVICE])
async def open_again(request: pytest.FixtureRequest, data_dir: Path) -> AsyncIterator[OpenAgain]:
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    opened: list[Storage] = []

    async def open_it() -> Storage:
        opened.append(await open_storage(data_dir=data_dir, database_url=url))
        return opened[-1]

    yield open_it
    for each in opened:
        await each.close()
