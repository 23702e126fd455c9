"""One document that is open in this process: runs its LiveDoc's effects, stores what it must, hears other processes.

LiveDoc's calls and the running of their effects happen without an await in between, so tasks can't interleave and no
queue is needed for order; back-pressure is `room_for_more`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeVar

from crdt_docs.authorship import Authorship
from crdt_docs.effects import Broadcast, Effect, Persist, Publish, Send
from crdt_docs.errors import ContentError, EngineFailure, ProtocolError, is_engine_fault
from crdt_docs.live_doc import LiveDoc
from crdt_docs.messages import DocMessage, SyncStep2
from crdt_docs.update_header import UpdateHeader
from hub.doc_copies import NotTaken, find_authorship, merge, try_update
from hub.doc_peers import DocPeers
from hub.doc_probe import ProbeFailed
from hub.doc_saver import DocSaver
from hub.doc_surroundings import DocAccess, DocSession, Surroundings, may_write
from hub.errors import HubError, Internal, Invalid, NotFound, Unavailable
from hub.socket_writes import write_to_all
from hub.websocket_frames import server_frame
from storage import ports
from storage.records import ContentId, UserId

logger = logging.getLogger(__name__)
Result = TypeVar("Result")

CATCH_UP_RETRY_S = 1.0


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
        self._saver = DocSaver(
            content_id,
            around,
            self._start,
            on_committed=lambda token: self._run(lambda live, now: live.committed(token, now)),
            on_refused=lambda: self._run(lambda live, now: live.commit_failed()),
            on_gone=self._content_is_gone,
            on_saved=self._all_saved,
        )
        self._peers = DocPeers(
            content_id,
            around,
            self._start,
            on_message=lambda message: self._run(lambda live, now: live.receive_peer(message, now)),
            on_return=lambda: self._start(self._catch_up()),
        )
        self._timer: asyncio.TimerHandle | None = None
        self._rings_at_ms = 0.0
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_leaving = False

    # Life

    async def load(self) -> None:
        """Read the document from storage; updates of other processes are heard from before that moment on."""
        subscription = self._peers.subscribe()
        try:
            async with self._around.loads:
                stored = await self._around.doc_log.load(self.content_id)
            state, entries = await merge(stored, self._around.probe)
            self._live = LiveDoc(
                self._around.limits, state=state, entries=entries, writers=stored.writers, now_ms=self._now_ms()
            )
        except (ports.StorageError, OSError) as error:
            raise Unavailable from error
        except BaseException as error:
            if not is_engine_fault(error):
                raise
            logger.exception("Document %s can't be loaded.", self.content_id)
            raise Internal from error
        self._saver.opened(stored)
        self._start(self._peers.listen(subscription))
        self._run(lambda live, now: live.ask_peers())
        self._consider_leaving()

    async def _catch_up(self) -> None:
        """Messages of other processes were lost: ask those who are there, and read what those who left have stored."""
        self._run(lambda live, now: live.ask_peers())
        while True:
            try:
                stored = await self._around.doc_log.load(self.content_id)
                state, entries = await merge(stored, self._around.probe)
                break
            except (ports.StorageError, ProbeFailed, OSError) as error:
                logger.warning("Document %s can't be read again now: %s", self.content_id, error)
                await asyncio.sleep(CATCH_UP_RETRY_S)
        try:
            self._run(lambda live, now: live.receive_stored(state, entries, stored.writers, now))
        except ProtocolError as error:
            logger.warning("What is stored of document %s can't be read: %s", self.content_id, error)

    async def close(self) -> None:
        """Store what is not stored yet, then stop. Sessions are told to come back later."""
        self._end_sessions("unavailable", "the hub restarts")
        await self._saver.until_saved()
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
                is_seen=access.is_seen,
            )
        )

    def disconnect(self, session_id: str) -> None:
        if self._sessions.pop(session_id, None) is not None:
            self._run(lambda live, now: live.disconnect(session_id, now))

    def receive(self, session_id: str, message: DocMessage) -> None:
        rounds = self._around.rounds
        if rounds.is_reading:
            rounds.at_end(self, self._end_round)
            self._run(lambda live, now: live.receive(session_id, message, now, more_follows=True))
        else:
            self._run(lambda live, now: live.receive(session_id, message, now))

    def gather(self, session_id: str, update: bytes) -> bool:
        """Take an ordinary keystroke for the end of the reading round that runs now; False: `receive` it."""
        rounds, live = self._around.rounds, self._live
        if not rounds.is_reading or live is None or not self._saver.has_room:
            return False
        if len(update) > self._around.probe.limits.from_bytes:
            return False
        try:
            if not live.gather(session_id, update):
                return False
        except Exception:
            self._discard("a keystroke")
            return True
        rounds.at_end(self, self._end_round)
        return True

    def resync(self, session_id: str) -> None:
        self._run(lambda live, now: live.resync(session_id, now))

    def set_access(self, session: DocSession, access: DocAccess) -> None:
        session.access = access
        self._run(lambda live, now: live.set_can_write(session.id, may_write(access)))
        self._run(lambda live, now: live.set_seen(session.id, access.is_seen, now))

    async def settle(self) -> None:
        """Return once all that was received so far is stored. Raise Unavailable when that takes too long."""
        if self._live is not None:
            await self._saver.until_durable(self._live.last_token)

    def revoke(self, session_id: str, code: str, reason: str) -> None:
        """End a session whose user may not write here any more; what waits for a missing change is not taken."""
        self._run(lambda live, now: live.set_can_write(session_id, False))
        self.end_session(session_id, code, reason)

    def end_session(self, session_id: str, code: str, reason: str) -> None:
        session = self._sessions.get(session_id)
        if session is not None:
            self.disconnect(session_id)
            session.end(code, reason)

    def may_take(self, session_id: str, message: DocMessage) -> bool:
        """Whether `receive` may be called at once: `take_in` would wait for nothing."""
        if self._live is None or not self._saver.has_room:
            return False
        return self._live.suspicious_update(session_id, message, self._around.probe.limits.from_bytes) is None

    async def take_in(self, session_id: str, message: DocMessage) -> None:
        """`receive`, behind whatever has to be waited for: room, and trying a suspicious update on a copy (rules CN).

        A large answer is taken in slices, and everybody else has a turn after each.
        """
        await self._saver.room_for_more()
        slices = await self._admit(session_id, message)
        if slices is None:
            return
        if not slices or not isinstance(message, SyncStep2):
            self.receive(session_id, message)
            return
        for number, (update, header) in enumerate(slices, 1):
            if self._live is None:
                return
            self._live.was_tried(update, header, {})
            self.receive(session_id, SyncStep2(update, more_follows=number < len(slices)))
            await asyncio.sleep(0)
            await self._saver.room_for_more()

    async def _admit(self, session_id: str, message: DocMessage) -> list[tuple[bytes, UpdateHeader]] | None:
        """Try a suspicious update on a copy; its slices (none: take it whole), or None: its session was ended."""
        live = self._live
        if live is None or session_id not in self._sessions:
            return None
        update = live.suspicious_update(session_id, message, self._around.probe.limits.from_bytes)
        if update is None:
            return []
        try:
            return await try_update(live, update, self.content_id, self._around)
        except NotTaken as refusal:
            self.end_session(session_id, refusal.code, refusal.reason)
            return None

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
        await self._saver.until_durable(token)
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
        await self._saver.until_durable(live.last_token)
        return live.state()

    def writers(self) -> dict[int, str | None]:
        """Whose client ids they are; None: the hub's own."""
        return self._require_live().writers

    async def authorship(self) -> Authorship:
        """Who wrote the text that is here. Computed in another process, since it takes a while."""
        return await find_authorship(await self.state(), self.content_id, self._around)

    # Inside

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
        counts, sessions = self._around.counts, self._sessions
        held: dict[str, bytes] = {}
        for effect in effects:
            if isinstance(effect, Broadcast):
                counts.broadcasts += 1
                self._broadcast(effect, held)
            elif isinstance(effect, Send):
                # Travels with what comes behind it.
                held[effect.session_id] = held.get(effect.session_id, b"") + server_frame(effect.frame)
            elif isinstance(effect, Persist):
                counts.updates_received += 1
                self._saver.keep(effect)
            elif isinstance(effect, Publish):
                self._peers.publish(effect.message)
            elif (session := sessions.pop(effect.session_id, None)) is not None:
                counts.rejected += 1
                if (wire := held.pop(effect.session_id, None)) is not None:
                    session.send(wire)
                session.end(effect.code, effect.reason)
        for session_id, wire in held.items():
            if (session := sessions.get(session_id)) is not None:
                session.send(wire)
        if not self._around.rounds.is_reading:
            self._arm_timer()

    def _broadcast(self, effect: Broadcast, held: dict[str, bytes]) -> None:
        wire, sessions = server_frame(effect.frame), self._sessions
        receivers: dict[bytes, list[DocSession]] = {b"": []}
        for session_id in effect.session_ids:
            if (session := sessions.get(session_id)) is not None:
                receivers.setdefault(held.pop(session_id, b"") if held else b"", []).append(session)
        for before, alike in receivers.items():
            write_to_all(alike, wire, before)

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
        self._run(LiveDoc.handle_deadline)

    def _end_round(self) -> None:
        self._run(LiveDoc.end_round)

    def _consider_leaving(self) -> None:
        if self.pins == 0 and self._live is not None and not self._saver.has_unsaved and not self._is_leaving:
            self._is_leaving = True
            self._start(self._leave())

    async def _leave(self) -> None:
        try:
            await asyncio.sleep(self._around.linger_s)
            if self.pins == 0:
                await self._saver.compact_on_leave()
        finally:
            self._is_leaving = False
        # Somebody may have come during either wait; they or the next commit will consider leaving again.
        if self.pins == 0 and not self._saver.has_unsaved and not self.closed.is_set():
            self._stop()

    def _content_is_gone(self) -> None:
        self._end_sessions(NotFound.code, NotFound.sentence)
        self._stop()

    def _all_saved(self) -> None:
        if self._live is None:
            self._stop()
        else:
            self._consider_leaving()

    def _discard(self, cause: str) -> None:
        """After a bug: let go of the state in memory. What was received is still stored, and clients come back."""
        logger.exception("Document %s is discarded after a bug in handling %s.", self.content_id, cause)
        self._around.counts.discarded += 1
        self._live = None
        self._end_sessions("internal", "the hub stumbled over this document and opens it again")
        self._forget(self)
        if not self._saver.has_unsaved:
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
