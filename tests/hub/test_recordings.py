"""Recording meetings over the hub's own doors: who is in a recording, who is told, and what is kept."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from hub.app import start
from hub.settings import Settings
from tests.hub.world import Person, Socket, World, add_schools, make_world
from tests.hub_process import HubProcess
from tests.webrtc.clients import client
from tests.webrtc.recorded_media import play

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.slow]

LIMIT_S = 60


def user_id(person: Person) -> str:
    assert person.user is not None
    return person.user.id


@asynccontextmanager
async def publishing(person: Person, room_id: str) -> AsyncIterator[None]:
    """The person sends voice and camera through WHIP, with another implementation's media."""
    async with client() as camera:
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {person.token}"}
        offer = await camera.offer_media()
        async with person.http.post(f"{person.hub.url}/whip/{room_id}", data=offer, headers=headers) as reply:
            assert reply.status == 201, await reply.text()
            await camera.accept(await reply.text())
            place = reply.headers["Location"]
        yield
        await person.call("DELETE", place)


async def recorded(socket: Socket, *people: Person) -> Any:
    """The announcement that exactly these people are in the recording."""
    wanted = sorted(user_id(person) for person in people)
    return await socket.expect("room:recording", lambda state: state["recorded_user_ids"] == wanted)


def count_files(data_dir: Path, least_bytes: int) -> int:
    return sum(path.stat().st_size >= least_bytes for path in data_dir.glob("recordings/*/*.webm"))


async def written(data_dir: Path, files: int, least_bytes: int = 6_000) -> None:
    """Return when so many files hold so many bytes. Nothing announces them, so they are looked at again and again."""
    async with asyncio.timeout(LIMIT_S):
        while await asyncio.to_thread(count_files, data_dir, least_bytes) < files:
            pass


async def kept(person: Person, path: str, count: int) -> list[Any]:
    async with asyncio.timeout(LIMIT_S):
        while len(found := (await person.get(f"{path}/recordings"))["recordings"]) < count:
            await person.call("GET", "/healthz")
    return list(found)


async def noted(person: Person, path: str, verb: str) -> None:
    """Return when the journal says so: it does after the recording was kept."""
    async with asyncio.timeout(LIMIT_S):
        while verb not in {entry["verb"] for entry in (await person.get(f"{path}/journal"))["entries"]}:
            await person.call("GET", "/healthz")


