"""Chat: its lanes, what is answered, edited and felt, and who hears of it; with socket clients alone."""

from __future__ import annotations

from typing import Any

import pytest

from hub.actions.chat import EDIT_WITHIN_MS
from storage.records import Team, TeamId
from tests.hub.world import STRANGER, Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def say(world: World, socket: Socket, text: str, lane: str = "all", **more: Any) -> Any:
    payload = {"twinspace_id": world.twinspace_id, "client_message_id": text.encode().hex(), "text": text, "lane": lane}
    return await socket.call("chat:post", {**payload, **more})


async def entered(world: World, person: Person) -> Socket:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    return socket


def ref(world: World, seq: int, lane: str = "all") -> dict[str, Any]:
    return {"twinspace_id": world.twinspace_id, "lane": lane, "seq": seq}


async def add_team(world: World, *people: Person) -> str:
    team_id = TeamId(f"team-{world.twinspace_id}")
    assert world.founder.user
    user_ids = tuple(sorted(person.user.id for person in people if person.user))
    team = Team(team_id, world.twinspace_id, "Bread", user_ids, world.founder.user.id, 1)
    await world.hub.context.storage.teams.add(team)
    return team_id


async def test_staff_speak_among_themselves(world: World) -> None:
    founder, teacher, pupil = [await entered(world, world.people[role]) for role in ("founder", "teacher", "pupil")]
    said = await say(world, founder, "Ten minutes more?", "staff")
    assert said["ok"] and said["seq"] == 1
    assert (await teacher.expect("chat:posted"))["lane"] == "staff"
    assert (await say(world, founder, "Hello"))["seq"] == 1
    # Had the pupil been told of the first, it would have come before the second.
    assert (await pupil.expect("chat:posted"))["text"] == "Hello"
    absent = await pupil.call("chat:since", {"twinspace_id": "absent", "seq": 0})
    for lane in ("staff", "team:absent", "room:absent"):
        assert await pupil.call("chat:since", {**ref(world, 0, lane)}) == absent
        assert (await say(world, pupil, "x", lane))["error"]["code"] == "not_found"
    assert (await pupil.call("chat:since", ref(world, 0, "pupil:x")))["error"]["code"] == "invalid"
    assert [each["lane"] for each in (await world.pupil.get(f"{world.path}/lanes"))["lanes"]] == ["all"]
    lanes = (await world.teacher.get(f"{world.path}/lanes"))["lanes"]
    assert [(each["lane"], each["unread"]) for each in lanes] == [("all", 1), ("staff", 1)]
    read = await world.teacher.call("PUT", f"{world.path}/messages/read", {"lane": "staff", "seq": 9})
    assert read.status == 204
    assert [each["unread"] for each in (await world.teacher.get(f"{world.path}/lanes"))["lanes"]] == [1, 0]
    expert = await world.add("expert")
    assert (await expert.call("GET", f"{world.path}/messages?lane=staff")).status == 404


