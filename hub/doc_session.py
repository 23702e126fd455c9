"""One document on one socket: paces what its client sends, and tells the client what the document says."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from aiohttp import web

from crdt_docs.content import KINDS
from crdt_docs.messages import DocMessage, SyncStep2, Update
from crdt_docs.sync_codec import Codec
from hub.doc_crowding import Crowding
from hub.doc_wire import Wire
from hub.errors import HubError, Invalid, OldClient
from hub.live_docs import DocAccess, LiveDocs
from hub.open_doc import OpenDoc
from hub.socket_limits import SocketLimits
from storage.records import ContentId

Authorise = Callable[[web.Request, str | None, ContentId], Awaitable[DocAccess]]

STATUS_OF = {error.code: error.status for error in HubError.__subclasses__()}


@dataclass(frozen=True, slots=True)
class DocDoor:
    """What both protocols' connections share: the documents, who asks for leave to open one, and the limits."""

    live_docs: LiveDocs
    authorise: Authorise
    socket_limits: SocketLimits
    joining: asyncio.Semaphore
    _crowding: WeakKeyDictionary[OpenDoc, Crowding] = field(default_factory=WeakKeyDictionary)

    def crowding(self, doc: OpenDoc) -> Crowding:
        """Shared by all who have the document open."""
        found = self._crowding.get(doc)
        if found is None:
            found = self._crowding[doc] = Crowding(self.socket_limits.document_messages_per_s)
        return found

    async def admit(self, request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
        """Who asks, and what they may do; a herd waits for its turn. Raise HubError."""
        async with self.joining:
            access = await self.authorise(request, token, content_id)
        check_schema(request, access)
        return access


def check_schema(request: web.Request, access: DocAccess) -> None:
    """Refuse an editor older than the hub before it sees a byte: it would delete what it does not know (web.md).

    A client that names no number is no editor of ours and is taken at its word. Raise OldClient or Invalid.
    """
    named = request.query.get("schema")
    current = KINDS[access.kind].schema_number
    if named is None or current is None:
        return
    if not named.isascii() or not named.isdigit():
        raise Invalid("The schema has to be a number.", field="schema")
    if int(named[:9]) < current:
        raise OldClient


def close_code(code: str) -> int:
    """4000 + the HTTP status of the error; stock clients take 44xx as final and come back after all others."""
    return 4000 + STATUS_OF.get(code, Invalid.status)


class SocketSession:
    """One document on one socket: hub.doc_surroundings.DocSession."""

    def __init__(
        self, door: DocDoor, wire: Wire, codec: Codec, access: DocAccess, on_end: Callable[[str, str], None]
    ) -> None:
        self.id = secrets.token_urlsafe(9)
        self.codec = codec
        self.access = access
        self.doc: OpenDoc | None = None
        self._door = door
        self._wire = wire
        self._on_end = on_end
        self._missed = False
        limits = door.socket_limits
        self._tokens = limits.messages_burst
        self._rate = limits.messages_per_s
        self._crowding = Crowding(limits.document_messages_per_s)
        self._refilled_at = time.monotonic()

    async def join(self, revision: int) -> None:
        self.doc = await self._door.live_docs.join(self, revision)
        self._crowding = self._door.crowding(self.doc)

    def leave(self) -> None:
        self.doc = None
        self._door.live_docs.leave(self.id)

    def take(self, message: DocMessage) -> bool:
        """`receive`, if nothing has to be waited for; whether it was handled."""
        if (doc := self.doc) is None or not doc.may_take(self.id, message):
            return False
        tokens = self._refilled() - self._cost(message)
        if tokens < 0:
            return False
        self._spend(tokens)
        doc.receive(self.id, message)
        return True

    def gather(self, update: bytes) -> bool:
        """`take`, for an update that can wait for the end of the reading round; whether it was taken."""
        tokens = self._refilled() - 1.0
        if tokens < 0 or (doc := self.doc) is None or not doc.gather(self.id, update):
            return False
        self._spend(tokens)
        return True

    async def receive(self, message: DocMessage) -> None:
        await self._pace(self._cost(message))
        if (doc := self.doc) is not None:
            await doc.take_in(self.id, message)

    def send(self, wire: bytes) -> None:
        self._wire.write(wire)

    def ready_fd(self) -> int:
        return -1 if self._missed else self._wire.ready_fd()

    def offer(self, wire: bytes, before: bytes = b"") -> None:
        if self._missed:
            if before:
                self._wire.write(before)
        elif not self._wire.offer(wire, self._resync, before):
            self._missed = True
            self._door.live_docs.counts().fell_behind += 1

    def end(self, code: str, reason: str) -> None:
        self._on_end(code, reason)

    def _resync(self) -> None:
        self._missed = False
        if self.doc is not None:
            self.doc.resync(self.id)

    def _cost(self, message: DocMessage) -> float:
        return 1.0 if isinstance(message, Update | SyncStep2) else self._door.socket_limits.other_cost

    def _refilled(self) -> float:
        limits, now = self._door.socket_limits, time.monotonic()
        self._rate, burst = limits.messages_per_s, limits.messages_burst
        if self._crowding.is_crowded(now):
            self._rate, burst = min(self._rate, limits.fair_messages_per_s), min(burst, limits.fair_burst)
        self._tokens = min(burst, self._tokens + (now - self._refilled_at) * self._rate)
        self._refilled_at = now
        return self._tokens

    def _spend(self, left: float) -> None:
        self._tokens = left
        self._crowding.note(self._refilled_at)

    async def _pace(self, cost: float) -> None:
        """A token bucket. Whoever is over it waits, and TCP makes the sender wait too: nothing is lost."""
        self._spend(self._refilled() - cost)
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / self._rate)
