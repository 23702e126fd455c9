"""Bytes to one socket of live documents, however fast its client reads."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from hub.direct_socket import DirectSocket
from hub.socket_limits import SocketLimits
from hub.websocket_frames import PING

logger = logging.getLogger(__name__)


class Wire:
    """Bytes to one socket. Framed messages are written straight to the transport, so a broadcast is framed once."""

    def __init__(self, socket: DirectSocket, transport: asyncio.Transport | None, limits: SocketLimits) -> None:
        self.socket = socket
        self.is_behind = False
        self._transport = transport
        self._limits = limits
        self._caught_up: list[Callable[[], None]] = []
        self._watch: asyncio.Task[None] | None = None
        self._closing: asyncio.Task[None] | None = None
        self._was_pinged = False
        self._heartbeat = self._next_heartbeat()

    @property
    def unsent_bytes(self) -> int:
        return self._transport.get_write_buffer_size() if self._is_open and self._transport else 0

    @property
    def _is_open(self) -> bool:
        return self._transport is not None and not self._transport.is_closing() and not self.socket.closed

    def write(self, wire: bytes) -> None:
        if not self._is_open or self._transport is None:
            return
        if self._transport.get_write_buffer_size() > self._limits.cut_off_bytes:
            logger.info("A client that does not read was cut off.")
            self._transport.abort()
            return
        self._transport.write(wire)

    def offer(self, wire: bytes, caught_up: Callable[[], None], before: bytes = b"") -> bool:
        """Write, or drop and call `caught_up` once when the client has read what waits; whether it was written.

        `before` is written in any case.
        """
        transport = self._transport
        if transport is None or transport.is_closing() or self.socket.closed:
            return True
        if not self.is_behind and transport.get_write_buffer_size() <= self._limits.behind_bytes:
            transport.write(before + wire if before else wire)
            return True
        if before:
            self.write(before)
        self._caught_up.append(caught_up)
        if not self.is_behind:
            self.is_behind = True
            self._watch = asyncio.get_running_loop().create_task(self._wait_until_read())
        return False

    def ready_fd(self) -> int:
        """The socket's number, if bytes may be written to it past its transport now; else -1."""
        transport = self._transport
        if self.is_behind or transport is None or transport.is_closing() or transport.get_write_buffer_size():
            return -1
        return self.socket.plain_fd

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
        self._heartbeat.cancel()
        self.socket.stop()
        if self._watch is not None:
            self._watch.cancel()

    def _next_heartbeat(self) -> asyncio.TimerHandle:
        return asyncio.get_running_loop().call_later(self._limits.heartbeat_s / 2, self._beat)

    def _beat(self) -> None:
        """Ping whoever was silent for half of `heartbeat_s`, cut off whoever stays so for another half."""
        if self.socket.heard:
            self.socket.heard = self._was_pinged = False
        elif self._was_pinged:
            logger.info("A client that answers no ping was cut off.")
            self.abort()
            return
        else:
            self._was_pinged = True
            self.write(PING)
        self._heartbeat = self._next_heartbeat()

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
