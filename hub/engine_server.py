"""Engine.IO with a bound: what waits for a client that doesn't read is counted, and its connection can be cut.

python-engineio's queue per client grows without limit; one silent client took 116 MB in 100 s. Bounding it takes names
that neither library documents: they are all used here, listed in RELIED_ON and pinned to a minor version.
"""

from __future__ import annotations

import asyncio
from typing import Any

import engineio
import socketio
from aiohttp import web
from engineio import exceptions as engine_exceptions
from engineio import packet as engine_packet
from socketio import packet

from hub.http_sessions import is_upgrade

NAMESPACE = "/"

RELIED_ON: dict[str, tuple[str, ...]] = {
    "socketio.AsyncServer": ("_engineio_server_class", "_handle_eio_message", "eio", "environ", "manager", "reason"),
    "socketio.AsyncManager": ("eio_sid_from_sid", "is_connected"),
    "socketio.packet": ("EVENT", "Packet"),
    "engineio.AsyncServer": ("create_queue", "handlers", "send_packet", "sockets"),
    "engineio.AsyncSocket": ("close", "closed", "queue"),
    "engineio.packet": ("MESSAGE", "Packet"),
    "engineio.exceptions": ("SocketIsClosedError",),
}
"""What of the two libraries is used beyond their documentation; tests/hub/test_engine_server.py looks for each."""


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

    def engine_id_of(self, session_id: str) -> str:
        engine_id: str = self.manager.eio_sid_from_sid(session_id, NAMESPACE)
        return engine_id

    def is_connected(self, session_id: str) -> bool:
        return bool(self.manager.is_connected(session_id, NAMESPACE))

    def connections(self) -> set[str]:
        """The engine ids of all connections, signed in or not."""
        return set(self.eio.sockets)

    async def send(self, engine_id: str, encoded_event: str) -> None:
        """Queue what `encode_event` made; a connection that is closing takes nothing, its disconnect is on the way."""
        try:
            await self.eio.send_packet(engine_id, engine_packet.Packet(engine_packet.MESSAGE, encoded_event))
        except engine_exceptions.SocketIsClosedError:
            return

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


def encode_event(event: str, data: Any) -> str:
    """An event as every client of the namespace gets it: encoded once, sent to many."""
    encoded: str = packet.Packet(packet.EVENT, namespace=NAMESPACE, data=[event, data]).encode()
    return encoded
