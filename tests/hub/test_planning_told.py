"""Planning is told and kept: notices to those it concerns, the journal, snapshots; and a series in one step."""

from __future__ import annotations

from typing import Any

import pytest

from hub.snapshot_parts import plan_changes
from tests.hub.cases.finding import made
from tests.hub.test_erasure import keep
from tests.hub.test_meetings import give_address, newest_letter
from tests.hub.test_plan import change, plan
from tests.hub.world import Person, World

pytestmark = pytest.mark.asyncio(loop_scope="session")

WEEKLY = {
    "title": "Reading circle",
    "starts_at": "2026-10-12T10:00",
    "ends_at": "2026-10-12T10:45",
    "until": "2026-11-16",
    "time_zone": "Europe/Madrid",
    "invited": {"everybody": True},
}


async def notices(person: Person, kind: str) -> list[dict[str, Any]]:
    found = (await person.get("/api/v1/me/notices"))["notices"]
    return [notice["details"] for notice in found if notice["kind"] == kind]


async def verbs(world: World) -> list[tuple[str, str]]:
    """Oldest first."""
    entries = (await world.pupil.get(f"{world.path}/journal"))["entries"]
    return [(entry["verb"], entry["details"].get("title", "")) for entry in reversed(entries)]


async def test_who_plans_is_told_what_others_plan_and_the_journal_keeps_it(world: World) -> None:
    assert world.founder.user is not None
    activity = await plan(world)
    assert await notices(world.teacher, "plan") == [{"title": "Bake", "by": world.founder.user.display_name}]
    assert await notices(world.founder, "plan") == await notices(world.pupil, "plan") == []
    running = (await change(world.teacher, world, activity, state="running")).body
    # Only what it is done with: the plan shows it, nobody is told.
    quiet = (await change(world.teacher, world, running, text="With rye")).body
    assert [each["title"] for each in await notices(world.founder, "plan")] == ["Bake"]
    removed = await world.teacher.call(
        "DELETE", f"{world.path}/activities/{activity['id']}?revision={quiet['revision']}"
    )
    assert removed.status == 204
    assert await verbs(world) == [
        ("activity_planned", "Bake"),
        ("activity_changed", "Bake"),
        ("activity_removed", "Bake"),
    ]


async def test_meetings_that_are_planned_moved_and_called_off_stand_in_the_journal(world: World) -> None:
    body = {key: value for key, value in WEEKLY.items() if key != "until"} | {"room_id": world.room_id}
    meeting = await made(world.founder, "POST", f"{world.path}/meetings", body)
    path = f"{world.path}/meetings/{meeting['id']}"
    moved = await made(world.founder, "PUT", path, body | {"ends_at": "2026-10-12T11:00", "revision": 1})
    said = await made(world.founder, "PUT", path, body | {"ends_at": "2026-10-12T11:00", "agenda": "Hi", "revision": 2})
    assert (moved["revision"], said["revision"]) == (2, 3)
    assert (await world.founder.call("DELETE", f"{path}?revision=3")).status == 204
    told = ["meeting_planned", "meeting_changed", "meeting_cancelled"]
    assert await verbs(world) == [(verb, "Reading circle") for verb in told]


