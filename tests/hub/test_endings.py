"""A meeting that a teacher has ended is over for everybody who was in it, wherever they are and whenever they come."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.test_breakouts import ask, enter, opened
from tests.hub.world import Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def held(world: World) -> list[Any]:
    return [each["ended_at_ms"] for each in (await world.founder.get(f"{world.path}/held-meetings"))["meetings"]]


async def refusal(socket: Socket, **payload: Any) -> str:
    reply = await socket.call("room:join", payload)
    assert not reply["ok"], reply
    return str(reply["error"]["code"])


async def test_who_was_cut_off_at_the_end_is_told_so_and_begins_no_other_meeting(world: World) -> None:
    room = {"room_id": world.room_id}
    teacher, pupil = await enter(world, world.founder), await enter(world, world.pupil)
    await ask(teacher, "room:join", **room)
    joined = await ask(pupil, "room:join", **room)
    back = {**room, "peer_id": joined["peer_id"], "meeting": joined["meeting"]}
    await pupil.close()
    pupil = await enter(world, world.pupil)
    assert (await ask(pupil, "room:join", **back))["meeting"] == joined["meeting"]
    await pupil.close()
    await ask(teacher, "room:end", **room)
    pupil = await enter(world, world.pupil)
    assert await refusal(pupil, **back) == "room_ended"
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 0
    (ended_at_ms,) = await held(world)
    assert ended_at_ms is not None
    # Whoever wants to meet again, does: it is another meeting.
    again = await ask(pupil, "room:join", **room)
    assert again["meeting"] != joined["meeting"]
    assert await refusal(teacher, **room, meeting=joined["meeting"]) == "room_ended"
    assert await world.hub.context.live_meetings.is_held(world.room_id)
    assert len(await held(world)) == 2


async def test_the_end_for_all_reaches_the_groups_and_who_was_cut_off_in_one(world: World) -> None:
    pupils = [world.pupil, *[await world.add("pupil", "pupil", "b") for _ in range(2)]]
    running, teacher = await opened(world, pupils[:1], pupils[1:])
    sockets, meetings = [], []
    for person in pupils:
        sockets.append(socket := await enter(world, person))
        await ask(socket, "room:join", room_id=world.room_id)
        place = (await ask(socket, "breakouts:place", room_id=world.room_id))["place"]
        meetings.append(await ask(socket, "room:join", room_id=place["room_id"]))
    assert len({each["meeting"].split(" ")[0] for each in meetings}) == 1
    await ask(teacher, "room:join", room_id=world.room_id)
    await sockets[2].close()
    await ask(teacher, "room:end", room_id=world.room_id)
    for socket, group in zip(sockets[:2], running["groups"], strict=True):
        await socket.expect("room:ended", lambda told, room_id=group["room_id"]: told["room_id"] == room_id)
    sockets[2] = await enter(world, pupils[2])
    gone = running["groups"][1]["room_id"]
    assert await refusal(sockets[2], room_id=gone, peer_id=meetings[2]["peer_id"]) == "not_found"
    # As pages do, all come out of their groups' rooms into the one that was divided.
    for socket, joined in zip(sockets, meetings, strict=True):
        assert await refusal(socket, room_id=world.room_id, meeting=joined["meeting"]) == "room_ended"
        assert (await ask(socket, "breakouts:place", room_id=world.room_id))["place"] is None
    rooms = [world.room_id, *(group["room_id"] for group in running["groups"])]
    assert [world.hub.context.live_rooms.peer_count(room_id) for room_id in rooms] == [0, 0, 0]
    (ended_at_ms,) = await held(world)
    assert ended_at_ms is not None


async def test_closing_the_groups_ends_no_meeting(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    pupil = await enter(world, world.pupil)
    joined = await ask(pupil, "room:join", room_id=running["groups"][0]["room_id"])
    await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=0)
    back = await ask(pupil, "room:join", room_id=world.room_id, meeting=joined["meeting"])
    assert joined["meeting"].startswith(f"{back['meeting']} ")


async def test_what_is_ended_in_one_group_is_over_there_and_goes_on_elsewhere(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    group = running["groups"][0]["room_id"]
    pupil = await enter(world, world.pupil)
    joined = await ask(pupil, "room:join", room_id=group)
    back = {"room_id": group, "peer_id": joined["peer_id"], "meeting": joined["meeting"]}
    await pupil.close()
    await ask(teacher, "room:end", room_id=group)
    pupil = await enter(world, world.pupil)
    assert await refusal(pupil, **back) == "room_ended"
    main = await ask(pupil, "room:join", room_id=world.room_id, meeting=joined["meeting"])
    # Whoever goes there again from the meeting begins anew.
    again = await ask(pupil, "room:join", room_id=group, meeting=main["meeting"])
    assert again["meeting"] != joined["meeting"]
    assert (await held(world)) == [None]


async def test_the_meeting_of_another_room_says_nothing(world: World) -> None:
    teacher = await enter(world, world.founder)
    for meeting in ("room-of-nobody:7", f"x{world.room_id}:0", ""):
        assert (await ask(teacher, "room:join", room_id=world.room_id, meeting=meeting))["meeting"]
    assert await refusal(teacher, room_id=world.room_id, meeting=f"{world.room_id}:999") == "room_ended"
    assert await refusal(teacher, room_id=world.room_id, meeting="x" * 201) == "invalid"
