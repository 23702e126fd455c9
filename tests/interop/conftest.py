from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import open_storage
from tests.interop.doc_server import DocServer, fill
from tests.interop.stock_clients import StockClients


@pytest.fixture
async def clients() -> AsyncIterator[StockClients]:
    async with StockClients() as clients:
        yield clients


@pytest.fixture
async def server(data_dir: Path) -> AsyncIterator[DocServer]:
    storage = await open_storage(data_dir=data_dir)
    await fill(storage, ("doc", "document"), ("wall", "wall"), ("form", "form"))
    async with DocServer(storage) as server:
        yield server
    await storage.close()
