"""A disk that is full, failing or locked: refusals are clear, nothing is stored by halves, and it heals by itself."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage import open_storage
from storage.ports import Conflict, Unavailable
from storage.records import ContentId
from storage.sql import SqlPorts, sql_ports
from storage.sql.sqlite import open_sqlite
from tests.storage.disk import files_no_longer_than
from tests.storage.people import LUCIA, SCHOOL

DOC = ContentId("doc")
PAGE_BYTES = 4096


@pytest.fixture
async def ports(data_dir: Path) -> AsyncIterator[SqlPorts]:
    opened = sql_ports(await open_sqlite(data_dir / "hub.sqlite3", busy_timeout_ms=50))
    yield opened
    await opened.database.close()


async def append(ports: SqlPorts, *updates: bytes, content_id: ContentId = DOC) -> int:
    return await ports.doc_log.append(content_id, updates, user_id=None, at_ms=1)


async def set_page_limit(ports: SqlPorts, count: int) -> None:
    await ports.database.write(lambda db: db.exec_driver_sql(f"PRAGMA max_page_count = {count}").all())


async def test_a_full_database_refuses_whole_calls_and_goes_on_when_there_is_room(ports: SqlPorts) -> None:
    await append(ports, b"before")
    pages: int = await ports.database.read(lambda db: db.exec_driver_sql("PRAGMA page_count").scalar_one())
    await set_page_limit(ports, pages + 4)
    calls = [append(ports, b"small", b"x" * 8 * PAGE_BYTES), append(ports, b"same commit")]
    assert all(isinstance(each, Unavailable) for each in await asyncio.gather(*calls, return_exceptions=True))
    assert [entry.update for entry in (await ports.doc_log.load(DOC)).entries] == [b"before"]
    assert await append(ports, b"fits") == 2
    await set_page_limit(ports, 100_000)
    assert await append(ports, b"x" * 8 * PAGE_BYTES) == 3


async def test_a_disk_that_refuses_writes_is_unavailable_until_it_takes_them_again(
    ports: SqlPorts, data_dir: Path
) -> None:
    await append(ports, b"before")
    with files_no_longer_than((data_dir / "hub.sqlite3-wal").stat().st_size):
        for _ in range(3):
            with pytest.raises(Unavailable):
                await append(ports, b"x" * 20 * PAGE_BYTES)
            with pytest.raises(Unavailable):
                await ports.database.check()
                await ports.users.add_school(SCHOOL)
        assert [entry.update for entry in (await ports.doc_log.load(DOC)).entries] == [b"before"]
    assert await append(ports, b"after") == 2
    await ports.database.check()
    await ports.users.add_school(SCHOOL)


async def test_a_locked_database_refuses_writes_in_time_and_still_reads(ports: SqlPorts, data_dir: Path) -> None:
    await append(ports, b"before")
    other = sqlite3.connect(data_dir / "hub.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    async with asyncio.timeout(5):
        for refused in [append(ports, b"x"), ports.users.add_school(SCHOOL), ports.database.check()]:
            with pytest.raises(Unavailable):
                await refused
        assert len((await ports.doc_log.load(DOC)).entries) == 1
    other.execute("ROLLBACK")
    other.close()
    assert await append(ports, b"after") == 2


async def test_a_file_that_was_taken_away_takes_nothing_until_it_is_back(ports: SqlPorts, data_dir: Path) -> None:
    await append(ports, b"before")
    away = data_dir / "away"
    away.mkdir()
    names = [f"hub.sqlite3{ending}" for ending in ("", "-wal", "-shm")]
    for name in names:
        (data_dir / name).rename(away / name)
    for refused in [append(ports, b"x"), ports.users.add_school(SCHOOL), ports.database.check()]:
        with pytest.raises(Unavailable):
            await refused
    assert not (data_dir / "hub.sqlite3").exists(), "no empty one takes its place"
    for name in names:
        (away / name).rename(data_dir / name)
    assert await append(ports, b"after") == 2
    (data_dir / "hub.sqlite3").rename(away / "hub.sqlite3")
    (data_dir / "hub.sqlite3").touch()
    with pytest.raises(Unavailable):
        await append(ports, b"to another file")


async def test_a_call_that_breaks_a_rule_fails_alone_in_a_shared_commit(ports: SqlPorts) -> None:
    await ports.users.add_school(SCHOOL)
    calls = [append(ports, b"1"), ports.users.add_user(LUCIA), ports.users.add_user(LUCIA), append(ports, b"2")]
    first, added, refused, second = await asyncio.gather(*calls, return_exceptions=True)
    assert (first, added, second) == (1, None, 2)
    assert isinstance(refused, Conflict)
    assert await ports.users.get_user(LUCIA.id) == LUCIA
    assert [entry.update for entry in (await ports.doc_log.load(DOC)).entries] == [b"1", b"2"]


async def test_a_cancelled_caller_disturbs_nobody(ports: SqlPorts) -> None:
    calls = [asyncio.ensure_future(append(ports, b"%d" % number)) for number in range(20)]
    await asyncio.sleep(0)
    for call in calls[::2]:
        call.cancel()
    assert await asyncio.gather(*calls[1::2]) == list(range(2, 21, 2))


async def test_what_is_no_database_is_unavailable(data_dir: Path) -> None:
    (data_dir / "hub.sqlite3").write_bytes(b"This is a diary, not a database. " * 200)
    with pytest.raises(Unavailable):
        await open_storage(data_dir=data_dir)
    (data_dir / "file").touch()
    with pytest.raises(Unavailable):
        await open_storage(data_dir=data_dir / "file")
