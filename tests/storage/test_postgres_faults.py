"""PostgreSQL paused, restarted, out of reach: refusals come in time, and the next call after it is back works."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path

import pytest

from storage import Storage, open_storage
from storage.ports import Unavailable
from storage.records import ContentId
from tests.services import Postgres
from tests.storage.people import ANA, settle

pytestmark = [pytest.mark.services, pytest.mark.slow]

DOC = ContentId("doc")


async def append(storage: Storage, update: bytes) -> int:
    return await storage.doc_log.append(DOC, [update], user_id=None, at_ms=1)


async def refusals(storage: Storage) -> None:
    """Every door says Unavailable, all within the time in which a teacher still waits."""
    calls = [append(storage, b"lost?"), storage.users.get_user(ANA.id), storage.users.set_language(ANA.id, "pl")]
    async with asyncio.timeout(10):
        answers = await asyncio.gather(*calls, return_exceptions=True)
    assert all(isinstance(answer, Unavailable) for answer in answers), answers


async def test_a_silent_server_is_noticed_and_its_return_as_well(own_postgres: Postgres, tmp_path: Path) -> None:
    storage = await open_storage(data_dir=tmp_path, database_url=own_postgres.new_database())
    await settle(storage)
    await append(storage, b"before")
    own_postgres.service.pause()
    try:
        await refusals(storage)
    finally:
        own_postgres.service.resume()
    own_postgres.wait_until_ready()
    last = await append(storage, b"after")
    entries = (await storage.doc_log.load(DOC)).entries
    assert (entries[0].update, entries[-1].update, entries[-1].seq) == (b"before", b"after", last)
    assert (await storage.users.get_user(ANA.id)).id == ANA.id
    await storage.check()
    await storage.close()


async def test_a_stopped_server_is_refused_at_once_and_found_again(own_postgres: Postgres, tmp_path: Path) -> None:
    storage = await open_storage(data_dir=tmp_path, database_url=own_postgres.new_database())
    await settle(storage)
    await append(storage, b"before")
    own_postgres.service.stop(signal.SIGINT)  # A fast shutdown: connections are ended.
    await refusals(storage)
    with pytest.raises(Unavailable):
        await storage.check()
    own_postgres.service.start()
    own_postgres.wait_until_ready()
    assert await append(storage, b"after") == 2
    await storage.users.set_language(ANA.id, "pl")
    await storage.close()


@pytest.mark.parametrize("url", ["postgresql://127.0.0.1:1/hub", "postgresql://127.0.0.1:x/hub", "mysql://127.0.0.1/x"])
async def test_a_wrong_url_is_unavailable(url: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await open_storage(data_dir=tmp_path, database_url=url)


async def test_a_missing_database_is_unavailable(postgres: Postgres, tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="does not exist"):
        await open_storage(data_dir=tmp_path, database_url=postgres.admin_url + "_nowhere")
