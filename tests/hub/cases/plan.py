"""The work plan: teams, activities, meetings, calendars."""

from __future__ import annotations

from typing import Any

from tests.hub.cases.case import Case
from tests.hub.world import World

ACTIVITY = {"title": "Bake", "starts_on": "2026-10-05", "ends_on": "2026-10-09"}
FREE_DAYS = {"title": "Fair", "starts_on": "2027-08-14", "ends_on": "2027-08-21"}
TIME = {"starts_at": "2027-03-01T10:00", "ends_at": "2027-03-01T11:00", "time_zone": "Europe/Madrid"}


def meeting(ids: dict[str, str]) -> dict[str, Any]:
    return {"title": "First talk", "room_id": ids["room_id"], **TIME, "invited": {"everybody": True}}


async def prepare(world: World, author: str) -> dict[str, str]:
    assert world.teacher.user is not None
    school = world.people[author].user.school_id if world.people[author].user else "school-a"  # type: ignore[union-attr]
    keeper = world.teacher if school == "school-b" else world.founder
    made = {}
    for name, path, body in (
        ("team_id", "teams", {"title": "Bakers", "user_ids": [world.teacher.user.id]}),
        ("activity_id", "activities", ACTIVITY),
        ("meeting_id", "meetings", meeting({"room_id": world.room_id})),
        ("free_days_id", "calendar", FREE_DAYS),
    ):
        answer = await keeper.call("POST", f"{world.path}/{path}", body)
        assert answer.status == 201, answer
        made[name] = answer.body["id"]
    return made


ROUTES: dict[str, Case] = {
    "GET /api/v1/twinspaces/{twinspace_id}/teams": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/teams": Case(lambda ids: {"title": "Poets", "user_ids": []}),
    "PUT /api/v1/twinspaces/{twinspace_id}/teams/{team_id}": Case(
        lambda ids: {"title": "Poets", "user_ids": [], "revision": 1}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/teams/{team_id}": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/plan": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/activities": Case(lambda ids: ACTIVITY),
    "PUT /api/v1/twinspaces/{twinspace_id}/activities/{activity_id}": Case(
        lambda ids: {**ACTIVITY, "title": "Bake more", "revision": 1}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/activities/{activity_id}": Case(query="revision=2"),
    "POST /api/v1/twinspaces/{twinspace_id}/meetings": Case(meeting),
    "POST /api/v1/twinspaces/{twinspace_id}/meeting_series": Case(lambda ids: {**meeting(ids), "until": "2027-03-15"}),
    "PUT /api/v1/twinspaces/{twinspace_id}/meetings/{meeting_id}": Case(
        lambda ids: {**meeting(ids), "title": "Second talk", "revision": 1}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/meetings/{meeting_id}": Case(query="revision=2"),
    "GET /api/v1/twinspaces/{twinspace_id}/meetings/{meeting_id}/invitation": Case(),
    "GET /api/v1/twinspaces/{twinspace_id}/code": Case(),
    "POST /api/v1/twinspaces/{twinspace_id}/code": Case(lambda ids: {"title": "Code", "rules": ["We are kind."]}),
    # tests/hub/test_codes.py accepts a real one.
    "POST /api/v1/twinspaces/{twinspace_id}/code/acceptance": Case(lambda ids: {"text_hash": "0" * 64}, succeeds=False),
    "GET /api/v1/twinspaces/{twinspace_id}/calendar": Case(query="since=2026-09-01&until=2027-06-30"),
    "POST /api/v1/twinspaces/{twinspace_id}/calendar": Case(lambda ids: FREE_DAYS),
    "PUT /api/v1/twinspaces/{twinspace_id}/calendar/{free_days_id}": Case(
        lambda ids: {**FREE_DAYS, "title": "Feria", "revision": 1}
    ),
    "DELETE /api/v1/twinspaces/{twinspace_id}/calendar/{free_days_id}": Case(query="revision=2"),
}
