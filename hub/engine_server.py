"""Engine.IO with a bound: what waits for a client that doesn't read is counted, and its connection can be cut.

python-engineio's queue per client grows without limit; one silent client took 116 MB in 100 s.
"""

from __future__ import annotations

import asyncio
from typing import Any

import engineio
import socketio
from aiohttp import web

from hub.http_sessions import is_upgrade


class CountingQueue(asyncio.Queue[Any]):
    """A queue of Engine.IO packets that knows how many bytes wait in it."""

    size_bytes = 0

    def _put(self, item: Any) -> None:
        self.size_bytes += _size_bytes(item)
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self.size_bytes -= _size_bytes(item)
        return item


def _size_bytes(packet: Any) -> int:
    data = getattr(packet, "data", None)
    # An open packet's dict and a ping's None are small; every announcement and acknowledgement is text.
    return len(data) + 16 if isinstance(data, str | bytes) else 16


class EngineServer(engineio.AsyncServer):  # type: ignore[misc]
    def create_queue(self, *args: Any, **kwargs: Any) -> CountingQueue:
        return CountingQueue(*args, **kwargs)


class SocketIoServer(socketio.AsyncServer):  # type: ignore[misc]
    """python-socketio on that engine; `handle` is the aiohttp handler of `/socket.io/`."""

    def __init__(self, **options: Any) -> None:
        self._upgrades: dict[str, web.Request] = {}
        super().__init__(async_mode="aiohttp", **options)
        self.eio.on("message", self._handle_message)

    def _engineio_server_class(self) -> type[EngineServer]:
        return EngineServer

    async def handle(self, request: web.Request) -> web.StreamResponse:
        engine_id = request.query.get("sid")
        if engine_id is not None and engine_id in self.eio.sockets and is_upgrade(request):
            self._upgrades[engine_id] = request
            try:
                response: web.StreamResponse = await self.handle_request(request)
            finally:
                del self._upgrades[engine_id]
        else:
            response = await self.handle_request(request)
        return response

    async def _handle_message(self, engine_id: str, data: Any) -> None:
        """A message that is not Socket.IO ends its connection; attachments are not part of the protocol."""
        try:
            if not isinstance(data, str) or data[:1] in ("5", "6"):
                raise ValueError("binary messages are not used here")
            await self._handle_eio_message(engine_id, data)
        except Exception:
            self.logger.info("a malformed message ended a connection", exc_info=True)
            await self.cut(engine_id)

    def waiting_bytes(self, engine_id: str) -> int:
        socket = self.eio.sockets.get(engine_id)
        return socket.queue.size_bytes if socket else 0

    async def cut(self, engine_id: str) -> None:
        """End the connection now, whether its client reads or not."""
        socket = self.eio.sockets.get(engine_id)
        request = self._upgrades.get(engine_id) or self.environ.get(engine_id, {}).get("aiohttp.request")
        if socket is not None and not socket.closed:
            await socket.close(wait=False, abort=True, reason=self.reason.SERVER_DISCONNECT)
        if request is not None and request.transport is not None:
            request.transport.abort()
