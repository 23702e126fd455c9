"""What was acknowledged survives kill -9, whatever the moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from storage import open_storage
from storage.records import ContentId
from tests.services import Postgres

ROOT = Path(__file__).parents[2]
KILLS = 6
SEED = 20


def append_until_killed(folder: Path, url: str, run: int, line_count: int) -> list[tuple[str, int, str]]:
    """What the child saw acknowledged before it was killed, at about the given number of lines."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.storage.appender", str(folder), url, str(run)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert child.stdout is not None
    lines: list[bytes] = []
    for line in child.stdout:
        lines.append(line)
        if len(lines) == line_count:
            child.send_signal(signal.SIGKILL)
    child.stdout.close()
    assert child.wait(10) == -signal.SIGKILL, "the child ended by itself"
    # The last line may be cut in the middle; then nobody has read the acknowledgement.
    whole = [line.decode().split() for line in lines if line.endswith(b"\n")]
    return [(content_id, int(seq), update) for content_id, seq, update in whole]


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
async def test_everything_acknowledged_is_on_disk_after_every_kill(
    database: str, data_dir: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres_url") if database == "postgres" else ""
    chance = random.Random(SEED)
    acknowledged: dict[tuple[str, int], str] = {}
    for run in range(KILLS):
        for content_id, seq, update in append_until_killed(data_dir, url, run, chance.randrange(1, 3000)):
            assert acknowledged.setdefault((content_id, seq), update) == update, "a seq was handed out twice"
        stored: dict[tuple[str, int], str] = {}
        storage = await open_storage(data_dir=data_dir, database_url=url)
        for content_id in ("doc0", "doc1", "doc2"):
            entries = (await storage.doc_log.load(ContentId(content_id))).entries
            assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
            stored |= {(content_id, entry.seq): entry.update.decode() for entry in entries}
        await storage.close()
        assert acknowledged.items() <= stored.items()
        assert len(set(stored.values())) == len(stored), "an update was stored twice"
    assert len(acknowledged) > KILLS


@pytest.mark.slow
@pytest.mark.services
async def test_everything_acknowledged_survives_a_crash_of_postgresql(own_postgres: Postgres, tmp_path: Path) -> None:
    storage = await open_storage(data_dir=tmp_path, database_url=own_postgres.new_database())
    for run in range(3):
        seq = await storage.doc_log.append(ContentId("doc"), [b"%d" % run], user_id=None, at_ms=1)
        own_postgres.service.stop(signal.SIGQUIT)
        own_postgres.service.start()
        own_postgres.wait_until_ready()
        assert [entry.seq for entry in (await storage.doc_log.load(ContentId("doc"))).entries] == [*range(1, seq + 1)]
    await storage.close()
