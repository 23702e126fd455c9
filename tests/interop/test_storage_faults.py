"""Storage that fails under the real hub while stock clients write: nothing is called saved, and nothing is lost.

Faults of reliability.md that concern documents: a full disk, a database that is locked, gone or silent.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import sqlite3
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from storage import open_storage
from storage.records import ContentId
from tests.hub_process import ROOT, HubProcess
from tests.interop.stock_clients import StockClient, StockClients
from tests.interop.test_killed_hub import document_text, make_document, text_on_disk
from tests.services import Postgres

pytestmark = [pytest.mark.slow, pytest.mark.timeout(180)]

PATIENCE_MS = 40_000
FAILING = '{"version":1,"storage":"failing"}'
WORKS = '{"version":1,"storage":"ok"}'


class Class:
    """Two people in one document of a hub, and a third who comes while nothing can be saved."""

    def __init__(self, hub: HubProcess, clients: StockClients) -> None:
        self._hub = hub
        self._clients = clients
        self.content_id = ""

    async def gather(self) -> None:
        token = await self._hub.token("teacher.es")
        self.content_id = await make_document(self._hub.url, token)
        self.ana = await self._clients.hocuspocus(self._hub.url, self.content_id, token=token)
        self.bea = await self._clients.hocuspocus(
            self._hub.url, self.content_id, token=await self._hub.token("pupil.pl")
        )
        self._late_token = await self._hub.token("teacher.pl")
        await self.ana.insert("before")
        await self.ana.until("unsynced", 0)
        await self.bea.until("text", "before")

    async def write_on(self, texts: list[str]) -> None:
        """Ana writes while storage fails: she is told, Bea reads on, and who comes now is told too."""
        for text in texts:
            await self.ana.insert(text)
        await self.ana.tell("until", what="event", word="stateless", timeout_ms=PATIENCE_MS)
        assert (await self.ana.events("stateless"))[-1] == ["stateless", FAILING]
        assert await self.ana.tell("until", what="unsynced") > 0, "nothing is called saved"
        await self.bea.until("text", "".join(["before", *texts]), timeout_ms=PATIENCE_MS)

    async def come_late(self) -> StockClient:
        late = await self._clients.hocuspocus(self._hub.url, self.content_id, token=self._late_token)
        assert await late.until_event("stateless") == ["stateless", FAILING]
        return late

    async def heal(self, *others: StockClient) -> None:
        for client in (self.ana, *others):
            await client.until("unsynced", 0, timeout_ms=PATIENCE_MS)
            assert (await client.events("stateless"))[-1] == ["stateless", WORKS]


@pytest.fixture
async def hub(tmp_path: Path) -> AsyncIterator[HubProcess]:
    async with HubProcess(tmp_path / "data") as hub:
        yield hub


async def test_a_locked_database(hub: HubProcess, clients: StockClients) -> None:
    people = Class(hub, clients)
    await people.gather()
    other = sqlite3.connect(hub.data_dir / "hub.sqlite3", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    try:
        await people.write_on([" and while it was locked"])
        late = await people.come_late()
    finally:
        other.execute("ROLLBACK")
        other.close()
    await people.heal(late)
    assert await text_on_disk(hub.data_dir, people.content_id) == "before and while it was locked"


async def test_a_vanished_database(hub: HubProcess, clients: StockClients) -> None:
    people = Class(hub, clients)
    await people.gather()
    files = [path for path in hub.data_dir.iterdir() if path.name.startswith("hub.sqlite3")]
    for path in files:
        path.rename(path.with_name(f"away-{path.name}"))
    await people.write_on([" and while it was away"])
    late = await people.come_late()
    assert not (hub.data_dir / "hub.sqlite3").exists(), "no empty one takes its place"
    for path in files:
        path.with_name(f"away-{path.name}").rename(path)
    await people.heal(late)
    assert await text_on_disk(hub.data_dir, people.content_id) == "before and while it was away"


class SmallDisk(HubProcess):
    """A hub whose data lies on a disk of its own, of a few megabytes, in a mount namespace."""

    def __init__(self, data_dir: Path, size_mb: int) -> None:
        is_root = os.geteuid() == 0
        enter = () if is_root else ("--user", "--map-root-user")
        mount = f'mount -t tmpfs -o size={size_mb}m hub "$HUB_DATA_DIR" && exec "$0" -m hub "$@"'
        data_dir.mkdir()
        super().__init__(
            data_dir, command=("unshare", *enter, "--mount", "sh", "-c", mount, sys.executable), HUB_DEMO="1"
        )
        self._join = () if is_root else ("--user", "--preserve-credentials")

    @property
    def disk(self) -> Path:
        """The data as the hub sees them."""
        return Path(f"/proc/{self.pid}/root") / self.data_dir.relative_to("/")

    async def run(self, *arguments: str) -> str:
        command = (
            "nsenter",
            "--target",
            str(self.pid),
            *self._join,
            "--mount",
            f"--wd={ROOT}",
            sys.executable,
            "-m",
            "hub",
        )
        outside, self._command = self._command, command
        try:
            return await super().run(*arguments)
        finally:
            self._command = outside

    def fill(self) -> None:
        with (self.disk / "filler").open("wb", buffering=0) as filler:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        filler.write(b"\xff" * size)
                except OSError as error:
                    assert error.errno == errno.ENOSPC

    def copy_database(self, folder: Path) -> Path:
        """What a power cut now would leave. SQLite follows links, so it can't read in the other namespace itself."""
        folder.mkdir()
        os.kill(self.pid, signal.SIGSTOP)
        try:
            for name in ("hub.sqlite3", "hub.sqlite3-wal"):
                shutil.copy(self.disk / name, folder / name)
        finally:
            os.kill(self.pid, signal.SIGCONT)
        return folder


async def test_a_full_disk(tmp_path: Path, clients: StockClients) -> None:
    async with SmallDisk(tmp_path / "data", size_mb=96) as hub:
        people = Class(hub, clients)
        await people.gather()
        hub.fill()
        # The log has some room of its own before it has to grow.
        texts = [f"<{number}>" + "x" * 50_000 for number in range(40)]
        await people.write_on(texts)
        late = await people.come_late()
        (hub.disk / "filler").unlink()
        await people.heal(late)
        copy = hub.copy_database(tmp_path / "copy")
        assert await text_on_disk(copy, people.content_id) == "".join(["before", *texts])


@pytest.mark.services
@pytest.mark.parametrize("fault", ["pause", "kill"])
async def test_postgres_gone(own_postgres: Postgres, tmp_path: Path, clients: StockClients, fault: str) -> None:
    url = own_postgres.new_database()
    service = own_postgres.service
    begin: Callable[[], None] = service.pause if fault == "pause" else lambda: service.stop(signal.SIGKILL)
    end: Callable[[], None] = service.resume if fault == "pause" else service.start
    async with HubProcess(tmp_path / "data", HUB_DATABASE_URL=url) as hub:
        people = Class(hub, clients)
        await people.gather()
        begin()
        try:
            await people.write_on([" and while it was gone"])
        finally:
            end()
        own_postgres.wait_until_ready()
        await people.heal()
        storage = await open_storage(data_dir=tmp_path / "reader", database_url=url)
        try:
            stored = await storage.doc_log.load(ContentId(people.content_id))
        finally:
            await storage.close()
        assert document_text(stored) == "before and while it was gone"
