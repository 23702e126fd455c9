"""SQLite: one thread writes and commits what has gathered while its last commit ran; a few threads read.

All writes of the process go through the one thread: they never wait for each other's locks, and share its commits.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event

from storage.migrations import migrate
from storage.ports import Unavailable
from storage.sql.append import Append
from storage.sql.database import Work, error_name, port_error
from storage.sql.sqlite_append import write_appends

T = TypeVar("T")

BUSY_TIMEOUT_MS = 5_000
"""How long a write waits for another process (`hub token`, a backup) before it is refused."""

START_TIMEOUT_MS = 30_000
"""How long a start waits for another process that is migrating."""

READER_COUNT = 4
COMMIT_LIMIT = 5_000
"""Calls per commit. More would only make the first of them wait longer."""

_PASSES = frozenset({"SQLITE_FULL", "SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED"})
"""After these the connection is sound; after any other failure of the disk it is opened anew."""


class _Scrub:
    """Work that can't be done inside a transaction."""


@dataclass(slots=True)
class _Job:
    work: Work[Any] | Append | _Scrub
    done: asyncio.Future[Any]
    result: Any = None
    error: Exception | None = None


def sqlite_engine(path: Path, *, writes: bool, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        connect_args={"check_same_thread": False, "timeout": busy_timeout_ms / 1000, "cached_statements": 256},
        pool_size=READER_COUNT,
        max_overflow=0,
    )

    @event.listens_for(engine, "connect")
    def _set_up(connection: sqlite3.Connection, _record: object) -> None:
        # The driver's own transactions would begin too late for a read and without the lock for a write.
        connection.isolation_level = None
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        if not writes:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


