"""A room's rules, standings, class seats and hands: the same on every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import partial

import pytest

from hub.lesson.powers import Part, hold, lock, make_exception
from storage import ports
from storage.ports import Storage
from storage.records import Hand, HandId, RoomId, RoomRules, RoomStanding, SeatPupil
from tests.storage.people import ANA, LUCIA, ROOM, settle

START = RoomRules(ROOM.id, ("reactions",))


async def test_rules_begin_as_given_and_every_change_counts(storage: Storage) -> None:
    await settle(storage)
    powers = storage.room_powers
    assert await powers.rules(ROOM.id) is None
    assert await powers.change_rules(START, lambda rules: rules) == START
    assert await powers.rules(ROOM.id) is None, "what changes nothing is not written"
    locked = await powers.change_rules(START, lambda rules: lock(rules, "camera", locked=True))
    assert (locked.locked, locked.revision) == (("camera", "reactions"), 1)
    named = await powers.change_rules(START, lambda rules: make_exception(rules, "camera", LUCIA.id))
    assert named.exceptions == {"camera": LUCIA.id} and named.revision == 2
    assert await powers.rules(ROOM.id) == named
    with pytest.raises(ports.NotFound):
        await powers.change_rules(
            replace(START, room_id=RoomId("none")), lambda rules: lock(rules, "chat", locked=True)
        )


async def test_changes_at_the_same_time_are_all_there(storage: Storage) -> None:
    await settle(storage)
    parts: list[Part] = ["camera", "microphone", "screen", "chat"]
    powers = storage.room_powers
    await asyncio.gather(*(powers.change_rules(START, partial(lock, part=part, locked=True)) for part in parts))
    rules = await storage.room_powers.rules(ROOM.id)
    assert rules is not None
    assert rules.locked == tuple(sorted([*parts, "reactions"])) and rules.revision == len(parts)


async def test_standings_are_per_person_and_changed_together(storage: Storage) -> None:
    await settle(storage)
    powers = storage.room_powers
    assert await powers.standings(ROOM.id) == []
    await powers.change_standings(ROOM.id, [LUCIA.id], lambda each: hold(each, "camera", held=True))
    changed = await powers.change_standings(
        ROOM.id, [LUCIA.id, ANA.id, LUCIA.id], lambda each: replace(each, admitted_at_ms=5, shown_name="Żaneta")
    )
    assert {each.user_id for each in changed} == {LUCIA.id, ANA.id} and len(changed) == 2
    lucia = RoomStanding(ROOM.id, LUCIA.id, ("camera",), admitted_at_ms=5, shown_name="Żaneta")
    found = {each.user_id: each for each in await powers.standings(ROOM.id)}
    assert found[LUCIA.id] == lucia and found[ANA.id].held == ()
    assert await powers.change_standings(ROOM.id, [], lambda each: each) == []


async def test_a_seat_is_put_as_a_whole_and_ends_when_it_is_empty(storage: Storage) -> None:
    await settle(storage)
    seats = storage.class_seats
    first = [SeatPupil(ROOM.id, ANA.id, LUCIA.id, "Lucía"), SeatPupil(ROOM.id, ANA.id, ANA.id, "Ana")]
    await seats.put(ROOM.id, ANA.id, first)
    await seats.put(ROOM.id, LUCIA.id, [SeatPupil(ROOM.id, LUCIA.id, LUCIA.id, "L.")])
    assert await seats.of_room(ROOM.id) == [*first, SeatPupil(ROOM.id, LUCIA.id, LUCIA.id, "L.")]
    await seats.put(ROOM.id, ANA.id, first[:1])
    await seats.put(ROOM.id, LUCIA.id, [])
    assert await seats.of_room(ROOM.id) == first[:1]


async def test_a_hand_is_up_once_goes_down_once_and_is_remembered(storage: Storage) -> None:
    await settle(storage)
    hands = storage.hands
    raised = Hand(HandId("h1"), ROOM.id, LUCIA.id, None, LUCIA.school_id, 10)
    await hands.add(raised)
    with pytest.raises(ports.Conflict):
        await hands.add(replace(raised, id=HandId("h2")))
    await hands.add(Hand(HandId("h3"), ROOM.id, ANA.id, LUCIA.id, ANA.school_id, 5))
    assert [each.id for each in await hands.of_room(ROOM.id, 0)] == ["h3", "h1"]
    called = await hands.end(ROOM.id, HandId("h1"), "called", 20)
    assert (called.ended_at_ms, called.outcome) == (20, "called")
    with pytest.raises(ports.Conflict):
        await hands.end(ROOM.id, HandId("h1"), "lowered", 21)
    with pytest.raises(ports.NotFound):
        await hands.end(RoomId("none"), HandId("h3"), "lowered", 21)
    await hands.add(replace(raised, id=HandId("h4"), raised_at_ms=30))
    assert [each.id for each in await hands.of_room(ROOM.id, 20)] == ["h3", "h1", "h4"]
    assert [each.id for each in await hands.of_room(ROOM.id, 21)] == ["h3", "h4"]
    assert [await hands.forget(30, dry_run=True), await hands.forget(30), await hands.forget(30)] == [2, 2, 0]
    assert [each.id for each in await hands.of_room(ROOM.id, 0)] == ["h4"]
