"""The contract of the work plan, planned meetings and calendars, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    Activity,
    ActivityId,
    FreeDays,
    FreeDaysId,
    MeetingId,
    PlannedMeeting,
    RoomId,
    SchoolId,
    TwinspaceId,
    UserId,
)
from tests.storage.people import ANA, DOCUMENT, LUCIA, OTHER_SPACE, ROOM, SCHOOL, SPACE, settle

BAKE = Activity(
    ActivityId("bake"),
    SPACE.id,
    "Bake",
    "Each class bakes.",
    "planned",
    "2026-10-05",
    "2026-10-09",
    {SCHOOL.id: ["Chemistry", "Español"]},
    ("bakers",),
    (DOCUMENT.id,),
    ANA.id,
    10,
    [],
)
TALK = PlannedMeeting(
    MeetingId("talk"),
    SPACE.id,
    ROOM.id,
    "First talk",
    "Hello",
    1000,
    2000,
    "Europe/Madrid",
    {"everybody": True, "user_ids": [], "team_ids": []},
    ANA.id,
    10,
    [],
)
EASTER = FreeDays(FreeDaysId("easter"), SCHOOL.id, "Semana Santa", "2027-03-22", "2027-03-29", ANA.id, 10)


async def test_activities_are_kept_by_their_first_day(storage: Storage) -> None:
    await settle(storage)
    earlier = replace(BAKE, id=ActivityId("meet"), starts_on="2026-09-01", team_ids=(), content_ids=())
    await storage.plan.add_activity(BAKE)
    await storage.plan.add_activity(earlier)
    assert await storage.plan.activities(SPACE.id) == [earlier, BAKE]
    assert await storage.plan.activities(OTHER_SPACE.id) == []
    assert await storage.plan.get_activity(BAKE.id) == BAKE
    with pytest.raises(Conflict):
        await storage.plan.add_activity(BAKE)


async def test_a_stale_change_or_removal_is_a_conflict_and_changes_nothing(storage: Storage) -> None:
    await settle(storage)
    await storage.plan.add_activity(BAKE)
    changed = replace(BAKE, state="running", history=[{"fields": ["state"]}], revision=2)
    await storage.plan.change_activity(changed)
    with pytest.raises(Conflict):
        await storage.plan.change_activity(replace(changed, title="Other"))
    with pytest.raises(Conflict):
        await storage.plan.remove_activity(BAKE.id, 1)
    assert await storage.plan.get_activity(BAKE.id) == changed
    await storage.plan.remove_activity(BAKE.id, 2)
    with pytest.raises(NotFound):
        await storage.plan.remove_activity(BAKE.id, 2)
    with pytest.raises(NotFound):
        await storage.plan.change_activity(replace(changed, revision=3))


async def test_meetings_of_a_member_are_those_of_the_member_s_twinspaces_to_come(storage: Storage) -> None:
    await settle(storage)
    later = replace(TALK, id=MeetingId("later"), starts_at_ms=5000, ends_at_ms=6000)
    over = replace(TALK, id=MeetingId("over"), starts_at_ms=100, ends_at_ms=200)
    cancelled = replace(TALK, id=MeetingId("cancelled"), cancelled_at_ms=50)
    elsewhere = replace(TALK, id=MeetingId("elsewhere"), twinspace_id=OTHER_SPACE.id)
    for meeting in (later, TALK, over, cancelled, elsewhere):
        await storage.plan.add_meeting(meeting)
    assert await storage.plan.meetings_of_member(ANA.id, 200, 6000) == [TALK, later]
    assert await storage.plan.meetings_of_member(ANA.id, 200, 5000) == [TALK]
    assert await storage.plan.meetings_of_member(LUCIA.id, 0, 9000) == []
    assert await storage.plan.meetings(SPACE.id) == [over, cancelled, TALK, later]
    assert await storage.plan.meetings_between(1000, 5000) == [elsewhere, TALK]
    await storage.twinspaces.remove_member(SPACE.id, ANA.id)
    assert await storage.plan.meetings_of_member(ANA.id, 0, 9000) == []


async def test_a_meeting_is_changed_from_the_revision_that_was_seen(storage: Storage) -> None:
    await settle(storage)
    await storage.plan.add_meeting(TALK)
    moved = replace(TALK, starts_at_ms=1500, revision=2)
    await storage.plan.change_meeting(moved)
    with pytest.raises(Conflict):
        await storage.plan.change_meeting(moved)
    assert await storage.plan.get_meeting(TALK.id) == moved


async def test_free_days_belong_to_a_school(storage: Storage) -> None:
    await settle(storage)
    autumn = replace(EASTER, id=FreeDaysId("autumn"), starts_on="2026-11-02", ends_on="2026-11-02")
    await storage.plan.add_free_days(EASTER)
    await storage.plan.add_free_days(autumn)
    assert await storage.plan.free_days([SCHOOL.id]) == [autumn, EASTER]
    assert await storage.plan.free_days([]) == await storage.plan.free_days([SchoolId("absent")]) == []
    changed = replace(EASTER, title="Easter", revision=2)
    await storage.plan.change_free_days(changed)
    with pytest.raises(Conflict):
        await storage.plan.remove_free_days(EASTER.id, 1)
    assert await storage.plan.get_free_days(EASTER.id) == changed
    await storage.plan.remove_free_days(EASTER.id, 2)
    assert await storage.plan.free_days([SCHOOL.id]) == [autumn]


async def test_a_school_s_twinspaces_are_those_where_somebody_of_it_is(storage: Storage) -> None:
    await settle(storage)
    assert await storage.plan.twinspaces_of_school(SCHOOL.id) == [SPACE.id]
    await storage.twinspaces.remove_member(SPACE.id, ANA.id)
    assert await storage.plan.twinspaces_of_school(SCHOOL.id) == []


async def test_what_points_to_nothing_is_not_kept(storage: Storage) -> None:
    await settle(storage)
    for activity in (
        replace(BAKE, twinspace_id=TwinspaceId("absent")),
        replace(BAKE, created_by=UserId("absent")),
    ):
        with pytest.raises(NotFound):
            await storage.plan.add_activity(activity)
    with pytest.raises(NotFound):
        await storage.plan.add_meeting(replace(TALK, room_id=RoomId("absent")))
    with pytest.raises(NotFound):
        await storage.plan.add_free_days(replace(EASTER, school_id=SchoolId("absent")))
    with pytest.raises(ValueError):
        await storage.plan.add_activity(replace(BAKE, text="\0"))
