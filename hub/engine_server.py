"""Engine.IO with a bound: what waits for a client that doesn't read is counted, and its connection can be cut.

python-engineio's queue per client grows without limit; one silent client took 116 MB in 100 s. Bounding it takes names
that neither library documents: they are all used here, listed in RELIED_ON and pinned to a minor version.
"""

from __future__ import annotations

import asyncio
from array import array
from collections.abc import Iterable
from typing import Any

import engineio
import socketio
from aiohttp import web
from engineio import packet as engine_packet
from engineio.async_drivers import aiohttp as aiohttp_driver
from socketio import packet

from hub.http_sessions import is_upgrade
from hub.socket_writes import write_to_ready
from hub.websocket_frames import text_frame

NAMESPACE = "/"

RELIED_ON: dict[str, tuple[str, ...]] = {
    "socketio.AsyncServer": (
        "_engineio_server_class",
        "_handle_eio_message",
        "_send_packet",
        "eio",
        "environ",
        "manager",
        "reason",
    ),
    "socketio.AsyncManager": ("eio_sid_from_sid", "is_connected"),
    "socketio.packet": ("EVENT", "Packet"),
    "engineio.AsyncServer": ("_async", "create_queue", "handlers", "sockets"),
    "engineio.AsyncSocket": ("_websocket_handler", "close", "closed", "queue", "sid", "upgraded"),
    "engineio.aiohttp.WebSocket": ("_sock", "close", "handler", "send", "wait"),
    "engineio.packet": ("MESSAGE", "Packet"),
}
"""What of the two libraries is used beyond their documentation; tests/hub/test_engine_server.py looks for each."""


class CountingQueue(asyncio.Queue[Any]):
    """A queue of Engine.IO packets that knows how many bytes wait in it."""

    size_bytes = 0
    unsent = 0
    """Packets that wait, or that were taken and whose taker has not run yet."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outlet = Outlet()

    def _put(self, item: Any) -> None:
        self.size_bytes += _size_bytes(item)
        self.unsent += 1
        self.outlet.is_free = False
        super()._put(item)

    def _get(self) -> Any:
        item = super()._get()
        self.size_bytes -= _size_bytes(item)
        return item

    def task_done(self) -> None:
        self.unsent -= 1
        super().task_done()


class Outlet:
    """The way out to one client: whole frames past the queue while nothing is on its way, else packets in the queue.

    A receiver of `hub.socket_writes` while it is ready.
    """

    __slots__ = (
        "_engine_socket",
        "_sock",
        "_transport",
        "engine_id",
        "fd",
        "is_closing",
        "is_free",
        "is_sending",
        "unsent_bytes",
    )

    def __init__(self) -> None:
        self.is_free = False
        """`check` found that nothing is on its way, and nothing was given to the library since."""
        self.is_sending = False
        """The library is in the middle of a message."""
        self.engine_id = ""
        self.fd = -1
        self._transport: asyncio.Transport | None = None

    def begin(self, engine_socket: Any, transport: asyncio.Transport, sock: web.WebSocketResponse) -> None:
        self._engine_socket = engine_socket
        self._transport = transport
        self._sock = sock
        plain = transport.get_extra_info("socket") if transport.get_extra_info("sslcontext") is None else None
        self.fd = -1 if plain is None else plain.fileno()
        self.is_closing = transport.is_closing
        self.unsent_bytes = transport.get_write_buffer_size

    def end(self) -> None:
        self._transport, self.is_free = None, False

    def check(self) -> bool:
        """Whether a frame written now, before anything is awaited, has nothing on its way before it."""
        if self._transport is None:
            return False
        socket = self._engine_socket
        self.is_free = (
            socket.upgraded
            and not socket.closed
            and not socket.queue.unsent
            and not self.is_sending
            and not self._sock.closed
        )
        return self.is_free and not self.is_closing() and not self.unsent_bytes()

    def ready_fd(self) -> int:
        return self.fd if self.check() else -1

    def offer(self, wire: bytes, before: bytes = b"") -> None:
        self.send(before + wire)

    def send(self, wire: bytes) -> None:
        assert self._transport is not None
        self._transport.write(wire)


class CountingWebSocket(aiohttp_driver.WebSocket):  # type: ignore[misc]
    """Engine.IO's WebSocket, with an outlet while it is open."""

    _has_begun = False

    async def __call__(self, environ: dict[str, Any]) -> Any:
        self._engine_socket = self.handler.__self__
        self._outlet: Outlet = self._engine_socket.queue.outlet
        self._transport = environ["aiohttp.request"].transport
        try:
            return await super().__call__(environ)
        finally:
            self._outlet.end()

    async def send(self, message: str | bytes) -> None:
        if not self._has_begun and self._transport is not None:
            self._has_begun = True
            self._outlet.begin(self._engine_socket, self._transport, self._sock)
        self._outlet.is_free, self._outlet.is_sending = False, True
        try:
            await super().send(message)
        finally:
            self._outlet.is_sending = False

    async def wait(self) -> Any:
        try:
            return await super().wait()
        except OSError:
            # It was closed; a closed WebSocket takes nothing more.
            self._outlet.end()
            raise

    async def close(self) -> None:
        self._outlet.end()
        await super().close()


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

    def outlet_of(self, engine_id: str) -> Outlet:
        socket = self.eio.sockets[engine_id]
        outlet: Outlet = socket.queue.outlet
        outlet.engine_id = engine_id
        return outlet

    def send_to_all(self, outlets: Iterable[Outlet], encoded_event: str) -> list[Outlet]:
        """Send what `encode_event` made: framed once, at once where nothing is on its way.

        Return those where something is, for the caller to `queue` it before anything is awaited.
        """
        ready: list[Outlet] = []
        waiting: list[Outlet] = []
        fds = array("i")
        for outlet in outlets:
            # The short way first: a class is a few hundred of these for every message.
            if (outlet.is_free and not outlet.is_closing() and not outlet.unsent_bytes()) or outlet.check():
                ready.append(outlet)
                fds.append(outlet.fd)
            else:
                waiting.append(outlet)
        write_to_ready(ready, fds, frame_event(encoded_event))
        return waiting

    def queue(self, engine_id: str, encoded_event: str) -> int:
        """Put it behind what is on its way; return how many bytes wait now.

        A connection that is closing takes nothing, its disconnect is on the way.
        """
        socket = self.eio.sockets.get(engine_id)
        if socket is None or socket.closed:
            return 0
        socket.queue.put_nowait(engine_packet.Packet(engine_packet.MESSAGE, encoded_event))
        size_bytes: int = socket.queue.size_bytes
        return size_bytes

    async def _send_packet(self, eio_sid: str, pkt: Any) -> None:
        """An acknowledgement, which is text as well, goes the same way."""
        encoded = pkt.encode()
        socket = self.eio.sockets.get(eio_sid)
        if socket is None or not isinstance(encoded, str):
            await super()._send_packet(eio_sid, pkt)
        elif self.send_to_all([socket.queue.outlet], encoded):
            self.queue(eio_sid, encoded)

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


def encode_event(event: str, data: str) -> str:
    """An event whose data is JSON, as every client of the namespace gets it: encoded once, sent to many."""
    head: str = packet.Packet(packet.EVENT, namespace=NAMESPACE, data=[event]).encode()
    return f"{head[:-1]},{data}]"


def frame_event(encoded_event: str) -> bytes:
    """What `encode_event` made, as the WebSocket frame that every connection gets: framed once, written to many."""
    return text_frame(engine_packet.Packet(engine_packet.MESSAGE, encoded_event).encode().encode())
