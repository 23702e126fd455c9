"""What a meeting room allows, and who has raised a hand in it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Protocol

from storage.records import Hand, HandId, HandOutcome, RoomId, RoomRules, RoomStanding, SeatPupil, UserId


class RoomPowers(Protocol):
    """Changes are functions of what is stored, run while nobody else can change it: none gets lost, the last one holds.

    Such a function may be called more than once and must do nothing but answer.
    """

    async def rules(self, room_id: RoomId) -> RoomRules | None:
        """None: nobody ever changed them."""
        ...

    async def change_rules(self, start: RoomRules, change: Callable[[RoomRules], RoomRules]) -> RoomRules:
        """`start`: what holds while there is no row. The revision is counted here; unchanged rules are not written."""
        ...

    async def standings(self, room_id: RoomId) -> list[RoomStanding]:
        """Only of those about whom anything was ever said, by user id."""
        ...

    async def change_standings(
        self, room_id: RoomId, user_ids: Collection[UserId], change: Callable[[RoomStanding], RoomStanding]
    ) -> list[RoomStanding]:
        """All of them or none; who has no row begins with an empty standing."""
        ...


class ClassSeats(Protocol):
    async def put(self, room_id: RoomId, seat_id: UserId, pupils: Sequence[SeatPupil]) -> None:
        """In place of the seat's former pupils; none ends the seat."""
        ...

    async def of_room(self, room_id: RoomId) -> list[SeatPupil]:
        """By seat, then in the order they were put."""
        ...


class Hands(Protocol):
    async def add(self, hand: Hand) -> None:
        """Raise Conflict when this user, or this pupil before this seat, has a hand up here already."""
        ...

    async def end(self, room_id: RoomId, hand_id: HandId, outcome: HandOutcome, now_ms: int) -> Hand:
        """Raise Conflict when it is down already: of two teachers who call it one is told."""
        ...

    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        """Take away those that were raised before; returns how many."""
        ...

    async def of_room(self, room_id: RoomId, since_ms: int) -> list[Hand]:
        """Those that are up, and those that went down since, in the order they were raised."""
        ...
