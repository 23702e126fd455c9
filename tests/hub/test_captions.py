"""Captions typed by people: desks, lines as they are typed, the transcript and its files; through sockets."""

from __future__ import annotations

from typing import Any

import pytest

from hub.transcripts import as_webvtt, read_lines
from storage.records import Caption, RoomId, TwinspaceId, UserId
from tests.hub.world import STRANGER, Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def inside(world: World, person: Person) -> Socket:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    assert (await socket.call("room:join", {"room_id": world.room_id}))["ok"]
    return socket


async def at(world: World, socket: Socket, event: str, language: str = "es", **more: Any) -> Any:
    return await socket.call(f"caption:{event}", {"room_id": world.room_id, "language": language, **more})


async def test_two_languages_are_captioned_at_once(world: World) -> None:
    pupil, teacher = await inside(world, world.pupil), await inside(world, world.teacher)
    reader = await inside(world, world.founder)
    assert world.pupil.user and world.teacher.user
    await at(world, pupil, "take", "es")
    desks = await at(world, teacher, "take", "pl")
    assert [(desk["language"], desk["holder"]) for desk in desks["desks"]] == [
        ("es", world.pupil.user.id),
        ("pl", world.teacher.user.id),
    ]
    assert (await reader.expect("caption:desks", lambda told: len(told["desks"]) == 2))["desks"] == desks["desks"]
    typed = {"room_id": world.room_id, "language": "es", "line_id": "l", "revision": 1, "at": 0, "removed": 0}
    assert (await pupil.call("text:type", {**typed, "inserted": "El rí"}))["ok"]
    assert (await reader.expect("text:typed"))["language"] == "es"
    said = await at(world, pupil, "say", "es", line_id="l", text="El río es largo.")
    assert said["ok"] and said["seq"] == 1
    told = await reader.expect("caption:said")
    assert (told["text"], told["language"], told["user_id"]) == ("El río es largo.", "es", world.pupil.user.id)
    assert (await reader.expect("text:ended"))["language"] == "es"
    again = await at(world, pupil, "say", "es", line_id="l", text="El río es largo.")
    assert again["seq"] == 1
    assert (await at(world, teacher, "say", "pl", line_id="m", text="Rzeka jest długa."))["seq"] == 2
    path = f"/api/v1/rooms/{world.room_id}/captions"
    page = await world.founder.get(path)
    assert [line["language"] for line in page["captions"]] == ["es", "pl"]
    assert page["languages"] == {"es": 1, "pl": 1}
    assert [line["text"] for line in (await world.founder.get(f"{path}?language=pl"))["captions"]] == [
        "Rzeka jest długa."
    ]
    assert (await world.people[STRANGER].call("GET", path)).status == 404


async def test_one_types_while_the_baton_goes_round(world: World) -> None:
    pupil, teacher = await inside(world, world.pupil), await inside(world, world.teacher)
    assert world.pupil.user and world.teacher.user
    assert (await at(world, pupil, "say", line_id="l", text="Hola"))["error"]["code"] == "not_found"
    await at(world, pupil, "take")
    await at(world, teacher, "take")
    assert (await at(world, teacher, "say", line_id="t", text="Hola"))["error"]["code"] == "conflict"
    await at(world, pupil, "hand_on", user_id=world.teacher.user.id)
    assert (await at(world, teacher, "say", line_id="t", text="Hola"))["ok"]
    assert (await at(world, pupil, "say", line_id="p", text="Hola"))["error"]["code"] == "conflict"
    await at(world, pupil, "share", mode="together")
    assert (await at(world, pupil, "say", line_id="p", text="Hola"))["ok"]
    other = await inside(world, await world.add("pupil", "pupil", "b"))
    for event, more in (("hand_on", {"user_id": world.pupil.user.id}), ("share", {"mode": "baton"})):
        assert (await at(world, other, event, **more))["error"]["code"] == "not_found"
    await teacher.call("room:leave", {"room_id": world.room_id})
    (desk,) = (await pupil.call("caption:read", {"room_id": world.room_id}))["desks"]
    assert desk["user_ids"] == [world.pupil.user.id] == [desk["holder"]]


async def test_the_transcript_is_found_hidden_and_handed_out(world: World) -> None:
    # A pupil alone would be paused.
    await inside(world, world.teacher)
    pupil = await inside(world, world.pupil)
    await at(world, pupil, "take")
    await at(world, pupil, "say", line_id="l", text="Un <capibara> & su río")
    await at(world, pupil, "say", line_id="m", text="Palabrota")
    await world.hub.context.search_index.settle()
    (group,) = (await world.founder.get("/api/v1/search?q=capibara"))["groups"]
    assert (group["kind"], group["hits"][0]["place"]) == ("caption", world.room_id)
    subject = {"kind": "caption", "subject_id": f"{world.room_id}:2", "reason": "mean"}
    assert (await world.founder.call("POST", f"{world.path}/reports", subject)).status == 201
    assert (await world.founder.call("POST", f"{world.path}/hidden", subject)).status == 204
    path = f"/api/v1/rooms/{world.room_id}"
    assert [line["seq"] for line in (await world.pupil.get(f"{path}/captions"))["captions"]] == [1]
    file = await world.founder.call("GET", f"{path}/transcript?form=vtt&language=es")
    assert file.headers["Content-Type"] == "text/vtt; charset=utf-8"
    shown = file.body.decode()
    assert shown.startswith("WEBVTT\n\n1\n00:00:00.000 --> 00:00:04.")
    assert "Un &lt;capibara&gt; &amp; su río</v>" in shown and "Palabrota" not in shown
    text = (await world.founder.call("GET", f"{path}/transcript?form=txt")).body.decode()
    assert text.endswith("Un <capibara> & su río\n") and text.startswith("[es] ")
    room = await world.hub.context.storage.twinspaces.get_room(world.room_id)
    assert [line.seq for line in await read_lines(world.hub.context, room)] == [1]
    assert await read_lines(world.hub.context, room, to_ms=1) == []


async def test_who_is_muted_captions_nothing(world: World) -> None:
    # A pupil alone would be paused.
    await inside(world, world.teacher)
    pupil = await inside(world, world.pupil)
    await at(world, pupil, "take")
    assert world.pupil.user
    mute = {"parts": ["chat"], "minutes": 5, "reason": "mean"}
    path = f"{world.path}/members/{world.pupil.user.id}/mute"
    assert (await world.teacher.call("PUT", path, mute)).status == 204
    assert (await at(world, pupil, "say", line_id="l", text="Hola"))["error"]["code"] == "not_found"


def line(seq: int, began_at_ms: int, ended_at_ms: int, language: str = "es") -> Caption:
    ids = RoomId("r"), seq, TwinspaceId("t")
    return Caption(*ids, language, UserId("u"), f"l{seq}", f"Line {seq}", began_at_ms, ended_at_ms)


async def test_a_cue_ends_where_the_next_of_its_language_begins() -> None:
    lines = [line(1, 10_000, 11_000), line(2, 12_500, 13_000), line(3, 12_000, 14_000, "pl")]
    cues = [part.splitlines()[1] for part in as_webvtt(lines, {"u": "Ana"}, began_at_ms=9_000).split("\n\n")[1:]]
    assert cues == [
        "00:00:01.000 --> 00:00:03.500",
        "00:00:03.000 --> 00:00:09.000",
        "00:00:03.500 --> 00:00:08.000",
    ]
