"""Who may still come when much is forwarded, and how the hub takes leave of meetings."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.capacity import ARRIVAL_S, FIRST_GUESS, FULL, PACKETS_PER_S, Capacity, packets_of
from hub.errors import HubFull, Unavailable
from tests.hub.test_rooms import ANA, BOTH, EVA, OLA, PUBLISH, WATCH
from tests.hub.world import Socket
from tests.hub_process import HubProcess
from tests.webrtc.meeting import ROOM, open_meeting

TWO_TRACKS = packets_of(("audio", "video"), 16)


class Clock:
    now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_what_is_configured_holds() -> None:
    clock = Clock()
    capacity = Capacity(1_000, clock)
    assert capacity.admit(600) and not capacity.admit(401) and capacity.admit(400)
    capacity.note(busy=0.5, packets_per_s=900)
    clock.now_s += ARRIVAL_S
    assert not capacity.admit(101) and capacity.admit(100)


def test_who_was_let_in_counts_until_it_shows_in_the_load() -> None:
    clock = Clock()
    capacity = Capacity(1_000, clock)
    assert capacity.admit(1_000)
    clock.now_s += ARRIVAL_S - 0.1
    assert not capacity.admit(1)
    clock.now_s += 0.1
    assert capacity.admit(1)


def test_the_limit_follows_from_what_packets_cost() -> None:
    capacity = Capacity(0, Clock())
    assert capacity.limit_packets_per_s == FIRST_GUESS
    capacity.note(busy=0.5, packets_per_s=100)
    assert capacity.limit_packets_per_s == FIRST_GUESS, "too little to learn from"
    for _ in range(40):
        capacity.note(busy=0.4, packets_per_s=10_000)
    assert capacity.limit_packets_per_s == pytest.approx(FULL * 10_000 / 0.4, rel=0.01)
    for _ in range(100):
        capacity.note(busy=0.8, packets_per_s=10_000)
    assert capacity.limit_packets_per_s == pytest.approx(10_000, rel=0.01)
    assert not capacity.admit(200)


def test_the_second_in_which_the_first_come_says_little() -> None:
    capacity = Capacity(0, Clock())
    capacity.note(busy=0.5, packets_per_s=1_000)
    assert capacity.limit_packets_per_s > FIRST_GUESS / 4, "and not 1,600"
    assert capacity.admit(3_000)


def test_of_many_cameras_only_the_last_who_spoke_are_counted() -> None:
    assert packets_of(["video"] * 40, 9) == packets_of(["video"] * 9, 16)
    assert packets_of(["audio"] * 40, 16) == 40 * PACKETS_PER_S["audio"]


async def test_the_next_is_refused_and_those_who_are_in_stay() -> None:
    async with open_meeting(packets_per_s=int(2 * TWO_TRACKS)) as meeting:
        ana = meeting.rooms.join(ROOM, "s-ana", ANA, None)
        meeting.rooms.join(ROOM, "s-ola", OLA, None)
        _, ids = await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH)
        meeting.rooms.join(ROOM, "s-eva", EVA, None)
        # Two tracks to two others do not fit any more, nor one more viewer.
        with pytest.raises(HubFull):
            await meeting.rooms.publish(ROOM, "s-eva", PUBLISH, BOTH)
        with pytest.raises(HubFull):
            meeting.rooms.join(ROOM, "s-jan", OLA, None)
        assert meeting.rooms.peer_count(ROOM) == 3
        # What is there goes on, and what is muted costs nothing.
        assert (await meeting.rooms.publish(ROOM, "s-ana", PUBLISH, BOTH))[1] == ids
        silent = [track.model_copy(update={"muted": True}) for track in BOTH]
        await meeting.rooms.publish(ROOM, "s-eva", PUBLISH, silent)
        await meeting.rooms.disconnect("s-ana")
        assert meeting.rooms.join(ROOM, "s-ana-2", ANA, ana) == ana


async def test_whip_and_whep_are_counted_by_what_they_add() -> None:
    async with open_meeting(packets_per_s=int(2 * TWO_TRACKS)) as meeting:
        await meeting.http.whip(ROOM, ANA, "camera", PUBLISH)
        for _ in range(2):
            await meeting.http.whep(ROOM, OLA, ["camera"], WATCH)
        with pytest.raises(HubFull):
            await meeting.http.whep(ROOM, EVA, ["camera"], WATCH)
        with pytest.raises(HubFull):
            await meeting.http.whip(ROOM, EVA, "another", PUBLISH)
        assert meeting.rooms.peer_count(ROOM) == 3


async def test_the_load_of_a_real_media_process_arrives() -> None:
    async with open_meeting() as meeting:
        stats = await meeting.rooms.stats()
        assert stats["limit_packets_per_s"] == FIRST_GUESS
        async with asyncio.timeout(20):
            while not stats["busy_percent"]:
                # Asking is work for the media process, which shows in its next report.
                stats = await meeting.rooms.stats()


async def test_a_hub_that_drains_tells_everybody_and_lets_nobody_in() -> None:
    async with open_meeting() as meeting:
        meeting.rooms.join(ROOM, "s-ana", ANA, None)
        await meeting.rooms.drain()
        assert meeting.announcements.to("s-ana") == ["room:closing"]
        assert not meeting.rooms.ready
        with pytest.raises(Unavailable):
            meeting.rooms.join(ROOM, "s-ola", OLA, None)
        with pytest.raises(Unavailable):
            await meeting.http.whip(ROOM, OLA, None, PUBLISH)


@pytest.mark.slow
async def test_a_hub_that_is_told_to_stop_says_goodbye_first(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub, aiohttp.ClientSession() as http:
        token = await hub.token("teacher.es")
        headers = {"Authorization": f"Bearer {token}"}

        async def get(path: str) -> Any:
            async with http.get(hub.url + path, headers=headers) as reply:
                return await reply.json()

        (twinspace, *_) = (await get("/api/v1/twinspaces"))["twinspaces"]
        (room, *_) = (await get(f"/api/v1/twinspaces/{twinspace['id']}/rooms"))["rooms"]
        socket = await Socket.connect(hub.url, {"token": token})
        try:
            assert (await socket.call("room:join", {"room_id": room["id"]}))["ok"]
            stopping = asyncio.create_task(hub.stop())
            assert await socket.expect("room:closing") == {"room_id": room["id"]}
            async with asyncio.timeout(20):
                await socket.disconnected.wait()
                await stopping
        finally:
            await socket.close()
