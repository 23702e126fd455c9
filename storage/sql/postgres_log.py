"""Appends on PostgreSQL: one statement, so one commit, for all that gathered while the last one ran."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import asyncpg  # type: ignore[import-untyped]

from storage.ports import Unavailable
from storage.sql.append import Append, bindings, counts

COMMIT_LIMIT_CALLS = 5_000
COMMIT_LIMIT_BYTES = 16 * 1024 * 1024

DRIVER_ERRORS = (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What a server that goes away looks like. The last: asyncpg loses its thread when that happens between two steps."""

_WRITE = """
WITH heads AS (
    -- The rows' locks are held until the commit: two processes never hand out the same seq, and a reader who sees a seq
    -- sees all before it. Taken in one order, so that two processes can't wait for each other.
    INSERT INTO doc_heads AS head (content_id, last_seq)
    SELECT content_id, count FROM unnest($1::text[], $2::bigint[]) AS needed (content_id, count) ORDER BY content_id
    ON CONFLICT (content_id) DO UPDATE SET last_seq = head.last_seq + excluded.last_seq
    RETURNING content_id, last_seq
), written AS (
    INSERT INTO doc_log (content_id, seq, data, user_id, written_at_ms)
    SELECT content_id, last_seq - behind, data, user_id, written_at_ms
    FROM unnest($3::text[], $4::bigint[], $5::bytea[], $6::text[], $7::bigint[])
        AS entry (content_id, behind, data, user_id, written_at_ms)
    JOIN heads USING (content_id)
), bound AS (
    INSERT INTO doc_writers (content_id, client_id, user_id)
    SELECT content_id, client_id, user_id FROM unnest($8::text[], $9::bigint[], $10::text[])
        AS writer (content_id, client_id, user_id)
    JOIN heads USING (content_id)
    ON CONFLICT DO NOTHING
)
SELECT content_id, last_seq FROM heads
"""


@dataclass(frozen=True, slots=True)
class _Job:
    append: Append
    done: asyncio.Future[int]


class LogWriter:
    def __init__(self, connect: Callable[[], Awaitable[Any]]) -> None:
        self._connect = connect
        self._waiting: list[_Job] = []
        self._wake = asyncio.Event()
        self._closed = False
        self._task = asyncio.create_task(self._write_batches(), name="postgres-log")

    async def append(self, append: Append) -> int:
        if self._closed:
            raise Unavailable("The database is closed.")
        job = _Job(append, asyncio.get_running_loop().create_future())
        self._waiting.append(job)
        self._wake.set()
        return await job.done

    async def close(self) -> None:
        self._closed = True
        self._wake.set()
        await self._task

    async def _write_batches(self) -> None:
        connection: Any = None
        while True:
            if not self._waiting:
                if self._closed:
                    break
                self._wake.clear()
                await self._wake.wait()
                continue
            jobs = self._next_jobs()
            try:
                if connection is None or connection.is_closed():
                    connection = await self._connect()
                _resolve(jobs, await _write(connection, [job.append for job in jobs]))
            except Exception as error:
                if connection is not None:
                    # A polite close would wait for a server that may be silent.
                    connection.terminate()
                    connection = None
                _refuse(jobs, error)
        if connection is not None:
            connection.terminate()

    def _next_jobs(self) -> list[_Job]:
        size_bytes = 0
        for count, job in enumerate(self._waiting):
            size_bytes += sum(len(update) for update, _ in job.append.entries)
            if count and (count == COMMIT_LIMIT_CALLS or size_bytes > COMMIT_LIMIT_BYTES):
                break
        else:
            count = len(self._waiting)
        jobs, self._waiting = self._waiting[:count], self._waiting[count:]
        return jobs


async def _write(connection: Any, appends: Sequence[Append]) -> list[int]:
    needed = counts(appends)
    left = dict(needed)
    behind_last: list[int] = []
    rows: list[tuple[str, int, bytes, str | None, int]] = []
    for append in appends:
        for update, user_id in append.entries:
            left[append.content_id] -= 1
            rows.append((append.content_id, left[append.content_id], update, user_id, append.at_ms))
        behind_last.append(left[append.content_id])
    columns = [[row[column] for row in rows] for column in range(5)]
    bound = bindings(appends)
    writers = [[row[column] for row in bound] for column in range(3)]
    heads = dict(await connection.fetch(_WRITE, list(needed), list(needed.values()), *columns, *writers))
    return [heads[append.content_id] - behind for append, behind in zip(appends, behind_last, strict=True)]


def _resolve(jobs: Sequence[_Job], last_seqs: Sequence[int]) -> None:
    for job, last_seq in zip(jobs, last_seqs, strict=True):
        if not job.done.cancelled():
            job.done.set_result(last_seq)


def _refuse(jobs: Sequence[_Job], error: Exception) -> None:
    """A timed-out commit may have happened: to the caller it did not, and the log bears an update twice."""
    known = isinstance(error, (Unavailable, *DRIVER_ERRORS))
    for job in jobs:
        if not job.done.cancelled():
            refusal = Unavailable(f"The log can't be written: {error or type(error).__name__}.") if known else error
            refusal.__cause__ = None if refusal is error else error
            job.done.set_exception(refusal)
