"""The work plan over HTTP and socket: two editors at once, who sees what, both schools' calendars."""

from __future__ import annotations

from typing import Any

import pytest

from tests.hub.world import Answer, Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

BAKE = {
    "title": "Bake",
    "text": "Each class bakes its own bread.",
    "starts_on": "2026-10-05",
    "ends_on": "2026-10-09",
    "subjects": {"school-a": ["Chemistry"], "school-b": ["Język polski", "Art"]},
}


async def plan(world: World, **changes: Any) -> dict[str, Any]:
    answer = await world.founder.call("POST", f"{world.path}/activities", {**BAKE, **changes})
    assert answer.status == 201, answer
    return dict(answer.body)


async def change(person: Person, world: World, seen: dict[str, Any], **changes: Any) -> Answer:
    names = ("title", "text", "state", "starts_on", "ends_on", "subjects", "team_ids", "content_ids", "revision")
    body = {**{name: seen[name] for name in names}, **changes}
    return await person.call("PUT", f"{world.path}/activities/{seen['id']}", body)


async def activities(person: Person, world: World) -> list[dict[str, Any]]:
    return list((await person.get(f"{world.path}/plan"))["activities"])


async def test_an_activity_is_planned_and_everybody_sees_it_at_once(world: World) -> None:
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    content_id = await world.create("wall")
    activity = await plan(world, content_ids=[content_id])
    told = await socket.expect("plan:changed", lambda data: data["what"] == "activity")
    assert told["id"] == activity["id"]
    assert await activities(world.pupil, world) == [activity]
    assert activity["subjects"] == BAKE["subjects"] and activity["content_ids"] == [content_id]


async def test_who_is_behind_is_told_who_changed_what_and_nothing_is_lost(world: World) -> None:
    activity = await plan(world)
    first = await change(world.founder, world, activity, title="Bread", ends_on="2026-10-16")
    assert first.body["revision"] == 2
    second = await change(world.teacher, world, activity, text="My own words")
    assert (second.status, second.code, second.body["field"]) == (409, "conflict", "title")
    assert world.founder.user is not None
    assert world.founder.user.display_name in second.body["detail"] and "title, dates" in second.body["detail"]
    (now,) = await activities(world.teacher, world)
    assert (now["title"], now["text"]) == ("Bread", BAKE["text"])
    assert [each["fields"] for each in now["changes"]] == [["title", "dates"]]
    again = await change(world.teacher, world, now, text="My own words")
    assert (again.status, again.body["revision"], again.body["title"]) == (200, 3, "Bread")


async def test_a_change_of_nothing_is_no_change(world: World) -> None:
    activity = await plan(world)
    same = await change(world.founder, world, activity)
    assert (same.status, same.body["revision"]) == (200, 1)


async def test_an_activity_goes_only_from_the_state_that_was_seen(world: World) -> None:
    activity = await plan(world)
    await change(world.founder, world, activity, state="running")
    path = f"{world.path}/activities/{activity['id']}"
    refused = await world.teacher.call("DELETE", f"{path}?revision=1")
    assert refused.status == 409 and "state" in refused.body["detail"]
    assert (await world.teacher.call("DELETE", f"{path}?revision=2")).status == 204
    assert (await world.teacher.call("DELETE", f"{path}?revision=2")).status == 404
    assert await activities(world.founder, world) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2026-10-04"}, None),
        ({"starts_on": "2026-02-30"}, "starts_on"),
        ({"team_ids": ["elsewhere"]}, "team_ids"),
        ({"content_ids": ["elsewhere"]}, "content_ids"),
        ({"subjects": {"elsewhere": ["Art"]}}, "subjects"),
        ({"title": " "}, "title"),
        ({"text": "x" * 4001}, "text"),
    ],
)
async def test_what_can_t_be_is_refused_by_name(world: World, changes: dict[str, Any], field: str | None) -> None:
    refused = await world.founder.call("POST", f"{world.path}/activities", {**BAKE, **changes})
    assert (refused.status, refused.code) == (400, "invalid"), refused
    assert field is None or refused.body["field"].startswith(field)
    assert await activities(world.founder, world) == []


