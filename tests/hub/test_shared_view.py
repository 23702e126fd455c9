"""What everybody in a meeting looks at together, over real sockets: who may, who follows, who sees nothing of it."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.actions.meeting_records import make_record
from storage.records import ContentId, RoomId, SharedView, TeamId
from tests.hub.test_room_powers import ask, id_of, join
from tests.hub.world import Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def stored(world: World) -> SharedView:
    return await world.hub.context.storage.shared_views.get(world.room_id)


async def view(socket: Socket, revision: int) -> Any:
    return await socket.expect("room:view", lambda each: each["revision"] >= revision)


async def show_to(world: World, content_id: str, rung: str) -> None:
    changed = await world.founder.call("PUT", f"/api/v1/contents/{content_id}/visibility", {"visibility": rung})
    assert changed.status == 200, changed


async def test_what_a_teacher_opens_is_open_for_all_and_for_who_comes_late(world: World) -> None:
    wall = await world.create("wall", "Rivers")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    opened = await ask(world, teacher, "view:open", content_id=wall, place={"anchor": "card-1"})
    assert opened["is_open"] and opened["unseen_by"] == []
    told = await view(pupil, 1)
    assert told["opened"]["content_id"] == wall and told["opened"]["presenter_id"] == id_of(world.founder)
    assert "Rivers" not in str(told), "no title travels: each page asks for the content itself"
    await ask(world, teacher, "view:turn", content_id=wall, place={"anchor": "card-7", "offset": 0.5})
    assert (await view(pupil, 2))["opened"]["anchor"] == "card-7"
    late = await join(world, world.teacher)
    assert (await view(late, 2))["opened"]["offset"] == 0.5
    await ask(world, late, "view:turn", content_id=wall, place={"anchor": "elsewhere"})
    assert (await stored(world)).revision == 2, "only the presenter's place is followed"
    await ask(world, late, "view:open", content_id=wall)
    taken_over = await view(pupil, 3)
    assert taken_over["opened"]["presenter_id"] == id_of(world.teacher)
    assert taken_over["opened"]["anchor"] == "card-7", "who takes over goes on where they are"
    await ask(world, teacher, "view:close")
    assert (await view(pupil, 4))["opened"] is None


async def test_two_teachers_who_open_at_once_end_in_one_state(world: World) -> None:
    first, second = await world.create("wall"), await world.create("document")
    one, two, pupil = [await join(world, each) for each in (world.founder, world.teacher, world.pupil)]
    await asyncio.gather(
        *(ask(world, one, "view:open", content_id=first) for _ in range(3)),
        *(ask(world, two, "view:open", content_id=second) for _ in range(3)),
    )
    now = await stored(world)
    for socket in (one, two, pupil):
        told = await view(socket, now.revision)
        assert (told["revision"], told["opened"]["content_id"]) == (now.revision, now.opened_id)


FORBIDDEN: dict[str, dict[str, Any]] = {
    "view:open": {"content_id": "WALL"},
    "view:close": {},
    "view:turn": {"content_id": "WALL", "place": {"anchor": "mine"}},
    "view:spotlight": {"user_ids": ["SELF"]},
    "view:timer": {"step": "start", "length_ms": 60_000},
}


@pytest.mark.parametrize("event", FORBIDDEN)
async def test_a_pupil_who_sends_it_all_the_same_gains_nothing(world: World, event: str) -> None:
    names = {"SELF": id_of(world.pupil), "WALL": await world.create("wall")}
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "view:open", content_id=names["WALL"])
    await ask(world, teacher, "view:timer", step="start", length_ms=1_000_000)
    before = await stored(world)
    sent = {
        key: [names[each] for each in value] if isinstance(value, list) else names.get(str(value), value)
        for key, value in FORBIDDEN[event].items()
    }
    reply = await pupil.call(event, {"room_id": world.room_id, **sent})
    assert reply["error"]["code"] == "not_found"
    assert await stored(world) == before


async def test_what_somebody_in_the_meeting_may_not_see_is_not_opened(world: World) -> None:
    diary = await world.create("document", "For teachers")
    await show_to(world, diary, "teachers")
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    refused = await ask(world, teacher, "view:open", content_id=diary)
    assert (refused["is_open"], refused["unseen_by"]) == (False, [id_of(world.pupil)])
    assert (await stored(world)).opened_id is None
    assert [name for name, _ in pupil.heard() if name == "room:view"] == []
    await ask(world, pupil, "room:leave")
    assert (await ask(world, teacher, "view:open", content_id=diary))["is_open"]
    again = await join(world, world.pupil)
    told = await view(again, 1)
    unseen = await teacher.expect("room:unseen")
    assert unseen["user_id"] == id_of(world.pupil), "the presenter hears that somebody sees nothing"
    assert "For teachers" not in str(told)


async def test_only_contents_of_this_twinspace_that_the_teacher_sees_are_opened(world: World) -> None:
    teacher = await join(world, world.founder)
    for content_id in ("absent", await world.create("document")):
        if content_id != "absent":
            await show_to(world, content_id, "teachers")
            teacher = await join(world, world.teacher)
            await world.hub.context.storage.contents.set_visibility(ContentId(content_id), "team", TeamId("none"))
        reply = await teacher.call("view:open", {"room_id": world.room_id, "content_id": content_id})
        assert reply["error"]["code"] == "not_found"


async def test_the_spotlight_names_two_members_at_most(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    people = [id_of(world.pupil), id_of(world.teacher)]
    await ask(world, teacher, "view:spotlight", user_ids=people)
    assert (await view(pupil, 1))["spotlight"] == people
    stranger: Person = world.people["stranger"]
    for user_ids in ([*people, id_of(world.founder)], [id_of(stranger)], ["absent"]):
        reply = await teacher.call("view:spotlight", {"room_id": world.room_id, "user_ids": user_ids})
        assert reply["error"]["code"] in ("invalid", "not_found")
    await ask(world, teacher, "view:spotlight", user_ids=[])
    assert (await view(pupil, 2))["spotlight"] == []


async def test_everybody_counts_down_by_the_hubs_clock(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    await ask(world, teacher, "view:timer", step="start", length_ms=300_000)
    told = await view(pupil, 1)
    assert told["timer"]["ends_at_ms"] - told["now_ms"] == told["timer"]["left_ms"] <= 300_000
    await ask(world, teacher, "view:timer", step="pause")
    stands = (await view(pupil, 2))["timer"]
    assert stands["ends_at_ms"] is None and 0 < stands["left_ms"] <= 300_000
    await ask(world, teacher, "view:timer", step="add", length_ms=60_000)
    assert (await view(pupil, 3))["timer"]["left_ms"] == stands["left_ms"] + 60_000
    late = await join(world, world.teacher)
    assert (await view(late, 3))["timer"]["length_ms"] == 360_000
    await ask(world, late, "view:timer", step="resume")
    assert (await view(pupil, 4))["timer"]["ends_at_ms"] is not None
    await ask(world, teacher, "view:timer", step="end")
    assert (await view(pupil, 5))["timer"] is None
    await ask(world, teacher, "view:timer", step="end")
    assert (await stored(world)).revision == 5, "what changes nothing is told to nobody"


async def test_it_ends_with_the_meeting_whose_record_says_what_was_opened(world: World) -> None:
    wall = await world.create("wall", "Rivers")
    teacher = await join(world, world.founder)
    assert await world.hub.context.live_meetings.is_held(RoomId(world.room_id))
    await ask(world, teacher, "view:open", content_id=wall)
    await ask(world, teacher, "view:timer", step="start", length_ms=300_000)
    (meeting,) = await world.hub.context.storage.held_meetings.of_twinspace(world.twinspace_id)
    so_far = await make_record(world.hub.context, meeting, world.hub.context.now_ms())
    assert [each["content_id"] for each in so_far["opened"]] == [wall]
    await ask(world, teacher, "room:end")
    after = await stored(world)
    assert (after.opened_id, after.timer_length_ms) == (None, 0)
    kept = await world.founder.get(f"{world.path}/held-meetings/{meeting.id}")
    assert [each["content_id"] for each in kept["opened"]] == [wall]
    assert wall in [each["id"] for each in kept["contents"]]
