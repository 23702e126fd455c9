"""The migrations make exactly the tables that the code expects."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection

from storage import open_storage
from storage.sql import open_sql_ports
from storage.sql.tables import metadata


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_object": is_portable})
    return list(compare_metadata(context, metadata))


def is_portable(_thing: Any, name: str | None, *_: Any) -> bool:
    """Each database has a search index of its own kind, which only the migration makes."""
    return not (name or "").startswith("search_index")


@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.services)])
async def test_migrated_tables_are_those_of_the_code(
    database: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("postgres").new_database() if database == "postgres" else ""
    for _ in range(2):  # The second start finds nothing to do.
        ports = await open_sql_ports(tmp_path / "hub.sqlite3", url)
        assert await ports.database.read(differences) == []
        await ports.database.close()


async def test_any_folder_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "cinco años? 100% #1"
    storage = await open_storage(data_dir=folder)
    await storage.check()
    await storage.close()
    assert {path.name for path in folder.iterdir()} >= {"hub.sqlite3", "blobs"}


async def test_the_database_is_set_to_survive_a_power_cut(tmp_path: Path) -> None:
    ports = await open_sql_ports(tmp_path / "hub.sqlite3", "")

    def pragmas(connection: Connection) -> list[Any]:
        names = ["journal_mode", "synchronous", "foreign_keys"]
        return [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in names]

    assert await ports.database.write(pragmas) == ["wal", 2, 1]
    await ports.database.close()
