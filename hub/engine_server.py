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
from engineio.async_drivers import aiohttp as aiohttp_driver
from socketio import packet

from hub.http_sessions import is_upgrade
from hub.websocket_frames import text_frame

NAMESPACE = "/"

RELIED_ON: dict[str, tuple[str, ...]] = {
    "socketio.AsyncServer": ("_engineio_server_class", "_handle_eio_message", "eio", "environ", "manager", "reason"),
    "socketio.AsyncManager": ("eio_sid_from_sid", "is_connected"),
    "socketio.packet": ("EVENT", "Packet"),
    "engineio.AsyncServer": ("_async", "create_queue", "handlers", "send_packet", "sockets"),
    "engineio.AsyncSocket": ("_websocket_handler", "close", "closed", "queue", "upgraded"),
    "engineio.aiohttp.WebSocket": ("_sock", "handler", "send"),
    "engineio.packet": ("MESSAGE", "Packet"),
    "engineio.exceptions": ("SocketIsClosedError",),
}
"""What of the two libraries is used beyond their documentation; tests/hub/test_engine_server.py looks for each."""


class CountingQueue(asyncio.Queue[Any]):
    """A queue of Engine.IO packets that knows how many bytes wait in it."""

    size_bytes = 0
    unsent = 0
    """Packets that wait, or that were taken and whose taker has not run yet."""

    def _put(self, item: Any) -> None:
        self.size_bytes += _size_bytes(item)
        self.unsent += 1
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self.size_bytes -= _size_bytes(item)
        return item

    def task_done(self) -> None:
        self.unsent -= 1
        super().task_done()


class CountingWebSocket(aiohttp_driver.WebSocket):  # type: ignore[misc]
    """Engine.IO's WebSocket, which takes whole frames too while it is not in the middle of sending."""

    _is_sending = False

    async def send(self, message: str | bytes) -> None:
        self._is_sending = True
        try:
            await super().send(message)
        finally:
            self._is_sending = False

    async def __call__(self, environ: dict[str, Any]) -> Any:
        engine_socket = self.handler.__self__
        engine_socket.hub_socket = self
        try:
            return await super().__call__(environ)
        finally:
            engine_socket.hub_socket = None

    def write(self, frame: bytes) -> bool:
        """Send a frame now if nothing is on its way before it; whether it was sent."""
        transport = None if self._sock is None or self._sock.closed else self.environ["aiohttp.request"].transport
        if self._is_sending or transport is None or transport.is_closing() or transport.get_write_buffer_size():
            return False
        transport.write(frame)
        return True


def _size_bytes(packet: Any) -> int:
    data = getattr(packet, "data", None)
    # An open packet's dict and a ping's None are small; every announcement and acknowledgement is text.
    return len(data) + 16 if isinstance(data, str | bytes) else 16


class EngineServer(engineio.AsyncServer):  # type: ignore[misc]
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        driver: dict[str, Any] = vars(self)["_async"]
        self._async = {**driver, "websocket": CountingWebSocket}

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

    def send_frame(self, engine_id: str, frame: bytes) -> bool:
        """Send what `frame_event` made, in its order with all the rest; False: it has to wait its turn in the queue."""
        socket = self.eio.sockets.get(engine_id)
        if socket is None or socket.closed or not socket.upgraded or socket.queue.unsent:
            return False
        web_socket = getattr(socket, "hub_socket", None)
        return web_socket is not None and web_socket.write(frame)

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


def frame_event(encoded_event: str) -> bytes:
    """What `encode_event` made, as the WebSocket frame that every connection gets: framed once, written to many."""
    return text_frame(engine_packet.Packet(engine_packet.MESSAGE, encoded_event).encode().encode())
