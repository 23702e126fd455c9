"""The keeper of live documents: opens each once per process, lets sessions in, and takes access away from open ones."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from crdt_docs.authorship import Authorship
from crdt_docs.content import KINDS
from crdt_docs.limits import Limits
from crdt_docs.makers import makers
from hub.doc_probe import DocProbe, ProbeLimits
from hub.doc_surroundings import NATIVE_PARTS, DocAccess, DocCounts, DocSession, Surroundings
from hub.errors import HubError, NotFound, Unavailable
from hub.open_doc import OpenDoc
from hub.reading_rounds import ReadingRounds
from storage import ports
from storage.records import ContentId, LoginId, TwinspaceId, UserId

__all__ = ["DocAccess", "DocCounts", "DocSession", "LiveDocs"]

logger = logging.getLogger(__name__)
Result = TypeVar("Result")
Reauthorise = Callable[[DocAccess], Awaitable[DocAccess]]

CONTROL_CHANNEL = "live_docs"
LINGER_S = 5.0
"""A page that is reloaded comes back within this time and finds the document still open."""
CLOSE_TIMEOUT_S = 10.0
BUS_RETRY_S = 1.0
LOADS_IN_FLIGHT = 32
"""Documents that are read from storage at a time; those behind wait their turn, and the rest of the hub does not."""


class LiveDocs:
    """`start` it in a running loop, `close` it before storage. `reauthorise` raises HubError when access is gone.

    `on_change` is called when changes that members made here are durable, `on_let_go` when a document is no longer kept
    open here; neither may raise.
    """

    def __init__(
        self,
        doc_log: ports.DocLog,
        bus: ports.Bus,
        now_ms: Callable[[], int],
        limits: Limits | None = None,
        *,
        reauthorise: Reauthorise,
        linger_s: float = LINGER_S,
        probe_limits: ProbeLimits | None = None,
        on_change: Callable[[ContentId], None] = lambda content_id: None,
        on_let_go: Callable[[ContentId], None] = lambda content_id: None,
    ) -> None:
        limits = limits or Limits()
        self._probe = DocProbe(limits, probe_limits)
        self.rounds = ReadingRounds(limits.round_ms / 1000.0, limits.busy_sessions)
        """Sockets of documents may be read with these."""
        self._around = Surroundings(
            doc_log,
            bus,
            now_ms,
            limits,
            secrets.token_bytes(8),
            linger_s,
            self._probe,
            self.rounds,
            asyncio.Semaphore(LOADS_IN_FLIGHT),
            on_change,
            on_let_go,
        )
        self._reauthorise = reauthorise
        self._docs: dict[ContentId, OpenDoc] = {}
        self._loading: dict[ContentId, asyncio.Task[None]] = {}
        self._ending: set[OpenDoc] = set()
        self._sessions: dict[str, tuple[DocSession, OpenDoc]] = {}
        self._expiries: dict[str, asyncio.TimerHandle] = {}
        self._control: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._is_closed = False
        self.revision = 0
        """Grows when anybody's access changes: what was allowed at an older revision has to be asked again."""

    @property
    def limits(self) -> Limits:
        return self._around.limits

    def counts(self) -> DocCounts:
        counts = self._around.counts
        counts.open_docs, counts.sessions = len(self._docs), len(self._sessions)
        return counts

    async def start(self) -> None:
        logger.info("Documents: %s of 2 parts run in C (make native).", NATIVE_PARTS)
        subscription = self._around.bus.subscribe(CONTROL_CHANNEL)
        self._control = asyncio.create_task(self._listen(subscription))

    async def close(self) -> None:
        """End all sessions, store what is not stored yet, stop. Raise Unavailable when storage refuses for too long."""
        self._is_closed = True
        self.rounds.close()
        if self._control is not None:
            self._control.cancel()
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT_S):
                await asyncio.gather(*(doc.close() for doc in [*self._docs.values(), *self._ending]))
        except TimeoutError:
            raise Unavailable("Some documents could not be stored before the hub stopped.") from None
        finally:
            await self._probe.close()

    # The hub's own use of documents

    async def edit(
        self, content_id: ContentId, kind: str, change: Callable[[Any], Result], *, user_id: UserId | None
    ) -> Result:
        """Change a document on behalf of a member: `change(doc)`, a function of the content's kind.

        Returns its result once the change is durable; sessions hear of it then. Raise ContentError or HubError as
        `change` does, and Unavailable when storage does not answer: then it is unknown whether the change is kept.
        """
        _check_kind(kind)
        async with self._pinned(content_id) as doc:
            return await doc.edit(change, user_id)

    async def read(self, content_id: ContentId, kind: str, reader: Callable[[Any], Result]) -> Result:
        """What `reader(doc)` finds; a document that nobody has open is loaded for it and let go again."""
        _check_kind(kind)
        async with self._pinned(content_id) as doc:
            return doc.read(reader)

    async def state(self, content_id: ContentId) -> bytes:
        """The document as one Yjs update (V1), all of it durable."""
        async with self._pinned(content_id) as doc:
            return await doc.state()

    async def authorship(self, content_id: ContentId) -> Authorship:
        """Which user wrote the text that is there, and when. It may take seconds; raise Unavailable or Internal."""
        async with self._pinned(content_id) as doc:
            return await doc.authorship()

    async def writers(self, content_id: ContentId) -> dict[int, UserId]:
        """Whose the client ids are that anybody wrote under, as far as it is known."""
        async with self._pinned(content_id) as doc:
            return {client: UserId(user_id) for client, user_id in doc.writers().items() if user_id is not None}

    async def makers(self, content_id: ContentId, root: str) -> dict[str, UserId]:
        """Who put each entry of this root map there, as far as it is known. It may take a second for a large one."""
        state, writers = await self.state(content_id), await self.writers(content_id)
        found = await asyncio.to_thread(makers, state, root, self.limits)
        return {key: writers[client] for key, client in found.items() if client in writers}

    # Sessions, for the shells

    async def join(self, session: DocSession, revision: int) -> OpenDoc:
        """Let a session in that was authorised at `revision`. The caller ends with `leave`, whatever happens.

        Raise HubError when access was taken away meanwhile, or when the document can't be loaded.
        """
        doc = await self._pin(session.access.content_id)
        try:
            while self.revision != revision:
                revision = self.revision
                session.access = await self._reauthorise(session.access)
        except BaseException:
            doc.release()
            raise
        self._sessions[session.id] = (session, doc)
        self._watch_expiry(session)
        doc.connect(session)
        return doc

    def leave(self, session_id: str) -> None:
        if (expiry := self._expiries.pop(session_id, None)) is not None:
            expiry.cancel()
        if (entry := self._sessions.pop(session_id, None)) is not None:
            _, doc = entry
            doc.disconnect(session_id)
            doc.release()

    async def settle(self, content_id: ContentId) -> None:
        """Return once all that was received here of this content is stored. Raise Unavailable when it is refused."""
        doc = self._docs.get(content_id)
        if doc is not None:
            await doc.settle()

    # Access that changes while sockets are open

    async def reauthorise(self, user_id: UserId | None, twinspace_id: TwinspaceId | None = None) -> None:
        """A role or a phase changed: ask again for every open document of the user (None: of all), everywhere.

        When it returns, all that anybody wrote here before who may not any more is stored, and nothing more will be.
        Raise Unavailable when storage does not take it.
        """
        await self._command({"do": "reauthorise", "user_id": user_id, "twinspace_id": twinspace_id})

    async def reauthorise_here(self, user_id: UserId, twinspace_id: TwinspaceId) -> None:
        """As `reauthorise`, but in this process alone, and without waiting until anything is stored."""
        await self._obey({"do": "reauthorise", "user_id": user_id, "twinspace_id": twinspace_id})

    async def revoke_user(
        self,
        user_id: UserId,
        *,
        twinspace_id: TwinspaceId | None = None,
        login_id: LoginId | None = None,
        code: str = "not_found",
        reason: str = "This is not open to you any more.",
    ) -> None:
        """Close open documents of the user: of one TwinSpace, of one login, or all; in every process.

        When it returns, what the user wrote here before is stored, and nothing more will be. Raise Unavailable when
        storage does not take it.
        """
        await self._command(
            {
                "do": "revoke",
                "user_id": user_id,
                "twinspace_id": twinspace_id,
                "login_id": login_id,
                "code": code,
                "reason": reason,
            }
        )

    def standings(self) -> set[tuple[TwinspaceId, UserId, int]]:
        """Under which membership epochs documents are open here; whoever sees a newer one asks to reauthorise."""
        return {
            (session.access.twinspace_id, session.access.user_id, session.access.epoch)
            for session, _ in self._sessions.values()
        }

    async def _command(self, command: dict[str, Any]) -> None:
        docs = await self._obey(command)
        try:
            await self._around.bus.publish(CONTROL_CHANNEL, self._around.process_id + json.dumps(command).encode())
        except ports.StorageError as error:
            # Nobody heard it, and it holds all the same: who lost the bus asks again for all that is open.
            logger.warning("Other processes were not told that access changed: %s", error)
        await asyncio.gather(*(doc.settle() for doc in docs))

    async def _obey(self, command: dict[str, Any]) -> set[OpenDoc]:
        """Returns the documents that it concerned."""
        self.revision += 1
        concerned = [
            (session, doc)
            for session, doc in self._sessions.values()
            if command["user_id"] in (None, session.access.user_id)
            and command["twinspace_id"] in (None, session.access.twinspace_id)
            and command.get("login_id") in (None, session.access.login_id)
        ]
        if command["do"] == "revoke":
            for session, doc in concerned:
                doc.revoke(session.id, command["code"], command["reason"])
        else:
            await asyncio.gather(*(self._ask_again(session, doc) for session, doc in concerned))
        return {doc for _, doc in concerned}

    async def _ask_again(self, session: DocSession, doc: OpenDoc) -> None:
        try:
            access = await self._reauthorise(session.access)
        except HubError as error:
            doc.revoke(session.id, error.code, error.detail)
        else:
            if access.display_name != session.access.display_name:
                # What others see of it is settled when it opens: it opens again, under the other name.
                doc.end_session(session.id, "unavailable", "You are called otherwise now. Open it again.")
                return
            doc.set_access(session, access)

    async def _listen(self, subscription: AsyncIterator[bytes]) -> None:
        """Obey other processes until the bus is closed. Whatever fails, all is asked again until that succeeds."""
        prefix = len(self._around.process_id)
        missed = False
        while True:
            try:
                if missed:
                    self.revision += 1
                    await asyncio.gather(*(self._ask_again(session, doc) for session, doc in self._sessions.values()))
                    missed = False
                async for data in subscription:
                    if data[:prefix] != self._around.process_id:
                        missed = True
                        await self._obey(json.loads(data[prefix:]))
                        missed = False
                return
            except ports.Missed as error:
                logger.warning("The bus was lost, so every open document is authorised again: %s", error)
                missed = True
                await asyncio.sleep(BUS_RETRY_S)
                subscription = self._around.bus.subscribe(CONTROL_CHANNEL)
            except Exception:
                # The database is gone, or a bug: neither may be the end of all obeying.
                logger.exception("A change of access was not obeyed, so every open document is authorised again.")
                await asyncio.sleep(BUS_RETRY_S)

    def _watch_expiry(self, session: DocSession) -> None:
        seconds = (session.access.expires_at_ms - self._around.now_ms()) / 1000.0
        # A timer can't be set further than some weeks ahead on every platform; nobody keeps a tab that long.
        if seconds < 20 * 86_400:
            self._expiries[session.id] = asyncio.get_running_loop().call_later(
                max(seconds, 0.0), self._expire, session.id
            )

    def _expire(self, session_id: str) -> None:
        if (entry := self._sessions.get(session_id)) is not None:
            entry[1].end_session(session_id, "not_signed_in", "Please sign in again.")

    # Opening

    @asynccontextmanager
    async def _pinned(self, content_id: ContentId) -> AsyncIterator[OpenDoc]:
        doc = await self._pin(content_id)
        try:
            yield doc
        finally:
            doc.release()

    async def _pin(self, content_id: ContentId) -> OpenDoc:
        """The open document, loaded once for all who ask at the same time, and kept until `release`."""
        while True:
            if self._is_closed:
                raise Unavailable
            doc = self._docs.get(content_id)
            if doc is None:
                await self._wait_until_ended(content_id)
                if content_id in self._docs:
                    continue
                doc = self._docs[content_id] = OpenDoc(content_id, self._around, self._forget)
                self._loading[content_id] = asyncio.create_task(self._load(doc))
            doc.pins += 1
            try:
                if (loading := self._loading.get(content_id)) is not None:
                    # Others wait for the same load, so one caller's end must not cancel it.
                    await asyncio.shield(loading)
            except BaseException:
                doc.release()
                raise
            if not doc.closed.is_set() and self._docs.get(content_id) is doc:
                return doc
            doc.release()

    async def _load(self, doc: OpenDoc) -> None:
        try:
            await doc.load()
        except BaseException:
            del self._docs[doc.content_id]
            doc.closed.set()
            raise
        finally:
            del self._loading[doc.content_id]

    async def _wait_until_ended(self, content_id: ContentId) -> None:
        """A document that was discarded may still be storing; loading before that would miss its last updates."""
        for doc in [doc for doc in self._ending if doc.content_id == content_id]:
            await doc.closed.wait()

    def _forget(self, doc: OpenDoc) -> None:
        if self._docs.get(doc.content_id) is doc:
            del self._docs[doc.content_id]
            self._ending.add(doc)
            task = asyncio.get_running_loop().create_task(self._until_ended(doc))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _until_ended(self, doc: OpenDoc) -> None:
        await doc.closed.wait()
        self._ending.discard(doc)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise NotFound(f"This hub knows no content of the kind {kind}.")
