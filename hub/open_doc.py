"""One document that is open in this process: runs its LiveDoc's effects, stores what it must, hears other processes.

LiveDoc's calls and the running of their effects happen without an await in between, so tasks can't interleave and no
queue is needed for order; back-pressure is `room_for_more`.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from crdt_docs.compaction import compact
from crdt_docs.content import KINDS
from crdt_docs.effects import Broadcast, Effect, Persist, Publish, Send
from crdt_docs.errors import ContentError, EngineFailure, ProtocolError, is_engine_fault
from crdt_docs.limits import Limits
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import DocMessage
from crdt_docs.sync_codec import Codec
from hub.errors import HubError, Internal, Invalid, NotFound, Unavailable
from hub.metrics import DOC_COMMIT_SECONDS
from hub.websocket_frames import server_frame
from storage import ports
from storage.records import ContentId, LoginId, SchoolId, TwinspaceId, UserId

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

UNSAVED_LIMIT_BYTES = 8 << 20
"""What a document may hold in memory while the disk refuses; beyond it its sockets are not read until there is room."""
COMPACT_AFTER_UPDATES = 500
COMPACT_AFTER_BYTES = 1 << 20
COMPACT_ON_LEAVE_UPDATES = 20
"""Rewriting a state for a handful of updates costs more than loading them."""
RETRY_FIRST_S = 0.2
RETRY_MOST_S = 5.0
EDIT_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class DocAccess:
    """What somebody was allowed to do with one document, when it was asked."""

    content_id: ContentId
    twinspace_id: TwinspaceId
    kind: str
    user_id: UserId
    display_name: str
    school_id: SchoolId
    can_write: bool
    epoch: int
    login_id: LoginId
    expires_at_ms: int


class DocSession(Protocol):
    """One client on one document, as a shell offers it. The methods neither block nor raise."""

    id: str
    codec: Codec
    access: DocAccess

    def send(self, wire: bytes) -> None:
        """Write a framed message; it is lost only together with the socket."""
        ...

    def offer(self, wire: bytes) -> None:
        """Write a framed broadcast, or drop it because the client is behind and ask for `resync` later."""
        ...

    def end(self, code: str, reason: str) -> None:
        """Tell the client why and close this document for it."""
        ...


@dataclass(slots=True)
class DocCounts:
    """What /metrics shows of the documents of this process."""

    open_docs: int = 0
    sessions: int = 0
    unsaved_updates: int = 0
    updates_received: int = 0
    updates_stored: int = 0
    broadcasts: int = 0
    rejected: int = 0
    failed_commits: int = 0
    compactions: int = 0
    discarded: int = 0
    fell_behind: int = 0


@dataclass(slots=True)
class Surroundings:
    """What all open documents of a process share."""

    doc_log: ports.DocLog
    bus: ports.Bus
    now_ms: Callable[[], int]
    limits: Limits
    process_id: bytes
    linger_s: float
    on_change: Callable[[ContentId], None] = lambda content_id: None
    on_let_go: Callable[[ContentId], None] = lambda content_id: None
    counts: DocCounts = field(default_factory=DocCounts)


class OpenDoc:
    """Made, loaded and forgotten by LiveDocs. `pins` counts who needs it; at zero, with all stored, it goes."""

    def __init__(self, content_id: ContentId, around: Surroundings, forget: Callable[[OpenDoc], None]) -> None:
        self.content_id = content_id
        self.pins = 0
        self.closed = asyncio.Event()
        self._around = around
        self._forget = forget
        self._live: LiveDoc | None = None
        self._sessions: dict[str, DocSession] = {}
        self._unsaved: deque[Persist] = deque()
        self._unsaved_bytes = 0
        self._room = asyncio.Event()
        self._room.set()
        self._saved = asyncio.Event()
        self._saved.set()
        self._durable: list[tuple[int, asyncio.Future[None]]] = []
        self._outbox: deque[bytes] = deque()
        self._log_updates = 0
        self._log_bytes = 0
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at_ms = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_saving = self._is_publishing = self._is_compacting = self._is_leaving = False

    # Life

    async def load(self) -> None:
        """Read the document from storage; updates of other processes are heard from before that moment on."""
        subscription = self._around.bus.subscribe(self._channel)
        try:
            stored = await self._around.doc_log.load(self.content_id)
            self._live = LiveDoc(
                self._around.limits,
                state=stored.state,
                entries=[entry.update for entry in stored.entries],
                now_ms=self._now_ms(),
            )
        except ports.StorageError as error:
            raise Unavailable from error
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            logger.exception("Document %s can't be loaded.", self.content_id)
            raise Internal from error
        self._log_updates = len(stored.entries)
        self._log_bytes = sum(len(entry.update) for entry in stored.entries)
        self._start(self._listen(subscription))
        self._run(lambda live, now: live.ask_peers())
        self._consider_leaving()

    async def close(self) -> None:
        """Store what is not stored yet, then stop. Sessions are told to come back later."""
        self._end_sessions("unavailable", "the hub restarts")
        if self._unsaved:
            await self._saved.wait()
        self._stop()

    def release(self) -> None:
        """One pin less; the last one lets the document linger a moment, for whoever only reloads the page."""
        self.pins -= 1
        self._consider_leaving()

    # Sessions

    def connect(self, session: DocSession) -> None:
        access = session.access
        self._sessions[session.id] = session
        identity = {"id": access.user_id, "name": access.display_name, "school_id": access.school_id}
        self._run(
            lambda live, now: live.connect(
                session.id,
                session.codec,
                user_id=access.user_id,
                can_write=may_write(access),
                now_ms=now,
                identity=identity,
            )
        )

    def disconnect(self, session_id: str) -> None:
        if self._sessions.pop(session_id, None) is not None:
            self._run(lambda live, now: live.disconnect(session_id, now))

    def receive(self, session_id: str, message: DocMessage) -> None:
        self._run(lambda live, now: live.receive(session_id, message, now))

    def resync(self, session_id: str) -> None:
        self._run(lambda live, now: live.resync(session_id))

    def set_access(self, session: DocSession, access: DocAccess) -> None:
        session.access = access
        self._run(lambda live, now: live.set_can_write(session.id, may_write(access)))

    def end_session(self, session_id: str, code: str, reason: str) -> None:
        session = self._sessions.get(session_id)
        if session is not None:
            self.disconnect(session_id)
            session.end(code, reason)

    async def room_for_more(self) -> None:
        """Wait while too much is unsaved; shells call it before they read the next message of a client."""
        if not self._room.is_set():
            await self._room.wait()

    # The hub itself

    async def edit(self, change: Callable[[Any], Result], user_id: UserId | None) -> Result:
        live = self._require_live()
        try:
            result, token, effects = live.edit(change, user_id=user_id, now_ms=self._now_ms())
        except (ContentError, HubError):
            raise
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            self._discard("a change by the hub")
            raise Internal from error
        self._execute(effects)
        await self._until_durable(token)
        return result

    def read(self, reader: Callable[[Any], Result]) -> Result:
        try:
            return self._require_live().read(reader)
        except BaseException as error:
            if isinstance(error, Exception) or not is_engine_fault(error):
                raise
            self._discard("a reader")
            raise Internal from error

    async def state(self) -> bytes:
        live = self._require_live()
        await self._until_durable(live.last_token)
        return live.state()

    # Inside

    @property
    def _channel(self) -> str:
        return f"doc:{self.content_id}"

    def _now_ms(self) -> float:
        return asyncio.get_running_loop().time() * 1000.0

    def _require_live(self) -> LiveDoc:
        if self._live is None:
            raise Unavailable
        return self._live

    def _start(self, coroutine: Any) -> None:
        task = asyncio.get_running_loop().create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _run(self, call: Callable[[LiveDoc, float], Sequence[Effect]]) -> None:
        """Call the core and run its effects. A bug in there ends this document here and now, and nothing else."""
        live = self._live
        if live is None:
            return
        try:
            self._execute(call(live, self._now_ms()))
        except ProtocolError:
            raise
        except EngineFailure as error:
            if error.session_id is not None:
                # Told to stay away; everybody else comes back, to a document without its update.
                self.end_session(error.session_id, Invalid.code, "the document engine can't take this update")
            self._discard("a message")
        except Exception:
            self._discard("a message")

    def _execute(self, effects: Iterable[Effect]) -> None:
        counts = self._around.counts
        for effect in effects:
            if isinstance(effect, Broadcast):
                wire = server_frame(effect.frame)
                counts.broadcasts += 1
                for session_id in effect.session_ids:
                    if (session := self._sessions.get(session_id)) is not None:
                        session.offer(wire)
            elif isinstance(effect, Send):
                if (session := self._sessions.get(effect.session_id)) is not None:
                    session.send(server_frame(effect.frame))
            elif isinstance(effect, Persist):
                counts.updates_received += 1
                self._keep(effect)
            elif isinstance(effect, Publish):
                self._outbox.append(effect.message)
                if not self._is_publishing:
                    self._is_publishing = True
                    self._start(self._publish())
            elif (session := self._sessions.pop(effect.session_id, None)) is not None:
                counts.rejected += 1
                session.end(effect.code, effect.reason)
        self._arm_timer()

    def _arm_timer(self) -> None:
        deadline_ms = self._live.next_deadline() if self._live else None
        if self._timer is not None:
            if deadline_ms is not None and self._rings_at_ms <= deadline_ms:
                # It rings early, finds nothing due and is armed again: cheaper than cancelling at every keystroke.
                return
            self._timer.cancel()
            self._timer = None
        if deadline_ms is not None:
            self._rings_at_ms = deadline_ms
            self._timer = asyncio.get_running_loop().call_at(deadline_ms / 1000.0, self._ring)

    def _ring(self) -> None:
        self._timer = None
        self._run(lambda live, now: live.handle_deadline(now))

    def _keep(self, effect: Persist) -> None:
        self._unsaved.append(effect)
        self._unsaved_bytes += len(effect.update)
        self._around.counts.unsaved_updates += 1
        self._saved.clear()
        if self._unsaved_bytes > UNSAVED_LIMIT_BYTES:
            self._room.clear()
        if not self._is_saving:
            self._is_saving = True
            self._start(self._save())

    async def _save(self) -> None:
        """Store what gathered while the last commit ran, as long as something gathers; retry what storage refuses."""
        delay_s = RETRY_FIRST_S
        try:
            while self._unsaved:
                try:
                    stored = await self._append_batch()
                except ports.NotFound:
                    self._content_is_gone()
                    return
                if stored:
                    delay_s = RETRY_FIRST_S
                else:
                    self._around.counts.failed_commits += 1
                    self._run(lambda live, now: live.commit_failed())
                    await asyncio.sleep(delay_s)
                    delay_s = min(delay_s * 2, RETRY_MOST_S)
        finally:
            self._is_saving = False
        self._saved.set()
        if self._live is None:
            self._stop()
            return
        self._consider_compaction()
        self._consider_leaving()

    async def _append_batch(self) -> bool:
        batch = list(self._unsaved)
        runs: list[list[Persist]] = []
        for effect in batch:
            if runs and runs[-1][0].user_id == effect.user_id:
                runs[-1].append(effect)
            else:
                runs.append([effect])
        now_ms = self._around.now_ms()
        started_s = asyncio.get_running_loop().time()
        # Appends made together share one commit (storage.ports.DocLog).
        outcomes = await asyncio.gather(
            *(
                self._around.doc_log.append(
                    self.content_id,
                    [effect.update for effect in run],
                    user_id=UserId(run[0].user_id) if run[0].user_id is not None else None,
                    at_ms=now_ms,
                )
                for run in runs
            ),
            return_exceptions=True,
        )
        # Only an unbroken beginning counts as durable; what follows a failed run is stored twice: harmless.
        done = 0
        for run, outcome in zip(runs, outcomes, strict=True):
            if isinstance(outcome, ports.NotFound):
                raise outcome
            if isinstance(outcome, BaseException):
                logger.warning("Updates of document %s can't be stored now: %s", self.content_id, outcome)
                break
            done += len(run)
        if done:
            DOC_COMMIT_SECONDS.observe(asyncio.get_running_loop().time() - started_s)
            self._committed(done)
        return done == len(batch)

    def _committed(self, count: int) -> None:
        token, is_by_member = 0, False
        for _ in range(count):
            effect = self._unsaved.popleft()
            token = effect.token
            is_by_member |= effect.user_id is not None
            self._unsaved_bytes -= len(effect.update)
            self._log_bytes += len(effect.update)
        self._log_updates += count
        self._around.counts.unsaved_updates -= count
        self._around.counts.updates_stored += count
        if self._unsaved_bytes <= UNSAVED_LIMIT_BYTES:
            self._room.set()
        self._run(lambda live, now: live.committed(token, now))
        for waiting_for, future in self._durable:
            if waiting_for <= token and not future.done():
                future.set_result(None)
        self._durable = [item for item in self._durable if not item[1].done()]
        if is_by_member:
            self._around.on_change(self.content_id)

    async def _until_durable(self, token: int) -> None:
        if self._live is not None and token <= self._live.committed_token:
            return
        future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._durable.append((token, future))
        try:
            async with asyncio.timeout(EDIT_TIMEOUT_S):
                await future
        except TimeoutError:
            raise Unavailable from None

    async def _publish(self) -> None:
        try:
            while self._outbox:
                await self._around.bus.publish(self._channel, self._around.process_id + self._outbox.popleft())
        except (ports.StorageError, ValueError) as error:
            # The others compare state vectors with us every so often; what is lost here reaches them then.
            logger.warning("The bus did not take a message of document %s: %s", self.content_id, error)
            self._outbox.clear()
        finally:
            self._is_publishing = False

    async def _listen(self, subscription: Any) -> None:
        prefix = len(self._around.process_id)
        while True:
            try:
                async for data in subscription:
                    if data[:prefix] != self._around.process_id:
                        self._receive_peer(data[prefix:])
                return
            except ports.StorageError as error:
                logger.warning("The bus was lost for document %s: %s", self.content_id, error)
                await asyncio.sleep(RETRY_FIRST_S)
                subscription = self._around.bus.subscribe(self._channel)
                self._run(lambda live, now: live.ask_peers())

    def _receive_peer(self, message: bytes) -> None:
        try:
            self._run(lambda live, now: live.receive_peer(message, now))
        except ProtocolError as error:
            logger.warning("Another process sent what document %s can't take: %s", self.content_id, error)

    def _consider_compaction(self) -> None:
        if self._log_updates >= COMPACT_AFTER_UPDATES or self._log_bytes >= COMPACT_AFTER_BYTES:
            self._start(self._compact())

    async def _compact(self) -> None:
        if self._is_compacting:
            return
        self._is_compacting = True
        try:
            stored = await self._around.doc_log.load(self.content_id)
            updates = [entry.update for entry in stored.entries]
            if not updates:
                return
            state = await asyncio.to_thread(compact, stored.state, updates, self._around.limits)
            if state is None:
                # A change that others build on is not stored yet; the client that made it still has it.
                return
            await self._around.doc_log.compact(self.content_id, state, stored.entries[-1].seq)
            self._log_updates -= len(updates)
            self._log_bytes -= sum(map(len, updates))
            self._around.counts.compactions += 1
        except (ports.StorageError, ProtocolError) as error:
            # Nothing is lost: the log is only longer than it need be, and the next occasion tries again.
            logger.warning("The log of document %s was not compacted: %s", self.content_id, error)
        finally:
            self._is_compacting = False

    def _consider_leaving(self) -> None:
        if self.pins == 0 and self._live is not None and not self._unsaved and not self._is_leaving:
            self._is_leaving = True
            self._start(self._leave())

    async def _leave(self) -> None:
        try:
            await asyncio.sleep(self._around.linger_s)
            if self.pins == 0 and not self._unsaved and self._log_updates >= COMPACT_ON_LEAVE_UPDATES:
                await self._compact()
        finally:
            self._is_leaving = False
        # Somebody may have come during either wait; they or the next commit will consider leaving again.
        if self.pins == 0 and not self._unsaved and not self.closed.is_set():
            self._stop()

    def _content_is_gone(self) -> None:
        self._around.counts.unsaved_updates -= len(self._unsaved)
        self._unsaved.clear()
        self._end_sessions(NotFound.code, NotFound.sentence)
        for _, future in self._durable:
            if not future.done():
                future.set_exception(NotFound())
        self._stop()

    def _discard(self, cause: str) -> None:
        """After a bug: let go of the state in memory. What was received is still stored, and clients come back."""
        logger.exception("Document %s is discarded after a bug in handling %s.", self.content_id, cause)
        self._around.counts.discarded += 1
        self._live = None
        self._end_sessions("internal", "the hub stumbled over this document and opens it again")
        self._forget(self)
        if not self._unsaved:
            self._stop()

    def _end_sessions(self, code: str, reason: str) -> None:
        sessions, self._sessions = self._sessions, {}
        for session in sessions.values():
            session.end(code, reason)

    def _stop(self) -> None:
        self._forget(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        self._live = None
        current = asyncio.current_task()
        for task in self._tasks:
            if task is not current:
                task.cancel()
        self.closed.set()
        self._around.on_let_go(self.content_id)


def may_write(access: DocAccess) -> bool:
    """Nobody writes directly what only the hub writes (decision D6), whatever the role."""
    return access.can_write and KINDS[access.kind].written_by == "members"
