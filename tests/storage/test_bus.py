"""The contract of the bus, in memory and through Redis, and what happens when Redis goes away."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Protocol

import pytest

from storage.memory_bus import MESSAGE_LIMIT_BYTES, WAITING_LIMIT_BYTES, MemoryBus
from storage.ports import Missed, Unavailable
from storage.redis_bus import RedisBus
from tests.services import Service, start_redis

PATIENCE_S = 50
"""Ends a hang. How soon a loss is noticed is told by the bus's own time-outs, not asserted on a busy machine."""


class CheckedBus(Protocol):
    async def publish(self, channel: str, data: bytes) -> None: ...
    def subscribe(self, channel: str) -> AsyncIterator[bytes]: ...
    async def check(self) -> None: ...
    async def close(self) -> None: ...


@pytest.fixture(params=["memory", pytest.param("redis", marks=pytest.mark.services)])
async def bus(request: pytest.FixtureRequest) -> AsyncIterator[CheckedBus]:
    opened = MemoryBus() if request.param == "memory" else RedisBus(request.getfixturevalue("redis_url"))
    yield opened
    await opened.close()


async def test_every_subscriber_hears_what_is_published_after_it_subscribed(bus: CheckedBus) -> None:
    await bus.publish("channel", b"before")
    one, two = bus.subscribe("channel"), bus.subscribe("channel")
    other = bus.subscribe("other")
    for number in range(300):
        await bus.publish("channel", b"%d" % number)
    await bus.publish("other", b"elsewhere")
    expected = [b"%d" % number for number in range(300)]
    assert [await anext(one) for _ in expected] == expected
    assert [await anext(two) for _ in expected] == expected
    assert await anext(other) == b"elsewhere"


async def test_bytes_of_any_kind_and_the_largest_size_pass(bus: CheckedBus) -> None:
    reader = bus.subscribe("chän\nnel")
    for data in [b"", bytes(range(256)), b"x" * MESSAGE_LIMIT_BYTES]:
        await bus.publish("chän\nnel", data)
        assert await anext(reader) == data
    with pytest.raises(ValueError):
        await bus.publish("chän\nnel", b"x" * (MESSAGE_LIMIT_BYTES + 1))


async def test_a_channel_can_be_left_and_entered_again(bus: CheckedBus) -> None:
    for data in [b"1", b"2", b"3"]:
        reader = bus.subscribe("channel")
        await bus.publish("channel", data)
        # What was published a moment before may come first.
        while await anext(reader) != data:
            pass
        await reader.aclose()  # type: ignore[attr-defined]
        await bus.publish("channel", b"unheard")
        assert [each async for each in reader] == []


async def test_a_slow_reader_is_told_that_it_missed_something(bus: CheckedBus) -> None:
    reader, quick = bus.subscribe("channel"), bus.subscribe("channel")
    for _ in range(WAITING_LIMIT_BYTES // MESSAGE_LIMIT_BYTES + 1):
        await bus.publish("channel", b"x" * MESSAGE_LIMIT_BYTES)
        await anext(quick)
    with pytest.raises(Missed):
        async for _ in reader:
            pass
    again = bus.subscribe("channel")
    await bus.publish("channel", b"small")
    assert await anext(again) == await anext(quick) == b"small"


async def test_closing_ends_readers_and_refuses_writers(bus: CheckedBus) -> None:
    await bus.check()
    reader = bus.subscribe("channel")
    waiting = asyncio.ensure_future(anext(reader))
    await asyncio.sleep(0)
    await bus.close()
    with pytest.raises(StopAsyncIteration):
        await waiting
    with pytest.raises(Unavailable):
        await bus.publish("channel", b"x")
    with pytest.raises(Unavailable):
        bus.subscribe("channel")


@pytest.fixture
def own_redis(tmp_path: Path) -> Iterator[Service]:
    """A Redis that the test may hurt."""
    service = start_redis(tmp_path)
    yield service
    service.stop(signal.SIGKILL)


@pytest.fixture
async def buses(own_redis: Service) -> AsyncIterator[tuple[RedisBus, RedisBus]]:
    """Two processes' connections to the Redis that may be hurt."""
    here, there = (RedisBus(f"redis://127.0.0.1:{own_redis.port}") for _ in range(2))
    yield here, there
    await here.close()
    await there.close()


async def heard(bus: RedisBus, channel: str) -> bytes:
    """Subscribe, as a patient reader does, until a message of one's own comes back."""
    while True:
        reader = bus.subscribe(channel)
        try:
            await bus.publish(channel, b"are you there?")
            return await anext(reader)
        except (Missed, Unavailable):
            await asyncio.sleep(0.05)  # The pause between two tries, not a wait for a result.


@pytest.mark.services
@pytest.mark.slow
async def test_a_restarted_redis_ends_every_subscription_and_the_next_one_works(
    own_redis: Service, buses: tuple[RedisBus, RedisBus]
) -> None:
    here, there = buses
    async with asyncio.timeout(PATIENCE_S):
        assert await heard(here, "channel") == await heard(there, "channel")
        # Again and again: the connection dies at each moment of asking for a channel.
        for moment in range(5):
            readers = [here.subscribe(f"channel {moment}"), there.subscribe(f"other {moment}")]
            for _ in range(moment):
                await asyncio.sleep(0)
            own_redis.stop(signal.SIGKILL)
            for reader in readers:
                with pytest.raises(Missed):
                    await anext(reader)
            with pytest.raises(Unavailable):
                await here.publish("channel", b"lost")
            with pytest.raises(Unavailable):
                await here.check()
            own_redis.start()
            assert await heard(here, "channel") == await heard(there, "channel") == b"are you there?"


@pytest.mark.services
@pytest.mark.slow
async def test_a_redis_that_falls_silent_is_noticed(own_redis: Service, buses: tuple[RedisBus, RedisBus]) -> None:
    bus, _ = buses
    async with asyncio.timeout(PATIENCE_S):
        assert await heard(bus, "channel")
        reader = bus.subscribe("channel")
        await bus.publish("channel", b"first")
        assert await anext(reader) == b"first"
        own_redis.pause()
        with pytest.raises(Unavailable):
            await bus.publish("channel", b"lost")
        with pytest.raises(Missed):
            await anext(reader)
        own_redis.resume()
        assert await heard(bus, "channel")


@pytest.mark.services
async def test_a_bus_without_redis_opens_and_says_that_it_is_down() -> None:
    bus = RedisBus("redis://127.0.0.1:1")
    try:
        reader = bus.subscribe("channel")
        with pytest.raises(Unavailable):
            await bus.check()
        with pytest.raises(Unavailable):
            await bus.publish("other", b"x")
        async with asyncio.timeout(PATIENCE_S):
            with pytest.raises(Missed):
                await anext(reader)
    finally:
        await bus.close()
