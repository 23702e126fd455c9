"""All rows in one file, as they stood at one moment, while others read and write; and back into an empty database."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from storage.ports import Unavailable


def dump_sqlite(database: Path, target: Path) -> None:
    """Into a new file. Pages that were freed, and what was erased with them, don't come along. Raise Unavailable."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            connection.execute("VACUUM INTO ?", (str(target),))
    except sqlite3.Error as error:
        raise Unavailable(f"Can't copy {database}: {error}.") from error


def dump_postgres(database_url: str, target: Path) -> None:
    """By `pg_dump` in its own format. Raise Unavailable."""
    _run(database_url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--file={target}")


def restore_postgres(database_url: str, dump: Path) -> None:
    """All of it or nothing. Raise Unavailable, also when the database holds a hub already."""
    options = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
    _run(database_url, "pg_restore", *options, f"--dbname={_fields(database_url)['PGDATABASE']}", str(dump))


def _run(database_url: str, program: str, *arguments: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise Unavailable(f"{program} is not installed; it is in the package postgresql-client.")
    environment = {**os.environ, **_fields(database_url)}
    done = subprocess.run([found, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Unavailable(f"{program}: {done.stderr.strip()}")


def _fields(database_url: str) -> dict[str, str]:
    """For libpq's environment: who lists the machine's programs must not read a password."""
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise Unavailable("The database URL is not one of PostgreSQL.") from None
    host = url.host or url.query.get("host") or ""
    fields = {
        "PGHOST": host if isinstance(host, str) else host[0],
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": str(url.password or ""),
        "PGDATABASE": url.database or "",
    }
    return {name: value for name, value in fields.items() if value}
