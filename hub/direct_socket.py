"""A WebSocket that hands a message over in the call that received its last byte, instead of waking a task for it.

aiohttp puts each message into a queue and wakes whoever awaits `receive`; for a keystroke that costs more than all that
the hub does with it. A client whose messages are all taken so is read in rounds, with the others (hub.reading_rounds).
This takes names that aiohttp does not document: they are all used here, listed in RELIED_ON and pinned to a minor
version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.http import WebSocketReader, WebSocketWriter

from hub.reading_rounds import ReadingRounds

RELIED_ON: dict[str, tuple[str, ...]] = {
    "aiohttp.web.WebSocketResponse": ("_post_start", "_reader", "_ws_protocol", "_writer", "_max_msg_size"),
    "aiohttp.WebSocketDataQueue": ("feed_data", "read"),
    "aiohttp.web.RequestHandler": ("set_parser", "keep_alive", "data_received"),
}
"""What of aiohttp is used beyond its documentation; tests/hub/test_direct_socket.py looks for each."""

_BUFFER_BYTES = 64 << 10
"""What may wait unread before the transport is paused."""
TAKEN_IN_A_ROW = 4
"""Whoever had so many messages taken is typing; an opening, which waits for things, is read as ever."""

Take = Callable[[bytes], bool]


class DirectSocket(web.WebSocketResponse):
    """`take_directly` says who is offered messages; what is not taken, and all behind it, comes by iteration as ever.

    Whoever iterates calls `handled` after each message, and `stop` when the connection is done with. Frames are not
    compressed.
    """

    def __init__(self, *, max_message_bytes: int, rounds: ReadingRounds | None = None) -> None:
        super().__init__(compress=False, max_msg_size=max_message_bytes)
        self.heard = True
        """Bytes came since somebody set this to False."""
        self._rounds = rounds
        self._queue: _DirectQueue | None = None
        self._transport: asyncio.Transport | None = None
        self._protocol: Any = None
        self.plain_fd = -1
        """Its number, if what is on the wire is what the socket says; else -1."""
        self._is_in_rounds = False

    def take_directly(self, take: Take) -> None:
        """Offer `take` every binary message that comes while none waits. It must not raise; False leaves it waiting."""
        if self._queue is not None:
            self._queue.take = take

    def handled(self) -> None:
        """The message that iteration gave last is done with, so that the next one need not wait behind it."""
        if self._queue is not None:
            self._queue.waiting -= 1

    def stop(self) -> None:
        self._rounds_end()
        self._rounds = None

    # What ReadingRounds calls

    def received(self, data: bytes) -> None:
        self._protocol.data_received(data)

    def hand_back(self) -> None:
        self._is_in_rounds = False
        if self._transport is not None:
            self._transport.resume_reading()

    # Inside

    def enter_rounds(self) -> None:
        """Be read together with others, if the transport's bytes are the socket's."""
        transport, rounds = self._transport, self._rounds
        if transport is None or rounds is None or transport.is_closing() or not transport.is_reading():
            return
        transport.pause_reading()
        rounds.enter(self.plain_fd, self)
        self._is_in_rounds = True

    def leave_rounds(self) -> None:
        """Be read by the transport again, which can hold up a client."""
        if self._is_in_rounds:
            self._rounds_end()
            self.hand_back()

    def _rounds_end(self) -> None:
        if self._rounds is not None and self._is_in_rounds:
            self._is_in_rounds = False
            self._rounds.leave(self.plain_fd, self)

    def _note_heard(self) -> None:
        self.heard = True

    def _post_start(self, request: Any, protocol: str | None, writer: WebSocketWriter) -> None:
        self._ws_protocol = protocol
        self._writer = writer
        self._protocol = request.protocol
        self._reader = self._queue = _DirectQueue(self, _BUFFER_BYTES)
        self._parser = WebSocketReader(self._queue, self._max_msg_size, compress=False, decode_text=True)
        request.protocol.set_parser(self._parser, data_received_cb=self._note_heard)
        request.protocol.keep_alive(False)
        self._transport = transport = request.transport
        socket = transport.get_extra_info("socket") if transport is not None else None
        if socket is None or transport.get_extra_info("sslcontext") is not None or not ReadingRounds.available():
            self._rounds = None
        else:
            self.plain_fd = socket.fileno()


class _DirectQueue(WebSocketDataQueue):
    take: Take | None = None
    waiting = 0
    """Messages that were not taken and are not done with."""
    taken = 0
    """Messages in a row that were."""

    def __init__(self, socket: DirectSocket, limit: int) -> None:
        super().__init__(socket._protocol, limit, loop=asyncio.get_running_loop())
        self._socket = socket

    def feed_data(self, data: Any, size: int) -> None:
        kind = data[0]
        if kind is WSMsgType.BINARY and not self.waiting and self.take is not None and self.take(data[1]):
            self.taken += 1
            if self.taken == TAKEN_IN_A_ROW:
                self._socket.enter_rounds()
            return
        self.taken = 0
        self._socket.leave_rounds()
        if kind is WSMsgType.BINARY or kind is WSMsgType.TEXT:
            self.waiting += 1
        super().feed_data(data, size)
