"""Appends for ever and prints what was acknowledged, until it is killed: `appender.py FOLDER URL RUN`."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from storage import open_storage
from storage.records import ContentId

WRITERS = 12


async def main(folder: str, url: str, run: str) -> None:
    storage = await open_storage(data_dir=Path(folder), database_url=url)

    async def write(writer: int) -> None:
        content_id = ContentId(f"doc{writer % 3}")
        number = 0
        while True:
            number += 1
            update = f"{run}/{writer}/{number}/" + "x" * (number % 50)
            seq = await storage.doc_log.append(content_id, [update.encode()], user_id=None, at_ms=number)
            print(content_id, seq, update, flush=True)

    await asyncio.gather(*(write(writer) for writer in range(WRITERS)))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
