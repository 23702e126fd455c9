"""The contract of held meetings and breakout rooms, over every implementation."""

from __future__ import annotations

from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import (
    BreakoutNote,
    BreakoutNoteId,
    Breakouts,
    BreakoutsId,
    HeldMeeting,
    HeldMeetingId,
    Room,
    RoomId,
    Stay,
    StayId,
    UserId,
)
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, ROOM, SPACE, settle

GROUPS = [{"id": "red", "title": "Red", "user_ids": [LUCIA.id]}]
PLAN = Breakouts(BreakoutsId("plan"), SPACE.id, ROOM.id, None, "Bread", 20, GROUPS, [], ANA.id, 10)
CALL = BreakoutNote(BreakoutNoteId("call"), PLAN.id, "call", "red", LUCIA.id, "", 20)
HELD = HeldMeeting(HeldMeetingId("held"), SPACE.id, ROOM.id, None, "First talk", "Hello", ANA.id, 10, 10, {})
STAY = Stay(StayId("stay"), HELD.id, ROOM.id, LUCIA.id, ("Lucía", "Kuba"), 10, 10)


async def test_a_room_remembers_what_it_is_part_of(storage: Storage) -> None:
    await settle(storage)
    part = Room(RoomId("part"), SPACE.id, "Red", 9, parent_id=ROOM.id)
    await storage.twinspaces.add_room(part)
    assert await storage.twinspaces.rooms(SPACE.id) == [ROOM, part]


async def test_breakouts_are_changed_by_who_saw_them_last(storage: Storage) -> None:
    await settle(storage)
    await storage.breakouts.add(PLAN)
    opened = replace(PLAN, opened_at_ms=50, closes_at_ms=100, revision=2)
    await storage.breakouts.change(opened)
    with pytest.raises(Conflict):
        await storage.breakouts.change(replace(PLAN, title="Late", revision=2))
    with pytest.raises(NotFound):
        await storage.breakouts.change(replace(PLAN, id=BreakoutsId("absent"), revision=2))
    assert await storage.breakouts.get(PLAN.id) == opened
    later = replace(PLAN, id=BreakoutsId("later"), created_at_ms=11)
    await storage.breakouts.add(later)
    assert await storage.breakouts.of_twinspace(SPACE.id) == [later, opened]
    assert await storage.breakouts.of_room(ROOM.id) == [later, opened]
    assert await storage.breakouts.of_twinspace(OTHER_SPACE.id) == []


async def test_open_breakouts_are_found_by_the_clock(storage: Storage) -> None:
    await settle(storage)
    await storage.breakouts.add(PLAN)
    timed = replace(PLAN, id=BreakoutsId("timed"), opened_at_ms=50, closes_at_ms=100)
    endless = replace(timed, id=BreakoutsId("endless"), closes_at_ms=None)
    await storage.breakouts.add(timed)
    await storage.breakouts.add(endless)
    assert {each.id for each in await storage.breakouts.open_after(99)} == {timed.id, endless.id}
    assert await storage.breakouts.open_after(100) == [endless]


async def test_breakouts_go_with_their_notes(storage: Storage) -> None:
    await settle(storage)
    await storage.breakouts.add(PLAN)
    await storage.breakouts.add_note(CALL)
    with pytest.raises(Conflict):
        await storage.breakouts.remove(PLAN.id, 2)
    await storage.breakouts.remove(PLAN.id, 1)
    assert await storage.breakouts.notes(PLAN.id) == []
    with pytest.raises(NotFound):
        await storage.breakouts.get(PLAN.id)


async def test_the_first_answer_to_a_call_counts(storage: Storage) -> None:
    await settle(storage)
    await storage.breakouts.add(PLAN)
    await storage.breakouts.add_note(CALL)
    answered = replace(CALL, answered_by=ANA.id, answered_at_ms=30)
    assert await storage.breakouts.answer_note(CALL.id, ANA.id, 30) == answered
    assert await storage.breakouts.answer_note(CALL.id, LUCIA.id, 40) == answered
    assert await storage.breakouts.notes(PLAN.id) == [answered]
    assert await storage.breakouts.notes(PLAN.id, since_ms=21) == []
    with pytest.raises(NotFound):
        await storage.breakouts.answer_note(BreakoutNoteId("absent"), ANA.id, 30)


