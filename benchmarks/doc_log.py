"""How many durable appends per second the document log takes, and how long an acknowledgement is: prints JSON.

    python benchmarks/doc_log.py [--writers 1000] [--seconds 5] [--rate 1000] [--busy] [--database-url postgresql://…]

With `--rate` that many appends per second are offered; without it every writer sends its next when the last is on disk.
`--busy` keeps the event loop's thread computing half of the time, as a hub under load does.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import tempfile
import time
from pathlib import Path
from typing import Any

from storage import Storage, open_storage
from storage.records import ContentId, UserId

UPDATE = bytes(range(40))
"""About one keystroke."""


async def measure(storage: Storage, options: argparse.Namespace) -> dict[str, Any]:
    waits_ms: list[float] = []
    end = time.perf_counter() + options.seconds

    async def append(writer: int) -> None:
        start = time.perf_counter()
        await storage.doc_log.append(
            ContentId(f"doc{writer % options.documents}"), [UPDATE], user_id=UserId("user"), at_ms=1
        )
        waits_ms.append((time.perf_counter() - start) * 1000)

    async def write_on(writer: int) -> None:
        while time.perf_counter() < end:
            await append(writer)

    async def write_at_rate() -> None:
        start = time.perf_counter()
        sent = 0
        async with asyncio.TaskGroup() as tasks:
            while (now := time.perf_counter()) < end:
                while sent < (now - start) * options.rate:
                    tasks.create_task(append(sent))
                    sent += 1
                await asyncio.sleep(0.001)

    async def compute() -> None:
        while time.perf_counter() < end:
            stop = time.perf_counter() + 0.005
            while time.perf_counter() < stop:
                sum(range(100))
            await asyncio.sleep(0.005)

    start, start_cpu = time.perf_counter(), time.process_time()
    writing = [write_at_rate()] if options.rate else [write_on(writer) for writer in range(options.writers)]
    await asyncio.gather(*writing, *([compute()] if options.busy else []))
    took_s = time.perf_counter() - start
    took_cpu_s = time.process_time() - start_cpu
    waits_ms.sort()
    return {
        "appends_per_second": round(len(waits_ms) / took_s),
        "cpu_us_per_append": round(took_cpu_s / len(waits_ms) * 1e6, 1),
        "p50_ms": round(waits_ms[len(waits_ms) // 2], 2),
        "p99_ms": round(waits_ms[len(waits_ms) * 99 // 100], 2),
        "slowest_ms": round(waits_ms[-1], 2),
    }


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--writers", type=int, default=1000)
    parser.add_argument("--documents", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--rate", type=int, default=0)
    parser.add_argument("--busy", action="store_true")
    parser.add_argument("--database-url", default="")
    parser.add_argument("--data-dir", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        storage = await open_storage(data_dir=options.data_dir or Path(folder), database_url=options.database_url)
        figures = await measure(storage, options)
        await storage.close()
    setting = {"writers": options.writers, "documents": options.documents, "rate": options.rate, "busy": options.busy}
    database = "PostgreSQL" if options.database_url else "SQLite"
    print(json.dumps({"database": database, **setting, "python": platform.python_version(), **figures}))


if __name__ == "__main__":
    asyncio.run(main())
