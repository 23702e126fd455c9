"""The journal tells who met and how long; the TwinSpace hears how many are in each room."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub import cases
from tests.hub.world import Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def meetings_of(world: World) -> list[Any]:
    entries = (await world.founder.get(f"{world.path}/journal"))["entries"]
    return [entry for entry in entries if entry["verb"].startswith("meeting_")]


async def counted(socket: Socket, count: int) -> None:
    await socket.expect("room:counted", lambda data: data["peer_count"] == count)


async def test_a_meeting_is_written_down_from_the_first_who_comes_to_the_last_who_leaves(world: World) -> None:
    watcher = await world.founder.socket()
    await watcher.enter(world.twinspace_id)
    pupil, teacher = await world.pupil.socket(), await world.teacher.socket()
    room = {"room_id": world.room_id}
    assert (await pupil.call("room:join", room))["ok"]
    heard = await watcher.expect("room:counted")
    assert heard == {"room_id": world.room_id, "twinspace_id": world.twinspace_id, "peer_count": 1}
    started = await watcher.expect("journal:recorded")
    assert (started["verb"], started["user_id"]) == ("meeting_started", world.pupil.user.id)
    assert (started["subject_id"], started["details"]) == (world.room_id, {"title": "A room"})
    await teacher.call("room:join", room)
    await counted(watcher, 2)
    (shown,) = (await world.founder.get(f"{world.path}/rooms"))["rooms"]
    assert shown["peer_count"] == 2
    await pupil.call("room:leave", room)
    await counted(watcher, 1)
    await teacher.call("room:leave", room)
    await counted(watcher, 0)
    ended = await watcher.expect("journal:recorded")
    assert (ended["verb"], ended["user_id"], ended["subject_id"]) == ("meeting_ended", None, world.room_id)
    assert ended["details"]["user_ids"] == sorted([world.pupil.user.id, world.teacher.user.id])
    lasted_ms = ended["happened_at_ms"] - started["happened_at_ms"]
    assert abs(ended["details"]["duration_ms"] - lasted_ms) < 1000
    assert [entry["verb"] for entry in await meetings_of(world)] == ["meeting_ended", "meeting_started"]


async def test_who_only_tries_a_door_has_not_met_anybody(world: World) -> None:
    headers = {"Content-Type": "application/sdp"}
    offer = await world.pupil.call("POST", f"/whip/{world.room_id}", data=cases.meetings.SDP, headers=headers)
    assert offer.code == "invalid"
    watcher = await world.founder.socket()
    await watcher.enter(world.twinspace_id)
    await watcher.call("room:join", {"room_id": world.room_id})
    assert (await watcher.expect("journal:recorded"))["user_id"] == world.founder.user.id
    assert len(await meetings_of(world)) == 1
