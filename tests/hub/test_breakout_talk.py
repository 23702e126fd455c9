"""What is said in a breakout room is for those who are or were in it and for the staff: to read, search and export."""

from __future__ import annotations

import json

import pytest

from hub.access import MATRIX, Act
from hub.snapshots import take
from tests.hub.test_breakouts import ask, enter, id_of, opened
from tests.hub.test_search import search
from tests.hub.world import NOBODY, STRANGER, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def say(world: World, person: Person, room_id: str, text: str) -> str:
    socket = await enter(world, person)
    await ask(socket, "room:join", room_id=room_id)
    lane = f"room:{room_id}"
    payload = {"twinspace_id": world.twinspace_id, "client_message_id": text.encode().hex(), "text": text, "lane": lane}
    await ask(socket, "chat:post", **payload)
    return lane


async def reads(world: World, person: Person, lane: str, word: str) -> bool:
    """Every way there is gives the same answer."""
    told = {
        (await person.call("GET", f"{world.path}/messages?lane={lane}")).status == 200,
        lane in [each["lane"] for each in (await person.get(f"{world.path}/lanes"))["lanes"]],
        "message" in await search(person, word),
    }
    assert len(told) == 1, told
    return told.pop()


async def test_every_role_reads_what_is_its_own(world: World) -> None:
    mate, moved, other = [await world.add("pupil", "pupil", school) for school in "bba"]
    running, teacher = await opened(world, [world.pupil, mate, moved], [other])
    await ask(teacher, "room:join", room_id=world.room_id)
    red, blue = [group["room_id"] for group in running["groups"]]
    socket = await enter(world, moved)
    await ask(socket, "room:join", room_id=red)
    lane = await say(world, world.pupil, red, "Aardvark")
    await world.hub.context.live_meetings.is_held(world.room_id)  # Who came in is written down.
    assign = {"breakouts_id": running["id"], "user_id": id_of(moved), "group_id": running["groups"][1]["id"]}
    await ask(teacher, "breakouts:assign", **assign)
    for person, expected in ((world.pupil, True), (mate, True), (moved, True), (other, False)):
        assert await reads(world, person, lane, "aardvark") is expected
    await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=0)
    await teacher.expect("breakouts:changed", lambda told: told["state"] == "closed")
    for person, expected in ((world.pupil, True), (mate, True), (moved, True), (other, False)):
        assert await reads(world, person, lane, "aardvark") is expected
    for role, acts in MATRIX.items():
        person = await world.person_of(role)
        if Act.READ in acts and person is not world.pupil:
            assert await reads(world, person, lane, "aardvark") is (Act.CONFER in acts), role
    for name in (STRANGER, NOBODY, "family"):
        answer = await (world.people.get(name) or await world.person_of("family")).call(
            "GET", f"{world.path}/messages?lane={lane}"
        )
        assert answer.status in (401, 404), name
    # Who belonged there may not speak there any more, and nothing is known of a room of that name.
    late = {"twinspace_id": world.twinspace_id, "client_message_id": "late", "text": "Late", "lane": lane}
    for where in (lane, "room:absent"):
        refused = await (await enter(world, world.pupil)).call("chat:post", {**late, "lane": where})
        assert refused["error"]["code"] == "not_found"
    assert blue != red


async def test_snapshots_leave_it_out(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    await ask(teacher, "room:join", room_id=world.room_id)
    await say(world, world.pupil, running["groups"][0]["room_id"], "Only ours")
    await world.founder.call("POST", f"{world.path}/messages", {"text": "For everybody"})
    context = world.hub.context
    assert world.founder.user is not None
    snapshot, _ = await take(context, world.twinspace_id, "After", world.founder.user)
    tree = json.loads(await context.storage.blobs.get(snapshot.tree))
    (said,) = [await context.storage.blobs.get(blob) for path, blob in tree.items() if "messages" in path]
    assert b"For everybody" in said
    assert b"Only ours" not in said


async def test_captions_of_a_group_are_found_by_the_group(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    running, teacher = await opened(world, [world.pupil], [other])
    await ask(teacher, "room:join", room_id=world.room_id)
    room_id = running["groups"][0]["room_id"]
    socket = await enter(world, world.pupil)
    await ask(socket, "room:join", room_id=room_id)
    await ask(socket, "caption:take", room_id=room_id, language="es")
    await ask(socket, "caption:say", room_id=room_id, language="es", line_id="l", text="Un ornitorrinco")
    assert "caption" in await search(world.pupil, "ornitorrinco")
    assert "caption" in await search(world.teacher, "ornitorrinco")
    assert await search(other, "ornitorrinco") == {}
    await reads_the_transcript(world, other, room_id)
    # And so it stays when the rooms are closed and the meeting is over.
    await ask(teacher, "room:end", room_id=world.room_id)
    held_id = (await teacher.expect("meeting:recorded"))["held_id"]
    await reads_the_transcript(world, other, room_id)
    path = f"{world.path}/held-meetings/{held_id}"
    for person, shown in ((world.pupil, (room_id, ["es"])), (world.teacher, (room_id, ["es"])), (other, (None, []))):
        group = (await person.get(path))["breakouts"][0]["groups"][0]
        assert (group["room_id"], group["caption_languages"]) == shown
    report = {"kind": "caption", "subject_id": f"{room_id}:1", "reason": "mean", "words": ""}
    assert (await world.pupil.call("POST", f"{world.path}/reports", report)).status == 201
    assert (await other.call("POST", f"{world.path}/reports", report)).code == "not_found"


async def reads_the_transcript(world: World, other: Person, room_id: str) -> None:
    for person, status in ((world.pupil, 200), (world.founder, 200), (world.teacher, 200), (other, 404)):
        found = await person.call("GET", f"/api/v1/rooms/{room_id}/captions")
        assert found.status == status
        assert status == 404 or [line["text"] for line in found.body["captions"]] == ["Un ornitorrinco"]
        assert (await person.call("GET", f"/api/v1/rooms/{room_id}/transcript?form=txt")).status == status
