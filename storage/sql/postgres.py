"""PostgreSQL through asyncpg: transactions from a pool; the log has a connection of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

import asyncpg  # type: ignore[import-untyped]
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from storage.migrations import migrate
from storage.ports import Unavailable
from storage.sql.append import Append
from storage.sql.database import Work, error_name, port_error
from storage.sql.postgres_log import DRIVER_ERRORS, LogWriter

T = TypeVar("T")

COMMAND_TIMEOUT_S = 5
"""asyncpg alone waits over a minute on a cut network."""

TRANSACTION_TIMEOUT_S = 8
"""For connecting, work and commit together."""

SCRUB_TIMEOUT_S = 600
START_TIMEOUT_S = 60
"""How long a start waits for another process that is migrating."""

POOL_SIZE = 5
POOL_OVERFLOW = 5

_MIGRATION_LOCK = 0x7477696E
"""Key of the advisory lock under which one process migrates: "twin"."""

_AGAIN = frozenset({"40001", "40P01"})
"""Serialization failure and deadlock: the server rolled back and asks to try again."""

_TRIES = 3


async def open_postgres(url: str) -> PostgresDatabase:
    """Open the database of the URL (libpq's form, as asyncpg reads it) and migrate it. Raise Unavailable."""
    connect = _connector(url, command_timeout_s=START_TIMEOUT_S)
    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect)
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
            await connection.run_sync(migrate)
    except Exception as error:
        raise port_error(error) from error
    finally:
        await engine.dispose()
    return PostgresDatabase(url)


def _connector(url: str, *, command_timeout_s: float) -> Callable[[], Awaitable[Any]]:
    async def connect() -> Any:
        try:
            return await asyncpg.connect(
                url,
                timeout=COMMAND_TIMEOUT_S,
                command_timeout=command_timeout_s,
                # A server may have been set up to acknowledge before the disk has it.
                server_settings={"synchronous_commit": "on", "application_name": "twinspace-hub"},
            )
        except DRIVER_ERRORS as error:
            raise Unavailable(f"Can't connect to PostgreSQL: {error or type(error).__name__}.") from error
        except ValueError as error:
            raise Unavailable(f"The database URL is wrong: {error}.") from error

    return connect


class PostgresDatabase:
    """Made by `open_postgres`, inside the event loop that uses it."""

    def __init__(self, url: str) -> None:
        self._url = url
        connect = _connector(url, command_timeout_s=COMMAND_TIMEOUT_S)
        self._writing = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connect,
            pool_size=POOL_SIZE,
            max_overflow=POOL_OVERFLOW,
            pool_timeout=COMMAND_TIMEOUT_S,
            # After a restart of the server the pool is full of dead connections.
            pool_pre_ping=True,
        )
        self._reading = self._writing.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        self._log = LogWriter(connect)
        self._closed = False

    async def read(self, work: Work[T]) -> T:
        return await self._run(self._reading, work)

    async def write(self, work: Work[T]) -> T:
        return await self._run(self._writing, work)

    async def append(self, append: Append) -> int:
        return await self._log.append(append)

    async def scrub(self) -> None:
        """Rewrite every table: VACUUM FULL leaves no dead row in the files. What the server's own write-ahead log and
        backups still hold goes when they are recycled (docs/privacy/erasure.md)."""
        connect = _connector(self._url, command_timeout_s=SCRUB_TIMEOUT_S)
        try:
            connection = await connect()
            try:
                await connection.execute("VACUUM (FULL, ANALYZE)")
                if await _may_checkpoint(connection):
                    await connection.execute("CHECKPOINT")
            finally:
                await connection.close()
        except DRIVER_ERRORS as error:
            raise Unavailable(f"The tables can't be rewritten now: {error}.") from error

    async def check(self) -> None:
        await self.write(_check)

    async def close(self) -> None:
        self._closed = True
        await self._log.close()
        await self._writing.dispose()

    async def _run(self, engine: AsyncEngine, work: Work[T]) -> T:
        if self._closed:
            raise Unavailable("The database is closed.")
        for attempt in range(1, _TRIES + 1):
            try:
                async with asyncio.timeout(TRANSACTION_TIMEOUT_S):
                    return await _transact(engine, work)
            except asyncpg.InternalClientError as error:
                raise Unavailable(f"The connection to PostgreSQL broke: {error}.") from error
            except Exception as error:
                if attempt == _TRIES or error_name(error) not in _AGAIN:
                    raise port_error(error) from error
        raise AssertionError("unreachable")


async def _transact(engine: AsyncEngine, work: Work[T]) -> T:
    async with engine.connect() as connection, connection.begin():
        try:
            return await connection.run_sync(work)
        except TimeoutError:
            # Without this the rollback would wait for the same silent server.
            driver: Any = (await connection.get_raw_connection()).driver_connection
            driver.terminate()
            raise


async def _may_checkpoint(connection: Any) -> bool:
    """Only a superuser may write the server's buffers out at once; others wait for the next checkpoint."""
    found = await connection.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user")
    return bool(found)


def _check(connection: Connection) -> None:
    if connection.execute(text("SELECT pg_is_in_recovery()")).scalar():
        raise Unavailable("The database is a standby that can only be read.")
