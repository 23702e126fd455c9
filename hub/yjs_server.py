"""The WebSocket shell of live documents: `/yjs/{content_id}` (y-websocket) and `/collab` (Hocuspocus).

It parses frames, asks who may open what, paces those who send too fast, drops broadcasts to those who read too slowly.
Close codes are 4000 + the HTTP status of the error's class (PROTOCOL.md).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import WSCloseCode, WSMsgType, web

from crdt_docs import hocuspocus, y_websocket
from crdt_docs.content import KINDS
from crdt_docs.errors import ProtocolError
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.messages import AwarenessUpdate, Close, DocMessage, Message, Ping, Pong, SyncStep2, Token, Update
from crdt_docs.sync_codec import Codec
from crdt_docs.y_websocket import YWebsocketCodec
from hub.doc_surroundings import may_write
from hub.errors import (
    ForeignOrigin,
    HubError,
    Internal,
    Invalid,
    NotFound,
    NotSignedIn,
    OldClient,
    TooMany,
)
from hub.live_docs import DocAccess, LiveDocs
from hub.open_doc import OpenDoc
from hub.websocket_frames import server_frame
from storage.records import ContentId

logger = logging.getLogger(__name__)
Authorise = Callable[[web.Request, str | None, ContentId], Awaitable[DocAccess]]

STATUS_OF = {error.code: error.status for error in HubError.__subclasses__()}


@dataclass(frozen=True, slots=True)
class SocketLimits:
    frame_slack_bytes: int = 4 << 10
    """What may surround the largest first sync in one frame: names and types."""
    messages_per_s: float = 30.0
    """Per client and document, sustained. Faster ones are not cut off: they are read more slowly."""
    messages_burst: float = 200.0
    other_cost: float = 0.25
    """What anything but an update counts. Stock clients echo others' cursors, and typing must not wait for that."""
    behind_bytes: int = 1 << 20
    """More than this unsent, and broadcasts are dropped for that client until it has read up."""
    caught_up_bytes: int = 64 << 10
    cut_off_bytes: int = 24 << 20
    """One first sync and a little: a client that lets more pile up is not reading at all."""
    behind_timeout_s: float = 30.0
    look_again_s: float = 0.1
    documents_per_socket: int = 2_000
    waiting_messages: int = 64
    """What a client may send to a document while it is being opened."""
    heartbeat_s: float = 25.0
    unnamed_timeout_s: float = 30.0
    """A socket on which no document was opened for so long is closed."""


class YjsServer:
    """Give its `routes` to the application. `authorise` is asked for every document and raises HubError to refuse it.

    It checks the Origin too: on `/collab` it is called when a document is opened, with the request of the upgrade.
    """

    def __init__(self, live_docs: LiveDocs, authorise: Authorise, socket_limits: SocketLimits | None = None) -> None:
        self.live_docs = live_docs
        self.authorise = authorise
        self.socket_limits = socket_limits or SocketLimits()
        self._sockets: set[web.WebSocketResponse] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/yjs/{content_id}", self.serve_y_websocket), web.get("/collab", self.serve_hocuspocus)]

    async def close(self) -> None:
        """End every socket; clients come back by themselves. To be called before aiohttp waits for its handlers."""
        await asyncio.gather(
            *(socket.close(code=WSCloseCode.GOING_AWAY, message=b"unavailable") for socket in list(self._sockets)),
            return_exceptions=True,
        )

    async def serve_y_websocket(self, request: web.Request) -> web.StreamResponse:
        content_id = ContentId(request.match_info["content_id"])
        revision = self.live_docs.revision
        refusal: HubError | None = None
        access: DocAccess | None = None
        try:
            access = await self.authorise(request, request.query.get("token"), content_id)
            check_schema(request, access)
        except ForeignOrigin as error:
            # Another site's page must not even get a socket.
            return web.Response(status=error.status, text=error.detail)
        except HubError as error:
            refusal = error
        wire = await self._open_socket(request)
        try:
            if access is None or refusal is not None:
                refusal = refusal or NotFound()
                # Browsers hide the answer to a failed upgrade from the page, so the reason comes inside.
                wire.write(server_frame(y_websocket.permission_denied(refusal.detail)))
                await wire.close(4000 + refusal.status, refusal.code)
            else:
                await _YWebsocketConnection(self, wire, access, revision).run()
        finally:
            self._sockets.discard(wire.socket)
        return wire.socket

    async def serve_hocuspocus(self, request: web.Request) -> web.StreamResponse:
        wire = await self._open_socket(request)
        connection = _HocuspocusConnection(self, wire, request)
        try:
            await connection.run()
        finally:
            self._sockets.discard(wire.socket)
        return wire.socket

    async def _open_socket(self, request: web.Request) -> _Wire:
        socket = web.WebSocketResponse(
            # Compression would cost a core per class and make every frame differ from client to client.
            compress=False,
            heartbeat=self.socket_limits.heartbeat_s,
            max_msg_size=self.live_docs.limits.first_sync_bytes + self.socket_limits.frame_slack_bytes,
        )
        await socket.prepare(request)
        self._sockets.add(socket)
        return _Wire(socket, request.transport, self.socket_limits)


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


