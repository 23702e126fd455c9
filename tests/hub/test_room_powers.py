"""What a meeting allows, over real sockets and WHIP: a page that sends what it must not send gains nothing."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from hub.protocol import EVENTS
from storage.records import UserId
from tests.hub.world import Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")
VECTORS = Path(__file__).parent.parent / "webrtc" / "vectors"
OFFER = (VECTORS / "chromium_publish.sdp").read_bytes().decode()
WATCH = (VECTORS / "chromium_subscribe.sdp").read_bytes().decode()


def id_of(person: Person) -> UserId:
    assert person.user is not None
    return person.user.id


async def join(world: World, person: Person, **more: Any) -> Socket:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    reply = await socket.call("room:join", {"room_id": world.room_id, **more})
    assert reply["ok"], reply
    return socket


async def ask(world: World, socket: Socket, event: str, **more: Any) -> Any:
    reply = await socket.call(event, {"room_id": world.room_id, **more})
    assert reply["ok"], (event, reply)
    return reply


async def publish(world: World, socket: Socket, video: str = "camera") -> dict[str, str]:
    tracks = [{"mid": "0", "source": "microphone", "muted": False}, {"mid": "1", "source": video, "muted": False}]
    reply = await ask(world, socket, "room:publish", sdp=OFFER, tracks=tracks)
    return {track["mid"]: track["track_id"] for track in reply["tracks"]}


def tracks_of(world: World, person: Person) -> dict[str, Any]:
    """By source, as the hub has told the media process."""
    peers = world.hub.context.live_rooms.peers(world.room_id)
    return {track.source: track for peer in peers if peer.user_id == id_of(person) for track in peer.tracks}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


FORBIDDEN: dict[str, dict[str, Any]] = {
    "room:lock": {"part": "camera", "locked": True},
    "room:except": {"part": "microphone", "user_id": "SELF"},
    "room:hold": {"user_id": "TEACHER", "part": "microphone", "held": True},
    "room:camera_to_staff": {"user_id": "SELF", "camera_to_staff": False},
    "room:interpret": {"user_id": "SELF", "language": "pl"},
    "room:name": {"user_id": "TEACHER", "name": "Nobody"},
    "room:remove": {"user_id": "TEACHER"},
    "room:let_in": {"user_id": "SELF"},
    "room:end": {},
    "lobby:switch": {"has_lobby": False},
    "lobby:list": {},
    "lobby:admit": {},
    "lobby:send_back": {"user_id": "TEACHER"},
    "seat:pupils": {},
    "seat:put": {"pupil_ids": ["SELF"]},
    "seat:name": {"pupil_id": "SELF", "name": "King"},
    "hand:call": {},
}


@pytest.mark.parametrize("event", FORBIDDEN)
async def test_a_pupil_in_the_meeting_is_refused_every_power(world: World, event: str) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    before = world.hub.context.room_powers.rules(world.room_id)
    names = {"SELF": id_of(world.pupil), "TEACHER": id_of(world.founder)}
    sent = {
        key: names.get(value, value) if isinstance(value, str) else value for key, value in FORBIDDEN[event].items()
    }
    reply = await pupil.call(event, {"room_id": world.room_id, **sent})
    assert reply["error"]["code"] == "not_found"
    assert world.hub.context.room_powers.rules(world.room_id) == before
    assert await world.hub.context.storage.room_powers.standings(world.room_id) == []
    assert {peer.user_id for peer in world.hub.context.live_rooms.peers(world.room_id)} == {*names.values()}
    await ask(world, teacher, "hand:list")


async def test_a_pupil_mutes_nobody_and_a_teachers_mute_holds(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    of_teacher, of_pupil = await publish(world, teacher), await publish(world, pupil)
    refused = await pupil.call("room:mute", {"room_id": world.room_id, "track_id": of_teacher["0"], "muted": True})
    assert refused["error"]["code"] == "not_found"
    await ask(world, teacher, "room:mute", track_id=of_pupil["0"], muted=True)
    told = await pupil.expect("room:muted", lambda each: each["track"]["track_id"] == of_pupil["0"])
    assert told["track"]["muted"] and told["track"]["hold"] == "muted"
    undone = await pupil.call("room:mute", {"room_id": world.room_id, "track_id": of_pupil["0"], "muted": False})
    assert undone["error"]["code"] == "part_locked"
    again = await publish(world, pupil)
    assert tracks_of(world, world.pupil)["microphone"].hold == "muted", "publishing anew changes nothing"
    await ask(world, teacher, "room:hold", user_id=id_of(world.pupil), part="microphone", held=False)
    assert tracks_of(world, world.pupil)["microphone"].muted, "no microphone opens unawares"
    await ask(world, pupil, "room:mute", track_id=again["0"], muted=False)
    assert not tracks_of(world, world.pupil)["microphone"].muted


@pytest.mark.parametrize("video", ["camera", "screen"])
async def test_while_cameras_are_locked_no_picture_of_a_pupil_passes_whatever_it_is_called(
    world: World, video: str
) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "room:lock", part="camera", locked=True)
    await publish(world, pupil, video)
    await publish(world, teacher)
    assert tracks_of(world, world.pupil)[video].hold == "locked"
    assert not tracks_of(world, world.pupil)["microphone"].muted
    assert not tracks_of(world, world.founder)["camera"].muted
    await ask(world, teacher, "room:except", part=video, user_id=id_of(world.pupil))
    if video == "screen":
        assert tracks_of(world, world.pupil)[video].hold is None, "named for the screen"
    assert tracks_of(world, world.pupil)[video].muted, "and opened by its owner"


async def test_what_is_published_over_whip_is_held_too(world: World) -> None:
    teacher = await join(world, world.founder)
    await ask(world, teacher, "room:lock", part="camera", locked=True)
    answer = await world.pupil.call(
        "POST", f"/whip/{world.room_id}", headers={"Content-Type": "application/sdp"}, data=OFFER
    )
    assert answer.status == 201, answer
    tracks = tracks_of(world, world.pupil)
    assert tracks["camera"].hold == "locked" and tracks["microphone"].hold is None
    await ask(world, teacher, "room:lock", part="microphone", locked=True)
    assert tracks_of(world, world.pupil)["microphone"].hold == "locked"


async def test_of_two_pupils_one_at_a_time_may_speak(world: World) -> None:
    await world.person_of("pupil_editor")
    teacher = await join(world, world.founder)
    first, second = await join(world, world.pupil), await join(world, world.pupil_editor)
    await ask(world, teacher, "room:lock", part="microphone", locked=True)
    await publish(world, first)
    await publish(world, second)
    await ask(world, teacher, "room:except", part="microphone", user_id=id_of(world.pupil))
    assert tracks_of(world, world.pupil)["microphone"].hold is None
    await ask(world, second, "hand:raise")
    await ask(world, teacher, "hand:call")
    called = await second.expect("room:called")
    assert called["hand"]["user_id"] == id_of(world.pupil_editor)
    assert tracks_of(world, world.pupil_editor)["microphone"].hold is None
    assert tracks_of(world, world.pupil)["microphone"].hold == "locked", "the one before has had their turn"


async def test_a_camera_for_teachers_is_told_and_sent_to_no_pupil(world: World) -> None:
    await world.person_of("pupil_editor")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    other = await join(world, world.pupil_editor)
    ids = await publish(world, pupil)
    await other.expect("room:published", lambda each: each["track"]["track_id"] == ids["1"])
    await ask(world, teacher, "room:camera_to_staff", user_id=id_of(world.pupil), camera_to_staff=True)
    gone = await other.expect("room:unpublished")
    assert gone["track"]["track_id"] == ids["1"]
    wanted = [{"mid": "0", "track_id": ids["0"]}, {"mid": "1", "track_id": ids["1"]}]

    async def pictures(socket: Socket) -> bool:
        reply = await ask(world, socket, "room:subscribe", sdp=WATCH, tracks=wanted)
        return f" {ids['1']}\r\n" in reply["sdp"]

    assert not await pictures(other), "a page that asks all the same gets an inactive m-line"
    assert await pictures(teacher)
    seen = await world.pupil_editor.get(f"/api/v1/rooms/{world.room_id}/peers")
    assert [track["source"] for peer in seen["peers"] for track in peer["tracks"]] == ["microphone"]
    watched = await world.pupil_editor.call(
        "POST",
        f"/whep/{world.room_id}/{tracks_peer(world, world.pupil)}",
        headers={"Content-Type": "application/sdp"},
        data=WATCH,
    )
    assert f" {ids['1']}\r\n" not in str(watched.body)
    await ask(world, teacher, "room:camera_to_staff", user_id=id_of(world.pupil), camera_to_staff=False)
    await other.expect("room:published", lambda each: each["track"]["track_id"] == ids["1"])
    assert await pictures(other)


def tracks_peer(world: World, person: Person) -> str:
    peers = world.hub.context.live_rooms.peers(world.room_id)
    return next(peer.peer_id for peer in peers if peer.user_id == id_of(person))


async def test_pupils_pause_when_the_last_adult_goes_and_resume_when_one_comes(world: World) -> None:
    await world.person_of("expert")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    expert = await join(world, world.expert)
    await publish(world, pupil)
    await publish(world, expert)
    assert not tracks_of(world, world.pupil)["microphone"].muted
    began = asyncio.get_running_loop().time()
    await teacher.close()
    told = await pupil.expect("room:rules", lambda each: each["is_paused"])
    assert asyncio.get_running_loop().time() - began >= 1.5, "a page that is reloaded pauses nobody"
    assert told["mine"] == {
        "camera": "alone",
        "chat": "alone",
        "microphone": "alone",
        "screen": "alone",
    }
    await until(lambda: all(track.hold == "alone" for track in tracks_of(world, world.pupil).values()))
    assert tracks_of(world, world.expert)["microphone"].hold is None, "the rule is for pupils"
    await join(world, world.teacher)
    await pupil.expect("room:rules", lambda each: not each["is_paused"])
    await until(lambda: not tracks_of(world, world.pupil)["microphone"].muted)


async def test_a_teacher_whose_role_is_read_again_still_counts_beside_pupils_who_came_before(world: World) -> None:
    pupil, teacher = await join(world, world.pupil), await join(world, world.founder)
    powers = world.hub.context.room_powers
    powers.note_roles(world.room_id, id_of(world.founder), leads=True, guards=True)
    assert [(each.leads, each.guards) for each in powers.leaders(world.room_id)] == [(True, True)]
    await teacher.close()
    assert (await pupil.expect("room:rules", lambda each: each["is_paused"]))["is_paused"]


async def test_two_teachers_who_change_the_same_at_once_end_in_one_state_for_all(world: World) -> None:
    one, two = await join(world, world.founder), await join(world, world.teacher)
    changes: list[Awaitable[Any]] = []
    for turn in range(12):
        socket, locked = (one, True) if turn % 2 else (two, False)
        changes.append(ask(world, socket, "room:lock", part="microphone", locked=locked))
    await asyncio.gather(*changes)
    stored = await world.hub.context.storage.room_powers.rules(world.room_id)
    assert stored is not None
    assert world.hub.context.room_powers.rules(world.room_id) == stored
    for socket in (one, two):
        newest = await socket.expect("room:rules", lambda each: each["revision"] == stored.revision)
        assert newest["locked"] == list(stored.locked)


async def test_who_is_removed_stays_out_until_let_in(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "room:remove", user_id=id_of(world.pupil))
    await pupil.expect("room:removed")
    refused = await pupil.call("room:join", {"room_id": world.room_id})
    assert refused["error"]["code"] == "removed_from_room"
    whip = await world.pupil.call(
        "POST", f"/whip/{world.room_id}", headers={"Content-Type": "application/sdp"}, data=OFFER
    )
    assert whip.status == 404
    own = await teacher.call("room:remove", {"room_id": world.room_id, "user_id": id_of(world.founder)})
    assert own["error"]["code"] == "conflict"
    await ask(world, teacher, "room:let_in", user_id=id_of(world.pupil))
    await ask(world, pupil, "room:join")


async def test_the_meeting_ends_for_all_and_can_begin_again(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "room:end")
    for socket in (teacher, pupil):
        await socket.expect("room:ended")
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 0
    await ask(world, pupil, "room:join")


async def test_names_are_corrected(world: World) -> None:
    teacher, _ = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "room:name", user_id=id_of(world.pupil), name="  Żaneta ")
    told = await teacher.expect("room:peer_joined", lambda each: each["peer"]["user_id"] == id_of(world.pupil))
    if told["peer"]["display_name"] != "Żaneta":
        told = await teacher.expect("room:peer_joined")
    assert told["peer"]["display_name"] == "Żaneta" and told["peer"]["is_renamed"]


WRITING: dict[str, dict[str, Any]] = {
    "chat:post": {"client_message_id": "c1", "text": "Hello"},
    "chat:edit": {"seq": 1, "text": "Hello"},
    "chat:react": {"seq": 1, "sign": "heart"},
    "text:type": {"line_id": "l1", "revision": 1, "at": 0, "removed": 0, "inserted": "H"},
    "text:line": {"line_id": "l1", "revision": 1, "text": "H"},
    "text:end": {"line_id": "l1", "text": "Hello"},
    "caption:say": {"language": "es", "line_id": "l1", "text": "Hola"},
}


@pytest.mark.parametrize("way", ["locked", "held"])
async def test_while_the_chat_is_closed_no_event_of_a_pupil_writes_anything(world: World, way: str) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    place = {"twinspace_id": world.twinspace_id, "lane": f"room:{world.room_id}"}
    said = await pupil.call("chat:post", {**place, "client_message_id": "c0", "text": "Before"})
    assert said["ok"], said
    if way == "locked":
        await ask(world, teacher, "room:lock", part="chat", locked=True)
    else:
        await ask(world, teacher, "room:hold", user_id=id_of(world.pupil), part="chat", held=True)
    for event, sent in WRITING.items():
        where = place if event.startswith("chat:") else {"room_id": world.room_id}
        reply = await pupil.call(event, {**where, **sent})
        assert reply["error"]["code"] == "part_locked", event
    kept = await teacher.call("chat:since", {**place, "seq": 0})
    assert [(each["text"], each["reactions"]) for each in kept["messages"]] == [("Before", [])]
    heard = [name for name, _ in teacher.heard() if name.startswith(("text:", "caption:said"))]
    assert heard == []
    allowed = await teacher.call("chat:post", {**place, "client_message_id": "t1", "text": "A teacher may"})
    assert allowed["ok"], allowed


async def test_a_turn_gives_a_taken_microphone_back_until_it_ends(world: World) -> None:
    await world.person_of("pupil_editor")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    other = await join(world, world.pupil_editor)

    def hold_now(person: Person) -> str | None:
        hold: str | None = tracks_of(world, person)["microphone"].hold
        return hold

    ids = await publish(world, pupil)
    await publish(world, other)
    for each in (world.pupil, world.pupil_editor):
        await ask(world, teacher, "room:hold", user_id=id_of(each), part="microphone", held=True)
    await ask(world, pupil, "hand:raise")
    await ask(world, teacher, "hand:call")
    assert (hold_now(world.pupil), hold_now(world.pupil_editor)) == (None, "muted")
    assert tracks_of(world, world.pupil)["microphone"].muted, "no microphone opens unawares"
    await ask(world, pupil, "room:mute", track_id=ids["0"], muted=False)
    await ask(world, other, "hand:raise")
    await ask(world, teacher, "hand:call")
    assert (hold_now(world.pupil), hold_now(world.pupil_editor)) == ("muted", None), "one at a time"
    undone = await pupil.call("room:mute", {"room_id": world.room_id, "track_id": ids["0"], "muted": False})
    assert undone["error"]["code"] == "part_locked"
    await ask(world, teacher, "room:except", part="microphone", user_id=None)
    assert hold_now(world.pupil_editor) == "muted"
    await ask(world, pupil, "hand:raise")
    await ask(world, teacher, "hand:call")
    await ask(world, teacher, "room:mute", track_id=ids["0"], muted=True)
    assert hold_now(world.pupil) == "muted", "a teacher's mute ends the turn"
    await ask(world, other, "hand:raise")
    await ask(world, teacher, "hand:call")
    await ask(world, other, "room:leave")
    powers = world.hub.context.room_powers
    await until(lambda: not powers.rules(world.room_id).exceptions)


async def test_two_teachers_who_mute_and_unmute_one_pupil_at_once_end_in_one_state(world: World) -> None:
    one, two = await join(world, world.founder), await join(world, world.teacher)
    pupil = await join(world, world.pupil)
    ids = await publish(world, pupil)
    user_id = id_of(world.pupil)
    changes: list[Awaitable[Any]] = []
    for _ in range(6):
        changes.append(ask(world, one, "room:mute", track_id=ids["0"], muted=True))
        changes.append(ask(world, two, "room:hold", user_id=user_id, part="microphone", held=False))
    await asyncio.gather(*changes)
    (stored,) = await world.hub.context.storage.room_powers.standings(world.room_id)
    assert world.hub.context.room_powers.standing(world.room_id, user_id) == stored
    track = tracks_of(world, world.pupil)["microphone"]
    assert (track.hold == "muted") == ("microphone" in stored.held)
    assert track.muted, "whoever was last: its owner opens it"


async def test_no_event_takes_its_time_from_a_client() -> None:
    """Whose clock is wrong gains and loses nothing: when something happened is said by the hub."""
    fields = {(event.name, field) for event in EVENTS for field in event.payload.model_fields}
    assert [field for field in fields if field[1].endswith(("_at_ms", "now_ms"))] == []
    assert ("hand:raise", "pupil_id") in fields
