"""A WebSocket that hands a message over in the call that received its last byte, instead of waking a task for it.

aiohttp puts each message into a queue and wakes whoever awaits `receive`; for a keystroke that costs more than all that
the hub does with it. This takes names that aiohttp does not document: they are all used here, listed in RELIED_ON and
pinned to a minor version.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web
from aiohttp._websocket.reader import WebSocketDataQueue
from aiohttp.http import WebSocketReader, WebSocketWriter

RELIED_ON: dict[str, tuple[str, ...]] = {
    "aiohttp.web.WebSocketResponse": ("_post_start", "_reader", "_ws_protocol", "_writer", "_max_msg_size"),
    "aiohttp.WebSocketDataQueue": ("feed_data", "read"),
    "aiohttp.web.RequestHandler": ("set_parser", "keep_alive"),
}
"""What of aiohttp is used beyond its documentation; tests/hub/test_direct_socket.py looks for each."""

_BUFFER_BYTES = 64 << 10
"""What may wait unread before the transport is paused."""

Take = Callable[[bytes], bool]


class DirectSocket(web.WebSocketResponse):
    """`take_directly` says who is offered messages; what is not taken, and all behind it, comes by iteration as ever.

    Whoever iterates calls `handled` after each message. Frames are not compressed.
    """

    def __init__(self, *, max_message_bytes: int) -> None:
        super().__init__(compress=False, max_msg_size=max_message_bytes)
        self.heard = True
        """Bytes came since somebody set this to False."""
        self._queue: _DirectQueue | None = None

    def take_directly(self, take: Take) -> None:
        """Offer `take` every binary message that comes while none waits. It must not raise; False leaves it waiting."""
        if self._queue is not None:
            self._queue.take = take

    def handled(self) -> None:
        """The message that iteration gave last is done with, so that the next one need not wait behind it."""
        if self._queue is not None:
            self._queue.waiting -= 1

    def _note_heard(self) -> None:
        self.heard = True

    def _post_start(self, request: Any, protocol: str | None, writer: WebSocketWriter) -> None:
        self._ws_protocol = protocol
        self._writer = writer
        self._reader = self._queue = _DirectQueue(request.protocol, _BUFFER_BYTES, loop=asyncio.get_running_loop())
        self._parser = WebSocketReader(self._queue, self._max_msg_size, compress=False, decode_text=True)
        request.protocol.set_parser(self._parser, data_received_cb=self._note_heard)
        request.protocol.keep_alive(False)


class _DirectQueue(WebSocketDataQueue):
    take: Take | None = None
    waiting = 0
    """Messages that were not taken and are not done with."""

    def feed_data(self, data: Any, size: int) -> None:
        kind = data[0]
        if kind is WSMsgType.BINARY and not self.waiting and self.take is not None and self.take(data[1]):
            return
        if kind is WSMsgType.BINARY or kind is WSMsgType.TEXT:
            self.waiting += 1
        super().feed_data(data, size)