async def open_sqlite(path: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> SqliteDatabase:
    """Open the file, made and migrated where needed; several processes may do so at once. Raise Unavailable."""
    try:
        await asyncio.to_thread(_prepare, path)
    except Exception as error:
        raise port_error(error) from error
    database = SqliteDatabase(path, busy_timeout_ms=busy_timeout_ms)
    # A reader that stays connected keeps the log's index file: on a full disk a first reader could not make it.
    await database.read(lambda connection: None)
    return database


def _prepare(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    engine = sqlite_engine(path, writes=True, busy_timeout_ms=START_TIMEOUT_MS)
    try:
        _switch_to_wal(engine)
        with engine.begin() as connection:
            migrate(connection)
    finally:
        engine.dispose()


def _switch_to_wal(engine: Engine) -> None:
    """Write-ahead log: readers don't wait for the writer. The file remembers it."""
    connection = engine.raw_connection()
    try:
        deadline = time.monotonic() + START_TIMEOUT_MS / 1000
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode=WAL")
                return
            except sqlite3.OperationalError as error:
                # The busy time-out does not cover this statement: another process is starting as well.
                if error_name(error) != "SQLITE_BUSY" or time.monotonic() > deadline:
                    raise OSError(str(error)) from error
                time.sleep(0.02)
    finally:
        connection.close()


class SqliteDatabase:
    """Made by `open_sqlite`, inside the event loop that uses it."""

    def __init__(self, path: Path, *, busy_timeout_ms: int = BUSY_TIMEOUT_MS) -> None:
        self._loop = asyncio.get_running_loop()
        self._path = path
        self._place = _place_of(path)
        self._reading = sqlite_engine(path, writes=False, busy_timeout_ms=busy_timeout_ms)
        self._writing = sqlite_engine(path, writes=True, busy_timeout_ms=busy_timeout_ms)
        self._readers = ThreadPoolExecutor(READER_COUNT, thread_name_prefix="sqlite-reader")
        self._waiting: list[_Job] = []
        self._wake = threading.Condition()
        self._closed = False
        self._writer = threading.Thread(target=self._write_batches, name="sqlite-writer", daemon=True)
        self._writer.start()

    async def read(self, work: Work[T]) -> T:
        if self._closed:
            raise Unavailable("The database is closed.")
        try:
            return await self._loop.run_in_executor(self._readers, self._read, work)
        except Exception as error:
            raise port_error(error) from error

    def _read(self, work: Work[T]) -> T:
        with self._reading.connect() as connection, connection.begin():
            return work(connection)

    async def write(self, work: Work[T]) -> T:
        result: T = await self._submit(work)
        return result

    async def append(self, append: Append) -> int:
        last_seq: int = await self._submit(append)
        return last_seq

    async def scrub(self) -> None:
        """Rewrite the file and empty its log. Writes wait meanwhile."""
        await self._submit(_Scrub())

    async def check(self) -> None:
        await self.write(_take_write_lock)

    async def close(self) -> None:
        with self._wake:
            self._closed = True
            self._wake.notify()
        await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        self._writing.dispose()
        self._reading.dispose()

    def _submit(self, work: Work[Any] | Append | _Scrub) -> asyncio.Future[Any]:
        job = _Job(work, self._loop.create_future())
        with self._wake:
            if self._closed:
                raise Unavailable("The database is closed.")
            self._waiting.append(job)
            if len(self._waiting) == 1:
                self._wake.notify()
        return job.done

    # Below: the writer thread.

    def _write_batches(self) -> None:
        connection: Connection | None = None
        while jobs := self._next_jobs():
            try:
                self._check_place()
                if connection is None:
                    connection = self._writing.connect()
                scrubs = [job for job in jobs if isinstance(job.work, _Scrub)]
                if scrubs:
                    # What was asked for before must be in the file by now, and what comes after may wait.
                    if others := [job for job in jobs if job not in scrubs]:
                        _commit_together(connection, others)
                    _scrub(connection)
                elif all(isinstance(job.work, Append) for job in jobs):
                    _commit_appends(connection, jobs)
                else:
                    _commit_together(connection, jobs)
            except Exception as error:
                for job in jobs:
                    job.error = port_error(error)
                if connection is not None and error_name(error) not in _PASSES and not isinstance(error, Unavailable):
                    connection.invalidate()
                    connection.close()
                    connection = None
            self._loop.call_soon_threadsafe(_resolve, jobs)
        if connection is not None:
            connection.close()

    def _check_place(self) -> None:
        """Raise Unavailable when the file was taken away: SQLite would go on and commit to what nobody finds again.

        The connection is kept, for the file may come back; a new one would make an empty database in its place.
        """
        if _place_of(self._path) != self._place:
            raise Unavailable(f"The database is not at {self._path} any more.")

    def _next_jobs(self) -> list[_Job]:
        """What has gathered; waits for it, and is empty once the database is closed."""
        with self._wake:
            while not self._waiting and not self._closed:
                self._wake.wait()
            jobs, self._waiting = self._waiting[:COMMIT_LIMIT], self._waiting[COMMIT_LIMIT:]
            return jobs


def _place_of(path: Path) -> tuple[int, int] | None:
    """The device and number of a file, which stay its own when it is renamed."""
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _commit_appends(connection: Connection, jobs: Sequence[_Job]) -> None:
    """One transaction of appends alone, on the driver: SQLAlchemy's part of it cost as much again as the rest."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    driver.execute("BEGIN IMMEDIATE")
    try:
        _append_all(connection, jobs)
        driver.execute("COMMIT")
    except BaseException:
        if driver.in_transaction:
            driver.execute("ROLLBACK")
        raise


def _commit_together(connection: Connection, jobs: Sequence[_Job]) -> None:
    """One transaction for all. A job that breaks a rule of the tables fails alone; a failing disk fails all of them."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    with connection.begin():
        appends: list[_Job] = []
        for job in jobs:
            if isinstance(job.work, Append):
                appends.append(job)
                continue
            assert not isinstance(job.work, _Scrub)
            # In the order of the calls, so that a compaction meets the log its caller knows.
            _append_all(connection, appends)
            appends = []
            # On the driver: SQLAlchemy's savepoints cost more than what most jobs do between them.
            driver.execute("SAVEPOINT job")
            try:
                job.result = job.work(connection)
            except Exception as error:
                job.error = port_error(error)
                if isinstance(job.error, Unavailable):
                    raise
                driver.execute("ROLLBACK TO job")
            driver.execute("RELEASE job")
        _append_all(connection, appends)


def _append_all(connection: Connection, jobs: Sequence[_Job]) -> None:
    if not jobs:
        return
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    last_seqs = write_appends(driver, [job.work for job in jobs if isinstance(job.work, Append)])
    for job, last_seq in zip(jobs, last_seqs, strict=True):
        job.result = last_seq


def _scrub(connection: Connection) -> None:
    """VACUUM writes a new file without free pages, through the log; then the log is emptied into the file.

    FTS5 keeps deleted words until its parts are merged. Raise Unavailable when a reader holds on to the old pages.
    """
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    for (name,) in driver.execute("SELECT name FROM sqlite_master WHERE sql LIKE '%USING fts5%'").fetchall():
        driver.execute(f'INSERT INTO "{name}" ("{name}") VALUES (\'optimize\')')
    driver.execute("VACUUM")
    deadline = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > deadline:
            raise Unavailable("Somebody reads the database for too long; what was erased is still in its log.")
        time.sleep(0.02)


def _take_write_lock(connection: Connection) -> None:
    """The transaction around it has it already."""


def _resolve(jobs: Sequence[_Job]) -> None:
    for job in jobs:
        if job.done.cancelled():
            continue
        if job.error is not None:
            job.done.set_exception(job.error)
        else:
            job.done.set_result(job.result)