class _Wire:
    """Bytes to one socket. Framed messages are written straight to the transport, so a broadcast is framed once."""

    def __init__(
        self, socket: web.WebSocketResponse, transport: asyncio.Transport | None, limits: SocketLimits
    ) -> None:
        self.socket = socket
        self.is_behind = False
        self._transport = transport
        self._limits = limits
        self._caught_up: list[Callable[[], None]] = []
        self._watch: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None

    @property
    def unsent_bytes(self) -> int:
        return self._transport.get_write_buffer_size() if self._is_open and self._transport else 0

    @property
    def _is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing() and not self.socket.closed

    def write(self, wire: bytes) -> None:
        if not self._is_open or self._transport is None:
            return
        if self.unsent_bytes > self._limits.cut_off_bytes:
            logger.info("A client that does not read was cut off.")
            self._transport.abort()
            return
        self._transport.write(wire)

    def offer(self, wire: bytes, caught_up: Callable[[], None]) -> bool:
        """Write, or drop and call `caught_up` once when the client has read what waits; whether it was written."""
        if not self.is_behind and self.unsent_bytes <= self._limits.behind_bytes:
            self.write(wire)
            return True
        self._caught_up.append(caught_up)
        if not self.is_behind:
            self.is_behind = True
            self._watch = asyncio.get_running_loop().create_task(self._wait_until_read())
        return False

    async def close(self, code: int, reason: str) -> None:
        # Not drained for long: who does not read does not get to hold the handler either.
        try:
            async with asyncio.timeout(self._limits.behind_timeout_s):
                await self.socket.close(code=code, message=reason.encode()[:120])
        except TimeoutError:
            self.abort()

    def close_soon(self, code: int, reason: str) -> asyncio.Task[None]:
        if self._closing is None:
            self._closing = asyncio.get_running_loop().create_task(self.close(code, reason))
        return self._closing

    def abort(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def stop(self) -> None:
        if self._watch is not None:
            self._watch.cancel()

    async def _wait_until_read(self) -> None:
        deadline = time.monotonic() + self._limits.behind_timeout_s
        while self._is_open and self.unsent_bytes > self._limits.caught_up_bytes:
            if time.monotonic() > deadline:
                logger.info("A client that read nothing for %s s was cut off.", self._limits.behind_timeout_s)
                self.abort()
                return
            # asyncio tells only the protocol, which is aiohttp's, that a transport was drained.
            await asyncio.sleep(self._limits.look_again_s)
        self.is_behind = False
        waiting, self._caught_up = self._caught_up, []
        for call in waiting:
            call()


class _Session:
    """One document on one socket: hub.doc_surroundings.DocSession."""

    def __init__(
        self, server: YjsServer, wire: _Wire, codec: Codec, access: DocAccess, on_end: Callable[[str, str], None]
    ) -> None:
        self.id = secrets.token_urlsafe(9)
        self.codec = codec
        self.access = access
        self.doc: OpenDoc | None = None
        self._server = server
        self._wire = wire
        self._on_end = on_end
        self._missed = False
        limits = server.socket_limits
        self._tokens = limits.messages_burst
        self._refilled_at = time.monotonic()

    async def join(self, revision: int) -> None:
        self.doc = await self._server.live_docs.join(self, revision)

    def leave(self) -> None:
        self.doc = None
        self._server.live_docs.leave(self.id)

    async def receive(self, message: DocMessage) -> None:
        await self._pace(1.0 if isinstance(message, Update | SyncStep2) else self._server.socket_limits.other_cost)
        if (doc := self.doc) is not None:
            await doc.room_for_more()
            await doc.admit(self.id, message)
            doc.receive(self.id, message)

    def send(self, wire: bytes) -> None:
        self._wire.write(wire)

    def offer(self, wire: bytes) -> None:
        if not self._missed and not self._wire.offer(wire, self._resync):
            self._missed = True
            self._server.live_docs.counts().fell_behind += 1

    def end(self, code: str, reason: str) -> None:
        self._on_end(code, reason)

    def _resync(self) -> None:
        self._missed = False
        if self.doc is not None:
            self.doc.resync(self.id)

    async def _pace(self, cost: float) -> None:
        """A token bucket. Whoever is over it waits, and TCP makes the sender wait too: nothing is lost."""
        limits = self._server.socket_limits
        now = time.monotonic()
        self._tokens = (
            min(limits.messages_burst, self._tokens + (now - self._refilled_at) * limits.messages_per_s) - cost
        )
        self._refilled_at = now
        if self._tokens < 0:
            await asyncio.sleep(-self._tokens / limits.messages_per_s)


def close_code(code: str) -> int:
    """4000 + the HTTP status of the error; stock clients take 44xx as final and come back after all others."""
    return 4000 + STATUS_OF.get(code, Invalid.status)


class _YWebsocketConnection:
    def __init__(self, server: YjsServer, wire: _Wire, access: DocAccess, revision: int) -> None:
        self._server = server
        self._wire = wire
        self._revision = revision
        self._closing: asyncio.Task[None] | None = None
        self._session = _Session(server, wire, YWebsocketCodec(), access, self._end)

    async def run(self) -> None:
        session, limits = self._session, self._server.live_docs.limits
        try:
            await session.join(self._revision)
            async for received in self._wire.socket:
                if received.type is not WSMsgType.BINARY:
                    raise ProtocolError("invalid", "a message has to be binary")
                await session.receive(y_websocket.read_frame(received.data, limits))
        except ProtocolError as error:
            self._end(error.code, error.reason)
        except HubError as error:
            self._end(error.code, error.detail)
        finally:
            session.leave()
            self._wire.stop()
            if self._closing is not None:
                await self._closing

    def _end(self, code: str, reason: str) -> None:
        if self._closing is None:
            self._wire.write(server_frame(y_websocket.permission_denied(reason)))
            self._closing = self._wire.close_soon(close_code(code), code)


class _HocuspocusConnection:
    """One socket, many documents: each is opened by its Auth message and lives and ends by itself."""

    def __init__(self, server: YjsServer, wire: _Wire, request: web.Request) -> None:
        self._server = server
        self._wire = wire
        self._request = request
        self._documents: dict[str, _HocuspocusDocument] = {}
        self._opened_any = asyncio.Event()

    async def run(self) -> None:
        limits = self._server.live_docs.limits
        watch = asyncio.get_running_loop().create_task(self._close_if_unused())
        try:
            async for received in self._wire.socket:
                if received.type is not WSMsgType.BINARY:
                    raise ProtocolError("invalid", "a message has to be binary")
                frame = hocuspocus.read_frame(received.data, limits)
                await self._route(frame.name, frame.document_name, frame.message)
        except ProtocolError as error:
            await self._wire.close_soon(close_code(error.code), error.code)
        finally:
            watch.cancel()
            self._wire.stop()
            for document in list(self._documents.values()):
                document.stop()

    async def _route(self, name: str, document_name: str, message: Message) -> None:
        document = self._documents.get(name)
        if isinstance(message, Ping):
            self._wire.write(server_frame(hocuspocus.PONG_FRAME))
        elif isinstance(message, Pong):
            pass
        elif isinstance(message, Token):
            self._open(name, document_name, message.token, document)
        elif isinstance(message, Close):
            if document is not None:
                document.stop()
                del self._documents[name]
        elif document is not None:
            await document.receive(message)
        # Anything else is for a document that was refused or ended; its client has been told.

    def _open(self, name: str, document_name: str, token: str, document: _HocuspocusDocument | None) -> None:
        if document is not None:
            if not document.has_ended:
                # The provider sends its token again on its own when it renews it; the first one still counts.
                return
            document.stop()
        elif len(self._documents) >= self._server.socket_limits.documents_per_socket:
            raise ProtocolError(TooMany.code, "too many documents on one socket")
        self._opened_any.set()
        self._documents[name] = _HocuspocusDocument(self._server, self._wire, self._request, name)
        self._documents[name].open(ContentId(document_name), token)

    async def _close_if_unused(self) -> None:
        try:
            async with asyncio.timeout(self._server.socket_limits.unnamed_timeout_s):
                await self._opened_any.wait()
        except TimeoutError:
            await self._wire.close(4000 + NotSignedIn.status, NotSignedIn.code)


class _HocuspocusDocument:
    def __init__(self, server: YjsServer, wire: _Wire, request: web.Request, name: str) -> None:
        self.has_ended = False
        self._server = server
        self._wire = wire
        self._request = request
        self._codec = HocuspocusCodec(name)
        self._session: _Session | None = None
        self._waiting: list[DocMessage] = []
        self._waiting_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._is_open = False

    def open(self, content_id: ContentId, token: str) -> None:
        self._task = asyncio.get_running_loop().create_task(self._open(content_id, token))

    async def _open(self, content_id: ContentId, token: str) -> None:
        try:
            revision = self._server.live_docs.revision
            access = await self._server.authorise(self._request, token or None, content_id)
            check_schema(self._request, access)
            self._session = _Session(self._server, self._wire, self._codec, access, self._end)
            await self._session.join(revision)
            if self.has_ended:
                return
            self._wire.write(server_frame(self._codec.authenticated(may_write(self._session.access))))
            while self._waiting:
                await self._session.receive(self._waiting.pop(0))
            self._is_open = True
        except HubError as error:
            self._end(error.code, error.detail)
        except Exception:
            logger.exception("A document could not be opened.")
            self._end(Internal.code, Internal.sentence)

    async def receive(self, message: DocMessage) -> None:
        if self.has_ended:
            return
        if self._is_open and self._session is not None:
            await self._session.receive(message)
            return
        # The provider does not wait for the answer to its token before it begins to sync.
        self._waiting_bytes += _size(message)
        if (
            len(self._waiting) >= self._server.socket_limits.waiting_messages
            or self._waiting_bytes > self._server.live_docs.limits.first_sync_bytes
        ):
            self._end(TooMany.code, TooMany.sentence)
            return
        self._waiting.append(message)

    def stop(self) -> None:
        """The client or its socket is gone."""
        self.has_ended = True
        if self._task is not None:
            self._task.cancel()
        if self._session is not None:
            self._session.leave()

    def _end(self, code: str, reason: str) -> None:
        """End this document and nothing else on the socket. The code goes out; sentences are the client's."""
        if self.has_ended:
            return
        self.has_ended = True
        self._waiting.clear()
        if close_code(code) >= 4000 + Internal.status:
            # The hub's fault or the moment's. The provider comes back by itself only when its socket goes.
            self._wire.close_soon(close_code(code), code)
        else:
            self._wire.write(server_frame(self._codec.permission_denied(code)))
            self._wire.write(server_frame(self._codec.closed(code)))
        if self._session is not None:
            self._session.leave()


def _size(message: DocMessage) -> int:
    return len(message.update) if isinstance(message, Update | SyncStep2 | AwarenessUpdate) else 0
