"""Databases that have their tables already: making those takes longer than most tests."""

from __future__ import annotations

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from storage.sql import open_sql_ports
from tests.services import Postgres


def _make_tables(path: Path, url: str) -> None:
    async def open_and_close() -> None:
        ports = await open_sql_ports(path, url)
        await ports.database.close()

    # A thread of its own: the loop of the test that asks first may be running in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, open_and_close()).result()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "hub.sqlite3"
    _make_tables(path, "")
    return path


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres) -> str:
    """The database's name."""
    url = postgres.new_database()
    _make_tables(Path(), url)
    return url.rpartition("/")[2]


@pytest.fixture
def data_dir(tmp_path: Path, sqlite_template: Path) -> Path:
    """A data folder of the test's own, with the tables and no rows."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copyfile(sqlite_template, folder / sqlite_template.name)
    return folder


@pytest.fixture
def postgres_url(postgres: Postgres, postgres_template: str) -> str:
    """A database of the test's own, with the tables and no rows."""
    return postgres.new_database(postgres_template)
