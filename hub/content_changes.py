"""Moves a content's `changed_at_ms` while people edit it live, and tells the TwinSpace: seldom, and once they stop.

A keystroke is durable long before it is worth a row and an announcement. The first change is written at once, those
after it at most once a minute, and what is left when the document is let go, a snapshot is taken or the hub stops.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from storage import ports
from storage.records import Content, ContentId

logger = logging.getLogger(__name__)

EVERY_S = 60.0

Announce = Callable[[Content], Awaitable[None]]
"""Tells those who see the content that it has changed."""


class ContentChanges:
    """LiveDocs calls `note` and `note_let_go`; `close` it after LiveDocs, before storage.

    `on_written` is called when the text has settled for now; it may not raise.
    """

    def __init__(
        self,
        contents: ports.Contents,
        announce: Announce,
        now_ms: Callable[[], int],
        *,
        every_s: float = EVERY_S,
        on_written: Callable[[ContentId], None] = lambda content_id: None,
    ) -> None:
        self._contents = contents
        self._announce = announce
        self._now_ms = now_ms
        self._every_s = every_s
        self._on_written = on_written
        self._unwritten: dict[ContentId, int] = {}
        """When each content changed last, of those whose row does not say so yet."""
        self._resting: dict[ContentId, asyncio.TimerHandle] = {}
        """Contents that were written a moment ago."""
        self._tasks: set[asyncio.Task[None]] = set()

    def note(self, content_id: ContentId) -> None:
        """Somebody's change is durable."""
        self._unwritten[content_id] = self._now_ms()
        if content_id not in self._resting:
            self._start_rest(content_id)
            self._spawn(self.write(content_id))

    def note_let_go(self, content_id: ContentId) -> None:
        """Nobody here has the document open any more."""
        if content_id in self._unwritten:
            self._spawn(self.write(content_id))

    async def write(self, content_id: ContentId) -> None:
        """Write and announce what is not written yet. While storage refuses, it stays noted for the next time."""
        at_ms = self._unwritten.pop(content_id, None)
        if at_ms is None:
            return
        self._start_rest(content_id)
        try:
            await self._contents.touch(content_id, at_ms)
            content = await self._contents.get(content_id)
        except ports.NotFound:
            return
        except ports.StorageError as error:
            logger.warning("when content %s changed can't be written now: %s", content_id, error)
            self._unwritten.setdefault(content_id, at_ms)
            return
        self._on_written(content_id)
        await self._announce(content)

    def _start_rest(self, content_id: ContentId) -> None:
        if (timer := self._resting.pop(content_id, None)) is not None:
            timer.cancel()
        self._resting[content_id] = asyncio.get_running_loop().call_later(self._every_s, self._end_rest, content_id)

    def _end_rest(self, content_id: ContentId) -> None:
        del self._resting[content_id]
        if content_id in self._unwritten:
            self._spawn(self.write(content_id))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Write everything that is noted; nothing may be noted afterwards."""
        await asyncio.gather(*self._tasks)
        for content_id in list(self._unwritten):
            await self.write(content_id)
        for timer in self._resting.values():
            timer.cancel()
