"""kill -9 of the real hub while two people write: what was acknowledged is there before any client returns."""

from __future__ import annotations

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pycrdt import Doc, Text

from crdt_docs.compaction import continue_log
from crdt_docs.limits import Limits
from storage import open_storage
from storage.records import ContentId, StoredDoc
from tests.hub_process import HubProcess
from tests.interop.stock_clients import StockClients

KILLS = 5


async def text_on_disk(data_dir: Path, content_id: str) -> str:
    storage = await open_storage(data_dir=data_dir)
    stored = await storage.doc_log.load(ContentId(content_id))
    await storage.close()
    return document_text(stored)


def document_text(stored: StoredDoc) -> str:
    doc: Doc[Any] = Doc()
    doc.apply_update(continue_log(stored.state, [entry.update for entry in stored.entries], Limits()).state)
    return str(doc.get("t", type=Text))


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_PE2_acknowledged_means_on_disk(tmp_path: Path, clients: StockClients) -> None:
    rng = random.Random(7)
    async with HubProcess(tmp_path / "data") as hub:
        token = await hub.token("teacher.es")
        content_id = await make_document(hub.url, token)
        a = await clients.hocuspocus(hub.url, content_id, token=token)
        b = await clients.hocuspocus(hub.url, content_id, token=await hub.token("pupil.pl"))
        for kill in range(KILLS):
            await a.tell("forget")
            await a.insert(f"<{kill} saved>", 0)
            await a.until("unsynced", 0, timeout_ms=20_000)
            # These may or may not make it in time; nobody was told.
            writing = [asyncio.create_task(b.insert(f"{i},")) for i in range(rng.randrange(30))]
            await asyncio.gather(*writing)
            await hub.kill()
            on_disk = await text_on_disk(hub.data_dir, content_id)
            for earlier in range(kill + 1):
                assert f"<{earlier} saved>" in on_disk
            await hub.start()
            await a.until("connected", True, timeout_ms=20_000)
            await b.until("unsynced", 0, timeout_ms=20_000)
            whole = await b.until("text")
            await a.until("text", whole, timeout_ms=20_000)


async def make_document(url: str, token: str) -> str:
    headers = {"Authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(headers=headers) as http:
        async with http.get(f"{url}/api/v1/twinspaces") as reply:
            twinspace = (await reply.json())["twinspaces"][0]["id"]
        body = {"kind": "document", "title": "Log"}
        async with http.post(f"{url}/api/v1/twinspaces/{twinspace}/contents", json=body) as reply:
            assert reply.status == 201, await reply.text()
            return str((await reply.json())["id"])