async def test_who_agrees_is_recorded_and_nobody_else(world: World) -> None:
    context = world.hub.context
    recording = f"/api/v1/rooms/{world.room_id}/recording"
    socket = await world.founder.socket()
    await socket.enter(world.twinspace_id)
    outside = await world.visitor.socket()
    await outside.enter(world.twinspace_id)
    joined = await socket.call("room:join", {"room_id": world.room_id})
    assert joined["recording"]["running"] is False
    people = (world.founder, world.teacher, world.pupil)
    async with (
        publishing(world.founder, world.room_id),
        publishing(world.teacher, world.room_id),
        publishing(world.pupil, world.room_id),
    ):
        assert (await world.pupil.call("POST", recording, {})).status == 404
        started = await world.founder.call("POST", recording, {"include_me": True})
        assert started.status == 201, started
        # The pupil's consent is in the ledger; the other teacher said nothing, so is not in it.
        state = await recorded(socket, world.founder, world.pupil)
        assert world.founder.user is not None
        assert state["started_by"] == world.founder.user.display_name
        await recorded(outside, world.founder, world.pupil)
        assert (await world.founder.call("POST", recording, {})).status == 409
        rooms = await world.visitor.get(f"{world.path}/rooms")
        assert [room["is_recorded"] for room in rooms["rooms"]] == [True]
        await written(context.settings.data_dir, 2)
        # As the media process says it when a picture makes no file: the others go on, and everybody can know.
        (note,) = context.settings.data_dir.glob("recordings/*/recording.json")
        owners = json.loads(note.read_text())["owners"]
        file_id = next(file_id for file_id, owner in owners.items() if owner["user_id"] == user_id(world.pupil))
        context.live_recordings._media.on_recording(
            {"event": "recording_unreadable", "file_id": file_id, "track_id": "a picture"}
        )
        told = await socket.expect("room:recording", lambda state: state["unreadable_user_ids"])
        assert told["unreadable_user_ids"] == [user_id(world.pupil)] and told["running"]
        answer = await world.teacher.call("PUT", f"{recording}/me", {"include_me": True})
        assert answer.status == 200
        # The answer may come after the announcement of what it brought about, and must be known as the older one.
        assert (await recorded(socket, *people))["revision"] > answer.body["revision"]
        assert (await world.pupil.call("PUT", f"{recording}/me", {"include_me": False})).status == 200
        await recorded(socket, world.founder, world.teacher)
        assert (await world.pupil.call("PUT", f"{recording}/me", {"include_me": True})).status == 200
        await recorded(socket, *people)
        await withdraw(world)
        await recorded(socket, world.founder, world.teacher)
        assert (await world.pupil.call("PUT", f"{recording}/me", {"include_me": True})).status == 409
        assert (await world.founder.call("DELETE", recording)).status == 204
        ended = await socket.expect("room:recording", lambda state: not state["running"])
        assert ended["reason"] == "stopped"
        assert (await world.founder.call("DELETE", recording)).status == 409
    (one,) = await kept(world.founder, world.path, 1)
    assert one["reason"] == "stopped"
    by_user = {file["user_id"] for file in one["files"]}
    assert by_user >= {user_id(world.founder), user_id(world.pupil)}
    assert {file["source"] for file in one["files"]} == {"camera"}
    await noted(world.founder, world.path, "meeting_recorded")
    await check_download(world, one)


async def withdraw(world: World) -> None:
    assert world.pupil.user is not None
    await world.hub.context.storage.consents.record(
        [world.pupil.user.id],
        ["recording"],
        granted=False,
        given_by="guardian",
        how="paper",
        given_on="2026-09-02",
        until_ms=None,
        own_age=14,
        recorded_by=world.pupil.user.id,
        at_ms=world.hub.context.now_ms(),
    )


async def check_download(world: World, recording: Any) -> None:
    """Teachers fetch it, whole or in part; pupils and strangers learn nothing; erased is erased."""
    place = f"{world.path}/recordings/{recording['id']}"
    file = next(file for file in recording["files"] if file["user_id"] == user_id(world.founder))
    path = f"{place}/files/{file['file_id']}"
    whole = await world.teacher.call("GET", path)
    assert whole.status == 200
    assert whole.headers["Content-Type"] == "video/webm"
    assert whole.headers["Content-Disposition"].startswith("attachment")
    assert len(whole.body) == file["size_bytes"]
    part = await world.teacher.call("GET", path, headers={"Range": "bytes=10-19"})
    assert (part.status, part.body) == (206, whole.body[10:20])
    copy = world.hub.context.settings.data_dir / "copy.webm"
    copy.write_bytes(whole.body)
    played = play(copy)
    assert played.pictures > 0
    assert played.sounds > 0
    for person in (world.pupil, world.visitor, world.people["stranger"]):
        for method, address in (("GET", path), ("DELETE", place), ("GET", f"{world.path}/recordings")):
            assert (await person.call(method, address)).status == 404
    assert (await world.teacher.call("DELETE", place)).status == 204
    assert (await world.teacher.call("GET", path)).status == 404
    assert (await world.founder.get(f"{world.path}/recordings"))["recordings"] == []


