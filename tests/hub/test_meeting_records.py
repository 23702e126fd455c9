"""What is left of a meeting: its record for everybody who may see it, its attendance for teachers."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from hub import retention
from hub.auth import open_login
from hub.snapshots import take
from hub.time_zones import local_time
from storage.records import HeldMeetingId, Member, SchoolId, User, UserId
from tests.hub.script import typed
from tests.hub.test_breakouts import ask, enter, id_of, opened
from tests.hub.world import Person, Socket, World
from tests.hub.yjs_client import open_document

pytestmark = pytest.mark.asyncio(loop_scope="session")


SCHOOL = SchoolId("school-b")
SIZES = (("a", 11), ("b", 5))
ASKED = {"question": "Rye or wheat?", "options": ["Rye", "Wheat"]}


async def end(world: World, teacher: Socket) -> Any:
    """The record of the meeting that ends now."""
    await ask(teacher, "room:end", room_id=world.room_id)
    told = await teacher.expect("meeting:recorded")
    return await world.founder.get(f"{world.path}/held-meetings/{told['held_id']}")


async def test_a_meeting_leaves_a_record_by_itself(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    group = running["groups"][0]
    pupil = await enter(world, world.pupil)
    other = await enter(world, world.teacher)
    for socket in (teacher, other, pupil):
        await ask(socket, "room:join", room_id=world.room_id)
    await ask(pupil, "room:join", room_id=group["room_id"])
    await ask(pupil, "breakouts:call", room_id=group["room_id"])
    await ask(teacher, "breakouts:broadcast", breakouts_id=running["id"], text="Five minutes left")
    for lane in ("all", f"room:{world.room_id}"):
        message = {"client_message_id": lane, "text": f"Cześć {lane}", "lane": lane}
        assert (await world.teacher.call("POST", f"{world.path}/messages", message)).status == 201
    asked = {"question": "Rye or wheat?", "options": ["Rye", "Wheat"]}
    poll = (await world.founder.call("POST", f"{world.path}/polls", asked)).body["id"]
    await world.founder.call("POST", f"/api/v1/polls/{poll}/open", {"room_id": world.room_id})
    assert (await world.pupil.call("PUT", f"/api/v1/polls/{poll}/vote", {"counts": [0, 1]})).status == 200
    await ask(other, "caption:take", room_id=world.room_id, language="pl")
    await ask(other, "caption:say", room_id=world.room_id, language="pl", line_id="one", text="Dzień dobry")
    record = await end(world, teacher)
    assert record["polls"] == [{**asked, "tally": [0, 1], "voices": 1}]
    assert record["caption_languages"] == ["pl"]
    assert (record["title"], record["ended_at_ms"] is not None) == ("A room", True)
    assert {each["school_id"]: each["people"] for each in record["schools"]} == {"school-a": 2, "school-b": 1}
    # Of so few nothing is said.
    assert record["picture"] == []
    assert {each["id"] for each in record["contents"]} == {group["document_id"], group["wall_id"], group["board_id"]}
    (divided,) = record["breakouts"]
    assert (divided["sentences"], divided["calls"], len(divided["groups"])) == (["Five minutes left"], 1, 1)
    assert divided["groups"][0]["board_id"] == group["board_id"]
    assert [each["text"] for each in record["messages"]] == [f"Cześć room:{world.room_id}"]
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 0
    (listed,) = (await world.pupil.get(f"{world.path}/held-meetings"))["meetings"]
    assert listed["id"] == record["id"]
    # Nobody who reads it learns anything of a single child.
    assert id_of(world.pupil) not in json.dumps(await world.pupil.get(f"{world.path}/held-meetings/{record['id']}"))


async def test_a_planned_meeting_gives_its_record_title_and_agenda(world: World) -> None:
    now_ms = world.hub.context.now_ms()
    starts, ends = (local_time(now_ms + minutes * 60_000, "Europe/Madrid") for minutes in (10, 70))
    body = {
        "title": "First talk",
        "agenda": "Songs",
        "room_id": world.room_id,
        "starts_at": starts.strftime("%Y-%m-%dT%H:%M"),
        "ends_at": ends.strftime("%Y-%m-%dT%H:%M"),
        "time_zone": "Europe/Madrid",
        "invited": {"everybody": True},
    }
    assert (await world.founder.call("POST", f"{world.path}/meetings", body)).status == 201
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    record = await end(world, teacher)
    assert (record["title"], record["agenda"]) == ("First talk", "Songs")


async def test_a_class_before_one_device_is_there_pupil_by_pupil(world: World) -> None:
    first, second, late = [id_of(await world.add("pupil", "pupil", "a")) for _ in range(3)]
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id, pupil_ids=[first, second])
    await ask(teacher, "seat:put", room_id=world.room_id, pupil_ids=[second, late])
    record = await end(world, teacher)
    people = (await world.founder.get(f"{world.path}/held-meetings/{record['id']}/attendance"))["people"]
    assert {each["user_id"] for each in people} == {id_of(world.founder), first, second, late}
    (school,) = record["schools"]
    assert school["people"] == 4


async def test_attendance_is_for_teachers_and_no_cell_is_a_formula(world: World) -> None:
    context = world.hub.context
    user = User(UserId(f"evil-{world.twinspace_id}"), f"evil{world.twinspace_id}", "=cmd()", "teacher", SCHOOL, "en", 1)
    await context.storage.users.add_user(user)
    await context.storage.twinspaces.add_member(Member(world.twinspace_id, user.id, "teacher", 1, 1))
    _, token = await open_login(context.storage, user, "token", days=1, now_ms=context.now_ms())
    world.people["evil"] = Person(world.hub, world.founder.http, user, token)
    pupil, evil = await enter(world, world.pupil), await enter(world, world.evil)
    await ask(evil, "room:join", room_id=world.room_id)
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    await ask(pupil, "room:join", room_id=world.room_id)
    record = await end(world, teacher)
    path = f"{world.path}/held-meetings/{record['id']}/attendance"
    people = (await world.teacher.get(path))["people"]
    assert {(each["user_id"], each["minutes"], each["breaks"]) for each in people} == {
        (id_of(world.founder), 1, 0),
        (id_of(world.pupil), 1, 0),
        (user.id, 1, 0),
    }
    assert (await world.pupil.call("GET", path)).code == "not_found"
    sheet = await world.founder.call("GET", f"{path}.csv")
    rows = list(csv.reader(io.StringIO(sheet.body.decode("utf-8-sig"))))
    assert rows[0] == ["Name", "School", "From", "Until", "Minutes", "Breaks"]
    assert [row[4] for row in rows[1:]] == ["1", "1", "1"]
    assert "'=cmd()" in {row[0] for row in rows}


async def test_a_drop_is_no_absence(world: World) -> None:
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    for _ in range(2):
        pupil = await enter(world, world.pupil)
        await ask(pupil, "room:join", room_id=world.room_id)
        await ask(pupil, "room:leave", room_id=world.room_id)
    record = await end(world, teacher)
    people = (await world.founder.get(f"{world.path}/held-meetings/{record['id']}/attendance"))["people"]
    assert [each["breaks"] for each in people] == [0, 0]
    assert len(await world.hub.context.storage.held_meetings.stays(record["id"])) == 3


async def test_talk_is_counted_by_school(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    context = world.hub.context
    teacher = await enter(world, world.founder)
    peer = await ask(teacher, "room:join", room_id=world.room_id)
    now_ms = context.now_ms()
    said = {"event": "speaker", "room_id": world.room_id, "peer_id": peer["peer_id"]}
    # The hub's clock, so that a minute need not be waited for.
    monkeypatch.setattr(context, "now_ms", lambda: now_ms)
    context.live_rooms._receive_event(said)
    monkeypatch.setattr(context, "now_ms", lambda: now_ms + 60_000)
    context.live_rooms._receive_event({**said, "peer_id": None})
    record = await end(world, teacher)
    held = await context.storage.held_meetings.get(record["id"])
    assert held.talk == {"school-a": 60_000}


async def test_a_picture_shows_how_classes_took_part_and_nothing_about_few(world: World) -> None:
    context, room = world.hub.context, {"room_id": world.room_id}
    classes = {letter: [await world.add("pupil", "pupil", letter) for _ in range(size)] for letter, size in SIZES}
    devices = [await enter(world, world.founder), await enter(world, world.teacher)]
    for device, pupils in zip(devices, classes.values(), strict=True):
        await ask(device, "room:join", **room, pupil_ids=[id_of(pupil) for pupil in pupils])
    for device, pupils in zip(devices, classes.values(), strict=True):
        for pupil in pupils[:5]:
            await ask(device, "hand:raise", **room, pupil_id=id_of(pupil))
    for _ in range(10):
        await ask(devices[0], "hand:call", **room)
    poll = (await world.founder.call("POST", f"{world.path}/polls", ASKED)).body["id"]
    await world.founder.call("POST", f"/api/v1/polls/{poll}/open", room)
    assert (await world.founder.call("PUT", f"/api/v1/polls/{poll}/vote", {"counts": [9, 1]})).status == 200
    message = {"client_message_id": "one", "text": "Alone", "lane": f"room:{world.room_id}"}
    assert (await world.founder.call("POST", f"{world.path}/messages", message)).status == 201
    content_id = await world.create("document", "Notes")
    async with open_document(world.teacher, content_id) as document:
        await document.update(typed("Sześć słów"))
        assert await document.sync()
    now = await world.founder.get(f"{world.path}/held-meetings")
    going_on = await world.founder.get(f"{world.path}/held-meetings/{now['meetings'][0]['id']}")
    assert going_on["picture"] == []
    record = await end(world, devices[0])
    first, second = record["picture"]
    assert (first["school_id"], first["hands"], first["hands_raised"], first["hands_called"]) == (
        *("school-a", "some"),
        *(5, 5),
    )
    assert (first["hands_wait_ms"] is not None, first["polls"]) == (True, "most")
    # One teacher wrote in the chat: that is nobody's business.
    assert (first["chat"], first["chat_lines"]) == ("few", None)
    # Of six people no word says how many, and the document was written by one.
    assert (second["school_id"], second["hands"], second["hands_raised"]) == ("school-b", None, 5)
    assert (first["documents"], second["documents"]) == ("few", None)
    assert first["documents_percent"] is second["documents_percent"] is first["talk_percent"] is None
    people = [id_of(pupil) for pupils in classes.values() for pupil in pupils]
    assert not [each for each in people if each in json.dumps(record)]
    # Teachers read who asked and how long they waited; it is forgotten with who was there.
    hands = (await world.founder.get(f"{world.path}/held-meetings/{record['id']}/attendance"))["hands"]
    assert {each["user_id"] for each in hands} == {id_of(pupil) for each in classes.values() for pupil in each[:5]}
    assert all(each["was_called"] and each["waited_ms"] >= 0 for each in hands)
    # The picture is part of the record, and so of snapshots.
    assert world.founder.user is not None
    snapshot, _ = await take(context, world.twinspace_id, "After", world.founder.user)
    tree = json.loads(await context.storage.blobs.get(snapshot.tree))
    kept = json.loads(await context.storage.blobs.get(tree[f"meetings/{record['id']}.json"]))
    assert [each["school_id"] for each in kept["picture"]] == ["school-a", "school-b"]
    await context.storage.hands.forget(record["ended_at_ms"] + 1)
    assert (await world.founder.get(f"{world.path}/held-meetings/{record['id']}/attendance"))["hands"] == []


async def test_a_record_is_seen_as_its_rung_says(world: World) -> None:
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    record = await end(world, teacher)
    path = f"{world.path}/held-meetings/{record['id']}"
    changed = await world.teacher.call("PUT", f"{path}/visibility", {"visibility": "teachers"})
    assert (changed.status, changed.body["visibility"]) == (200, "teachers")
    assert (await world.pupil.call("GET", path)).code == "not_found"
    assert (await world.pupil.get(f"{world.path}/held-meetings"))["meetings"] == []
    assert (await world.teacher.call("GET", path)).status == 200
    refused = await world.pupil.call("PUT", f"{path}/visibility", {"visibility": "public"})
    assert refused.code == "not_found"


async def test_a_pupil_ends_no_meeting_and_without_one_nothing_is_kept(world: World) -> None:
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:end", room_id=world.room_id)
    assert (await world.founder.get(f"{world.path}/held-meetings"))["meetings"] == []
    await ask(teacher, "room:join", room_id=world.room_id)
    pupil = await enter(world, world.pupil)
    assert (await pupil.call("room:end", {"room_id": world.room_id}))["error"]["code"] == "not_found"
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 1


async def test_a_record_goes_into_snapshots_without_people(world: World) -> None:
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    record = await end(world, teacher)
    assert world.founder.user is not None
    context = world.hub.context
    snapshot, _ = await take(context, world.twinspace_id, "After", world.founder.user)
    tree = json.loads(await context.storage.blobs.get(snapshot.tree))
    kept = json.loads(await context.storage.blobs.get(tree[f"meetings/{record['id']}.json"]))
    assert (kept["title"], kept["schools"][0]["people"]) == ("A room", 1)
    assert world.founder.user.id not in json.dumps(kept)


async def test_who_was_there_is_forgotten_after_a_year(world: World) -> None:
    teacher = await enter(world, world.founder)
    await ask(teacher, "room:join", room_id=world.room_id)
    record = await end(world, teacher)
    context = world.hub.context
    ended_ms, storage = record["ended_at_ms"], context.storage
    for days, over in ((364, 0), (366, 1)):
        counted = await retention.count_over(storage, context.settings.data_dir, ended_ms + days * retention.DAY_MS)
        assert counted["attendance"] >= over
    await storage.held_meetings.forget_stays(ended_ms + 1)
    assert await storage.held_meetings.stays(HeldMeetingId(record["id"])) == []
    assert (await world.founder.get(f"{world.path}/held-meetings/{record['id']}"))["schools"] != []
