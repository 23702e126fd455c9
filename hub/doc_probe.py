"""A few processes in which suspicious and large input is tried on a copy before the hub takes it.

The document engine can be made to hang, and to take memory without end (design: a hang can't be caught in the same
thread). There it costs a process, which is killed; here it would cost the hub.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
from dataclasses import asdict, dataclass
from typing import Self

from crdt_docs.errors import ProtocolError
from crdt_docs.limits import Limits
from crdt_docs.probe import Fields, decode_fields, encode_fields
from hub.doc_probe_worker import DONE, LENGTH_BYTES, REFUSED

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    processes: int = 2
    timeout_s: float = 5.0
    """For one update on a copy of its document."""
    bytes_per_s: float = 512 << 10
    """What is added for a large one: somebody's work of a week offline takes its time, and nobody else waits for it."""
    load_timeout_s: float = 30.0
    """For merging and reading a large document."""
    memory_bytes: int = 1 << 30
    """Address space of one process; an idle one takes about 100 MiB of it."""
    from_bytes: int = 64 << 10
    """Updates over this are tried on a copy first."""
    load_from_bytes: int = 256 << 10
    """Stored documents over this are merged and read there first."""


class ProbeFailed(Exception):
    """It hung, broke down or took too much memory: the input must not come near the hub's own engine."""


class DocProbe:
    """Processes are started when they are needed first, and stay until `close`."""

    def __init__(self, doc_limits: Limits, limits: ProbeLimits | None = None) -> None:
        self.limits = limits or ProbeLimits()
        self.failures = 0
        self._arguments = (json.dumps(asdict(doc_limits)), str(self.limits.memory_bytes))
        self._free = asyncio.Semaphore(self.limits.processes)
        self._idle: list[_Worker] = []
        self._started: set[asyncio.Task[_Worker]] = set()
        """Every process, from the moment it is asked for: whoever waits for one may be cancelled."""

    async def call(self, request: Fields, timeout_s: float | None = None) -> Fields:
        """The answer to a request of `crdt_docs.probe`. Raise ProtocolError, ProbeFailed, or OSError: no process."""
        async with self._free:
            worker = self._idle.pop() if self._idle else await self._start()
            is_sound = False
            try:
                async with asyncio.timeout(timeout_s or self.limits.timeout_s):
                    status, *answer = await worker.call(request)
                is_sound = True
            except TimeoutError:
                self.failures += 1
                raise ProbeFailed("it takes too long") from None
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                self.failures += 1
                raise ProbeFailed("its process died") from error
            finally:
                if is_sound:
                    self._idle.append(worker)
                else:
                    await worker.kill()
        if status == REFUSED:
            raise ProtocolError(answer[0].decode(), answer[1].decode())
        if status != DONE:
            self.failures += 1
            raise ProbeFailed(answer[0].decode())
        return answer

    async def close(self) -> None:
        """Calls that still run fail."""
        self._idle.clear()
        for task in list(self._started):
            await (await task).kill()

    async def _start(self) -> _Worker:
        task = asyncio.create_task(_Worker.start(self._arguments))
        self._started.add(task)
        worker = await asyncio.shield(task)
        worker.ended.add_done_callback(lambda _: self._started.discard(task))
        return worker


class _Worker:
    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._ending: asyncio.Task[None] | None = None

    @classmethod
    async def start(cls, arguments: tuple[str, ...]) -> Self:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "hub.doc_probe_worker",
            *arguments,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            # The engine prints its panics; what is to be known of them comes back as an answer.
            stderr=asyncio.subprocess.DEVNULL,
        )
        return cls(process)

    async def call(self, request: Fields) -> Fields:
        writer, reader = self._process.stdin, self._process.stdout
        assert writer is not None and reader is not None
        data = encode_fields(request)
        writer.write(len(data).to_bytes(LENGTH_BYTES, "big") + data)
        await writer.drain()
        size = int.from_bytes(await reader.readexactly(LENGTH_BYTES), "big")
        return decode_fields(await reader.readexactly(size))

    async def kill(self) -> None:
        if self._ending is None:
            self._ending = asyncio.create_task(self._end())
        await asyncio.shield(self._ending)

    async def _end(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        if self._process.stdin is not None:
            self._process.stdin.close()
        # Reads to the end as well, without which its pipe would stay open.
        await self._process.communicate()
        self.ended.set_result(None)
