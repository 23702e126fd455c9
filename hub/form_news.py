"""Tells how many have answered a form: at once, and then at most once a second, however many send."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from storage.records import ContentId

logger = logging.getLogger(__name__)
EVERY_S = 1.0

Tell = Callable[[], Awaitable[None]]


class FormNews:
    """`close` it before storage."""

    def __init__(self, every_s: float = EVERY_S) -> None:
        self._every_s = every_s
        self._waiting: dict[ContentId, Tell | None] = {}
        """Forms of which something was told a moment ago, with what is to be told next."""
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, content_id: ContentId, tell: Tell) -> None:
        """`tell` looks up the figures when it is called; of several within the time the last one is."""
        if content_id in self._waiting:
            self._waiting[content_id] = tell
            return
        self._waiting[content_id] = None
        task = asyncio.get_running_loop().create_task(self._run(content_id, tell))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, content_id: ContentId, tell: Tell | None) -> None:
        try:
            while tell is not None:
                try:
                    await tell()
                except Exception:
                    logger.exception("How many answered %s could not be told.", content_id)
                await asyncio.sleep(self._every_s)
                tell, self._waiting[content_id] = self._waiting[content_id], None
        finally:
            del self._waiting[content_id]
