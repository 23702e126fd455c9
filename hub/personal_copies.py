"""Copies of everything about one person, made in the background and fetched once.

A copy that is ready is a file; one that is being made is known to the process that makes it. What is not fetched goes
after a day (retention.toml), and at once when anything is erased: a copy might hold it.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import secrets
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from storage.records import UserId

logger = logging.getLogger(__name__)

FETCH_WITHIN_S = 600
"""How long a file that somebody began to fetch stays, for slow lines."""
Files = dict[str, bytes | Path]
"""Path in the ZIP → what is in it."""
Gather = Callable[[Callable[[int], None]], Awaitable[Files]]
"""Finds everything there is; tells how far it is, of a hundred."""


@dataclass(slots=True)
class Making:
    asked_at_ms: int
    done: int = 0
    failed: bool = False


@dataclass(slots=True)
class PersonalCopies:
    _making: dict[UserId, Making] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def begin(self, folder: Path, user_id: UserId, now_ms: int, gather: Gather) -> None:
        """Make a copy unless one is being made; one that is ready is replaced."""
        known = self._making.get(user_id)
        if known is not None and not known.failed:
            return
        self._making[user_id] = making = Making(now_ms)
        task = asyncio.create_task(self._make(folder, user_id, making, gather))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def making(self, user_id: UserId) -> Making | None:
        return self._making.get(user_id)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _make(self, folder: Path, user_id: UserId, making: Making, gather: Gather) -> None:
        def tell(done: int) -> None:
            making.done = done

        try:
            files = await gather(tell)
            await asyncio.to_thread(_write, folder, user_id, files)
        except asyncio.CancelledError:
            del self._making[user_id]
            raise
        except Exception:
            logger.exception("the copy for %s could not be made", user_id)
            making.failed = True
        else:
            del self._making[user_id]


def path_of(folder: Path, user_id: UserId) -> Path:
    return folder / f"{user_id}.zip"


def take(folder: Path, user_id: UserId) -> Path | None:
    """The file, which nobody gets a second time; None when there is none. It goes by itself after a while."""
    taken = folder / f".taken-{secrets.token_hex(8)}.zip"
    try:
        os.replace(path_of(folder, user_id), taken)
    except FileNotFoundError:
        return None
    asyncio.get_running_loop().call_later(FETCH_WITHIN_S, lambda: taken.unlink(missing_ok=True))
    return taken


def forget(folder: Path, before_ms: int | None = None, *, dry_run: bool = False) -> int:
    """Remove the copies that were made before this time (None: all), and what broke off; returns how many."""
    gone = 0
    for path in list(folder.iterdir()) if folder.is_dir() else []:
        try:
            if before_ms is not None and path.stat().st_mtime * 1000 >= before_ms:
                continue
        except FileNotFoundError:
            continue
        gone += 1
        if not dry_run:
            path.unlink(missing_ok=True)
    return gone


def _write(folder: Path, user_id: UserId, files: Files) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    part = folder / f".new-{secrets.token_hex(8)}.zip"
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as whole:
            for name, held in sorted(files.items()):
                if isinstance(held, Path):
                    # What was erased since it was found is not there any more.
                    if held.is_file():
                        whole.write(held, name)
                else:
                    whole.writestr(name, held)
        os.replace(part, path_of(folder, user_id))
    finally:
        part.unlink(missing_ok=True)


def as_json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, default=str).encode()