async def test_a_recording_ends_with_its_meeting(world: World) -> None:
    socket = await world.teacher.socket()
    await socket.enter(world.twinspace_id)
    recording = f"/api/v1/rooms/{world.room_id}/recording"
    assert (await world.founder.call("POST", recording, {})).status == 409
    async with publishing(world.founder, world.room_id):
        assert (await world.teacher.call("POST", recording, {})).status == 201
        await socket.expect("room:recording", lambda state: state["running"])
    ended = await socket.expect("room:recording", lambda state: not state["running"])
    assert ended["reason"] == "meeting_over"
    # Nobody agreed, so there is nothing to keep.
    assert (await world.founder.get(f"{world.path}/recordings"))["recordings"] == []


async def test_a_full_disk_ends_the_recording_and_not_the_meeting(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    running = await start(Settings(data_dir=tmp_path, port=0, host="127.0.0.1", recording_reserve_bytes=1 << 62))
    try:
        await add_schools(running.context.storage)
        world = await make_world(running, http)
        socket = await world.founder.socket()
        await socket.enter(world.twinspace_id)
        async with publishing(world.founder, world.room_id):
            recording = f"/api/v1/rooms/{world.room_id}/recording"
            assert (await world.founder.call("POST", recording, {"include_me": True})).status == 201
            ended = await socket.expect("room:recording", lambda state: not state["running"])
            assert ended["reason"] == "disk_full"
            assert [peer.user_id for peer in running.context.live_rooms.peers(world.room_id)] == [
                user_id(world.founder)
            ]
            assert (await world.founder.get(recording))["reason"] == "disk_full"
        await world.close()
    finally:
        await running.stop()


async def test_a_hub_that_stops_keeps_what_it_recorded(tmp_path: Path, http: aiohttp.ClientSession) -> None:
    settings = Settings(data_dir=tmp_path, port=0, host="127.0.0.1", recording_reserve_bytes=0)
    running = await start(settings)
    try:
        await add_schools(running.context.storage)
        world = await make_world(running, http)
        async with client() as camera:
            headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {world.founder.token}"}
            offer = await camera.offer_media()
            async with http.post(f"{running.url}/whip/{world.room_id}", data=offer, headers=headers) as reply:
                await camera.accept(await reply.text())
            recording = f"/api/v1/rooms/{world.room_id}/recording"
            assert (await world.founder.call("POST", recording, {"include_me": True})).status == 201
            await written(tmp_path, 1)
            await world.close()
            await running.stop()
        assert list((tmp_path / "recordings").iterdir()) == []
        running = await start(settings)
        (kept_one,) = await running.context.storage.recordings.of_twinspace(world.twinspace_id)
        assert play(Path(running.context.storage.blobs.path(kept_one.files[0]["blob"]))).pictures > 0
    finally:
        await running.stop()


async def test_what_a_killed_hub_recorded_is_kept_by_the_next(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data", HUB_RECORDING_RESERVE_BYTES="0") as hub, aiohttp.ClientSession() as http:
        headers = {"Authorization": f"Bearer {await hub.token('teacher.es')}"}
        async with client() as camera:
            offer = await camera.offer_media()
            sdp = {**headers, "Content-Type": "application/sdp"}
            async with http.post(f"{hub.url}/whip/demo-room", data=offer, headers=sdp) as reply:
                assert reply.status == 201
                await camera.accept(await reply.text())
            body = {"include_me": True}
            async with http.post(f"{hub.url}/api/v1/rooms/demo-room/recording", json=body, headers=headers) as reply:
                assert reply.status == 201, await reply.text()
            await written(hub.data_dir, 1, 10_000)
            await hub.kill()
        await hub.start()
        rooms = f"{hub.url}/api/v1/twinspaces/demo-rivers/recordings"
        async with http.get(rooms, headers=headers) as reply:
            (one,) = (await reply.json())["recordings"]
        assert one["reason"] == "interrupted"
        (file,) = one["files"]
        async with http.get(f"{rooms}/{one['id']}/files/{file['file_id']}", headers=headers) as reply:
            copy = tmp_path / "copy.webm"
            copy.write_bytes(await reply.read())
        played = play(copy)
        assert played.pictures > 0
        assert played.sounds > 0
        assert list((hub.data_dir / "recordings").iterdir()) == []
