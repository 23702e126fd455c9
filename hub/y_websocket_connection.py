"""One y-websocket client: a socket that is one document."""

from __future__ import annotations

import asyncio

from aiohttp import WSMsgType

from crdt_docs import y_websocket
from crdt_docs.errors import ProtocolError
from crdt_docs.sync_codec import read_plain_update
from crdt_docs.y_websocket import YWebsocketCodec
from hub.doc_session import DocDoor, SocketSession, close_code
from hub.doc_wire import Wire
from hub.errors import HubError
from hub.live_docs import DocAccess
from hub.websocket_frames import server_frame


class YWebsocketConnection:
    def __init__(self, door: DocDoor, wire: Wire, access: DocAccess, revision: int) -> None:
        self._door = door
        self._wire = wire
        self._revision = revision
        self._closing: asyncio.Task[None] | None = None
        self._session = SocketSession(door, wire, YWebsocketCodec(), access, self._end)

    async def run(self) -> None:
        session, limits = self._session, self._door.live_docs.limits
        try:
            await session.join(self._revision)
            self._wire.socket.take_directly(self._take)
            async for received in self._wire.socket:
                if received.type is not WSMsgType.BINARY:
                    raise ProtocolError("invalid", "a message has to be binary")
                await session.receive(y_websocket.read_frame(received.data, limits))
                self._wire.socket.handled()
        except ProtocolError as error:
            self._end(error.code, error.reason)
        except HubError as error:
            self._end(error.code, error.detail)
        finally:
            session.leave()
            if self._closing is not None:
                await self._closing

    def _take(self, data: bytes) -> bool:
        update = read_plain_update(data, 0)
        if update is not None and self._session.gather(update):
            return True
        try:
            message = y_websocket.read_frame(data, self._door.live_docs.limits)
        except ProtocolError:
            # `run` will find the same and say it.
            return False
        return self._session.take(message)

    def _end(self, code: str, reason: str) -> None:
        if self._closing is None:
            self._wire.write(server_frame(y_websocket.permission_denied(reason)))
            self._closing = self._wire.close_soon(close_code(code), code)
