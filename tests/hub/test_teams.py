"""Teams across the schools: who may be in one, who is told, and what two editors at once come to."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


def ids(*people: Person) -> list[str]:
    return [person.user.id for person in people if person.user]


async def make(world: World, *people: Person, title: str = "Bakers") -> Answer:
    body = {"title": title, "user_ids": ids(*people)}
    return await world.founder.call("POST", f"{world.path}/teams", body)


async def change(person: Person, world: World, team: dict[str, Any], **changes: Any) -> Answer:
    body = {"title": team["title"], "user_ids": team["user_ids"], "revision": team["revision"], **changes}
    return await person.call("PUT", f"{world.path}/teams/{team['id']}", body)


async def test_a_team_crosses_the_schools_and_everybody_is_told(world: World) -> None:
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    olek = await world.add("pupil", "pupil", "b")
    team = (await make(world, world.pupil, olek, world.teacher)).body
    assert team["school_ids"] == ["school-a", "school-b"]
    assert team["adult_ids"] == ids(world.teacher)
    told = await socket.expect("plan:changed")
    assert (told["what"], told["id"]) == ("team", team["id"])
    assert (await world.pupil.get(f"{world.path}/teams"))["teams"] == [team]


async def test_pupils_are_never_a_team_among_themselves(world: World) -> None:
    guest = await world.add("expert", "guest")
    for people in ([world.pupil], [world.pupil, guest], [world.pupil, world.visitor]):
        refused = await make(world, *people)
        assert (refused.status, refused.body["field"]) == (400, "user_ids"), refused
    team = (await make(world, world.pupil, world.teacher)).body
    alone = await change(world.founder, world, team, user_ids=ids(world.pupil))
    assert (alone.status, alone.body["field"]) == (400, "user_ids")
    assert (await world.founder.get(f"{world.path}/teams"))["teams"] == [team]


async def test_a_stranger_can_t_be_in_a_team(world: World) -> None:
    refused = await make(world, world.stranger)
    assert (refused.status, refused.body["field"]) == (400, "user_ids")


async def test_of_two_editors_the_second_is_told_and_nothing_is_lost(world: World) -> None:
    team = (await make(world, world.teacher)).body
    first = await change(world.founder, world, team, title="Bread")
    assert (first.status, first.body["revision"]) == (200, 2)
    second = await change(world.teacher, world, team, title="Cake")
    assert (second.status, second.code) == (409, "conflict") and "Bread" in second.body["detail"]
    assert (await world.founder.get(f"{world.path}/teams"))["teams"][0]["title"] == "Bread"


async def test_who_left_is_not_shown_and_comes_back_into_the_team(world: World) -> None:
    olek = await world.add("pupil", "pupil", "a")
    await make(world, olek, world.teacher)
    assert olek.user is not None
    gone = await world.founder.call("DELETE", f"{world.path}/members/{olek.user.id}")
    assert gone.status == 204
    shown = (await world.founder.get(f"{world.path}/teams"))["teams"][0]
    assert shown["user_ids"] == ids(world.teacher)
    assert (await change(world.founder, world, shown, title="Bread")).status == 200
    await world.founder.call("POST", f"{world.path}/members", {"user_ids": ids(olek)})
    back = (await world.founder.get(f"{world.path}/teams"))["teams"][0]
    assert sorted(back["user_ids"]) == sorted(ids(olek, world.teacher))


async def test_a_team_of_another_twinspace_is_not_here(world: World) -> None:
    path = f"{world.path}/teams/elsewhere"
    assert (await world.founder.call("DELETE", path)).status == 404
    body = {"title": "T", "user_ids": [], "revision": 1}
    assert (await world.founder.call("PUT", path, body)).status == 404
