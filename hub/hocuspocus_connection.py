"""One Hocuspocus client: a socket with many documents, each opened by its Auth message, living and ending by itself."""

from __future__ import annotations

import asyncio
import logging

from aiohttp import WSMsgType, web

from crdt_docs import hocuspocus
from crdt_docs.errors import ProtocolError
from crdt_docs.hocuspocus import HocuspocusCodec
from crdt_docs.messages import AwarenessUpdate, Close, DocMessage, Message, Ping, Pong, SyncStep2, Token, Update
from crdt_docs.sync_codec import read_plain_update
from hub.doc_session import DocDoor, SocketSession, close_code
from hub.doc_surroundings import may_write
from hub.doc_wire import Wire
from hub.errors import HubError, Internal, NotSignedIn, TooMany
from hub.websocket_frames import server_frame
from storage.records import ContentId

logger = logging.getLogger(__name__)


class HocuspocusConnection:
    """One socket, many documents: each is opened by its Auth message and lives and ends by itself."""

    def __init__(self, door: DocDoor, wire: Wire, request: web.Request) -> None:
        self._door = door
        self._wire = wire
        self._request = request
        self._documents: dict[str, _HocuspocusDocument] = {}
        self._by_prefix: dict[bytes, _HocuspocusDocument] = {}
        self._opened_any = asyncio.Event()

    async def run(self) -> None:
        limits = self._door.live_docs.limits
        watch = asyncio.get_running_loop().create_task(self._close_if_unused())
        try:
            self._wire.socket.take_directly(self._take)
            async for received in self._wire.socket:
                if received.type is not WSMsgType.BINARY:
                    raise ProtocolError("invalid", "a message has to be binary")
                frame = hocuspocus.read_frame(received.data, limits)
                await self._route(frame.name, frame.document_name, frame.message)
                self._wire.socket.handled()
        except ProtocolError as error:
            await self._wire.close_soon(close_code(error.code), error.code)
        finally:
            watch.cancel()
            for document in list(self._documents.values()):
                document.stop()

    def _take(self, data: bytes) -> bool:
        """Handle a message of an open document at once, if nothing has to be waited for."""
        # A content id is short, so that its length is one byte.
        prefix = data[: data[0] + 1] if data else b""
        if (typed_in := self._by_prefix.get(prefix)) is not None:
            update = read_plain_update(data, len(prefix))
            if update is not None and typed_in.gather(update):
                return True
        try:
            frame = hocuspocus.read_frame(data, self._door.live_docs.limits)
        except ProtocolError:
            # `run` will find the same and say it.
            return False
        document = self._documents.get(frame.name)
        return document is not None and document.take(frame.message)

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
                del self._documents[name], self._by_prefix[document.prefix]
        elif document is not None:
            await document.receive(message)
        # Anything else is for a document that was refused or ended; its client has been told.

    def _open(self, name: str, document_name: str, token: str, document: _HocuspocusDocument | None) -> None:
        if document is not None:
            if not document.has_ended:
                # The provider sends its token again on its own when it renews it; the first one still counts.
                return
            document.stop()
        elif len(self._documents) >= self._door.socket_limits.documents_per_socket:
            raise ProtocolError(TooMany.code, "too many documents on one socket")
        self._opened_any.set()
        document = _HocuspocusDocument(self._door, self._wire, self._request, name)
        self._documents[name] = self._by_prefix[document.prefix] = document
        document.open(ContentId(document_name), token)

    async def _close_if_unused(self) -> None:
        try:
            async with asyncio.timeout(self._door.socket_limits.unnamed_timeout_s):
                await self._opened_any.wait()
        except TimeoutError:
            await self._wire.close(4000 + NotSignedIn.status, NotSignedIn.code)


class _HocuspocusDocument:
    def __init__(self, door: DocDoor, wire: Wire, request: web.Request, name: str) -> None:
        self.has_ended = False
        self._door = door
        self._wire = wire
        self._request = request
        self._codec = HocuspocusCodec(name)
        self._session: SocketSession | None = None
        self._waiting: list[DocMessage] = []
        self._waiting_bytes = 0
        self._task: asyncio.Task[None] | None = None
        self._is_open = False

    @property
    def prefix(self) -> bytes:
        return self._codec.prefix

    def open(self, content_id: ContentId, token: str) -> None:
        self._task = asyncio.get_running_loop().create_task(self._open(content_id, token))

    async def _open(self, content_id: ContentId, token: str) -> None:
        try:
            revision = self._door.live_docs.revision
            access = await self._door.admit(self._request, token or None, content_id)
            self._session = SocketSession(self._door, self._wire, self._codec, access, self._end)
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

    def take(self, message: Message) -> bool:
        """`receive`, if it is for this document and nothing has to be waited for; whether it was handled."""
        if not self._is_open or self.has_ended or self._session is None:
            return False
        return isinstance(message, DocMessage) and self._session.take(message)

    def gather(self, update: bytes) -> bool:
        if not self._is_open or self.has_ended or self._session is None:
            return False
        return self._session.gather(update)

    async def receive(self, message: DocMessage) -> None:
        if self.has_ended:
            return
        if self._is_open and self._session is not None:
            await self._session.receive(message)
            return
        # The provider does not wait for the answer to its token before it begins to sync.
        self._waiting_bytes += _size(message)
        if (
            len(self._waiting) >= self._door.socket_limits.waiting_messages
            or self._waiting_bytes > self._door.live_docs.limits.first_sync_bytes
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