async def test_a_team_speaks_and_its_teachers_read(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    lane = f"team:{await add_team(world, world.pupil)}"
    pupil, teacher, outsider = [await entered(world, person) for person in (world.pupil, world.teacher, other)]
    assert (await say(world, pupil, "Rye", lane))["ok"]
    assert (await teacher.expect("chat:posted"))["lane"] == lane
    assert (await say(world, outsider, "Me too", lane))["error"]["code"] == "not_found"
    assert (await say(world, outsider, "Hello"))["ok"]
    assert (await outsider.expect("chat:posted"))["text"] == "Hello"
    assert [each["title"] for each in (await world.pupil.get(f"{world.path}/lanes"))["lanes"]] == ["", "Bread"]


async def test_a_meeting_has_its_own_lane(world: World) -> None:
    lane = f"room:{world.room_id}"
    pupil, teacher = await entered(world, world.pupil), await entered(world, world.teacher)
    refused = await say(world, pupil, "Too early", lane)
    assert refused["error"]["code"] == "not_found"
    for socket in (pupil, teacher):
        assert (await socket.call("room:join", {"room_id": world.room_id}))["ok"]
    assert (await say(world, pupil, "Here I am", lane))["seq"] == 1
    assert (await teacher.expect("chat:posted"))["text"] == "Here I am"
    await pupil.call("room:leave", {"room_id": world.room_id})
    await teacher.call("room:leave", {"room_id": world.room_id})
    # It stays, and is found, when everybody has left.
    assert [m["text"] for m in (await world.founder.get(f"{world.path}/messages?lane={lane}"))["messages"]]
    assert lane in [each["lane"] for each in (await world.pupil.get(f"{world.path}/lanes"))["lanes"]]
    assert (await world.people[STRANGER].call("GET", f"{world.path}/messages?lane={lane}")).status == 404


async def test_messages_are_answered_and_call_people_by_name(world: World) -> None:
    socket = await entered(world, world.pupil)
    assert world.teacher.user and world.people[STRANGER].user
    await say(world, socket, "Which river?")
    answer = await say(world, socket, "The Vistula", reply_to=1, mentions=[world.teacher.user.id])
    assert answer["reply"]["text"] == "Which river?" and answer["mentions"] == [world.teacher.user.id]
    told = await socket.expect("chat:posted", lambda message: message["seq"] == 2)
    assert told["reply"]["seq"] == 1
    notices = (await world.teacher.get("/api/v1/me/notices"))["notices"]
    assert [(each["kind"], each["subject_id"]) for each in notices] == [("mentioned", "2")]
    assert "Vistula" not in str(notices)
    nothing = await say(world, socket, "To nobody", reply_to=9)
    assert (nothing["error"]["code"], nothing["error"]["field"]) == ("invalid", "reply_to")
    stranger = await say(world, socket, "You there", mentions=[world.people[STRANGER].user.id])
    assert stranger["error"]["field"] == "mentions"
    # A pupil doesn't read the staff's lane, and is not called there.
    founder = await entered(world, world.founder)
    assert world.pupil.user
    called = await say(world, founder, "About you", "staff", mentions=[world.pupil.user.id])
    assert called["error"]["field"] == "mentions"


async def test_a_message_is_edited_for_a_while_and_its_former_text_kept(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    pupil, teacher = await entered(world, world.pupil), await entered(world, world.teacher)
    await say(world, pupil, "quokkka")
    edited = await pupil.call("chat:edit", {**ref(world, 1), "text": "A marsupial"})
    assert edited["ok"] and edited["edited_at_ms"]
    assert (await teacher.expect("chat:edited"))["text"] == "A marsupial"
    assert (await teacher.call("chat:edit", {**ref(world, 1), "text": "Mine"}))["error"]["code"] == "not_found"
    versions = f"{world.path}/messages/versions?seq=1"
    for person in (world.pupil, world.founder):
        assert [each["text"] for each in (await person.get(versions))["versions"]] == ["quokkka"]
    other = await world.add("pupil", "pupil", "b")
    assert (await other.call("GET", versions)).status == 404
    await world.hub.context.search_index.settle()
    assert (await world.pupil.get("/api/v1/search?q=quokkka"))["groups"] == []
    assert (await world.pupil.get("/api/v1/search?q=marsupial"))["groups"][0]["hits"]
    later_ms = world.hub.context.now_ms() + EDIT_WITHIN_MS + 1
    monkeypatch.setattr(world.hub.context, "now_ms", lambda: later_ms)
    late = await pupil.call("chat:edit", {**ref(world, 1), "text": "Too late"})
    assert late["error"]["code"] == "conflict"


async def test_everybody_sees_what_is_felt(world: World) -> None:
    pupil, teacher = await entered(world, world.pupil), await entered(world, world.teacher)
    assert world.pupil.user and world.teacher.user
    await say(world, pupil, "We won")
    await pupil.call("chat:react", {**ref(world, 1), "sign": "wow"})
    await teacher.call("chat:react", {**ref(world, 1), "sign": "clap"})
    await pupil.call("chat:react", {**ref(world, 1), "sign": "clap"})
    both = sorted([world.pupil.user.id, world.teacher.user.id])
    told = await teacher.expect("chat:reacted", lambda told: len(told["reactions"][0]["user_ids"]) == 2)
    assert told["reactions"] == [{"sign": "clap", "user_ids": both}]
    assert (await world.visitor.get(f"{world.path}/messages"))["messages"][0]["reactions"] == told["reactions"]
    assert (await pupil.call("chat:react", {**ref(world, 1), "sign": "skull"}))["error"]["field"] == "sign"
    assert (await pupil.call("chat:react", {**ref(world, 1), "sign": None}))["reactions"][0]["user_ids"] == [
        world.teacher.user.id
    ]
    assert (await pupil.call("chat:react", {**ref(world, 7), "sign": "wow"}))["error"]["code"] == "not_found"


async def test_teachers_hide_and_erase_what_is_said_in_any_lane(world: World) -> None:
    lane = f"team:{await add_team(world, world.pupil)}"
    pupil = await entered(world, world.pupil)
    await say(world, pupil, "Wombat")
    await say(world, pupil, "Wombat", lane)
    answer = await say(world, pupil, "Indeed", lane, reply_to=1)
    assert answer["reply"]["text"] == "Wombat"
    subject = {"kind": "message", "subject_id": f"{lane}:1"}
    assert (await world.teacher.call("POST", f"{world.path}/reports", {**subject, "reason": "mean"})).status == 201
    hide = await world.teacher.call("POST", f"{world.path}/hidden", {**subject, "reason": "mean"})
    assert hide.status == 204, hide
    said = (await world.pupil.get(f"{world.path}/messages?lane={lane}"))["messages"]
    assert [(m["text"], m["is_hidden"]) for m in said] == [("", True), ("Indeed", False)]
    assert said[1]["reply"]["text"] == ""
    for event, more in (("chat:edit", {"text": "x"}), ("chat:react", {"sign": "clap"})):
        assert (await pupil.call(event, {**ref(world, 1, lane), **more}))["error"]["code"] == "not_found"
    erased = await world.teacher.call("DELETE", f"{world.path}/erased/message/{lane}:1")
    assert erased.status == 204, erased
    kept = await world.hub.context.storage.messages.get(world.twinspace_id, lane, 1)
    assert kept.text == ""
    # What is said under the same number in everybody's lane is another thing.
    assert (await world.pupil.get(f"{world.path}/messages"))["messages"][0]["text"] == "Wombat"


async def test_who_was_not_meant_finds_nothing(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    lane = f"team:{await add_team(world, world.pupil)}"
    pupil, founder = await entered(world, world.pupil), await entered(world, world.founder)
    await say(world, pupil, "numbat", lane)
    await say(world, founder, "numbat", "staff")
    await world.hub.context.search_index.settle()

    async def found(person: Person) -> set[str]:
        groups = (await person.get(f"/api/v1/search?q=numbat&twinspace_id={world.twinspace_id}"))["groups"]
        return {hit["place"] for group in groups for hit in group["hits"]}

    assert await found(other) == set()
    assert await found(world.pupil) == {lane}
    assert "staff" in await found(world.teacher)


async def test_files_are_named_and_given_to_whom_they_are_open(world: World) -> None:
    link = {"kind": "link", "title": "Map", "url": "https://example.org/map"}
    made = await world.founder.call("POST", f"{world.path}/materials", link)
    assert made.status == 201, made
    material_id = made.body["id"]
    pupil = await entered(world, world.pupil)
    posted = await say(world, pupil, "Look", material_ids=[material_id])
    assert posted["material_ids"] == [material_id]
    assert (await say(world, pupil, "Nothing", material_ids=["absent"]))["error"]["code"] == "not_found"
    closed = await world.founder.call("PUT", f"/api/v1/materials/{material_id}/visibility", {"visibility": "teachers"})
    assert closed.status < 300, closed
    assert (await say(world, pupil, "Again", material_ids=[material_id]))["error"]["code"] == "not_found"


async def test_history_pages_back(world: World) -> None:
    socket = await entered(world, world.founder)
    for number in range(1, 8):
        await say(world, socket, f"{number}", "staff")

    async def seqs(query: str) -> list[int]:
        page = await world.teacher.get(f"{world.path}/messages?lane=staff&{query}")
        return [m["seq"] for m in page["messages"]]

    assert await seqs("limit=3") == [5, 6, 7]
    assert await seqs("limit=3&before=5") == [2, 3, 4]
    assert await seqs("limit=3&since=1") == [2, 3, 4]
