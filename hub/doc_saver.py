"""Brings a document's updates to the disk: in groups, again and again while storage refuses; keeps the log short."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from typing import Any

from crdt_docs.authorship import Entry, continue_history
from crdt_docs.compaction import compact
from crdt_docs.effects import Persist
from crdt_docs.errors import ProtocolError, is_engine_fault
from crdt_docs.limits import Limits
from crdt_docs.probe import compact_request, read_compacted
from hub.doc_probe import ProbeFailed
from hub.doc_surroundings import Surroundings
from hub.errors import NotFound, Unavailable
from hub.metrics import DOC_COMMIT_SECONDS
from storage import ports
from storage.records import ContentId, StoredDoc, UserId

logger = logging.getLogger(__name__)

UNSAVED_LIMIT_BYTES = 8 << 20
"""What a document may hold in memory while the disk refuses; beyond it its sockets are not read until there is room."""
COMPACT_AFTER_UPDATES = 2_000
"""A class writes so many in some seconds; opening a log of them takes some milliseconds."""
COMPACT_AT_LATEST_UPDATES = 5_000
COMPACT_AT_LATEST_BYTES = 1 << 20
COMPACT_FROM_SHARE = 0.5
"""Of the state: rewriting a large one for a few updates costs more than opening a longer log."""
COMPACT_ON_LEAVE_UPDATES = 20
"""Rewriting a state for a handful of updates costs more than loading them."""
COMMIT_EVERY_S = 0.1
"""A commit wakes the committing thread and costs an fsync, whatever it holds; nobody sees "saved" come this late."""
SLOW_COMMIT_S = 3.0
"""A commit that takes longer is told like one that failed: nothing is being saved, and people should know."""
RETRY_FIRST_S = 0.2
RETRY_MOST_S = 5.0
EDIT_TIMEOUT_S = 10.0


class DocSaver:
    """`on_committed(token)`, `on_refused()`, `on_gone()` tell the document; `on_saved()` that nothing waits.

    A commit that takes long counts as refused until it is done.
    """

    def __init__(
        self,
        content_id: ContentId,
        around: Surroundings,
        start: Callable[[Coroutine[Any, Any, None]], None],
        *,
        on_committed: Callable[[int], None],
        on_refused: Callable[[], None],
        on_gone: Callable[[], None],
        on_saved: Callable[[], None],
    ) -> None:
        self._content_id = content_id
        self._around = around
        self._start = start
        self._on_committed = on_committed
        self._on_refused = on_refused
        self._on_gone = on_gone
        self._on_saved = on_saved
        self._unsaved: deque[Persist] = deque()
        self._unsaved_bytes = 0
        self._committed_token = 0
        self._room = asyncio.Event()
        self._room.set()
        self._saved = asyncio.Event()
        self._saved.set()
        self._durable: list[tuple[int, asyncio.Future[None]]] = []
        self._is_awaited = asyncio.Event()
        self._last_commit_s = float("-inf")
        self._log_updates = 0
        self._log_bytes = self._state_bytes = 0
        self._is_saving = False
        self._compaction = asyncio.Lock()

    @property
    def has_unsaved(self) -> bool:
        return bool(self._unsaved)

    def opened(self, stored: StoredDoc) -> None:
        """Note how long the log is that the document was loaded from."""
        self._log_updates = len(stored.entries)
        self._log_bytes = sum(len(entry.update) for entry in stored.entries)
        self._state_bytes = len(stored.state or b"")

    def keep(self, effect: Persist) -> None:
        """Store this update, behind all that were given before."""
        self._unsaved.append(effect)
        self._unsaved_bytes += len(effect.update)
        self._around.counts.unsaved_updates += 1
        self._saved.clear()
        if self._unsaved_bytes > UNSAVED_LIMIT_BYTES:
            self._room.clear()
        if not self._is_saving:
            self._is_saving = True
            self._start(self._save())

    @property
    def has_room(self) -> bool:
        return self._room.is_set()

    async def room_for_more(self) -> None:
        if not self._room.is_set():
            await self._room.wait()

    async def until_saved(self) -> None:
        if self._unsaved:
            await self._saved.wait()

    async def until_durable(self, token: int) -> None:
        """Raise Unavailable when that takes too long, NotFound when the content is gone."""
        if token <= self._committed_token:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._durable.append((token, future))
        self._is_awaited.set()
        try:
            async with asyncio.timeout(EDIT_TIMEOUT_S):
                await future
        except TimeoutError:
            raise Unavailable from None

    async def compact_on_leave(self) -> None:
        async with self._compaction:
            if not self._unsaved and self._log_updates >= COMPACT_ON_LEAVE_UPDATES:
                await self._compact()

    # Inside

    async def _save(self) -> None:
        """Store what gathered while the last commit ran, as long as something gathers; retry what storage refuses."""
        delay_s = RETRY_FIRST_S
        try:
            while self._unsaved:
                await self._until_next_commit()
                try:
                    stored = await self._append_batch()
                except ports.NotFound:
                    self._content_is_gone()
                    return
                if stored:
                    delay_s = RETRY_FIRST_S
                else:
                    self._around.counts.failed_commits += 1
                    self._on_refused()
                    await asyncio.sleep(delay_s)
                    delay_s = min(delay_s * 2, RETRY_MOST_S)
        finally:
            self._is_saving = False
        self._saved.set()
        if self._is_log_long():
            self._start(self._compact_in_traffic())
        self._on_saved()

    async def _until_next_commit(self) -> None:
        """After a quiet moment the first update is committed at once; then commits keep a distance."""
        wait_s = self._last_commit_s + COMMIT_EVERY_S - asyncio.get_running_loop().time()
        if wait_s > 0 and not self._durable:
            self._is_awaited.clear()
            timer = asyncio.get_running_loop().call_later(wait_s, self._is_awaited.set)
            try:
                await self._is_awaited.wait()
            finally:
                timer.cancel()

    async def _append_batch(self) -> bool:
        """Store all that waits, in one commit; whether storage took it."""
        entries: list[tuple[bytes, UserId | None]] = []
        writers: dict[int, UserId | None] = {}
        for effect in self._unsaved:
            entries.append((effect.update, None if effect.user_id is None else UserId(effect.user_id)))
            for client_id, user_id in effect.writers.items():
                writers.setdefault(client_id, None if user_id is None else UserId(user_id))
        loop = asyncio.get_running_loop()
        started_s = self._last_commit_s = loop.time()
        impatience = loop.call_later(SLOW_COMMIT_S, self._on_refused)
        try:
            await self._around.doc_log.append_all(
                self._content_id, entries, at_ms=self._around.now_ms(), writers=writers
            )
        except ports.NotFound:
            raise
        except Exception as error:
            # Whatever it was: they stay here and are tried again.
            logger.warning("Updates of document %s can't be stored now: %s", self._content_id, error)
            return False
        finally:
            impatience.cancel()
        DOC_COMMIT_SECONDS.observe(loop.time() - started_s)
        self._committed(len(entries))
        return True

    def _committed(self, count: int) -> None:
        is_by_member = False
        for _ in range(count):
            effect = self._unsaved.popleft()
            self._committed_token = effect.token
            is_by_member |= effect.user_id is not None
            self._unsaved_bytes -= len(effect.update)
            self._log_bytes += len(effect.update)
        self._log_updates += count
        self._around.counts.unsaved_updates -= count
        self._around.counts.updates_stored += count
        if self._unsaved_bytes <= UNSAVED_LIMIT_BYTES:
            self._room.set()
        self._on_committed(self._committed_token)
        for waiting_for, future in self._durable:
            if waiting_for <= self._committed_token and not future.done():
                future.set_result(None)
        self._durable = [item for item in self._durable if not item[1].done()]
        if is_by_member:
            self._around.on_change(self._content_id)

    def _content_is_gone(self) -> None:
        self._around.counts.unsaved_updates -= len(self._unsaved)
        self._unsaved.clear()
        self._unsaved_bytes = 0
        self._room.set()
        self._saved.set()
        for _, future in self._durable:
            if not future.done():
                future.set_exception(NotFound())
        self._on_gone()

    def _is_log_long(self) -> bool:
        if self._log_updates >= COMPACT_AT_LATEST_UPDATES or self._log_bytes >= COMPACT_AT_LATEST_BYTES:
            return True
        return self._log_updates >= COMPACT_AFTER_UPDATES and self._log_bytes >= self._state_bytes * COMPACT_FROM_SHARE

    async def _compact_in_traffic(self) -> None:
        if not self._compaction.locked():
            async with self._compaction:
                await self._compact()

    async def _compact(self) -> None:
        try:
            stored = await self._around.doc_log.load(self._content_id)
            if not stored.entries:
                return
            compacted = await self._merge(stored)
            if compacted is None:
                # A change that others build on is not stored yet; the client that made it still has it.
                return
            state, history = compacted
            await self._around.doc_log.compact(self._content_id, state, stored.entries[-1].seq, history=history)
            self._log_updates -= len(stored.entries)
            self._state_bytes = len(state)
            self._log_bytes -= sum(len(entry.update) for entry in stored.entries)
            self._around.counts.compactions += 1
        except (ports.StorageError, ProtocolError, ProbeFailed, OSError) as error:
            # Nothing is lost: the log is only longer than it need be, and the next occasion tries again.
            logger.warning("The log of document %s was not compacted: %s", self._content_id, error)
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            # A bug here must not keep the document open for ever, nor stop its saving.
            logger.exception("The log of document %s can't be compacted.", self._content_id)

    async def _merge(self, stored: StoredDoc) -> tuple[bytes, bytes] | None:
        entries = log_entries(stored)
        probe = self._around.probe
        if stored_bytes(stored) < probe.limits.load_from_bytes:
            return await asyncio.to_thread(_compact_here, stored, entries, self._around.limits)
        request = compact_request(stored.state, stored.history, entries)
        return read_compacted(await probe.call(request, probe.limits.load_timeout_s))


def stored_bytes(stored: StoredDoc) -> int:
    return len(stored.state or b"") + sum(len(entry.update) for entry in stored.entries)


def log_entries(stored: StoredDoc) -> list[Entry]:
    return [Entry(entry.update, entry.user_id, entry.written_at_ms) for entry in stored.entries]


def _compact_here(stored: StoredDoc, entries: list[Entry], limits: Limits) -> tuple[bytes, bytes] | None:
    state = compact(stored.state, [entry.update for entry in entries], limits)
    return None if state is None else (state, continue_history(stored.history, entries, limits).encode())
