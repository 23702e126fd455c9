"""The limits of documents as an operator sets them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from crdt_docs.awareness import Entry, encode_awareness
from crdt_docs.encoding import encode_bytes
from hub import app
from hub.settings import Settings
from storage.records import School, SchoolId
from tests.crdt_docs.editor import Editor
from tests.hub.world import World, _numbers, make_world
from tests.hub.yjs_client import open_document

SMALL = {
    "document_update_limit_bytes": 4096,
    "document_warn_bytes": 4096,
    "document_limit_bytes": 8192,
    "document_updates_per_s": 50,
    "document_updates_burst": 10,
    "document_awareness_per_s": 3,
    "document_awareness_limit_bytes": 256,
}


@pytest.fixture
async def small(tmp_path: Path) -> AsyncIterator[World]:
    hub = await app.start(Settings(data_dir=tmp_path, port=0, log_level="error", **SMALL))  # type: ignore[arg-type]
    # The first world of a run makes the schools; this hub is another one, and needs them whichever world it gets.
    next(_numbers)
    for letter in "ab":
        school = School(SchoolId(f"school-{letter}"), f"School {letter}", "Málaga", "ES", "circle")
        await hub.context.storage.users.add_school(school)
    async with aiohttp.ClientSession() as http:
        world = await make_world(hub, http)
        try:
            yield world
        finally:
            await world.close()
            await hub.stop()


async def test_every_limit_of_documents_is_a_setting(small: World) -> None:
    limits = small.hub.context.live_docs.limits
    assert (limits.document_warn_bytes, limits.awareness_per_s) == (4096, 3)
    content_id = await small.create("document")
    async with open_document(small.teacher, content_id) as client:
        await client.update(Editor(1).type("x" * 5_000))
        assert await client.ended() == 4413
    async with open_document(small.teacher, content_id) as client:
        long = encode_awareness([Entry(1, 1, '"' + "x" * 300 + '"')])
        await client.socket.send_bytes(b"\x01" + encode_bytes(long))
        assert await client.ended() == 4413
    async with open_document(small.teacher, content_id) as client:
        ana = Editor(2)
        for _ in range(3):
            await client.update(ana.type("x" * 3_000))
        assert await client.ended() == 4413
    async with open_document(small.teacher, content_id) as client:
        ana = Editor(3)
        started = asyncio.get_running_loop().time()
        for _ in range(30):
            await client.update(ana.type("y"))
        assert await client.sync()
        assert asyncio.get_running_loop().time() - started > 0.3, "read at 50 a second after the first ten"


def test_the_defaults_fit_a_class() -> None:
    settings = Settings()
    assert settings.document_update_limit_bytes == 256 << 10
    assert (settings.document_warn_bytes, settings.document_limit_bytes) == (5 << 20, 20 << 20)
    assert (settings.document_updates_per_s, settings.document_updates_burst) == (30, 200)
    assert (settings.document_awareness_per_s, settings.document_awareness_limit_bytes) == (5, 4 << 10)