async def test_contents_that_one_may_not_see_are_not_named_and_survive_one_s_edits(world: World) -> None:
    content_id = await world.create("document")
    rung = await world.founder.call("PUT", f"/api/v1/contents/{content_id}/visibility", {"visibility": "school"})
    assert rung.status == 200, rung
    activity = await plan(world, content_ids=[content_id])
    for person in (world.pupil, world.teacher):
        assert (await activities(person, world))[0]["content_ids"] == []
    (seen,) = await activities(world.teacher, world)
    assert (await change(world.teacher, world, seen, title="Bread")).status == 200
    assert (await activities(world.founder, world))[0]["content_ids"] == [content_id]
    refused = await change(world.teacher, world, {**activity, "revision": 2}, content_ids=["elsewhere"])
    assert refused.status == 400


async def test_a_closed_project_s_plan_is_only_read(world: World) -> None:
    activity = await plan(world)
    for former, phase in (("during", "after"), ("after", "closed")):
        body = {"former": former, "phase": phase, "although_missing": True}
        assert (await world.founder.call("POST", f"{world.path}/phase", body)).status == 200
    assert (await change(world.founder, world, activity, title="Late")).status == 404
    assert await activities(world.founder, world) == [activity]


async def test_the_way_to_during_names_the_missing_plan(world: World) -> None:
    storage = world.hub.context.storage
    await storage.phases.move(
        world.twinspace_id,
        former="during",
        phase="before",
        moved_by=world.founder.user.id,  # type: ignore[union-attr]
        missing=[],
        at_ms=1,
    )
    missing = {each["code"] for each in (await world.founder.get(f"{world.path}/life"))["missing"]}
    assert "plan" in missing
    refused = await world.founder.call("POST", f"{world.path}/phase", {"former": "before", "phase": "during"})
    assert refused.status == 409 and "work plan" in refused.body["detail"]
    await plan(world)
    missing = {each["code"] for each in (await world.founder.get(f"{world.path}/life"))["missing"]}
    assert "plan" not in missing
    although = {"former": "before", "phase": "during", "although_missing": True}
    moved = await world.founder.call("POST", f"{world.path}/phase", although)
    assert moved.status == 200


async def test_each_school_keeps_its_own_calendar_and_both_see_both(world: World) -> None:
    socket = await world.founder.socket()
    await socket.enter(world.twinspace_id)
    fair = {"title": "Feria", "starts_on": "2026-11-02", "ends_on": "2026-11-03"}
    made = (await world.teacher.call("POST", f"{world.path}/calendar", fair)).body
    await socket.expect("plan:changed", lambda data: data["what"] == "calendar")
    query = f"{world.path}/calendar?since=2026-11-01&until=2026-11-30"
    schools = {each["school_id"]: each for each in (await world.pupil.get(query))["schools"]}
    assert set(schools) == {"school-a", "school-b"}
    assert made in schools["school-b"]["free_days"] and made not in schools["school-a"]["free_days"]
    assert [each["on"] for each in schools["school-b"]["public_holidays"]] == ["2026-11-01", "2026-11-11"]
    assert schools["school-a"]["time_zone"] == "Europe/Madrid"
    path = f"{world.path}/calendar/{made['id']}"
    foreign = await world.founder.call("PUT", path, {**fair, "title": "Ours", "revision": 1})
    assert foreign.status == 404
    assert (await world.teacher.call("PUT", path, {**fair, "title": "Święto", "revision": 1})).status == 200
    stale = await world.teacher.call("DELETE", f"{path}?revision=1")
    assert stale.status == 409 and "Święto" in stale.body["detail"]
    assert (await world.teacher.call("DELETE", f"{path}?revision=2")).status == 204


async def test_a_calendar_is_asked_for_in_pieces(world: World) -> None:
    for since, until in (("2026-01-01", "2027-12-31"), ("2026-02-01", "2026-01-01")):
        answer = await world.founder.call("GET", f"{world.path}/calendar?since={since}&until={until}")
        assert answer.status == 400
