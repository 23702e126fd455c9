"""Meetings that are encrypted end to end: who switches it, who gets in, and what the hub passes on unread."""

from __future__ import annotations

import pytest

from tests.hub.world import Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEY = "B" + "k" * 86
OTHER_KEY = "B" + "o" * 86


async def encrypt(world: World) -> None:
    assert (await switch(world, True)).status == 200


async def switch(world: World, is_encrypted: bool, by: str = "teacher"):  # type: ignore[no-untyped-def]
    person = await world.person_of(by)
    return await person.call("PATCH", f"/api/v1/rooms/{world.room_id}", {"is_encrypted": is_encrypted})


async def join(world: World, socket: Socket, public_key: str | None, **more: str) -> dict[str, object]:
    key = {} if public_key is None else {"public_key": public_key}
    reply: dict[str, object] = await socket.call("room:join", {"room_id": world.room_id, **key, **more})
    return reply


async def test_who_moderates_switches_it_and_everybody_hears_of_it(world: World) -> None:
    watcher = await world.pupil.socket()
    await watcher.enter(world.twinspace_id)
    assert (await switch(world, True, by="pupil")).status == 404
    answer = await switch(world, True)
    assert answer.body["is_encrypted"] is True
    told = await watcher.expect("room:changed")
    assert told == {"room_id": world.room_id, "twinspace_id": world.twinspace_id, "is_encrypted": True}
    entry = await watcher.expect("journal:recorded", lambda data: data["verb"] == "room_encrypted")
    assert entry["subject_id"] == world.room_id
    (room,) = (await world.pupil.get(f"{world.path}/rooms"))["rooms"]
    assert room["is_encrypted"] is True
    await switch(world, False)
    assert (await watcher.expect("room:changed"))["is_encrypted"] is False


async def test_it_is_not_switched_under_somebody(world: World) -> None:
    socket = await world.pupil.socket()
    assert (await join(world, socket, None))["ok"]
    refused = await switch(world, True)
    assert (refused.status, refused.code) == (409, "conflict")
    assert "everybody has left" in refused.body["detail"]
    await socket.call("room:leave", {"room_id": world.room_id})
    assert (await switch(world, True)).status == 200


async def test_nobody_comes_in_without_a_key_and_nobody_brings_one_elsewhere(world: World) -> None:
    socket = await world.pupil.socket()
    assert (await join(world, socket, KEY))["error"]["code"] == "encryption_differs"  # type: ignore[index]
    await encrypt(world)
    assert (await join(world, socket, None))["error"]["code"] == "encryption_differs"  # type: ignore[index]
    assert (await join(world, socket, "no point of a curve"))["error"]["field"] == "public_key"  # type: ignore[index]
    joined = await join(world, socket, KEY)
    assert [peer["public_key"] for peer in joined["peers"]] == [KEY]  # type: ignore[attr-defined]


async def test_keys_are_passed_on_to_whom_they_are_for(world: World) -> None:
    await encrypt(world)
    ana, ola, eva = [await world.people[role].socket() for role in ("founder", "teacher", "pupil")]
    ids = [(await join(world, socket, KEY))["peer_id"] for socket in (ana, ola, eva)]
    joined = await ana.expect("room:peer_joined", lambda data: data["peer"]["peer_id"] == ids[1])
    assert joined["peer"]["public_key"] == KEY
    keys = [
        {"peer_id": ids[1], "sealed": "abc"},
        {"peer_id": "gone", "sealed": "x"},
        {"peer_id": ids[2], "sealed": None},
    ]
    assert (await ana.call("room:keys", {"room_id": world.room_id, "keys": keys}))["ok"]
    assert await ola.expect("room:key") == {"room_id": world.room_id, "peer_id": ids[0], "sealed": "abc"}
    assert await eva.expect("room:key") == {"room_id": world.room_id, "peer_id": ids[0], "sealed": None}
    for unfit in ("", "a" * 257, "not base64!"):
        refused = await ana.call(
            "room:keys", {"room_id": world.room_id, "keys": [{"peer_id": ids[1], "sealed": unfit}]}
        )
        assert refused["error"]["code"] == "invalid"
    stranger = await world.founder.socket()
    refused = await stranger.call("room:keys", {"room_id": world.room_id, "keys": keys})
    assert refused["error"]["code"] == "not_found"


async def test_who_comes_back_with_another_key_is_announced_with_it(world: World) -> None:
    await encrypt(world)
    ana, ola = await world.founder.socket(), await world.teacher.socket()
    await join(world, ana, KEY)
    peer_id = (await join(world, ola, KEY))["peer_id"]
    await ana.expect("room:peer_joined", lambda data: data["peer"]["public_key"] == KEY)
    await join(world, ola, OTHER_KEY, peer_id=str(peer_id))
    again = await ana.expect("room:peer_joined", lambda data: data["peer"]["public_key"] == OTHER_KEY)
    assert again["peer"]["peer_id"] == peer_id


async def test_the_hub_says_why_it_does_not_record_and_lets_no_bare_client_in(world: World) -> None:
    await encrypt(world)
    await join(world, await world.teacher.socket(), KEY)
    refused = await world.teacher.call("POST", f"/api/v1/rooms/{world.room_id}/recording", {})
    assert (refused.status, refused.code) == (409, "conflict")
    assert "encrypted end to end" in refused.body["detail"]
    for door in (f"/whip/{world.room_id}", f"/whep/{world.room_id}/anybody"):
        headers = {"Content-Type": "application/sdp"}
        refused = await world.teacher.call("POST", door, data="v=0\r\n", headers=headers)
        assert refused.status == 409 and "encrypted end to end" in refused.body["detail"]
