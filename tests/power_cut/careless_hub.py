"""The hub's command line with a database that says "stored" before the disk has it: what the test must notice."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from hub.__main__ import main
from storage.sql import sqlite

_careful_engine = sqlite.sqlite_engine


def _careless_engine(path: Path, **options: Any) -> Engine:
    engine = _careful_engine(path, **options)

    @event.listens_for(engine, "connect")
    def _trust_the_power(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA synchronous=OFF")

    return engine


if __name__ == "__main__":
    sqlite.sqlite_engine = _careless_engine
    sys.exit(main())
