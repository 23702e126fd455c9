"""The consent ledger, and that a pupil without consent sends no voice and no picture, whatever the client tries."""

from __future__ import annotations

import asyncio
import datetime
from typing import Any

import pytest

from hub.consent_watch import ConsentWatch
from hub.consents import may_record
from hub.errors import Unavailable
from tests.hub.world import Answer, Person, Socket, World, make_person
from tests.webrtc.clients import Client, client

pytestmark = pytest.mark.asyncio(loop_scope="session")

PAPER = {"granted": True, "given_by": "guardian", "how": "paper", "given_on": "2026-09-01"}
BOTH = [{"mid": "0", "source": "microphone"}, {"mid": "1", "source": "camera"}]
PATIENCE_S = 30


async def write(person: Person, world: World, pupil: Person, *purposes: str, **how: Any) -> Answer:
    assert pupil.user is not None
    body = {"user_ids": [pupil.user.id], "purposes": [*purposes], **PAPER, **how}
    return await person.call("POST", f"{world.path}/consents", body)


async def withdraw(world: World, *purposes: str) -> Answer:
    answer = await write(world.founder, world, world.pupil, *purposes, granted=False)
    assert answer.status == 201 or answer.status == 200, answer
    return answer


async def new_pupil(world: World, school: str = "a") -> Person:
    """One of whom nobody has written anything down."""
    pupil = await world.add("pupil", "pupil", school)
    assert pupil.user is not None
    every = (
        "account",
        "live_voice",
        "live_camera",
        "recording",
        "image_public",
        "first_name_to_partner",
        "external_tool",
    )
    await world.hub.context.storage.consents.record(
        [pupil.user.id],
        every,
        granted=False,
        given_by="guardian",
        how="paper",
        given_on="2026-09-01",
        until_ms=None,
        own_age=14,
        recorded_by=pupil.user.id,
        at_ms=1,
    )
    return pupil


def row(sheet: Any, person: Person) -> Any:
    assert person.user is not None
    return next(each for each in sheet["pupils"] if each["user_id"] == person.user.id)


async def test_a_sheet_shows_ones_own_school_and_what_holds(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    sheet = await world.founder.get(f"{world.path}/consents")
    assert sheet["own_age"] == 14 and [each["user_id"] for each in sheet["pupils"]] == [world.pupil.user.id]
    polish = await world.teacher.get(f"{world.path}/consents")
    assert polish["own_age"] == 16 and [each["user_id"] for each in polish["pupils"]] == [other.user.id]  # type: ignore[union-attr]
    refused = await write(world.founder, world, other, "account")
    assert (refused.status, refused.code) == (404, "not_found")
    for person in (world.pupil, world.visitor, world.people["stranger"]):
        assert (await person.call("GET", f"{world.path}/consents")).status == 404


async def test_purposes_are_apart_the_ledger_only_grows_and_the_newest_counts(world: World) -> None:
    pupil = await new_pupil(world)
    assert row(await world.founder.get(f"{world.path}/consents"), pupil)["allowed"] == []
    given = await write(world.founder, world, pupil, "live_voice", "recording")
    assert given.status == 200 and row(given.body, pupil)["allowed"] == ["live_voice", "recording"]
    again = await write(world.founder, world, pupil, "recording", granted=False, how="online")
    assert row(again.body, pupil)["allowed"] == ["live_voice"]
    history = await world.founder.get(f"{world.path}/consents/{pupil.user.id}")  # type: ignore[union-attr]
    assert [(e["purpose"], e["granted"], e["how"]) for e in history["entries"][:3]] == [
        ("recording", False, "online"),
        ("recording", True, "paper"),
        ("live_voice", True, "paper"),
    ]
    newest = history["entries"][0]
    assert (newest["recorded_by"], newest["own_age"], newest["seq"]) == (
        world.founder.user.id,
        14,
        len(history["entries"]),
    )
    assert (await pupil.get("/api/v1/me/consents"))["allowed"] == ["live_voice"]
    assert len((await world.founder.get("/api/v1/me/consents"))["allowed"]) == 7


async def test_a_whole_class_is_written_down_at_once_or_not_at_all(world: World) -> None:
    pupils = [await new_pupil(world) for _ in range(3)]
    ids = [pupil.user.id for pupil in pupils if pupil.user is not None]
    stranger = await make_person(world.hub, world.founder.http, world.pupil.user.school_id, "pupil")
    body = {"user_ids": [*ids, stranger.user.id], "purposes": ["account"], **PAPER}  # type: ignore[union-attr]
    assert (await world.founder.call("POST", f"{world.path}/consents", body)).status == 404
    assert (await pupils[0].get("/api/v1/me/consents"))["allowed"] == []
    answer = await world.founder.call("POST", f"{world.path}/consents", {**body, "user_ids": ids})
    assert [row(answer.body, pupil)["allowed"] for pupil in pupils] == [["account"]] * 3


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"purposes": []}, "purposes"),
        ({"purposes": ["everything"]}, "purposes"),
        ({"user_ids": []}, "user_ids"),
        ({"how": "telepathy"}, "how"),
        ({"given_by": "school"}, "given_by"),
        ({"given_on": "2026-02-30"}, "given_on"),
        ({"given_on": "2999-01-01"}, "given_on"),
        ({"until_on": "2026-08-01"}, None),
        ({"given_by": "self"}, None),
    ],
)
async def test_what_can_not_be_a_consent_is_told_where(world: World, wrong: dict[str, Any], field: str | None) -> None:
    body = {"user_ids": [world.pupil.user.id], "purposes": ["account"], **PAPER, **wrong}
    answer = await world.founder.call("POST", f"{world.path}/consents", body)
    assert (answer.status, answer.code, answer.body.get("field")) == (400, "invalid", field), answer


