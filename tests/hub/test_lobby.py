"""The lobby, class seats and hands, over real sockets."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from hub.lesson.waiting_room import MOST_WAITING
from storage.records import Member, SchoolId, User, UserId
from tests.hub.test_guests import arrive, make_link
from tests.hub.test_room_powers import ask, id_of, join, tracks_peer, until
from tests.hub.world import Person, Socket, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def knock(world: World, person: Person, **more: Any) -> Socket:
    socket = await person.socket()
    await socket.enter(world.twinspace_id)
    reply = await socket.call("room:join", {"room_id": world.room_id, **more})
    assert reply["error"]["code"] == "in_lobby", reply
    return socket


async def test_a_pupil_waits_is_let_in_sent_back_and_waits_again(world: World) -> None:
    teacher = await join(world, world.founder)
    await ask(world, teacher, "lobby:switch", has_lobby=True)
    pupil = await knock(world, world.pupil)
    waiting = await teacher.expect("lobby:changed", lambda each: each["count"] == 1)
    assert waiting["first"][0]["user_id"] == id_of(world.pupil)
    assert (await ask(world, teacher, "lobby:admit", user_id=id_of(world.pupil)))["count"] == 1
    await pupil.expect("lobby:admitted")
    await ask(world, pupil, "room:join")
    await ask(world, teacher, "lobby:send_back", user_id=id_of(world.pupil))
    await pupil.expect("lobby:sent_back")
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 1
    await ask(world, teacher, "lobby:switch", has_lobby=False)
    again = await pupil.call("room:join", {"room_id": world.room_id})
    assert again["error"]["code"] == "in_lobby", "who was sent back waits, lobby or not"
    assert (await ask(world, teacher, "lobby:admit"))["count"] == 1
    await pupil.expect("lobby:admitted")
    await ask(world, pupil, "room:join")
    refused = await teacher.call("lobby:send_back", {"room_id": world.room_id, "user_id": id_of(world.founder)})
    assert refused["error"]["code"] == "conflict"


async def test_who_waits_hears_nothing_and_publishes_nothing(world: World) -> None:
    teacher = await join(world, world.founder)
    await ask(world, teacher, "lobby:switch", has_lobby=True)
    pupil = await knock(world, world.pupil)
    for event, more in {
        "room:publish": {"sdp": "v=0", "tracks": []},
        "room:subscribe": {"sdp": "v=0", "tracks": []},
        "hand:raise": {},
        "hand:list": {},
        "room:react": {"reaction": "clap"},
        "seat:list": {},
    }.items():
        reply = await pupil.call(event, {"room_id": world.room_id, **more})
        assert reply["error"]["code"] == "not_found", event
    assert not [name for name, _ in pupil.heard() if name.startswith(("room:peer", "room:published", "room:hands"))]
    await pupil.close()
    await teacher.expect("lobby:changed", lambda each: each["count"] == 0)


async def test_who_is_in_comes_back_after_a_broken_line_and_does_not_wait(world: World) -> None:
    teacher, pupil = await join(world, world.founder), await join(world, world.pupil)
    peer_id = (await ask(world, pupil, "room:join"))["peer_id"]
    await ask(world, teacher, "lobby:switch", has_lobby=True)
    await ask(world, pupil, "room:join")
    await pupil.close()
    again = await world.pupil.socket()
    assert (await again.call("room:join", {"room_id": world.room_id, "peer_id": peer_id}))["peer_id"] == peer_id
    await again.call("room:leave", {"room_id": world.room_id})
    left = await again.call("room:join", {"room_id": world.room_id, "peer_id": peer_id})
    assert left["error"]["code"] == "in_lobby"
    of_another = await world.add("pupil", "pupil")
    stranger = await of_another.socket()
    place = tracks_peer(world, world.founder)
    refused = await stranger.call("room:join", {"room_id": world.room_id, "peer_id": place})
    assert refused["error"]["code"] == "in_lobby", "another one's place opens nothing"


async def test_the_bell_reaches_teachers_who_are_elsewhere_and_a_guest_waits_without_a_lobby(world: World) -> None:
    guest = await world.add("expert", "guest")
    teacher = await world.teacher.socket()
    await teacher.enter(world.twinspace_id)
    waiting = await knock(world, guest)
    await ask(world, waiting, "lobby:ring")
    rang = await teacher.expect("lobby:rang")
    assert (rang["room_id"], rang["user_id"], rang["count"]) == (world.room_id, id_of(guest), 1)
    again = await waiting.call("lobby:ring", {"room_id": world.room_id})
    assert again["error"]["code"] == "too_many"
    await world.hub.context.storage.twinspaces.remove_member(world.twinspace_id, id_of(guest))
    ended = await waiting.expect("session:ended")
    assert ended["reason"] == "removed", "a membership that ended ends the waiting too"


async def test_a_lobby_of_five_hundred_is_told_in_part_let_in_at_once_and_takes_no_more(world: World) -> None:
    teacher = await join(world, world.founder)
    await ask(world, teacher, "lobby:switch", has_lobby=True)
    storage, lobby = world.hub.context.storage, world.hub.context.room_powers.lobby(world.room_id)
    crowd = [
        User(f"{world.room_id}-{n}", f"{world.room_id}.{n}", f"P{n}", "pupil", SchoolId("school-b"), "pl", 0)  # type: ignore[arg-type]
        for n in range(MOST_WAITING)
    ]
    for each in crowd:
        await storage.users.add_user(each)
        lobby.knock(each, f"socket-of-{each.id}", 0)
    refused = await (await world.pupil.socket()).call("room:join", {"room_id": world.room_id})
    assert refused["error"]["code"] == "lobby_full"
    listed = await ask(world, teacher, "lobby:list")
    assert (listed["count"], len(listed["first"])) == (MOST_WAITING, 100)
    assert listed["schools"] == [{"school_id": "school-b", "count": MOST_WAITING}]
    assert (await ask(world, teacher, "lobby:admit", school_id="school-b"))["count"] == MOST_WAITING
    standings = await storage.room_powers.standings(world.room_id)
    assert sum(each.admitted_at_ms is not None for each in standings) == MOST_WAITING
    await knock(world, world.pupil)


async def classes(world: World) -> tuple[list[str], list[str]]:
    """28 pupils of one school and 24 of the other."""
    people = [await world.add("pupil", "pupil", "a") for _ in range(28)]
    others = [await world.add("pupil", "pupil", "b") for _ in range(24)]
    return [id_of(each) for each in people], [id_of(each) for each in others]


async def test_two_class_seats_meet_through_the_lobby_and_count_fifty_two(world: World) -> None:
    ours, theirs = await classes(world)
    marek = await world.add("teacher", "teacher", "b")
    ana = await join(world, world.founder, pupil_ids=ours)
    await ask(world, ana, "lobby:switch", has_lobby=True)
    class_b = await knock(world, marek, pupil_ids=theirs)
    waiting = await ana.expect("lobby:changed", lambda each: each["count"] == 1)
    assert waiting["first"][0]["pupil_count"] == 24
    await ask(world, ana, "lobby:admit")
    await class_b.expect("lobby:admitted")
    await ask(world, class_b, "room:join", pupil_ids=theirs)
    here = world.hub.context.room_powers.pupils_here(world.room_id)
    assert len(here) == 52 and {each.pupil_id for each in here} == {*ours, *theirs}
    order = []
    for pupil_id in ours[:5]:
        await ask(world, ana, "hand:raise", pupil_id=pupil_id)
    for pupil_id in theirs[:2]:
        await ask(world, class_b, "hand:raise", pupil_id=pupil_id)
    queue = (await ask(world, ana, "hand:list"))["hands"]
    assert [each["school_id"][-1] for each in queue] == ["a", "b", "a", "b", "a", "a", "a"]
    for _ in range(3):
        await ask(world, ana, "hand:call")
        order.append((await class_b.expect("room:called"))["hand"]["school_id"][-1])
    assert order == ["a", "b", "a"]
    await ask(world, ana, "seat:name", pupil_id=theirs[1], name="Kuba")
    renamed = await class_b.expect("room:hands", lambda each: any(hand["name"] == "Kuba" for hand in each["hands"]))
    assert renamed
    seats = (await ask(world, ana, "seat:list"))["seats"]
    assert sorted(len(each["pupils"]) for each in seats) == [24, 28]
    assert {*seats[0]["without_camera"]} <= {each["pupil_id"] for each in seats[0]["pupils"]}
    await ask(world, class_b, "seat:put", pupil_ids=theirs[:20])
    assert len(world.hub.context.room_powers.pupils_here(world.room_id)) == 48
    await class_b.close()
    stored = await world.hub.context.storage.class_seats.of_room(world.room_id)
    assert len(stored) == 48, "a device that comes back after a restart is the same class"


@pytest.mark.parametrize("count", [0, 1, 61, 1_000])
async def test_a_seat_of_too_few_or_too_many_is_refused_with_a_clear_word(world: World, count: int) -> None:
    socket = await world.founder.socket()
    names = [f"pupil-{n}" for n in range(count)]
    reply = await socket.call("room:join", {"room_id": world.room_id, "pupil_ids": names})
    assert reply["error"] == {
        "code": "invalid",
        "detail": f"A class seat is for 2 to 60 pupils; this one names {count}.",
        "field": "pupil_ids",
    }
    assert world.hub.context.live_rooms.peer_count(world.room_id) == 0


async def test_hands_are_up_once_and_of_two_teachers_one_calls(world: World) -> None:
    one, two = await join(world, world.founder), await join(world, world.teacher)
    pupil = await join(world, world.pupil)
    await ask(world, pupil, "hand:raise")
    again = await pupil.call("hand:raise", {"room_id": world.room_id})
    assert again["error"]["code"] == "conflict"
    wrong = await pupil.call("hand:raise", {"room_id": world.room_id, "pupil_id": id_of(world.pupil)})
    assert wrong["error"]["field"] == "pupil_id"
    hand = (await ask(world, one, "hand:list"))["hands"][0]
    calls = [socket.call("hand:call", {"room_id": world.room_id, "hand_id": hand["id"]}) for socket in (one, two)]
    answers = await asyncio.gather(*calls)
    assert sorted(answer["ok"] for answer in answers) == [False, True]
    refused = next(answer for answer in answers if not answer["ok"])
    assert refused["error"]["code"] in ("conflict", "not_found")
    await ask(world, pupil, "hand:raise")
    await pupil.close()
    await world.hub.context.live_rooms.revoke(id_of(world.pupil))
    await one.expect("room:hands", lambda each: each["hands"] == [])


async def test_a_class_gathers_before_a_device_that_is_in_and_whoever_goes_takes_their_hand_down(world: World) -> None:
    storage = world.hub.context.storage
    now_ms = world.hub.context.now_ms()
    ids = [UserId(f"{world.room_id}-{name}") for name in ("ola", "ewa", "jan")]
    for each in ids:
        await storage.users.add_user(
            User(each, each, each, "pupil", SchoolId("school-a"), "es", now_ms, class_name="4b")
        )
        await storage.twinspaces.add_member(Member(world.twinspace_id, each, "pupil", 1, now_ms))
    other, teacher = await join(world, world.teacher), await join(world, world.founder)
    listed = (await ask(world, teacher, "seat:pupils"))["pupils"]
    assert {each["class_name"] for each in listed if each["pupil_id"] in ids} == {"4b"}
    for count in (0, 1):
        refused = await teacher.call("seat:put", {"room_id": world.room_id, "pupil_ids": ids[:count]})
        assert refused["error"]["field"] == "pupil_ids"
    told = await ask(world, teacher, "seat:put", pupil_ids=ids)
    assert (told["class_name"], len(told["pupils"])) == ("4b", 3)
    seen = await other.expect("room:peer_joined", lambda each: each["peer"]["class_size"] is not None)
    assert (seen["peer"]["class_size"], seen["peer"]["class_name"]) == (3, "4b")
    for pupil_id in ids:
        await ask(world, teacher, "hand:raise", pupil_id=pupil_id)
    await ask(world, teacher, "seat:put", pupil_ids=ids[:2])
    up = await other.expect("room:hands", lambda each: len(each["hands"]) == 2)
    assert {each["pupil_id"] for each in up["hands"]} == {*ids[:2]}
    await ask(world, teacher, "room:join")
    alone = await other.expect("room:peer_joined", lambda each: each["peer"]["class_size"] is None)
    assert alone["peer"]["user_id"] == id_of(world.founder)


async def test_a_link_that_is_revoked_ends_its_guests_waiting_and_their_part_in_the_meeting(world: World) -> None:
    link = await make_link(world, role="expert")
    inside, waiting = await arrive(world, link), await arrive(world, link, "Grandpa")
    for each in (inside, waiting):
        assert (await world.founder.call("POST", f"{world.path}/guests/{id_of(each)}")).status == 204
    teacher = await join(world, world.founder)
    first = await knock(world, inside)
    await ask(world, teacher, "lobby:admit")
    await first.expect("lobby:admitted")
    await ask(world, first, "room:join")
    await knock(world, waiting)
    await teacher.expect("lobby:changed", lambda each: each["count"] == 1)
    assert (await world.founder.call("DELETE", f"{world.path}/guest_links/{link['id']}")).status == 204
    await teacher.expect("lobby:changed", lambda each: each["count"] == 0)
    await until(lambda: world.hub.context.live_rooms.roster.user_ids(world.room_id) == {id_of(world.founder)})
