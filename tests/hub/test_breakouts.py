"""Breakout rooms over sockets: planned, opened, watched, called from, closed; and everything that can go wrong."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from typing import Any

import pytest

from tests.hub.test_whiteboards import draw
from tests.hub.world import Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def id_of(person: Person) -> str:
    assert person.user is not None
    return person.user.id


async def plan(world: World, *groups: list[Person], **more: Any) -> Any:
    body = {
        "room_id": world.room_id,
        "title": "Bread",
        "groups": [
            {"title": f"Group {number}", "user_ids": [id_of(person) for person in group]}
            for number, group in enumerate(groups, 1)
        ],
        **more,
    }
    answer = await world.founder.call("POST", f"{world.path}/breakouts", body)
    assert answer.status == 201, answer
    return answer.body


async def enter(world: World, person: Person) -> Socket:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    return socket


async def ask(socket: Socket, event: str, **payload: Any) -> Any:
    reply = await socket.call(event, payload)
    assert reply["ok"], reply
    return reply


async def opened(world: World, *groups: list[Person], **more: Any) -> tuple[Any, Socket]:
    """Open rooms, and the socket of the teacher who opened them."""
    made = await plan(world, *groups, **more)
    teacher = await enter(world, world.founder)
    return await ask(teacher, "breakouts:open", breakouts_id=made["id"]), teacher


async def test_one_action_moves_everybody_into_rooms_with_what_they_work_in(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    made = await plan(world, [world.pupil], [other], minutes=20)
    assert made["state"] == "planned"
    pupils = [await enter(world, world.pupil), await enter(world, other)]
    teacher = await enter(world, world.founder)
    running = await ask(teacher, "breakouts:open", breakouts_id=made["id"])
    assert running["closes_at_ms"] - running["opened_at_ms"] == 20 * 60_000
    for socket, group in zip(pupils, running["groups"], strict=True):
        place = await socket.expect("breakouts:moved")
        assert (place["room_id"], place["main_room_id"]) == (group["room_id"], world.room_id)
        assert all(place[each] == group[each] for each in ("document_id", "wall_id", "board_id"))
        assert (await socket.call("room:join", {"room_id": place["room_id"]}))["ok"]
    contents = {each["id"]: each for each in (await world.pupil.get(f"{world.path}/contents"))["contents"]}
    for group in running["groups"]:
        assert contents[group["document_id"]]["title"] == f"{group['title']} · Bread"
        assert contents[group["wall_id"]]["kind"] == "wall"
        assert contents[group["board_id"]]["kind"] == "whiteboard"
    # The list of rooms is that of the TwinSpace, not of every group's.
    assert [room["id"] for room in (await world.founder.get(f"{world.path}/rooms"))["rooms"]] == [world.room_id]


async def test_opening_twice_and_by_two_teachers_is_opening_once(world: World) -> None:
    made = await plan(world, [world.pupil], minutes=10)
    teachers = [await enter(world, world.founder), await enter(world, world.teacher)]
    both = await asyncio.gather(*(ask(each, "breakouts:open", breakouts_id=made["id"]) for each in teachers))
    again = await ask(teachers[0], "breakouts:open", breakouts_id=made["id"], minutes=90)
    assert both[0]["closes_at_ms"] == both[1]["closes_at_ms"] == again["closes_at_ms"]
    contents = (await world.founder.get(f"{world.path}/contents"))["contents"]
    assert sorted(each["kind"] for each in contents) == ["document", "wall", "whiteboard"]


async def test_a_room_is_divided_in_one_way_at_a_time(world: World) -> None:
    _, teacher = await opened(world, [world.pupil])
    second = await plan(world, [world.pupil])
    refused = await teacher.call("breakouts:open", {"breakouts_id": second["id"]})
    assert refused["error"]["code"] == "conflict"


async def test_nobody_can_be_planned_into_two_groups(world: World) -> None:
    group = {"title": "Red", "user_ids": [id_of(world.pupil)]}
    body = {"room_id": world.room_id, "title": "Twice", "groups": [group, {**group, "title": "Blue"}]}
    answer = await world.founder.call("POST", f"{world.path}/breakouts", body)
    assert (answer.status, answer.body["field"]) == (400, "groups")
    assert "two groups" in answer.body["detail"]


async def test_a_pupil_gets_into_no_room_but_their_own_and_into_none_that_is_not_open(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    made = await plan(world, [world.pupil], [other])
    mine, theirs = [group["room_id"] for group in made["groups"]]
    pupil = await enter(world, world.pupil)
    assert (await pupil.call("room:join", {"room_id": mine}))["error"]["code"] == "not_found"
    teacher = await enter(world, world.teacher)
    await ask(teacher, "breakouts:open", breakouts_id=made["id"])
    await ask(pupil, "room:join", room_id=mine)
    for event in ("room:join", "breakouts:call"):
        assert (await pupil.call(event, {"room_id": theirs}))["error"]["code"] == "not_found"
    await ask(teacher, "room:join", room_id=theirs)


async def test_pupils_have_no_power_over_rooms_and_trying_is_logged(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    running, _ = await opened(world, [world.pupil])
    pupil = await enter(world, world.pupil)
    ref = {"breakouts_id": running["id"]}
    tries = {
        "open": ref,
        "close": ref,
        "watch": ref,
        "broadcast": {**ref, "text": "I am the teacher"},
        "answer": {**ref, "note_id": "a-note"},
        "assign": {**ref, "user_id": id_of(world.pupil), "group_id": running["groups"][0]["id"]},
    }
    with caplog.at_level(logging.WARNING, "hub.actions.breakouts"):
        for event, payload in tries.items():
            reply = await pupil.call(f"breakouts:{event}", payload)
            absent = await pupil.call(f"breakouts:{event}", {**payload, "breakouts_id": "absent"})
            assert reply == absent, event
            assert reply["error"]["code"] == "not_found"
    assert sum(id_of(world.pupil) in line for line in caplog.messages) == len(tries)
    listening = await pupil.call("breakouts:listen", {"room_id": running["groups"][0]["room_id"]})
    assert listening["error"]["code"] == "not_found"


async def test_a_late_pupil_lands_in_the_right_room(world: World) -> None:
    spanish, polish = await world.add("pupil", "pupil", "a"), await world.add("pupil", "pupil", "b")
    late = await world.add("pupil", "pupil", "b")
    running, teacher = await opened(world, [world.pupil, spanish], [polish])
    socket = await enter(world, late)
    await ask(socket, "room:join", room_id=world.room_id)
    place = await socket.expect("breakouts:moved")
    # Her school is missing in the first group, which is the larger one.
    assert place["room_id"] == running["groups"][0]["room_id"]
    await ask(socket, "room:join", room_id=place["room_id"])
    asked = await ask(socket, "breakouts:place", room_id=world.room_id)
    assert asked["place"]["group_id"] == place["group_id"]
    seen = await ask(teacher, "breakouts:watch", breakouts_id=running["id"])
    assert id_of(late) in seen["breakouts"]["groups"][0]["user_ids"]


async def test_two_who_come_late_at_once_both_have_a_place(world: World) -> None:
    late = [await world.add("pupil", "pupil", "b") for _ in range(2)]
    running, teacher = await opened(world, [world.pupil], [])
    sockets = [await enter(world, person) for person in late]
    places = await asyncio.gather(*(ask(each, "breakouts:place", room_id=world.room_id) for each in sockets))
    assert {place["place"]["group_id"] for place in places} == {group["id"] for group in running["groups"]}
    seen = await ask(teacher, "breakouts:watch", breakouts_id=running["id"])
    assert sorted(len(group["user_ids"]) for group in seen["breakouts"]["groups"]) == [1, 2]


async def test_the_teacher_sees_all_rooms_at_once_and_as_they_change(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    running, teacher = await opened(world, [world.pupil], [other])
    red, blue = running["groups"]
    seen = await ask(teacher, "breakouts:watch", breakouts_id=running["id"])
    assert [(room["people"], room["document_edited_at_ms"], room["calls"]) for room in seen["rooms"]] == [
        ([], None, []),
        ([], None, []),
    ]
    pupil = await enter(world, world.pupil)
    peer = await ask(pupil, "room:join", room_id=red["room_id"])
    room = await teacher.expect("breakouts:room", lambda room: room["people"])
    assert [(each["peer_id"], each["user_id"]) for each in room["people"]] == [(peer["peer_id"], id_of(world.pupil))]
    # As the media process says it.
    world.hub.context.live_rooms._receive_event(
        {"event": "speaker", "room_id": red["room_id"], "peer_id": peer["peer_id"]}
    )
    await teacher.expect("breakouts:room", lambda room: room["speaker_peer_id"] == peer["peer_id"])
    card = {"client_card_id": "one", "title": "Flour", "text": "500 g", "tint": 1}
    answer = await world.founder.call("POST", f"/api/v1/walls/{red['wall_id']}/cards", card)
    assert answer.status == 201, answer
    await teacher.expect("breakouts:room", lambda room: room["wall_edited_at_ms"] is not None)
    assert await draw(world.pupil, red["board_id"], 1)
    await teacher.expect("breakouts:room", lambda room: room["board_edited_at_ms"] is not None)
    assert all(room["group_id"] != blue["id"] for name, room in teacher.heard() if name == "breakouts:room")


async def test_a_teacher_listens_to_two_rooms_without_leaving_and_says_nothing(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    running, teacher = await opened(world, [world.pupil], [other])
    await ask(teacher, "room:join", room_id=world.room_id)
    pupils = [await enter(world, world.pupil), await enter(world, other)]
    for pupil, group in zip(pupils, running["groups"], strict=True):
        await ask(pupil, "room:join", room_id=group["room_id"])
        await ask(teacher, "breakouts:listen", room_id=group["room_id"])
        told = await pupil.expect("room:peer_joined")
        assert (told["peer"]["user_id"], told["peer"]["listens"]) == (id_of(world.founder), True)
        offer = {"room_id": group["room_id"], "sdp": "v=0\r\n", "tracks": []}
        assert (await teacher.call("room:publish", offer))["error"]["code"] == "not_found"
    here = world.hub.context.live_rooms.roster.places()
    for room_id in (world.room_id, *(group["room_id"] for group in running["groups"])):
        assert (room_id, id_of(world.founder)) in here
    # Going in properly is seen by everybody, under the same name.
    await ask(teacher, "room:join", room_id=running["groups"][0]["room_id"])
    assert not (await pupils[0].expect("room:peer_joined"))["peer"]["listens"]
    refused = await teacher.call("breakouts:listen", {"room_id": world.room_id})
    assert refused["error"]["code"] == "not_found"


async def test_a_call_reaches_the_teachers_of_both_schools_wherever_they_are(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    elsewhere = await world.teacher.socket()  # Signed in, and in no TwinSpace.
    pupil = await enter(world, world.pupil)
    room_id = running["groups"][0]["room_id"]
    await ask(pupil, "room:join", room_id=room_id)
    note = await ask(pupil, "breakouts:call", room_id=room_id)
    for socket in (teacher, elsewhere):
        called = await socket.expect("breakouts:called")
        assert (called["note"]["id"], called["group_title"], called["room_id"]) == (note["id"], "Group 1", room_id)
        assert called["note"]["display_name"] == world.pupil.user.display_name  # type: ignore[union-attr]
    assert (await ask(pupil, "breakouts:call", room_id=room_id))["id"] == note["id"]
    seen = await ask(teacher, "breakouts:watch", breakouts_id=running["id"])
    assert [each["id"] for each in seen["rooms"][0]["calls"]] == [note["id"]]
    answered = await ask(elsewhere, "breakouts:answer", breakouts_id=running["id"], note_id=note["id"])
    assert answered["answered_by"] == id_of(world.teacher)
    await pupil.expect("breakouts:called", lambda called: called["note"]["answered_by"] == id_of(world.teacher))
    late = await ask(teacher, "breakouts:answer", breakouts_id=running["id"], note_id=note["id"])
    assert late["answered_by"] == id_of(world.teacher)
    assert (await ask(pupil, "breakouts:call", room_id=room_id))["id"] != note["id"]


async def test_a_sentence_goes_to_all_rooms_and_who_was_away_finds_it(world: World) -> None:
    other = await world.add("pupil", "pupil", "b")
    running, teacher = await opened(world, [world.pupil], [other])
    pupil = await enter(world, world.pupil)
    await ask(teacher, "breakouts:broadcast", breakouts_id=running["id"], text="Five minutes left")
    told = await pupil.expect("breakouts:told")
    assert told["note"]["text"] == "Five minutes left"
    away = await enter(world, other)
    found = await ask(away, "breakouts:place", room_id=world.room_id)
    assert [note["text"] for note in found["notes"]] == ["Five minutes left"]


async def test_somebody_is_moved_into_another_group(world: World) -> None:
    running, teacher = await opened(world, [world.pupil], [])
    red, blue = running["groups"]
    pupil = await enter(world, world.pupil)
    await ask(pupil, "room:join", room_id=red["room_id"])
    move = {"breakouts_id": running["id"], "user_id": id_of(world.pupil), "group_id": blue["id"]}
    await ask(teacher, "breakouts:assign", **move)
    place = await pupil.expect("breakouts:moved", lambda place: place["group_id"] == blue["id"])
    assert (await pupil.call("room:join", {"room_id": red["room_id"]}))["error"]["code"] == "not_found"
    await ask(pupil, "room:join", room_id=place["room_id"])
    assert world.hub.context.live_rooms.peer_count(red["room_id"]) == 0


async def test_closing_brings_everybody_back_even_who_is_just_going_in(world: World) -> None:
    late = [await world.add("pupil", "pupil", "b") for _ in range(6)]
    running, teacher = await opened(world, [world.pupil, *late])
    room_id = running["groups"][0]["room_id"]
    sockets = [await enter(world, person) for person in (world.pupil, *late)]
    await ask(sockets[0], "room:join", room_id=room_id)
    coming = [asyncio.create_task(each.call("room:join", {"room_id": room_id})) for each in sockets[1:]]
    await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=0)
    await asyncio.gather(*coming)
    for socket in sockets:
        await socket.expect("breakouts:changed", lambda told: told["state"] == "closed")
    async with asyncio.timeout(5):
        while world.hub.context.live_rooms.peer_count(room_id):
            await teacher.expect("room:counted", lambda told: told["room_id"] == room_id)
    assert (await sockets[0].call("room:join", {"room_id": room_id}))["error"]["code"] == "not_found"
    assert (await ask(sockets[0], "breakouts:place", room_id=world.room_id))["place"] is None
    await ask(sockets[0], "room:join", room_id=world.room_id)


async def test_rooms_that_close_while_people_are_moved_leave_everybody_in_one_group_and_outside(world: World) -> None:
    pupils = [world.pupil, *[await world.add("pupil", "pupil", school) for school in "abab"]]
    running, teacher = await opened(world, pupils, [])
    other = await enter(world, world.teacher)
    rooms = [group["room_id"] for group in running["groups"]]
    sockets = [await enter(world, pupil) for pupil in pupils]
    for socket in sockets:
        await ask(socket, "room:join", room_id=rooms[0])
    ref, to = {"breakouts_id": running["id"]}, running["groups"][1]["id"]
    answers = await asyncio.gather(
        *(other.call("breakouts:assign", {**ref, "user_id": id_of(pupil), "group_id": to}) for pupil in pupils),
        teacher.call("breakouts:close", {**ref, "in_s": 0}),
        *(socket.call("room:join", {"room_id": rooms[1]}) for socket in sockets),
    )
    assert answers[len(pupils)]["ok"]
    for moved in answers[: len(pupils)]:
        assert moved["ok"] or moved["error"]["code"] == "conflict", moved
    async with asyncio.timeout(30):
        while any(world.hub.context.live_rooms.peer_count(room_id) for room_id in rooms):
            await teacher.expect("room:counted")
    (kept,) = (await world.founder.get(f"{world.path}/breakouts"))["breakouts"]
    assert kept["state"] == "closed"
    inside = [user_id for group in kept["groups"] for user_id in group["user_ids"]]
    assert sorted(inside) == sorted(map(id_of, pupils))
    refused = await other.call("breakouts:assign", {**ref, "user_id": id_of(world.pupil), "group_id": to})
    assert refused["error"]["code"] == "conflict"
    for socket in sockets:
        await ask(socket, "room:join", room_id=world.room_id)


async def test_a_countdown_is_seen_by_all_and_kept(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    pupil = await enter(world, world.pupil)
    first = await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=300)
    told = await pupil.expect("breakouts:changed", lambda told: told["closes_at_ms"] is not None)
    assert (told["closes_at_ms"], told["state"]) == (first["closes_at_ms"], "open")
    later = await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=600)
    assert later["closes_at_ms"] == first["closes_at_ms"]


async def test_opened_again_the_groups_go_on_in_their_rooms(world: World) -> None:
    running, teacher = await opened(world, [world.pupil])
    await ask(teacher, "breakouts:close", breakouts_id=running["id"], in_s=0)
    again = await ask(teacher, "breakouts:open", breakouts_id=running["id"])
    assert (again["state"], again["groups"]) == ("open", running["groups"])
    pupil = await enter(world, world.pupil)
    await ask(pupil, "room:join", room_id=again["groups"][0]["room_id"])
    assert len((await world.founder.get(f"{world.path}/contents"))["contents"]) == 3


async def test_a_group_of_before_there_were_whiteboards_gets_its_own_when_it_is_opened(world: World) -> None:
    made = await plan(world, [world.pupil], [])
    stored = world.hub.context.storage.breakouts
    kept = await stored.get(made["id"])
    old = [{name: group[name] for name in group if name != "board_id"} for group in kept.groups]
    await stored.change(replace(kept, groups=old, revision=kept.revision + 1))
    (listed,) = (await world.founder.get(f"{world.path}/breakouts"))["breakouts"]
    assert [group["board_id"] for group in listed["groups"]] == [None, None]
    teachers = [await enter(world, world.founder), await enter(world, world.teacher)]
    both = await asyncio.gather(*(ask(each, "breakouts:open", breakouts_id=made["id"]) for each in teachers))
    assert both[0]["groups"] == both[1]["groups"]
    boards = {group["board_id"] for group in both[0]["groups"]}
    contents = (await world.founder.get(f"{world.path}/contents"))["contents"]
    assert boards == {each["id"] for each in contents if each["kind"] == "whiteboard"}
    assert len(boards) == 2


async def test_the_group_maker_remembers_who_was_together(world: World) -> None:
    spanish = [world.pupil, *[await world.add("pupil", "pupil", "a") for _ in range(3)]]
    polish = [await world.add("pupil", "pupil", "b") for _ in range(4)]
    await opened(world, *[[one, other] for one, other in zip(spanish, polish, strict=True)])
    apart = [[id_of(spanish[0]), id_of(polish[1])]]
    answer = await world.teacher.call("POST", f"{world.path}/breakouts/proposal", {"count": 4, "apart": apart})
    proposed = answer.body
    former = [{id_of(one), id_of(other)} for one, other in zip(spanish, polish, strict=True)]
    assert (proposed["unmet"], proposed["repeats"]) == ([], 0)
    for group in proposed["groups"]:
        assert set(group["user_ids"]) not in [*former, set(apart[0])]
        assert group["adult_id"] in {id_of(world.founder), id_of(world.teacher)}
    many = await world.teacher.call("POST", f"{world.path}/breakouts/proposal", {"count": 12})
    assert "groups" in {each["demand"] for each in many.body["unmet"]}


async def test_a_plan_is_changed_by_who_saw_it_last_and_not_while_it_is_open(world: World) -> None:
    made = await plan(world, [world.pupil])
    group = made["groups"][0]
    body = {
        "room_id": world.room_id,
        "title": "Cake",
        "groups": [{"id": group["id"], "title": "Red", "user_ids": []}],
        "revision": 1,
    }
    path = f"{world.path}/breakouts/{made['id']}"
    changed = await world.teacher.call("PUT", path, body)
    assert changed.body["groups"] == [{**group, "title": "Red", "user_ids": []}]
    assert (await world.founder.call("PUT", path, body)).code == "conflict"
    teacher = await enter(world, world.founder)
    await ask(teacher, "breakouts:open", breakouts_id=made["id"])
    assert (await world.founder.call("PUT", path, {**body, "revision": 3})).code == "conflict"
    assert (await world.founder.call("DELETE", f"{path}?revision=3")).code == "conflict"
