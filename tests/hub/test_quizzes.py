"""Quizzes through the public API: asked one by one, summed up for each alone and for the schools."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTIONS: list[dict[str, Any]] = [
    {"question": "Rye or wheat?", "options": ["Rye", "Wheat"], "right": [0]},
    {"question": "Which are rivers?", "options": ["Wisła", "Ebro", "Giewont"], "right": [0, 1]},
    {"question": "Never asked", "options": ["Yes", "No"], "right": [1]},
]


async def prepared(world: World, **more: Any) -> str:
    body = {"title": "Bread and rivers", "questions": QUESTIONS, **more}
    answer = await world.founder.call("POST", f"{world.path}/quizzes", body)
    assert (answer.status, answer.body["state"], answer.body["asked"]) == (201, "prepared", 0), answer
    return f"/api/v1/quizzes/{answer.body['id']}"


async def ask(world: World, path: str, place: int) -> str:
    """Return the path of the question."""
    answer = await world.teacher.call("POST", f"{path}/ask", {"room_id": world.room_id, "place": place})
    assert answer.status == 200 and answer.body["asked"] == place + 1, answer
    return f"/api/v1/polls/{answer.body['polls'][place]['id']}"


async def vote(person: Person, poll: str, *counts: int) -> None:
    answer = await person.call("PUT", f"{poll}/vote", {"counts": list(counts)})
    assert answer.status == 200, answer


async def play(world: World, path: str, people: list[Person]) -> None:
    """The first answers all right, the others miss the second question; the third is never asked."""
    first = await ask(world, path, 0)
    for person in people:
        await vote(person, first, 1, 0)
    second = await ask(world, path, 1)
    await vote(people[0], second, 1, 1, 0)
    for person in people[1:]:
        await vote(person, second, 1, 0, 0)


async def test_each_sees_the_own_score_and_those_who_lead_the_schools(world: World) -> None:
    ours = [await world.add("pupil", "pupil", "a") for _ in range(5)]
    theirs = [await world.add("pupil", "pupil", "b") for _ in range(6)]
    silent = await world.add("pupil", "pupil", "b")
    path = await prepared(world)
    assert (await ours[0].call("GET", path)).status == 404
    assert (await ours[0].get(f"{world.path}/quizzes"))["quizzes"] == []
    await play(world, path, ours)
    seen = await ours[0].get(path)
    assert (seen["state"], seen["mine"], seen["schools"], len(seen["polls"])) == ("open", None, None, 2)
    await vote(theirs[0], f"/api/v1/polls/{seen['polls'][1]['id']}", 1, 1, 0)
    for each in theirs[1:]:
        await vote(each, f"/api/v1/polls/{seen['polls'][1]['id']}", 0, 0, 1)
    # Whoever leads and tries it out is not counted.
    await vote(world.founder, f"/api/v1/polls/{seen['polls'][1]['id']}", 1, 1, 0)
    ended = await world.founder.call("POST", f"{path}/end", {})
    assert (ended.body["state"], ended.body["asked"], ended.body["questions"]) == ("ended", 2, 3)
    sums = {each["school_id"]: (each["people"], each["right"], each["of"]) for each in ended.body["schools"]}
    assert ours[0].user is not None and theirs[0].user is not None
    assert sums == {ours[0].user.school_id: (5, 6, 10), theirs[0].user.school_id: (6, 1, 12)}
    assert [each["school_id"] for each in ended.body["schools"]] == sorted(sums)
    scores = [(await person.get(path))["mine"] for person in (ours[0], ours[1], theirs[0], theirs[1], silent)]
    assert scores == [
        {"right": 2, "of": 2},
        {"right": 1, "of": 2},
        {"right": 1, "of": 2},
        {"right": 0, "of": 2},
        None,
    ]
    assert (await ours[0].get(path))["schools"] is None
    late = await world.teacher.call("POST", f"{path}/ask", {"room_id": world.room_id, "place": 2})
    assert (late.status, late.code) == (409, "conflict")
    assert (await world.founder.call("POST", f"{path}/end", {})).code == "conflict"


async def test_its_sheet_has_schools_and_no_pupil(world: World) -> None:
    ours = [await world.add("pupil", "pupil", "a") for _ in range(5)]
    path = await prepared(world, is_anonymous=False)
    await play(world, path, [world.pupil, *ours])
    sheet = (await world.founder.call("GET", f"{path}/export")).body.decode("utf-8-sig").splitlines()
    assert sheet[0].split(",")[2:4] == ["1. Rye or wheat?", "2. Which are rivers?"]
    assert sheet[-1].split(",")[1:] == ["6", "6", "1", "7", "12"]
    assert len(sheet) <= 4
    for person in (world.pupil, *ours):
        assert person.user is not None and person.user.display_name not in "\n".join(sheet)


async def test_of_few_no_sum_is_told_unless_their_names_are(world: World) -> None:
    for is_anonymous in (True, False):
        path = await prepared(world, is_anonymous=is_anonymous)
        await play(world, path, [world.pupil])
        (school,) = (await world.founder.get(path))["schools"]
        assert (school["people"], school["right"]) == ((None, None) if is_anonymous else (1, 2))


async def test_a_class_before_one_device_has_the_score_of_all_its_pupils(world: World) -> None:
    pupils = [await world.add("pupil", "pupil", "a") for _ in range(6)]
    teacher = await world.founder.socket()
    seated = {"room_id": world.room_id, "pupil_ids": [each.user.id for each in pupils if each.user]}
    assert (await teacher.call("room:join", seated))["ok"]
    path = await prepared(world)
    await vote(world.founder, await ask(world, path, 0), 4, 2)
    await vote(world.founder, await ask(world, path, 1), 6, 6, 0)
    ended = (await world.founder.call("POST", f"{path}/end", {})).body
    # Who of them chose both rivers nobody knows: the second question counts for nobody.
    assert ended["mine"] == {"right": 4, "of": 6}
    assert [(each["people"], each["right"], each["of"]) for each in ended["schools"]] == [(6, 4, 6)]


async def test_the_end_of_the_meeting_is_its_end_and_the_record_keeps_it(world: World) -> None:
    pupils = [world.pupil, *[await world.add("pupil", "pupil", "a") for _ in range(5)]]
    teacher = await world.founder.socket()
    await teacher.enter(world.twinspace_id)
    assert (await teacher.call("room:join", {"room_id": world.room_id}))["ok"]
    await world.hub.context.live_meetings.is_held(world.room_id)
    path = await prepared(world)
    await play(world, path, pupils)
    assert (await teacher.call("room:end", {"room_id": world.room_id}))["ok"]
    assert (await pupils[1].get(path))["mine"] == {"right": 1, "of": 2}
    (held,) = (await world.founder.get(f"{world.path}/held-meetings"))["meetings"]
    for person, leads in ((world.founder, True), (pupils[0], False)):
        (kept,) = (await person.get(f"{world.path}/held-meetings/{held['id']}"))["quizzes"]
        assert (kept["title"], kept["questions"]) == ("Bread and rivers", 2)
        assert kept["mine"] == (None if leads else {"right": 2, "of": 2})
        assert (kept["schools"] is not None) is leads
    await teacher.expect("quiz:changed", lambda told: path.endswith(told["quiz_id"]))


async def test_two_who_press_at_once_skip_no_question(world: World) -> None:
    path = await prepared(world)
    body = {"room_id": world.room_id, "place": 0}
    asks = await asyncio.gather(*(each.call("POST", f"{path}/ask", body) for each in (world.founder, world.teacher)))
    assert sorted(answer.status for answer in asks) == [200, 409]
    assert (await world.founder.get(path))["asked"] == 1
    skipped = await world.founder.call("POST", f"{path}/ask", {**body, "place": 2})
    assert (skipped.status, skipped.code) == (409, "conflict")
    absent = await world.founder.call("POST", f"{path}/ask", {**body, "place": 3})
    assert absent.status == 404


async def test_its_questions_are_asked_and_removed_by_it_alone(world: World) -> None:
    path = await prepared(world)
    poll = f"/api/v1/polls/{(await world.founder.get(path))['polls'][0]['id']}"
    assert (await world.founder.call("POST", f"{poll}/open", {"room_id": world.room_id})).code == "conflict"
    assert (await world.founder.call("DELETE", poll)).code == "conflict"
    text = {"question": "Rye?", "options": ["Rye", "Wheat"]}
    refused = await world.founder.call("PUT", poll, text)
    assert (refused.status, refused.body["field"]) == (400, "right")
    assert (await world.founder.call("PUT", poll, {**text, "right": [1]})).status == 200
    assert (await world.founder.call("DELETE", path)).status == 204
    assert [(await world.founder.call("GET", each)).status for each in (path, poll)] == [404, 404]


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"questions": []},
        {"questions": [{**QUESTIONS[0], "right": []}]},
        {"questions": [{**QUESTIONS[0], "right": [2]}]},
        {"questions": [{**QUESTIONS[0], "options": ["Same", "Same"]}]},
        {"questions": [QUESTIONS[0]] * 41},
        {"seconds": -1},
    ],
)
async def test_what_is_no_quiz_is_refused(world: World, wrong: dict[str, Any]) -> None:
    body = {"title": "Bread", "questions": QUESTIONS, **wrong}
    answer = await world.founder.call("POST", f"{world.path}/quizzes", body)
    assert (answer.status, answer.code) == (400, "invalid")
