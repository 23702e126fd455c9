"""Announcements and presence between the processes of one hub."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any

from hub.announcements import PRESENCE_EXPIRES_S, BusAnnouncer
from hub.presence import Presence
from storage import ports
from storage.memory_bus import MemoryBus
from storage.records import LoginId, TwinspaceId, UserId

TWINSPACE, USER, LOGIN = TwinspaceId("t"), UserId("u"), LoginId("l")
WAIT_S = 5


class Sockets:
    """One process's sockets: one session of one user."""

    def __init__(self, session_id: str) -> None:
        self.session_id = session_id
        self.heard: asyncio.Queue[Any] = asyncio.Queue()

    def of_user(self, user_id: UserId) -> list[str]:
        return [self.session_id] if user_id == USER else []

    async def emit(self, session_ids: Iterable[str], event: str, data: str) -> None:
        for session_id in session_ids:
            if session_id == self.session_id:
                self.heard.put_nowait((event, json.loads(data)))

    async def end_user(self, user_id: UserId, reason: str) -> None:
        if user_id == USER:
            self.heard.put_nowait(("end", reason))

    async def end_login(self, login_id: LoginId, reason: str) -> None:
        if login_id == LOGIN:
            self.heard.put_nowait(("end", reason))

    async def next(self) -> Any:
        async with asyncio.timeout(WAIT_S):
            return await self.heard.get()


class Process:
    def __init__(self, bus: ports.Bus, name: str) -> None:
        self.presence, self.sockets = Presence(), Sockets(name)
        self.now_s = 0.0
        self.announcer = BusAnnouncer(bus, self.presence, lambda: self.now_s)
        self.announcer.sockets = self.sockets


@asynccontextmanager
async def two_processes(bus: ports.Bus) -> AsyncIterator[tuple[Process, Process]]:
    here, there = Process(bus, "here"), Process(bus, "there")
    tasks = [asyncio.create_task(process.announcer.run()) for process in (here, there)]
    try:
        yield here, there
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await bus.close()


async def test_what_one_process_announces_is_heard_once_in_each() -> None:
    async with two_processes(MemoryBus()) as (here, there):
        for process in (here, there):
            process.presence.enter(process.sockets.session_id, TWINSPACE, USER, 1)
        await until_heard(here, there)
        await here.announcer.to_twinspace(TWINSPACE, "chat:posted", {"seq": 1})
        await here.announcer.to_user(USER, "hello", {})
        await here.announcer.to_session("there", "only", {})
        await here.announcer.disconnect_user(USER, "removed")
        await here.announcer.disconnect_login(LOGIN, "signed_out")
        common = [("chat:posted", {"seq": 1}), ("hello", {})]
        ends = [("end", "removed"), ("end", "signed_out")]
        assert [await there.sockets.next() for _ in range(5)] == [*common, ("only", {}), *ends]
        assert [await here.sockets.next() for _ in range(4)] == [*common, *ends]
        assert here.sockets.heard.empty() and there.sockets.heard.empty()


async def test_who_is_online_elsewhere_is_online_here() -> None:
    async with two_processes(MemoryBus()) as (here, there):
        there.presence.enter("there", TWINSPACE, USER, 1)
        await until_heard(there, here)
        there.announcer.tell_presence()
        await there.announcer.to_session("here", "marker", {})
        assert await here.sockets.next() == ("marker", {})
        assert here.presence.online(TWINSPACE) == {USER}
        assert here.presence.enter("here", TWINSPACE, USER, 1) is False
        assert here.presence.leave("here", TWINSPACE) is False


async def test_who_comes_and_goes_elsewhere_is_known_at_once() -> None:
    place = {"twinspace_id": TWINSPACE, "user_id": USER}
    async with two_processes(MemoryBus()) as (here, there):
        await until_heard(there, here)
        for event, online in (("member:online", {USER}), ("member:offline", set())):
            await there.announcer.to_twinspace(TWINSPACE, event, place)
            await there.announcer.to_session("here", "marker", {})
            assert await here.sockets.next() == ("marker", {})
            assert here.presence.online(TWINSPACE) == online


async def test_those_in_a_process_that_fell_silent_are_told_to_be_gone() -> None:
    other = UserId("other")
    async with two_processes(MemoryBus()) as (here, there):
        here.presence.enter("here", TWINSPACE, USER, 1)
        there.presence.enter("there", TWINSPACE, other, 1)
        there.presence.enter("there too", TWINSPACE, USER, 1)
        await until_heard(there, here)
        there.announcer.tell_presence()
        await there.announcer.to_session("here", "marker", {})
        assert await here.sockets.next() == ("marker", {})
        here.now_s = PRESENCE_EXPIRES_S
        await here.announcer.forget_silent()
        assert here.presence.online(TWINSPACE) == {USER, other}
        here.now_s += 1
        await here.announcer.forget_silent()
        assert await here.sockets.next() == ("member:offline", {"twinspace_id": TWINSPACE, "user_id": other})
        assert here.presence.online(TWINSPACE) == {USER} and here.sockets.heard.empty()


async def test_what_nobody_understands_stops_nothing() -> None:
    bus = MemoryBus()
    async with two_processes(bus) as (here, there):
        await until_heard(here, there)
        for data in (b"", b"[]", b"{}", b'{"from": "x"}', b'{"from": "x", "to": "presence", "here": 5}', b"\xff"):
            await bus.publish("hub.announcements", data)
        await here.announcer.to_session("there", "still", {})
        assert await there.sockets.next() == ("still", {})


async def test_a_bus_that_is_down_silences_nobody_here() -> None:
    class Down(MemoryBus):
        async def publish(self, channel: str, data: bytes) -> None:
            raise ports.Unavailable("down")

    async with two_processes(Down()) as (here, _):
        here.presence.enter("here", TWINSPACE, USER, 1)
        await here.announcer.to_twinspace(TWINSPACE, "chat:posted", {"seq": 1})
        assert await here.sockets.next() == ("chat:posted", {"seq": 1})


async def until_heard(speaker: Process, listener: Process) -> None:
    """The listener's subscription begins in a task: speak until it answers."""
    hearing = asyncio.create_task(listener.sockets.next())
    while not hearing.done():
        await speaker.announcer.to_session(listener.sockets.session_id, "marker", {})
        await asyncio.wait([hearing], timeout=0.01)
    await hearing
    await speaker.announcer.to_session(listener.sockets.session_id, "last marker", {})
    while (await listener.sockets.next())[0] != "last marker":
        pass
