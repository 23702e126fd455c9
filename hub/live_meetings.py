"""Keeps the meetings that are held: who is there since when, and what is written down of them when all have gone.

Stays are rows from their beginning and grow with every round, so a hub that is killed loses seconds of them. A meeting
goes on over a restart, and over everybody's line breaking at once, if somebody is back in time.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from dataclasses import dataclass, field

from hub.actions.meeting_records import announce_record, make_record
from hub.actions.quizzes import end_quizzes
from hub.actions.shared_view import clear_view
from hub.context import Context
from storage import ports
from storage.records import (
    HeldMeeting,
    HeldMeetingId,
    PlannedMeeting,
    Room,
    RoomId,
    SchoolId,
    Stay,
    StayId,
    User,
    UserId,
)

logger = logging.getLogger(__name__)

ROUND_S = 15.0
"""So much of a stay a crash may take."""
EMPTY_MS = 180_000
"""A meeting ends when nobody was there for so long."""
EARLY_MS = 30 * 60_000
"""Who comes this early comes to the planned meeting."""

_Place = tuple[RoomId, UserId, tuple[UserId, ...]]
"""Room, account and, where a class sits before it, its pupils: with others it is another stay."""


@dataclass(slots=True)
class _Held:
    meeting: HeldMeeting
    stays: dict[_Place, StayId] = field(default_factory=dict)
    talk: dict[str, int] = field(default_factory=dict)
    empty_since_ms: int | None = None


@dataclass(frozen=True, slots=True)
class _Change:
    room_id: RoomId
    users: list[User]
    """Who is in the room now, once per peer."""
    present: set[_Place]
    at_ms: int


class LiveMeetings:
    """`start` it and `run` it; LiveRooms calls `note_room` and `note_speaker`; `close` it before storage."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._held: dict[RoomId, _Held] = {}
        self._rooms: dict[RoomId, Room] = {}
        self._floor: dict[RoomId, tuple[SchoolId, int]] = {}
        self._said: dict[RoomId, dict[SchoolId, int]] = {}
        """How long each school spoke, by room, as far as it is not collected."""
        self._changes: asyncio.Queue[_Change] = asyncio.Queue()
        self._writing = asyncio.Lock()

    async def start(self) -> None:
        for meeting in await self._context.storage.held_meetings.running():
            held = _Held(meeting, talk=dict(meeting.talk), empty_since_ms=self._context.now_ms())
            self._held[meeting.room_id] = held

    def note_room(self, room_id: RoomId, users: list[User]) -> None:
        """Who is in the room now, once per peer."""
        self._changes.put_nowait(self._seen_now(room_id, users))

    def note_speaker(self, room_id: RoomId) -> None:
        """Somebody else has the floor there, or nobody."""
        now_ms = self._context.now_ms()
        self._add_talk(room_id, now_ms)
        peer = self._context.live_rooms.roster.get(room_id, self._context.live_rooms.speaker(room_id))
        if peer is None:
            self._floor.pop(room_id, None)
        else:
            self._floor[room_id] = (peer.user.school_id, now_ms)

    async def run(self) -> None:
        """Until cancelled."""
        loop = asyncio.get_running_loop()
        next_round_s = loop.time() + ROUND_S
        while True:
            try:
                async with asyncio.timeout_at(next_round_s):
                    change = await self._changes.get()
            except TimeoutError:
                await self._go_round()
                next_round_s = loop.time() + ROUND_S
                continue
            try:
                await self._take(change)
            except ports.StorageError as error:
                logger.warning("who is in a meeting can't be written down now: %s", error)
            except Exception:
                # One meeting's trouble must not end the record of all others.
                logger.exception("writing down who is in a meeting failed")
            finally:
                self._changes.task_done()

    async def is_held(self, room_id: RoomId) -> bool:
        """Whether people meet in this room, or did a moment ago."""
        await self._changes.join()
        return room_id in self._held

    async def end(self, room_id: RoomId) -> None:
        """Now; the caller has sent everybody out."""
        await self._changes.join()
        if (held := self._held.get(room_id)) is not None:
            await self._end(held, self._context.now_ms())

    async def close(self) -> None:
        """The hub stops in order: whoever is there was there until now; the meeting goes on when it is back."""
        try:
            while not self._changes.empty():
                await self._take(self._changes.get_nowait())
            await self._see_everybody()
        except ports.StorageError as error:
            logger.warning("who was in a meeting can't be written down: %s", error)

    def _seen_now(self, room_id: RoomId, users: list[User]) -> _Change:
        """With the pupils who sit before devices at this moment: they may be others when it is written down."""
        seats: dict[UserId, tuple[UserId, ...]] = {}
        for seat in self._context.room_powers.seats_in_use(room_id):
            seats[seat.seat_id] = (*seats.get(seat.seat_id, ()), seat.pupil_id)
        present = {(room_id, user.id, seats.get(user.id, ())) for user in users}
        return _Change(room_id, users, present, self._context.now_ms())

    async def _take(self, change: _Change) -> None:
        async with self._writing:
            await self._take_alone(change)

    async def _take_alone(self, change: _Change) -> None:
        room_id, present, at_ms = change.room_id, change.present, change.at_ms
        room = await self._room(room_id)
        main_id = room.parent_id or room.id
        held = self._held.get(main_id)
        if held is None:
            if not change.users:
                return
            main = await self._room(main_id)
            held = self._held[main_id] = _Held(await self._begin(main, change.users[0], at_ms))
        gone = {key: stay for key, stay in held.stays.items() if key[0] == room_id and key not in present}
        if gone:
            await self._context.storage.held_meetings.see(held.meeting.id, list(gone.values()), at_ms)
            for key in gone:
                del held.stays[key]
        for key in sorted(present - set(held.stays)):
            stay = Stay(StayId(secrets.token_urlsafe(12)), held.meeting.id, *key, at_ms, at_ms)
            await self._context.storage.held_meetings.begin_stay(stay)
            held.stays[key] = stay.id
        held.empty_since_ms = None if held.stays else at_ms

    async def _room(self, room_id: RoomId) -> Room:
        if room_id not in self._rooms:
            self._rooms[room_id] = await self._context.storage.twinspaces.get_room(room_id)
        return self._rooms[room_id]

    async def _begin(self, room: Room, first: User, at_ms: int) -> HeldMeeting:
        planned = await self._planned(room, at_ms)
        meeting = HeldMeeting(
            id=HeldMeetingId(secrets.token_urlsafe(12)),
            twinspace_id=room.twinspace_id,
            room_id=room.id,
            meeting_id=planned.id if planned else None,
            title=planned.title if planned else room.title,
            agenda=planned.agenda if planned else "",
            created_by=planned.created_by if planned else first.id,
            started_at_ms=at_ms,
            seen_at_ms=at_ms,
            talk={},
            school_id=first.school_id,
        )
        await self._context.storage.held_meetings.begin(meeting)
        return meeting

    async def _planned(self, room: Room, at_ms: int) -> PlannedMeeting | None:
        for meeting in await self._context.storage.plan.meetings(room.twinspace_id):
            if meeting.room_id == room.id and meeting.cancelled_at_ms is None:
                if meeting.starts_at_ms - EARLY_MS <= at_ms < meeting.ends_at_ms:
                    return meeting
        return None

    async def _go_round(self) -> None:
        """What could not be written is written again, those who are there are seen, and empty meetings end."""
        roster = self._context.live_rooms.roster
        try:
            for room_id in roster.room_ids():
                users = [peer.user for peer in roster.peers(room_id)]
                await self._take(self._seen_now(room_id, users))
            await self._see_everybody()
            now_ms = self._context.now_ms()
            for held in list(self._held.values()):
                if held.empty_since_ms is not None and now_ms - held.empty_since_ms >= EMPTY_MS:
                    meeting = await self._context.storage.held_meetings.get(held.meeting.id)
                    await self._end(held, meeting.seen_at_ms)
        except ports.StorageError as error:
            logger.warning("who is in a meeting can't be written down now: %s", error)
        except Exception:
            logger.exception("going round the meetings failed")

    async def _see_everybody(self) -> None:
        now_ms = self._context.now_ms()
        for held in self._held.values():
            if held.stays:
                self._collect_talk(held, now_ms)
                stays = list(held.stays.values())
                await self._context.storage.held_meetings.see(held.meeting.id, stays, now_ms, held.talk)

    def _add_talk(self, room_id: RoomId, now_ms: int) -> None:
        if (floor := self._floor.get(room_id)) is None:
            return
        school_id, since_ms = floor
        self._floor[room_id] = (school_id, now_ms)
        said = self._said.setdefault(room_id, {})
        said[school_id] = said.get(school_id, 0) + now_ms - since_ms

    def _collect_talk(self, held: _Held, now_ms: int) -> None:
        """What was said in the meeting's rooms since it was collected last."""
        for room_id in list(self._floor):
            self._add_talk(room_id, now_ms)
        for room_id in list(self._said):
            room = self._rooms.get(room_id)
            if room is not None and (room.parent_id or room.id) == held.meeting.room_id:
                for school_id, ms in self._said.pop(room_id).items():
                    held.talk[school_id] = held.talk.get(school_id, 0) + ms

    async def _end(self, held: _Held, at_ms: int) -> None:
        context = self._context
        async with self._writing:
            if self._held.pop(held.meeting.room_id, None) is None:
                return
            self._collect_talk(held, context.now_ms())
            try:
                await context.storage.held_meetings.see(held.meeting.id, list(held.stays.values()), at_ms, held.talk)
                meeting = await context.storage.held_meetings.get(held.meeting.id)
                await clear_view(context, meeting.room_id)
                await end_quizzes(context, meeting.twinspace_id, meeting.room_id)
                ended = await context.storage.held_meetings.end(
                    meeting.id, at_ms, await make_record(context, meeting, at_ms)
                )
            except BaseException:
                self._held[held.meeting.room_id] = held  # Written at the next round.
                raise
        if ended:
            await announce_record(context, meeting)
