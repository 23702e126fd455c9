"""The bus through Redis: connections to publish, and one on which this process hears all its channels.

Redis carries and keeps nothing: whenever the listening connection was lost, every subscription ends with Missed.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Iterator
from contextlib import contextmanager
from itertools import chain, repeat
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as LostConnection
from redis.exceptions import RedisError

from storage.memory_bus import Subscribers, check_size
from storage.ports import Missed, Unavailable

SOCKET_TIMEOUT_S = 2
"""For connecting and for each command. redis-py's own retries would stretch it to 25 s, so they are switched off."""

HEARTBEAT_S = 1
"""How often a silent listening connection is asked whether it lives; a cut network does not say so by itself."""

RECONNECT_DELAYS_S = (0.05, 0.1, 0.2, 0.5, 1)

_HEARTBEAT_CHANNEL = b"twinspace:heartbeat"
"""Nobody publishes here. A listening connection must listen to something."""

log = logging.getLogger(__name__)


class _Listening(PubSub):
    """Heals nothing behind our back: after a silent reconnection nobody would know that messages are missing."""

    async def on_connect(self, connection: Any) -> None:
        raise LostConnection("the listening connection was lost")


class RedisBus:
    """Connects by itself, now and after every loss. Must be made inside the event loop that uses it."""

    def __init__(self, url: str) -> None:
        self._redis = Redis.from_url(
            url,
            socket_timeout=SOCKET_TIMEOUT_S,
            socket_connect_timeout=SOCKET_TIMEOUT_S,
            retry=Retry(NoBackoff(), 0),
            health_check_interval=0,
        )
        self._subscribers = Subscribers()
        self._confirmed: dict[str, asyncio.Event] = {}
        self._wanted = asyncio.Event()
        self._closed = False
        self._task = asyncio.create_task(self._keep_listening(), name="redis-bus")

    async def publish(self, channel: str, data: bytes) -> None:
        check_size(data)
        if self._closed:
            raise Unavailable("The bus is closed.")
        with _unavailable():
            if channel in self._confirmed:
                # Subscribers of this process hear what it publishes after they subscribed.
                async with asyncio.timeout(SOCKET_TIMEOUT_S):
                    await self._confirmed[channel].wait()
            await self._redis.publish(channel, data)

    def has_others(self, channel: str) -> bool:
        return True

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        if self._closed:
            raise Unavailable("The bus is closed.")
        if channel not in self._confirmed:
            self._confirmed[channel] = asyncio.Event()
            self._wanted.set()
        return self._subscribers.add(channel)

    async def check(self) -> None:
        """Raise Unavailable when Redis does not answer."""
        with _unavailable():
            await self._redis.execute_command("PING")  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._subscribers.end_all()
            await self._redis.aclose()

    async def _keep_listening(self) -> None:
        delays_s: Iterator[float] = iter(())
        was_lost = False
        while self._goes_on():
            try:
                pubsub = _Listening(self._redis.connection_pool)
                try:
                    async with asyncio.timeout(SOCKET_TIMEOUT_S):
                        await pubsub.subscribe(_HEARTBEAT_CHANNEL)
                    if was_lost:
                        # Who subscribed meanwhile: other processes may have been connected before this one.
                        self._lose()
                    if not self._goes_on():
                        return
                    delays_s = chain(RECONNECT_DELAYS_S, repeat(RECONNECT_DELAYS_S[-1]))
                    await _until_one_ends(self._ask_for_channels(pubsub), self._hear(pubsub))
                finally:
                    await pubsub.aclose()  # type: ignore[no-untyped-call]
            except (RedisError, OSError) as error:
                log.warning("The bus is lost, connecting again: %s", error)
            if not self._goes_on():
                return
            was_lost = True
            self._lose()
            await asyncio.sleep(next(delays_s, RECONNECT_DELAYS_S[-1]))

    def _goes_on(self) -> bool:
        """Asked by the tasks of this bus: redis-py's asyncio.wait_for can swallow a cancellation before Python 3.12."""
        task = asyncio.current_task()
        return not self._closed and (task is None or not task.cancelling())

    def _lose(self) -> None:
        self._confirmed.clear()
        self._subscribers.end_all(Missed("The connection to Redis was lost."))

    async def _ask_for_channels(self, pubsub: PubSub) -> None:
        """Keep what Redis was asked for equal to what somebody wants."""
        asked: dict[str, asyncio.Event] = {}
        while self._goes_on():
            dropped = [channel for channel in asked if channel not in self._confirmed]
            added = [channel for channel, event in self._confirmed.items() if asked.get(channel) is not event]
            asked = dict(self._confirmed)
            self._wanted.clear()
            if dropped:
                await pubsub.unsubscribe(*dropped)
            if added:
                await pubsub.subscribe(*added)
            if self._goes_on():
                await self._wanted.wait()

    async def _hear(self, pubsub: PubSub) -> None:
        now_s = asyncio.get_running_loop().time
        heard_at_s = now_s()
        while self._goes_on():
            message = await pubsub.get_message(timeout=HEARTBEAT_S)
            if message is None:
                if now_s() - heard_at_s > HEARTBEAT_S + SOCKET_TIMEOUT_S:
                    raise LostConnection("Redis is silent")
                await pubsub.ping()
                continue
            heard_at_s = now_s()
            if message["type"] == "subscribe":
                if (confirmed := self._confirmed.get(message["channel"].decode())) is not None:
                    confirmed.set()
            elif message["type"] == "message":
                channel = message["channel"].decode()
                if not self._subscribers.deliver(channel, message["data"]):
                    self._subscribers.channels()
                    self._confirmed.pop(channel, None)
                    self._wanted.set()


async def _until_one_ends(*work: Coroutine[Any, Any, None]) -> None:
    """Run both until one ends, end the other, and raise what the first raised.

    Not a TaskGroup: before Python 3.13 that leaves its own task marked as cancelled, and `_goes_on` reads the mark.
    """
    tasks = [asyncio.create_task(each) for each in work]
    try:
        ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    for task in ended:
        task.result()


@contextmanager
def _unavailable() -> Iterator[None]:
    try:
        yield
    except (RedisError, OSError) as error:  # TimeoutError is an OSError.
        raise Unavailable(f"Redis does not answer: {error or type(error).__name__}.") from error