async def test_a_series_is_weekly_by_the_clocks_and_leaves_out_days_without_lessons(world: World) -> None:
    """12 October is Spain's feast, 2 and 3 November are free in Kraków, and the clocks go back on 25 October."""
    days = {"title": "Bridge", "starts_on": "2026-11-02", "ends_on": "2026-11-03"}
    await made(world.teacher, "POST", f"{world.path}/calendar", days)
    address = await give_address(world, world.teacher)
    series = await made(world.founder, "POST", f"{world.path}/meeting_series", WEEKLY | {"room_id": world.room_id})
    assert [meeting["starts_at"] for meeting in series["meetings"]] == [
        f"2026-{day}T10:00" for day in ("10-19", "10-26", "11-09", "11-16")
    ]
    hours = [meeting["starts_at_ms"] // 3_600_000 % 24 for meeting in series["meetings"]]
    assert hours == [8, 9, 9, 9]
    assert [(each["on"], each["reason"], each["school_id"]) for each in series["left_out"]] == [
        ("2026-10-12", "public_holiday", "school-a"),
        ("2026-11-02", "free_days", "school-b"),
    ]
    listed = (await world.pupil.get(f"{world.path}/plan"))["meetings"]
    assert {meeting["id"] for meeting in listed} == {meeting["id"] for meeting in series["meetings"]}
    # Told once, with one letter that has them all.
    (told,) = await notices(world.teacher, "meeting_planned")
    assert (told["title"], told["count"]) == ("Reading circle", 4)
    letter = await newest_letter(world, address, 1, "PUBLISH")
    calendar = next(part for part in letter.walk() if part.get_content_type() == "text/calendar")
    assert str(calendar.get_content()).count("BEGIN:VEVENT") == 4
    assert await verbs(world) == [("series_planned", "Reading circle")]


async def test_a_holiday_of_both_countries_is_called_as_the_planner_calls_it(world: World) -> None:
    """6 January is free in Spain and in Poland."""
    days = {"starts_at": "2027-01-06T10:00", "ends_at": "2027-01-06T10:45", "until": "2027-01-13"}
    for planner, school in ((world.founder, "school-a"), (world.teacher, "school-b")):
        body = WEEKLY | days | {"room_id": world.room_id}
        (left_out,) = (await made(planner, "POST", f"{world.path}/meeting_series", body))["left_out"]
        assert (left_out["on"], left_out["school_id"]) == ("2027-01-06", school)


async def test_a_series_has_an_end_at_least_one_day_and_an_hour_that_exists(world: World) -> None:
    path, body = f"{world.path}/meeting_series", WEEKLY | {"room_id": world.room_id}
    for wrong, field in (
        ({"until": "2026-10-11"}, None),
        ({"until": "2027-12-31"}, None),
        ({"until": "2026-10-12"}, "until"),
        ({"room_id": "absent"}, "room_id"),
        ({"ends_at": "2026-10-12T09:00"}, "ends_at"),
    ):
        answer = await world.founder.call("POST", path, body | wrong)
        assert answer.code == "invalid" and (field is None or answer.body["field"] == field), (wrong, answer)
    assert (await world.pupil.call("POST", path, body)).code == "not_found"
    assert (await world.pupil.get(f"{world.path}/plan"))["meetings"] == []
    # On 31 March 2030 the clocks go forward over this hour, and only then.
    night = {"starts_at": "2030-03-17T02:30", "ends_at": "2030-03-17T03:30", "until": "2030-04-07"}
    series = await made(world.founder, "POST", path, body | night)
    assert [each["on"] for each in series["left_out"] if each["reason"] == "no_such_time"] == ["2030-03-31"]


async def test_a_snapshot_holds_the_plan_and_says_what_changed_since_the_one_before(world: World) -> None:
    activity = await plan(world)
    first = await world.pupil.get(f"/api/v1/snapshots/{await keep(world)}")
    assert [(each["what"], each["title"], each["change"]) for each in first["plan"]] == [("activity", "Bake", "added")]
    await change(world.teacher, world, activity, title="Bread", state="running")
    second = await world.pupil.get(f"/api/v1/snapshots/{await keep(world)}")
    assert [(each["title"], each["change"], each["fields"]) for each in second["plan"]] == [
        ("Bread", "changed", ["state", "title"])
    ]
    assert (await world.pupil.get(f"/api/v1/snapshots/{await keep(world)}"))["plan"] == []


async def test_a_plan_that_was_not_kept_before_is_new_and_one_that_is_gone_was_taken_out() -> None:
    kept = {"activities": [{"activity_id": "a", "title": "Bake"}], "meetings": [{"meeting_id": "m", "title": "Talk"}]}
    new = [(each["what"], each["id"], each["change"]) for each in plan_changes(None, kept)]
    assert new == [("activity", "a", "added"), ("meeting", "m", "added")]
    assert [each["change"] for each in plan_changes(kept, None)] == ["removed", "removed"]
    assert plan_changes(kept, kept) == plan_changes(None, None) == []


async def test_a_snapshot_lists_the_files_that_its_reader_may_see_and_counts_the_forum(world: World) -> None:
    link = {"kind": "link", "title": "A map", "url": "https://maps.example/", "folder": "Rivers"}
    shown = await made(world.founder, "POST", f"{world.path}/materials", link)
    secret = await made(world.founder, "POST", f"{world.path}/materials", link | {"title": "Marks"})
    path = f"/api/v1/materials/{secret['id']}/visibility"
    assert (await world.founder.call("PUT", path, {"visibility": "teachers"})).status == 200
    await made(world.pupil, "POST", f"{world.path}/threads", {"title": "Bread", "text": "Which?"})
    kept = await keep(world)
    seen = await world.pupil.get(f"/api/v1/snapshots/{kept}")
    assert [(file["material_id"], file["title"], file["folder"]) for file in seen["files"]] == [
        (shown["id"], "A map", "Rivers")
    ]
    assert (seen["thread_count"], seen["debate_count"]) == (1, 0)
    teachers = await world.teacher.get(f"/api/v1/snapshots/{kept}")
    assert {file["title"] for file in teachers["files"]} == {"A map", "Marks"}
    hidden = {"kind": "material", "subject_id": shown["id"], "reason": "mean"}
    assert (await world.teacher.call("POST", f"{world.path}/hidden", hidden)).status == 204
    assert (await world.pupil.get(f"/api/v1/snapshots/{kept}"))["files"] == []


async def test_the_other_school_is_asked_once_to_accept_the_code(world: World) -> None:
    assert world.founder.user is not None
    begun = await made(world.founder, "POST", f"{world.path}/code", {"title": "Code", "rules": ["We are kind."]})
    for _ in range(2):
        await made(world.founder, "POST", f"{world.path}/code/acceptance", {"text_hash": begun["text_hash"]})
    (asked,) = await notices(world.teacher, "approval")
    assert (asked["what"], asked["by"]) == ("code", world.founder.user.display_name)
    assert await notices(world.founder, "approval") == []


async def test_who_has_to_sign_or_approve_a_founding_is_asked_once_for_each_text(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = world.hub.context
    assert world.teacher.user is not None and world.founder.user is not None
    monkeypatch.setattr(context, "settings", context.settings.model_copy(update={"founding_approval": True}))
    staff = await world.person_of("national_staff")
    proposed = {
        "partner": world.teacher.user.id,
        "title": "Breads of Europe",
        "programme": "ka2",
        "stage": "primary",
        "subjects": ["Cooking"],
        "languages": ["en"],
        "starts_on": "2026-09-01",
        "ends_on": "2027-06-30",
        "room_title": "Our room",
    }
    founding = await made(world.founder, "POST", "/api/v1/foundings", proposed)
    path = f"/api/v1/foundings/{founding['twinspace_id']}"
    asked = {"title": "Breads of Europe", "what": "founding", "by": world.founder.user.display_name}
    assert await notices(world.teacher, "approval") == [asked]
    await made(world.founder, "POST", f"{path}/signature", {"agreement": founding["agreement"]})
    assert await notices(world.teacher, "approval") == [asked] and await notices(staff, "approval") == []
    await made(world.teacher, "POST", f"{path}/signature", {"agreement": founding["agreement"]})
    (to_approve,) = await notices(staff, "approval")
    assert (to_approve["title"], to_approve["what"]) == ("Breads of Europe", "founding")
    assert await notices(world.founder, "approval") == []
