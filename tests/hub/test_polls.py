"""Polls and quizzes through the public API; their arithmetic is in test_poll_rules.py."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

POLL: dict[str, Any] = {"question": "Rye or wheat?", "options": ["Rye", "Wheat", "Spelt"], "right": [0]}


async def prepared(world: World, **more: Any) -> str:
    answer = await world.founder.call("POST", f"{world.path}/polls", {**POLL, **more})
    assert (answer.status, answer.body["state"]) == (201, "prepared"), answer
    return str(answer.body["id"])


async def opened(world: World, **more: Any) -> str:
    poll_id = await prepared(world, **more)
    answer = await world.teacher.call("POST", f"/api/v1/polls/{poll_id}/open", {"room_id": world.room_id})
    assert answer.body["state"] == "open", answer
    return poll_id


async def vote(person: Person, poll_id: str, *counts: int) -> Answer:
    return await person.call("PUT", f"/api/v1/polls/{poll_id}/vote", {"counts": list(counts)})


async def test_what_is_prepared_is_seen_by_those_who_lead_alone(world: World) -> None:
    poll_id = await prepared(world)
    pupil = world.people["pupil"]
    assert (await pupil.get(f"{world.path}/polls"))["polls"] == []
    assert (await pupil.call("GET", f"/api/v1/polls/{poll_id}")).status == 404
    assert (await vote(pupil, poll_id, 1, 0, 0)).status == 404
    assert [poll["id"] for poll in (await world.teacher.get(f"{world.path}/polls"))["polls"]] == [poll_id]


async def test_figures_and_right_answers_are_told_at_the_end(world: World) -> None:
    poll_id = await opened(world)
    pupil, path = world.people["pupil"], f"/api/v1/polls/{poll_id}"
    mine = (await vote(pupil, poll_id, 0, 1, 0)).body
    assert (mine["my_counts"], mine["voices"], mine["tally"], mine["right"], mine["votes"]) == (
        [0, 1, 0],
        1,
        None,
        None,
        None,
    )
    await vote(pupil, poll_id, 1, 0, 0)
    await vote(world.teacher, poll_id, 0, 0, 1)
    leading = await world.founder.get(path)
    assert (leading["tally"], leading["voices"], leading["right_voices"], leading["votes"]) == ([1, 0, 1], 2, 1, None)
    await world.founder.call("POST", f"{path}/end", {})
    seen = await pupil.get(path)
    assert (seen["state"], seen["tally"], seen["right"], seen["right_voices"]) == ("ended", [1, 0, 1], [0], 1)
    late = await vote(pupil, poll_id, 0, 1, 0)
    assert (late.status, late.code) == (409, "poll_ended")
    assert (await world.founder.call("POST", f"{path}/end", {})).code == "poll_ended"
    assert (await pupil.get(path))["tally"] == [1, 0, 1]


async def test_a_class_before_one_device_answers_as_often_as_it_has_pupils(world: World) -> None:
    pupils = [await world.add("pupil", "pupil", "a") for _ in range(3)]
    teacher = await world.founder.socket()
    seated = {"room_id": world.room_id, "pupil_ids": [each.user.id for each in pupils if each.user]}
    assert (await teacher.call("room:join", seated))["ok"]
    poll_id = await opened(world)
    assert (await vote(world.founder, poll_id, 2, 2, 0)).body["detail"] == "Each of 3 has one answer."
    counted = (await vote(world.founder, poll_id, 2, 1, 0)).body
    assert (counted["seats"], counted["voices"], counted["tally"]) == (3, 3, [2, 1, 0])


async def test_time_ends_a_poll_by_the_hubs_clock(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    poll_id = await opened(world, seconds=30)
    pupil, context = world.people["pupil"], world.hub.context
    await vote(pupil, poll_id, 1, 0, 0)
    at_ms = context.now_ms() + 30_000
    monkeypatch.setattr(context, "now_ms", lambda: at_ms)
    assert (await vote(pupil, poll_id, 0, 1, 0)).code == "poll_ended"
    seen = await pupil.get(f"/api/v1/polls/{poll_id}")
    assert (seen["state"], seen["tally"]) == ("ended", [1, 0, 0])


async def test_who_chose_what_is_told_to_those_who_lead_unless_it_is_anonymous(world: World) -> None:
    pupil = world.people["pupil"]
    for is_anonymous in (True, False):
        poll_id = await opened(world, is_anonymous=is_anonymous, question="=Rye?")
        await vote(pupil, poll_id, 1, 0, 0)
        path = f"/api/v1/polls/{poll_id}"
        sheet = (await world.founder.call("GET", f"{path}/export")).body.decode("utf-8-sig")
        assert sheet.splitlines()[:3] == ["'=Rye?,,", "Rye,1,✓", "Wheat,0,"]
        assert pupil.user is not None
        assert (pupil.user.display_name in sheet) is not is_anonymous
        assert (await world.founder.get(path))["votes"] == (
            None
            if is_anonymous
            else [{"user_id": pupil.user.id, "display_name": pupil.user.display_name, "counts": [1, 0, 0]}]
        )
        assert (await pupil.get(path))["votes"] is None


@pytest.mark.parametrize("counts", [[1, 1, 0], [0, 0, 0], [1, 0], [2, 0, 0], [1, 0, 0, 0]])
async def test_what_is_no_answer_is_refused_with_its_reason(world: World, counts: list[int]) -> None:
    poll_id = await opened(world)
    refused = await vote(world.people["pupil"], poll_id, *counts)
    assert (refused.status, refused.code) == (400, "invalid") and refused.body["field"] == "counts"
    assert (await world.founder.get(f"/api/v1/polls/{poll_id}"))["voices"] == 0


@pytest.mark.parametrize(
    "wrong", [{"options": ["One"]}, {"options": ["Same", "Same"]}, {"right": [3]}, {"right": [0, 1]}, {"seconds": -1}]
)
async def test_what_is_no_poll_is_refused(world: World, wrong: dict[str, Any]) -> None:
    answer = await world.founder.call("POST", f"{world.path}/polls", {**POLL, **wrong})
    assert (answer.status, answer.code) == (400, "invalid")


async def test_two_teachers_open_and_end_at_once_and_one_is_told(world: World) -> None:
    path = f"/api/v1/polls/{await prepared(world)}"
    both = [world.founder, world.teacher]
    body = {"room_id": world.room_id}
    opens = await asyncio.gather(*(person.call("POST", f"{path}/open", body) for person in both))
    assert sorted(answer.status for answer in opens) == [200, 409]
    assert (await world.founder.call("PUT", path, POLL)).code == "conflict"
    ends = await asyncio.gather(*(person.call("POST", f"{path}/end", {}) for person in both))
    assert sorted(str(answer.code) for answer in ends) == ["None", "poll_ended"]


async def test_everybody_hears_that_it_opens_and_those_who_lead_of_answers(world: World) -> None:
    pupil, teacher = world.people["pupil"], world.teacher
    sockets = [await person.socket() for person in (pupil, teacher)]
    for socket in sockets:
        await socket.enter(world.twinspace_id)
    poll_id = await opened(world)
    for socket in sockets:
        await socket.expect("poll:changed", lambda data: data["poll_id"] == poll_id)
    await vote(pupil, poll_id, 1, 0, 0)
    await sockets[1].expect("poll:changed", lambda data: data["poll_id"] == poll_id)
