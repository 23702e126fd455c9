"""What a meeting room allows, class seats, raised hands, in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import Hand, HandId, HandOutcome, RoomId, RoomRules, RoomStanding, SeatPupil, UserId


class MemoryRoomPowers:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def rules(self, room_id: RoomId) -> RoomRules | None:
        self._rows.check_open()
        return self._rows.room_rules.get(room_id)

    async def change_rules(self, start: RoomRules, change: Callable[[RoomRules], RoomRules]) -> RoomRules:
        self._rows.check_open()
        find(self._rows.rooms, start.room_id)
        former = self._rows.room_rules.get(start.room_id, start)
        changed = change(former)
        if changed == former:
            return former
        check_texts(*changed.locked)
        changed = replace(changed, exceptions=dict(changed.exceptions), revision=former.revision + 1)
        self._rows.room_rules[start.room_id] = changed
        return changed

    async def standings(self, room_id: RoomId) -> list[RoomStanding]:
        self._rows.check_open()
        here = (standing for standing in self._rows.room_standings.values() if standing.room_id == room_id)
        return sorted(here, key=lambda standing: standing.user_id)

    async def change_standings(
        self, room_id: RoomId, user_ids: Collection[UserId], change: Callable[[RoomStanding], RoomStanding]
    ) -> list[RoomStanding]:
        self._rows.check_open()
        find(self._rows.rooms, room_id)
        stored = self._rows.room_standings
        changed = []
        for user_id in dict.fromkeys(user_ids):
            find(self._rows.users, user_id)
            changed.append(change(stored.get((room_id, user_id)) or RoomStanding(room_id, user_id)))
        check_texts(*(standing.shown_name for standing in changed))
        stored.update({(room_id, standing.user_id): standing for standing in changed})
        return changed


class MemoryClassSeats:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def put(self, room_id: RoomId, seat_id: UserId, pupils: Sequence[SeatPupil]) -> None:
        self._rows.check_open()
        find(self._rows.rooms, room_id)
        for user_id in (seat_id, *(pupil.pupil_id for pupil in pupils)):
            find(self._rows.users, user_id)
        check_texts(*(pupil.name for pupil in pupils))
        self._rows.class_seats.pop((room_id, seat_id), None)
        if pupils:
            self._rows.class_seats[room_id, seat_id] = tuple(pupils)

    async def of_room(self, room_id: RoomId) -> list[SeatPupil]:
        self._rows.check_open()
        seats = sorted(key for key in self._rows.class_seats if key[0] == room_id)
        return [pupil for key in seats for pupil in self._rows.class_seats[key]]


class MemoryHands:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, hand: Hand) -> None:
        self._rows.check_open()
        find(self._rows.rooms, hand.room_id)
        find(self._rows.users, hand.user_id)
        whose = hand.room_id, hand.user_id, hand.pupil_id
        up = (each for each in self._rows.hands.values() if each.ended_at_ms is None)
        if any((each.room_id, each.user_id, each.pupil_id) == whose for each in up):
            raise Conflict("This hand is up already.")
        add(self._rows.hands, hand.id, hand)

    async def end(self, room_id: RoomId, hand_id: HandId, outcome: HandOutcome, now_ms: int) -> Hand:
        self._rows.check_open()
        hand = find(self._rows.hands, hand_id)
        if hand.room_id != room_id:
            raise NotFound(hand_id)
        if hand.ended_at_ms is not None:
            raise Conflict("This hand is down already.")
        ended = self._rows.hands[hand_id] = replace(hand, ended_at_ms=now_ms, outcome=outcome)
        return ended

    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        self._rows.check_open()
        over = [hand.id for hand in self._rows.hands.values() if hand.raised_at_ms < before_ms]
        for hand_id in [] if dry_run else over:
            del self._rows.hands[hand_id]
        return len(over)

    async def of_room(self, room_id: RoomId, since_ms: int) -> list[Hand]:
        self._rows.check_open()
        found = [
            hand
            for hand in self._rows.hands.values()
            if hand.room_id == room_id and (hand.ended_at_ms is None or hand.ended_at_ms >= since_ms)
        ]
        return sorted(found, key=lambda hand: (hand.raised_at_ms, hand.id))