async def test_pupils_consent_themselves_from_their_countrys_age_and_withdraw_at_any(world: World) -> None:
    pupil = await new_pupil(world)
    given = await write(world.founder, world, pupil, "account", given_by="self", of_age=True)
    assert row(given.body, pupil)["allowed"] == ["account"]
    taken = await write(world.founder, world, pupil, "account", given_by="self", granted=False)
    assert row(taken.body, pupil)["allowed"] == []


async def test_a_consent_ends_with_its_last_day(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    pupil = await new_pupil(world)
    day_ms, now_ms = 86_400_000, world.hub.context.now_ms()
    today = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date()
    given = await write(world.founder, world, pupil, "recording", until_on=today.isoformat())
    assert pupil.user is not None and row(given.body, pupil)["allowed"] == ["recording"]
    assert await may_record(world.hub.context, pupil.user.id)
    assert await may_record(world.hub.context, world.founder.user.id)
    monkeypatch.setattr(world.hub.context, "now_ms", lambda: now_ms + day_ms)
    assert not await may_record(world.hub.context, pupil.user.id)


async def test_an_account_without_consent_rests_until_there_is_one_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pupil = world.hub.context, await world.add("pupil", "pupil")
    assert pupil.user is not None
    card = await world.founder.call("POST", "/api/v1/pupils/class_cards", {"user_ids": [pupil.user.id]})
    key = {"class_key": card.body["cards"][0]["words"]}

    async def come() -> Person:
        answer = await world.nobody.call("POST", "/api/v1/login", key)
        assert answer.status == 200, answer
        cookie = answer.headers["Set-Cookie"].split(";")[0].partition("=")[2]
        return Person(world.hub, world.nobody.http, pupil.user, cookie)

    async def stays_out(inside: Person, socket: Socket) -> None:
        assert await socket.expect("session:ended") == {"reason": "no_consent"}
        await inside.close()
        assert (await inside.call("GET", "/api/v1/me")).status == 401
        refused = await world.nobody.call("POST", "/api/v1/login", key)
        assert (refused.status, refused.code) == (403, "account_rests")

    # Of whom nothing is written down, the account that the school made is open.
    inside = await come()
    socket = await inside.socket()
    await write(world.founder, world, pupil, "account", granted=False)
    await stays_out(inside, socket)

    now_ms, day_ms = context.now_ms(), 86_400_000
    last_day = datetime.datetime.fromtimestamp(now_ms / 1000, datetime.UTC).date().isoformat()
    await write(world.founder, world, pupil, "account", until_on=last_day)
    inside = await come()
    socket = await inside.socket()
    watch = ConsentWatch(context)
    await watch.carry_out_ends()
    assert (await inside.call("GET", "/api/v1/me")).status == 200
    monkeypatch.setattr(context, "now_ms", lambda: now_ms + day_ms)
    await watch.carry_out_ends()
    await stays_out(inside, socket)


async def join(person: Person, world: World) -> tuple[Socket, Any]:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    joined = await socket.call("room:join", {"room_id": world.room_id})
    assert joined["ok"], joined
    return socket, joined


async def publish(socket: Socket, world: World, sender: Client, tracks: Any = BOTH) -> Any:
    offer = await sender.offer_media()
    reply = await socket.call("room:publish", {"room_id": world.room_id, "sdp": offer, "tracks": tracks})
    assert reply["ok"], reply
    return reply


async def watch(world: World, peer_id: str, viewer: Client) -> None:
    offer = await viewer.offer_to_watch()
    headers = {"Content-Type": "application/sdp"}
    answer = await world.founder.call("POST", f"/whep/{world.room_id}/{peer_id}", data=offer, headers=headers)
    assert answer.status == 201, answer
    await viewer.accept(answer.body.decode())


async def receive(viewer: Client, kind: str, count: int) -> None:
    wanted = viewer.frames[kind] + count
    async with asyncio.timeout(PATIENCE_S):
        while viewer.frames[kind] < wanted:
            viewer._news.clear()
            await viewer._news.wait()


async def packets_sent(sender: Client, kind: str) -> int:
    for transceiver in sender.connection.getTransceivers():
        if transceiver.kind == kind:
            stats = await transceiver.sender.getStats()
            return sum(each.packetsSent for each in stats.values() if each.type == "outbound-rtp")
    return 0


def force_sending(answer: str, kind: str) -> str:
    """What a patched client makes of the hub's answer: the m-line that was refused, taken as accepted."""
    sections = answer.split("m=")
    patched = [part.replace("a=inactive", "a=recvonly") if part.startswith(kind) else part for part in sections]
    assert patched != sections, answer
    return "m=".join(patched)


async def test_without_camera_consent_there_is_no_video_track_whatever_the_client_sends(world: World) -> None:
    await withdraw(world, "live_camera")
    await join(world.founder, world)
    socket, joined = await join(world.pupil, world)
    assert joined["may_send"] == ["audio"]
    async with client() as sender, client() as viewer:
        # Called a camera or a screen, it is a picture.
        reply = await publish(socket, world, sender, [BOTH[0], {"mid": "1", "source": "screen"}])
        assert [track["mid"] for track in reply["tracks"]] == ["0"]
        await sender.accept(force_sending(reply["sdp"], "video"))
        await watch(world, joined["peer_id"], viewer)
        await receive(viewer, "audio", 25)
        async with asyncio.timeout(PATIENCE_S):
            while await packets_sent(sender, "video") < 30:
                await receive(viewer, "audio", 5)
        assert viewer.frames["video"] == 0
        (peer,) = [each for each in world.hub.context.live_rooms.peers(world.room_id) if each.tracks]
        assert [track.kind for track in peer.tracks] == ["audio"]


async def test_without_voice_consent_nothing_is_heard_and_everything_is_seen(world: World) -> None:
    await withdraw(world, "live_voice")
    await join(world.founder, world)
    socket, joined = await join(world.pupil, world)
    assert joined["may_send"] == ["video"]
    async with client() as sender, client() as viewer:
        reply = await publish(socket, world, sender)
        assert [track["mid"] for track in reply["tracks"]] == ["1"]
        await sender.accept(force_sending(reply["sdp"], "audio"))
        await watch(world, joined["peer_id"], viewer)
        await receive(viewer, "video", 10)
        async with asyncio.timeout(PATIENCE_S):
            while await packets_sent(sender, "audio") < 50:
                await receive(viewer, "video", 5)
        assert viewer.frames["audio"] == 0


async def test_a_withdrawal_in_mid_meeting_ends_the_picture_and_leaves_the_voice(world: World) -> None:
    await join(world.founder, world)
    socket, joined = await join(world.pupil, world)
    async with client() as sender, client() as viewer:
        reply = await publish(socket, world, sender)
        await sender.accept(reply["sdp"])
        await watch(world, joined["peer_id"], viewer)
        await viewer.receive(5)
        await withdraw(world, "live_camera")
        # What was on its way may still be shown; after the answer nothing new comes.
        await receive(viewer, "audio", 25)
        seen = viewer.frames["video"]
        await receive(viewer, "audio", 50)
        assert viewer.frames["video"] == seen
        assert (await socket.expect("consent:changed"))["allowed"].count("live_camera") == 0
        ended = await socket.expect("room:unpublished")
        track_id = next(track["track_id"] for track in reply["tracks"] if track["mid"] == "1")
        assert ended["track"]["track_id"] == track_id
        unmuted = await socket.call("room:mute", {"room_id": world.room_id, "track_id": track_id, "muted": False})
        assert unmuted["error"]["code"] == "not_found"
        await sender.connection.setLocalDescription(await sender.connection.createOffer())
        again = await socket.call(
            "room:publish",
            {"room_id": world.room_id, "sdp": sender.connection.localDescription.sdp, "tracks": BOTH},
        )
        assert [track["mid"] for track in again["tracks"]] == ["0"]


async def test_a_consent_that_was_taken_elsewhere_ends_the_track_within_the_next_look(world: World) -> None:
    """As another process would: in the stored ledger alone."""
    socket, joined = await join(world.pupil, world)
    watcher, _ = await join(world.founder, world)
    async with client() as sender:
        await sender.accept((await publish(socket, world, sender))["sdp"])
        assert world.pupil.user is not None
        await world.hub.context.storage.consents.record(
            [world.pupil.user.id],
            ["live_voice"],
            granted=False,
            given_by="guardian",
            how="online",
            given_on="2026-09-02",
            until_ms=None,
            own_age=14,
            recorded_by=world.founder.user.id,
            at_ms=world.hub.context.now_ms(),
        )
        ended = await watcher.expect("room:unpublished")
        assert (ended["peer_id"], ended["track"]["kind"]) == (joined["peer_id"], "audio")
        (peer,) = [each for each in world.hub.context.live_rooms.peers(world.room_id) if each.tracks]
        assert [track.kind for track in peer.tracks] == ["video"]


async def test_a_withdrawal_is_written_down_while_the_media_process_is_away(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(user_id: str, kind: str) -> None:
        raise Unavailable

    monkeypatch.setattr(world.hub.context.live_rooms.tracks, "withhold", refuse)
    answer = await withdraw(world, "live_camera")
    assert "live_camera" not in row(answer.body, world.pupil)["allowed"]


async def test_whip_needs_both_consents(world: World) -> None:
    headers = {"Content-Type": "application/sdp"}
    await withdraw(world, "live_camera")
    async with client() as sender:
        offer = await sender.offer_media()
        refused = await world.pupil.call("POST", f"/whip/{world.room_id}", data=offer, headers=headers)
        assert (refused.status, refused.code) == (404, "not_found")
        await write(world.founder, world, world.pupil, "live_camera")
        taken = await world.pupil.call("POST", f"/whip/{world.room_id}", data=offer, headers=headers)
        assert taken.status == 201
        await withdraw(world, "live_voice")
        (peer,) = [each for each in world.hub.context.live_rooms.peers(world.room_id) if each.tracks]
        assert [track.kind for track in peer.tracks] == ["video"]
