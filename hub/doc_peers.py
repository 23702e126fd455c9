"""The other hub processes that have a document open: what they publish is heard, what happens here is told them."""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

from crdt_docs.errors import ProtocolError
from hub.doc_saver import RETRY_FIRST_S
from hub.doc_surroundings import Surroundings
from storage import ports
from storage.records import ContentId

logger = logging.getLogger(__name__)


class DocPeers:
    """`on_message` may raise ProtocolError; `on_return` is called when the bus is back and something may be missing."""

    def __init__(
        self,
        content_id: ContentId,
        around: Surroundings,
        start: Callable[[Coroutine[Any, Any, None]], None],
        *,
        on_message: Callable[[bytes], None],
        on_return: Callable[[], None],
    ) -> None:
        self._content_id = content_id
        self._around = around
        self._start = start
        self._on_message = on_message
        self._on_return = on_return
        self._outbox: deque[bytes] = deque()
        self._is_publishing = False

    def subscribe(self) -> AsyncIterator[bytes]:
        """What is published from this moment on; to be given to `listen`."""
        return self._around.bus.subscribe(self._channel)

    async def listen(self, subscription: AsyncIterator[bytes]) -> None:
        """Until cancelled, or until the bus is closed."""
        prefix = len(self._around.process_id)
        while True:
            try:
                async for data in subscription:
                    if data[:prefix] != self._around.process_id:
                        self._receive(data[prefix:])
                return
            except ports.StorageError as error:
                logger.warning("The bus was lost for document %s: %s", self._content_id, error)
                await asyncio.sleep(RETRY_FIRST_S)
                subscription = self.subscribe()
                self._on_return()

    def publish(self, message: bytes) -> None:
        # Whoever opens the document later asks for all of it.
        if self._around.bus.has_others(self._channel):
            self._outbox.append(message)
            if not self._is_publishing:
                self._is_publishing = True
                self._start(self._empty_outbox())

    @property
    def _channel(self) -> str:
        return f"doc:{self._content_id}"

    def _receive(self, message: bytes) -> None:
        try:
            self._on_message(message)
        except ProtocolError as error:
            logger.warning("Another process sent what document %s can't take: %s", self._content_id, error)

    async def _empty_outbox(self) -> None:
        try:
            while self._outbox:
                await self._around.bus.publish(self._channel, self._around.process_id + self._outbox.popleft())
        except (ports.StorageError, ValueError) as error:
            # The others compare state vectors with us every so often; what is lost here reaches them then.
            logger.warning("The bus did not take a message of document %s: %s", self._content_id, error)
            self._outbox.clear()
        finally:
            self._is_publishing = False
