"""The interpreter's channel: whom a teacher gave it may speak there, nobody else, whatever a page says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hub.test_room_powers import ask, id_of, join, tracks_of, until
from tests.hub.world import Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

VECTORS = Path(__file__).parent.parent / "webrtc" / "vectors"
OFFER = (VECTORS / "chromium_publish.sdp").read_bytes().decode()
WATCH = (VECTORS / "chromium_subscribe.sdp").read_bytes().decode()


async def interpret(world: World, socket: Socket) -> dict[str, Any]:
    tracks = [{"mid": "0", "source": "interpreter", "muted": False}]
    reply: dict[str, Any] = await ask(world, socket, "room:publish", sdp=OFFER, tracks=tracks)
    return reply


@pytest.mark.parametrize("role", ["pupil", "founder"])
async def test_who_was_not_given_a_channel_is_heard_on_none(world: World, role: str) -> None:
    await world.person_of("expert")
    await join(world, world.teacher)
    stranger, listener = await join(world, getattr(world, role)), await join(world, world.expert)
    reply = await interpret(world, stranger)
    assert reply["tracks"] == [] and reply["sdp"].count("a=inactive") >= 1
    assert tracks_of(world, getattr(world, role)) == {}
    assert "room:published" not in dict(listener.heard())


async def test_a_channel_is_told_with_its_language_and_open_while_microphones_are_locked(world: World) -> None:
    await world.person_of("expert")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    listener = await join(world, world.expert)
    await ask(world, teacher, "room:lock", part="microphone", locked=True)
    await ask(world, teacher, "room:interpret", user_id=id_of(world.pupil), language="es")
    mine = await pupil.expect("room:rules", lambda each: any(one["interprets"] == "es" for one in each["people"]))
    assert [one["user_id"] for one in mine["people"]] == [id_of(world.pupil)]
    (named,) = (await interpret(world, pupil))["tracks"]
    told = await listener.expect("room:published", lambda each: each["track"]["source"] == "interpreter")
    assert told["track"]["language"] == "es" and not told["track"]["muted"]
    wanted = [{"mid": "0", "track_id": named["track_id"]}]
    reply = await ask(world, listener, "room:subscribe", sdp=WATCH, tracks=wanted)
    assert f" {named['track_id']}\r\n" in reply["sdp"], "who chooses it hears it"

    await ask(world, teacher, "room:interpret", user_id=id_of(world.pupil), language="pl")
    await listener.expect("room:muted", lambda each: each["track"]["language"] == "pl")
    await ask(world, teacher, "room:interpret", user_id=id_of(world.pupil), language="")
    await until(lambda: tracks_of(world, world.pupil)["interpreter"].hold == "locked")
    refused = await pupil.call("room:mute", {"room_id": world.room_id, "track_id": named["track_id"], "muted": False})
    assert refused["error"]["code"] == "part_locked"
    assert (await interpret(world, pupil))["tracks"] == []
    await until(lambda: "interpreter" not in tracks_of(world, world.pupil))


async def test_a_teachers_mute_and_a_missing_consent_close_the_channel_too(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "room:interpret", user_id=id_of(world.pupil), language="es")
    (named,) = (await interpret(world, pupil))["tracks"]
    await ask(world, teacher, "room:mute", track_id=named["track_id"], muted=True)
    assert tracks_of(world, world.pupil)["interpreter"].hold == "muted"
    await ask(world, teacher, "room:hold", user_id=id_of(world.pupil), part="microphone", held=False)
    assert tracks_of(world, world.pupil)["interpreter"].hold is None
    await world.hub.context.live_rooms.tracks.withhold(id_of(world.pupil), "audio")
    assert tracks_of(world, world.pupil) == {}


async def test_the_channel_is_kept_from_meeting_to_meeting(world: World) -> None:
    await world.person_of("expert")
    teacher = await join(world, world.founder)
    await ask(world, teacher, "room:interpret", user_id=id_of(world.expert), language="de")
    stored = await world.hub.context.storage.room_powers.standings(world.room_id)
    assert [(each.user_id, each.interprets) for each in stored] == [(id_of(world.expert), "de")]
    wrong = await teacher.call(
        "room:interpret", {"room_id": world.room_id, "user_id": id_of(world.expert), "language": "not a language"}
    )
    assert wrong["error"]["code"] == "invalid" and wrong["error"]["field"] == "language"
