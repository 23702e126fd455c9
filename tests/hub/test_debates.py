"""A structured debate from the motion to what the vote after it says, and what nobody can find out."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.cases.finding import made
from tests.hub.world import STRANGER, World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_debate_goes_from_vote_to_vote(world: World) -> None:
    teacher, pupil = world.founder, world.pupil
    socket = await pupil.socket()
    await socket.enter(world.twinspace_id)
    debate = await made(teacher, "POST", f"{world.path}/debates", {"motion": "Phones belong in school", "turn_s": 60})
    path = f"/api/v1/debates/{debate['id']}"
    assert (await socket.expect("debate:changed"))["debate_id"] == debate["id"]
    pupils = [pupil, *[await world.add("pupil", "pupil", "b") for _ in range(5)]]
    for person in pupils:
        await made(person, "PUT", f"{path}/vote", {"ballot": "before", "choice": "for"})
    changed = await made(pupil, "PUT", f"{path}/vote", {"ballot": "before", "choice": "undecided"})
    assert (changed["my_choice"], changed["before"]) == ("undecided", None)
    assert (await teacher.get(path))["my_choice"] is None

    async def move(former: str, state: str) -> Any:
        return await teacher.call("POST", f"{path}/state", {"former": former, "state": state})

    assert (await move("before", "after")).code == "invalid"
    assert (await move("speaking", "after")).status == 409
    assert (await pupil.call("POST", f"{path}/state", {"former": "before", "state": "speaking"})).status == 404
    assert (await move("before", "speaking")).body["state"] == "speaking"
    assert (await pupil.call("PUT", f"{path}/vote", {"ballot": "before", "choice": "for"})).status == 409

    for person, side in ((pupil, "for"), (pupils[1], "against")):
        assert (await person.call("POST", f"{path}/turns", {"side": side})).status == 201
    assert (await pupil.call("POST", f"{path}/turns", {"side": "for"})).status == 409
    assert (await pupil.call("POST", f"{path}/turns/1/start", {})).status == 404
    running = await made(teacher, "POST", f"{path}/turns/1/start", {})
    assert 0 <= running["now_ms"] - running["turns"][0]["started_at_ms"] < 60_000
    assert (await teacher.call("POST", f"{path}/turns/2/start", {})).status == 409
    assert (await pupils[1].call("POST", f"{path}/turns/1/end", {})).status == 404
    ended = await made(pupil, "POST", f"{path}/turns/1/end", {})
    assert ended["turns"][0]["ended_at_ms"] >= ended["turns"][0]["started_at_ms"]
    assert (await pupil.call("DELETE", f"{path}/turns/2")).status == 404
    assert (await pupils[1].call("DELETE", f"{path}/turns/2")).status == 204

    assert (await move("speaking", "after")).status == 200
    for person in pupils:
        await made(person, "PUT", f"{path}/vote", {"ballot": "after", "choice": "against"})
    closed = (await move("after", "closed")).body
    # Five for and one undecided: the one takes the five along.
    assert closed["before"] == {"votes_for": None, "votes_against": None, "undecided": None, "total": 6}
    assert closed["after"]["total"] == 6 and closed["after"]["votes_for"] is None
    assert closed == {**(await pupil.get(path)), "now_ms": closed["now_ms"]}
    assert not any(person.user and person.user.id in str({**closed, "turns": []}) for person in pupils)
    verbs = [entry["verb"] for entry in (await teacher.get(f"{world.path}/journal"))["entries"]]
    assert verbs[0] == "debate_closed" and "debate_opened" in verbs


async def test_debates_are_of_their_twinspace(world: World) -> None:
    debate = await made(world.founder, "POST", f"{world.path}/debates", {"motion": "Cats are better"})
    stranger = world.people[STRANGER]
    for method, more, body in (("GET", "", None), ("PUT", "/vote", {"ballot": "before", "choice": "for"})):
        refused = await stranger.call(method, f"/api/v1/debates/{debate['id']}{more}", body)
        absent = await stranger.call(method, f"/api/v1/debates/absent{more}", body)
        assert (refused.status, refused.body) == (absent.status, absent.body) == (404, absent.body)
    for turn_s in (1, 10_000):
        wrong = await world.founder.call("POST", f"{world.path}/debates", {"motion": "x", "turn_s": turn_s})
        assert wrong.body["field"] == "turn_s"
