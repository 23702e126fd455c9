"""The bus of a hub that is one process, and the subscriptions that both buses hand out."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator

from storage.ports import Missed, Unavailable

MESSAGE_LIMIT_BYTES = 4 * 1024 * 1024
"""Four times the largest frame a client may send."""

WAITING_LIMIT_BYTES = 32 * 1024 * 1024
"""What one subscriber may leave unread; as much as Redis allows a subscriber before it cuts it off."""


def check_size(data: bytes) -> None:
    if len(data) > MESSAGE_LIMIT_BYTES:
        raise ValueError(f"A message on the bus has at most {MESSAGE_LIMIT_BYTES} bytes, this one has {len(data)}.")


class Subscription(AsyncIterator[bytes]):
    """The messages of one channel for one reader. Counts from its making, not from its first reading."""

    def __init__(self) -> None:
        self._waiting: deque[bytes] = deque()
        self._waiting_bytes = 0
        self._arrived = asyncio.Event()
        self._end: Exception | None = None

    @property
    def ended(self) -> bool:
        return self._end is not None

    def deliver(self, data: bytes) -> None:
        if self._end is not None:
            return
        if self._waiting_bytes + len(data) > WAITING_LIMIT_BYTES:
            self._waiting.clear()
            self.end(Missed("The subscriber reads too slowly."))
            return
        self._waiting.append(data)
        self._waiting_bytes += len(data)
        self._arrived.set()

    def end(self, reason: Exception | None = None) -> None:
        """What is waiting is still read, then `reason` is raised; None ends quietly."""
        if self._end is None:
            self._end = reason or StopAsyncIteration()
        self._arrived.set()

    async def aclose(self) -> None:
        self._waiting.clear()
        self.end()

    async def __anext__(self) -> bytes:
        while not self._waiting:
            if self._end is not None:
                reason, self._end = self._end, StopAsyncIteration()
                raise reason
            self._arrived.clear()
            await self._arrived.wait()
        data = self._waiting.popleft()
        self._waiting_bytes -= len(data)
        return data


class Subscribers:
    """Who reads which channel in this process."""

    def __init__(self) -> None:
        self._by_channel: dict[str, list[Subscription]] = {}

    def add(self, channel: str) -> Subscription:
        subscription = Subscription()
        self._by_channel.setdefault(channel, []).append(subscription)
        return subscription

    def channels(self) -> list[str]:
        """Channels with a living reader; those without are forgotten."""
        for channel, subscriptions in list(self._by_channel.items()):
            living = [one for one in subscriptions if not one.ended]
            if living:
                self._by_channel[channel] = living
            else:
                del self._by_channel[channel]
        return list(self._by_channel)

    def count(self, channel: str) -> int:
        return sum(not one.ended for one in self._by_channel.get(channel, ()))

    def deliver(self, channel: str, data: bytes) -> bool:
        """Return whether anybody reads the channel."""
        living = [one for one in self._by_channel.get(channel, ()) if not one.ended]
        for subscription in living:
            subscription.deliver(data)
        return bool(living)

    def end_all(self, reason: Exception | None = None) -> None:
        for subscriptions in self._by_channel.values():
            for subscription in subscriptions:
                subscription.end(reason)
        self._by_channel.clear()


class MemoryBus:
    def __init__(self) -> None:
        self._subscribers = Subscribers()
        self._closed = False

    async def publish(self, channel: str, data: bytes) -> None:
        check_size(data)
        if self._closed:
            raise Unavailable("The bus is closed.")
        if not self._subscribers.deliver(channel, data):
            self._subscribers.channels()

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        if self._closed:
            raise Unavailable("The bus is closed.")
        return self._subscribers.add(channel)

    def has_others(self, channel: str) -> bool:
        return self._subscribers.count(channel) > 1

    async def check(self) -> None:
        if self._closed:
            raise Unavailable("The bus is closed.")

    async def close(self) -> None:
        self._closed = True
        self._subscribers.end_all()
