"""What the SQL ports need of a database: run this work in a transaction, and raise what a port may raise."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Any, Protocol, TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import (
    DatabaseError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InvalidRequestError,
    OperationalError,
    ProgrammingError,
    StatementError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from storage.ports import Conflict, NotFound, StorageError, Unavailable
from storage.sql.append import Append

T = TypeVar("T")

Work = Callable[[Connection], T]
"""Statements of one transaction. May run again after it was rolled back, so it changes nothing but the database."""

_FOREIGN_KEY = frozenset({"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"})
_UNIQUE = frozenset({"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"})
_OUR_BUG = ("22", "42")
"""SQLSTATE classes of PostgreSQL: data exception, syntax error or access rule violation."""


class Database(Protocol):
    async def read(self, work: Work[T]) -> T:
        """Run in a transaction that sees one moment of the database."""
        ...

    async def write(self, work: Work[T]) -> T:
        """Run in a transaction and return once it is durable."""
        ...


class HubDatabase(Database, Protocol):
    """The database as the composition root sees it."""

    async def append(self, append: Append) -> int:
        """Write it together with all that has gathered meanwhile; return its last seq once it is durable."""
        ...

    async def scrub(self) -> None:
        """Leave no byte of what was deleted in the files. Raise Unavailable when somebody reads for too long."""
        ...

    async def check(self) -> None:
        """Raise Unavailable when nothing can be written now."""
        ...

    async def close(self) -> None:
        """Finish what waits, then refuse everything."""
        ...


def error_name(error: BaseException | None) -> str:
    """SQLite's error name or PostgreSQL's SQLSTATE; empty when there is none."""
    while error is not None:
        name: Any = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
        if name:
            return str(name)
        error = error.__cause__
    return ""


def port_error(error: Exception) -> Exception:
    """What the port raises for an error of the library or the driver; a bug of ours stays as it is."""
    if isinstance(error, StorageError):
        return error
    if isinstance(error, (OSError, PoolTimeoutError)):  # TimeoutError is an OSError.
        return Unavailable(f"The database does not answer: {error or type(error).__name__}.")
    if type(error) in (sqlite3.OperationalError, sqlite3.DatabaseError):
        return Unavailable(f"The database refused: {error}.")
    if isinstance(error, (IntegrityError, sqlite3.IntegrityError)):
        name = error_name(error.orig if isinstance(error, IntegrityError) else error)
        if name in _FOREIGN_KEY:
            return NotFound("A row that this one points to is not there.")
        if name in _UNIQUE:
            return Conflict("A row with this key is there already.")
        return error
    if not isinstance(error, StatementError):
        return error
    name = error_name(error.orig)
    if isinstance(error, DBAPIError):
        if isinstance(error, ProgrammingError) or name.startswith(_OUR_BUG):
            return error
        if type(error) in (DBAPIError, OperationalError, InterfaceError, DatabaseError) or error.connection_invalidated:
            return Unavailable(f"The database refused: {error.orig}.")
        return error
    if isinstance(error.orig, (ValueError, InvalidRequestError)):
        return error.orig
    return error
