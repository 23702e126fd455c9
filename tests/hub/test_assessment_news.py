"""Who assesses is told, is reminded, and has it on the desk; a founder may move the day on which it is shown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hub.assessment_news import DAY_MS
from hub.assessment_standing import look_after
from storage.records import AssessmentId
from tests.hub.test_assessments import Class, id_of, say, school
from tests.hub.test_desk import desk, sources
from tests.hub.world import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

__all__ = ["school"]


async def told(person: Person) -> list[str]:
    return [each["kind"] for each in (await person.get("/api/v1/me/notices"))["notices"]]


def id_in(path: str) -> AssessmentId:
    return AssessmentId(path.rpartition("/")[2])


async def test_who_assesses_is_told_without_a_word_of_whom(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    socket = await mate.socket()
    path = await school.begin()
    notice = await socket.expect("notice:added")
    assert (notice["kind"], notice["subject_id"]) == ("assess", id_in(path))
    ana = world.founder.user
    assert ana is not None and notice["details"] == {
        "title": "How we assess",
        "rubric_id": school.rubric_id,
        "by": ana.display_name,
        "until_ms": None,
    }
    assert await told(other) == await told(school.lucia) == ["assess"]
    # Who began it knows.
    assert await told(world.founder) == [] and await told(world.teacher) == []
    for person in (school.lucia, mate, other, world.founder):
        assert (await say(person, path, "Well said")).status == 200
    assert await told(school.lucia) == ["assess_shown", "assess"]
    assert await told(mate) == ["assess"]
    assert "Well said" not in json.dumps((await school.lucia.get("/api/v1/me/notices"))["notices"])


async def test_the_desk_counts_what_is_mine_and_what_is_open_in_my_class(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    colleague = await world.add("teacher", "teacher", "a")
    first, second = await school.begin(), await school.begin(assessor_ids=[id_of(mate), id_of(school.lucia)])
    counted = {"assess": 2}
    assert sources(await desk(mate)) == counted == sources(await desk(school.lucia))
    assert sources(await desk(world.founder)) == {"assess": 1, "assess_open": 2}
    # A colleague of the assessed pupil's school sees that they are open; the partner school's teacher does not.
    assert sources(await desk(colleague)) == {"assess_open": 2}
    assert sources(await desk(world.teacher)) == {}
    socket = await world.founder.socket()
    for person in (mate, school.lucia):
        assert (await say(person, second)).status == 200
    await socket.expect("desk:changed", lambda data: data["source"] == "assess")
    assert sources(await desk(mate)) == {"assess": 1}
    assert sources(await desk(world.founder)) == {"assess": 1, "assess_open": 1}
    assert (await say(other, first, send=False)).status == 200
    assert sources(await desk(other)) == {"assess": 1}
    assert (await world.founder.call("DELETE", first)).status == 204
    assert sources(await desk(other)) == sources(await desk(world.founder)) == {}


async def test_nobody_who_left_keeps_it_on_a_desk(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    path = await school.begin(assessor_ids=[id_of(mate), id_of(other)])
    assert (await say(mate, path)).status == 200
    gone = await world.teacher.call("DELETE", f"{world.path}/members/{id_of(other)}")
    assert gone.status == 204
    assert sources(await desk(world.founder)) == {}


async def test_who_has_not_sent_is_reminded_once_a_day_before(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    context = world.hub.context
    path = await school.begin(reveal_at_ms=context.now_ms() + 2 * DAY_MS)
    assert (await say(mate, path)).status == 200
    assert (await say(other, path, send=False)).status == 200
    await look_after(context)
    assert await told(other) == ["assess"]
    # The day before comes: what they were told of it lies further back.
    await context.storage.assessments.move(id_in(path), context.now_ms() + DAY_MS + 1)
    await context.storage.notices.forget(context.now_ms() + 1)
    await context.storage.assessments.move(id_in(path), context.now_ms() + DAY_MS - 60_000)
    for _ in range(2):
        await look_after(context)
    assert await told(other) == await told(school.lucia) == ["assess_soon"]
    assert await told(mate) == []


async def test_it_is_shown_when_its_time_comes_though_nobody_looks(school: Class) -> None:
    world, (mate, _) = school.world, school.peers
    context = world.hub.context
    path = await school.begin(reveal_at_ms=context.now_ms() + DAY_MS)
    assert (await say(mate, path)).status == 200
    socket = await school.lucia.socket()
    await context.storage.assessments.move(id_in(path), context.now_ms() - 1)
    await look_after(context)
    await socket.expect("notice:added", lambda data: data["kind"] == "assess_shown")
    assert (await context.storage.assessments.get(id_in(path))).revealed_at_ms is not None
    await look_after(context)
    assert (await told(school.lucia)).count("assess_shown") == 1


async def test_a_founder_whose_business_it_is_moves_the_day_and_the_journal_says_so(school: Class) -> None:
    world, (mate, other) = school.world, school.peers
    ends = world.hub.context.now_ms() + 5 * DAY_MS
    path = await school.begin(reveal_at_ms=ends)
    assert (await say(mate, path, "Well said")).status == 200
    colleague = await world.add("teacher", "teacher", "a")
    move: dict[str, Any] = {"reveal_at_ms": ends - DAY_MS}
    for person in (colleague, school.lucia, world.teacher):
        assert (await person.call("PUT", f"{path}/reveal", move)).status == 404
    for wrong, field in (({"reveal_at_ms": 1}, "reveal_at_ms"), ({**move, "at_once": True}, None)):
        refused = await world.founder.call("PUT", f"{path}/reveal", wrong)
        assert refused.status == 400 and (field is None or refused.body["field"] == field)
    socket = await other.socket()
    moved = await world.founder.call("PUT", f"{path}/reveal", move)
    assert moved.status == 200 and moved.body["reveal_at_ms"] == ends - DAY_MS and not moved.body["is_shown"]
    notice = await socket.expect("notice:added")
    assert (notice["kind"], notice["details"]["until_ms"]) == ("assess", ends - DAY_MS)
    # Unread, it takes the place of the one that said another day; who has sent is not asked again.
    assert await told(other) == ["assess"]
    entries = (await world.founder.get(f"{world.path}/journal"))["entries"]
    (entry,) = [each for each in entries if each["verb"] == "assessment_moved"]
    assert entry["subject_id"] == school.rubric_id
    assert entry["details"] == {"title": "How we assess", "reveal_at_ms": ends - DAY_MS}
    assert (await world.founder.call("PUT", f"{path}/reveal", {})).body["reveal_at_ms"] is None
    shown = await world.founder.call("PUT", f"{path}/reveal", {"at_once": True})
    assert shown.body["is_shown"] and [each["words"] for each in shown.body["given"]] == [{"voice": "Well said"}]
    assert (await told(school.lucia))[0] == "assess_shown"
    assert (await world.founder.call("PUT", f"{path}/reveal", move)).status == 409


async def test_the_founder_of_the_other_school_moves_nothing_that_is_not_theirs(school: Class) -> None:
    world = school.world
    assert world.teacher.user is not None
    await world.hub.context.storage.twinspaces.set_role(world.twinspace_id, world.teacher.user.id, "founder")
    path = await school.begin()
    assert (await world.teacher.call("PUT", f"{path}/reveal", {"at_once": True})).status == 404
