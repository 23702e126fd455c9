"""A whole text is written through two stock clients, turn by turn, and lies on the disk as it was written."""

from __future__ import annotations

from itertools import cycle
from pathlib import Path
from typing import Any

import pytest
from pycrdt import Doc, Text

from crdt_docs.compaction import continue_log
from hub.socket_limits import SocketLimits
from storage import open_storage
from storage.records import ContentId
from tests.interop.doc_server import DocServer, fill
from tests.interop.editing_trace import editing_trace
from tests.interop.stock_clients import StockClients

TURN_EDITS = 1_000
# A client that replays a text types faster than anybody; the limit has its own test.
UNPACED = SocketLimits(messages_per_s=1e9, messages_burst=1e9)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
async def test_a_text_is_written_by_two(tmp_path: Path, clients: StockClients) -> None:
    edits, text = editing_trace(20_000)
    storage = await open_storage(data_dir=tmp_path)
    await fill(storage, ("doc", "document"))
    async with DocServer(storage, socket_limits=UNPACED) as server:
        a = await clients.hocuspocus(server.url, "doc", token="writer")
        b = await clients.y_websocket(server.url, "doc", token="other")
        await b.until("synced", True)
        turns = range(0, len(edits), TURN_EDITS)
        for writer, start in zip(cycle((a, b)), turns, strict=False):
            await writer.tell("replay", edits=edits[start : start + TURN_EDITS])
            written = await writer.until("text")
            for reader in (a, b):
                await reader.until("text", written, timeout_ms=60_000)
        assert written == text
        await a.until("unsynced", 0)
        counts = server.live_docs.counts()
        assert counts.compactions > 0 and counts.discarded == 0
        cold = await clients.hocuspocus(server.url, "doc", token="reader")
        await cold.until("text", text, timeout_ms=60_000)
    stored = await storage.doc_log.load(ContentId("doc"))
    doc: Doc[Any] = Doc()
    continuation = continue_log(stored.state, [entry.update for entry in stored.entries], server.live_docs.limits)
    doc.apply_update(continuation.state)
    assert str(doc.get("t", type=Text)) == text
    await storage.close()