async def test_a_note_needs_its_breakouts_and_its_writer(storage: Storage) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await storage.breakouts.add_note(CALL)
    await storage.breakouts.add(PLAN)
    with pytest.raises(NotFound):
        await storage.breakouts.add_note(replace(CALL, user_id=UserId("absent")))


async def test_a_meeting_ends_once(storage: Storage) -> None:
    await settle(storage)
    await storage.held_meetings.begin(HELD)
    assert await storage.held_meetings.running() == [HELD]
    assert await storage.held_meetings.end(HELD.id, 90, {"messages": 3})
    assert not await storage.held_meetings.end(HELD.id, 95, {"messages": 4})
    ended = replace(HELD, ended_at_ms=90, record={"messages": 3})
    assert await storage.held_meetings.get(HELD.id) == ended
    assert await storage.held_meetings.running() == []
    assert await storage.held_meetings.of_twinspace(SPACE.id) == [ended]
    with pytest.raises(NotFound):
        await storage.held_meetings.end(HeldMeetingId("absent"), 90, {})


async def test_stays_grow_while_somebody_is_seen(storage: Storage) -> None:
    await settle(storage)
    await storage.held_meetings.begin(HELD)
    await storage.held_meetings.begin_stay(STAY)
    other = replace(STAY, id=StayId("other"), user_id=ANA.id, pupils=(), joined_at_ms=5)
    await storage.held_meetings.begin_stay(other)
    await storage.held_meetings.see(HELD.id, [STAY.id], 40, {"school": 12})
    await storage.held_meetings.see(HELD.id, [STAY.id], 50)
    assert await storage.held_meetings.stays(HELD.id) == [other, replace(STAY, seen_at_ms=50)]
    seen = await storage.held_meetings.get(HELD.id)
    assert (seen.seen_at_ms, seen.talk) == (50, {"school": 12})
    with pytest.raises(NotFound):
        await storage.held_meetings.see(HeldMeetingId("absent"), [], 50)


async def test_who_was_in_a_breakout_room_is_known_by_name_and_by_class(storage: Storage) -> None:
    await settle(storage)
    for room_id, parent_id in (("red", ROOM.id), ("blue", ROOM.id), ("other", None)):
        await storage.twinspaces.add_room(Room(RoomId(room_id), SPACE.id, room_id, 9, parent_id=parent_id))
    await storage.held_meetings.begin(HELD)
    for stay_id, room_id, user_id, pupils in (
        ("main", ROOM.id, LUCIA.id, ()),
        ("red", "red", LUCIA.id, ()),
        ("again", "red", LUCIA.id, ()),
        ("blue", "blue", ANA.id, ("Kuba", "5_%")),
        ("other", "other", LUCIA.id, ()),
    ):
        stay = Stay(StayId(stay_id), HELD.id, RoomId(room_id), user_id, tuple(map(UserId, pupils)), 10, 10)
        await storage.held_meetings.begin_stay(stay)
    for user_id, expected in (
        (LUCIA.id, {"red"}),
        (ANA.id, {"blue"}),
        ("Kuba", {"blue"}),
        ("Kub", set()),
        ("_", set()),
    ):
        assert await storage.held_meetings.breakout_rooms_of(SPACE.id, UserId(user_id)) == expected, user_id
    assert await storage.held_meetings.breakout_rooms_of(OTHER_SPACE.id, LUCIA.id) == frozenset()


async def test_who_was_there_is_forgotten_and_the_record_stays(storage: Storage) -> None:
    await settle(storage)
    await storage.held_meetings.begin(HELD)
    await storage.held_meetings.begin_stay(STAY)
    assert await storage.held_meetings.forget_stays(1_000) == 0  # It is still held.
    await storage.held_meetings.end(HELD.id, 90, {})
    assert await storage.held_meetings.forget_stays(90) == 0
    assert await storage.held_meetings.forget_stays(91, dry_run=True) == 1
    assert await storage.held_meetings.forget_stays(91) == 1
    assert await storage.held_meetings.stays(HELD.id) == []
    assert (await storage.held_meetings.get(HELD.id)).ended_at_ms == 90


async def test_a_record_changes_its_rung(storage: Storage) -> None:
    await settle(storage)
    await storage.held_meetings.begin(HELD)
    changed = await storage.held_meetings.set_visibility(HELD.id, "teachers", None)
    assert changed == replace(HELD, visibility="teachers") == await storage.held_meetings.get(HELD.id)
    with pytest.raises(NotFound):
        await storage.held_meetings.set_visibility(HeldMeetingId("absent"), "teachers", None)
