"""Keeps what the rules of open rooms say now: read before anybody comes in, changed only together with storage."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine
from dataclasses import replace
from typing import Any

from hub.adult_watch import AdultWatch, family_of
from hub.errors import HubError
from hub.lesson.class_seats import PupilHere, pupils_here
from hub.lesson.powers import Hold, Part, Source, hold, hold_of, is_for_staff, make_exception, track_hold
from hub.lesson.waiting_room import Waiting, WaitingRoom
from hub.live_rooms import LiveRooms
from hub.room_bulletin import KnownRoom, RoomBulletin, leaders_of
from hub.room_peers import Kind, RoomPeer
from hub.room_reactions import RoomReactions
from hub.stages import begin_strict
from storage import ports
from storage.ports import Storage
from storage.records import (
    Hand,
    Room,
    RoomId,
    RoomRules,
    RoomStanding,
    SeatPupil,
    UserId,
)

logger = logging.getLogger(__name__)

HANDS_SINCE_MS = 4 * 3_600_000
"""Hands that were raised before are of another meeting."""


class RoomPowers:
    """`open` a room before anybody is let into it; every change goes through a method here."""

    def __init__(self, storage: Storage, live_rooms: LiveRooms, now_ms: Callable[[], int]) -> None:
        self._storage = storage
        self._live = live_rooms
        self._now_ms = now_ms
        self._rooms: dict[RoomId, KnownRoom] = {}
        self._adults = AdultWatch(self._follow_pause)
        self.bulletin = RoomBulletin(live_rooms, self._rooms, self.part_hold, self.is_paused)
        self.reactions = RoomReactions(live_rooms.roster)
        self._tasks: set[asyncio.Task[None]] = set()
        live_rooms.tracks.gate = self

    async def close(self) -> None:
        for room in self._rooms.values():
            room.cancel_timers()
        self._adults.close()
        self.reactions.close()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # What is asked without waiting

    def hold_of(self, room_id: RoomId, peer: RoomPeer, source: Source) -> Hold | None:
        room = self._rooms.get(room_id)
        if room is None:
            return None
        standing = room.standings.get(peer.user.id)
        return track_hold(source, peer.standpoint, room.rules, standing, alone=self.is_paused(room_id))

    def part_hold(self, room_id: RoomId, peer: RoomPeer, part: Part) -> Hold | None:
        """Why this part of the meeting is closed to who is in it; None: it is open."""
        room = self._rooms[room_id]
        standing = room.standings.get(peer.user.id)
        return hold_of(part, peer.standpoint, room.rules, standing, alone=self.is_paused(room_id))

    def is_for_staff(self, room_id: RoomId, peer: RoomPeer, kind: Kind) -> bool:
        room = self._rooms.get(room_id)
        return room is not None and is_for_staff(kind, peer.standpoint, room.standings.get(peer.user.id))

    def channel_of(self, room_id: RoomId, user_id: UserId) -> str:
        room = self._rooms.get(room_id)
        standing = None if room is None else room.standings.get(user_id)
        return "" if standing is None else standing.interprets

    def is_paused(self, room_id: RoomId) -> bool:
        """No adult is reachable, so that pupils' voices, cameras and chat wait."""
        room = self._rooms.get(room_id)
        return room is not None and self._adults.is_paused(room.family)

    def rules(self, room_id: RoomId) -> RoomRules:
        return self._rooms[room_id].rules

    def standing(self, room_id: RoomId, user_id: UserId) -> RoomStanding:
        return self._rooms[room_id].standing(user_id)

    def lobby(self, room_id: RoomId) -> WaitingRoom:
        return self._rooms[room_id].lobby

    def seats(self, room_id: RoomId) -> list[SeatPupil]:
        return list(self._rooms[room_id].seats) if room_id in self._rooms else []

    def seats_in_use(self, room_id: RoomId) -> list[SeatPupil]:
        """Before devices that are in the meeting as a class."""
        devices = {peer.user.id for peer in self._live.roster.peers(room_id) if peer.class_size is not None}
        return [each for each in self.seats(room_id) if each.seat_id in devices]

    def turn_away(self, room_id: RoomId, user_id: UserId) -> list[Waiting]:
        """They wait no longer; whom to tell so."""
        room = self._rooms.get(room_id)
        if room is None:
            return []
        taken = room.lobby.take(lambda waiting: waiting.user.id == user_id)
        self.bulletin.tell_lobby(room_id)
        return taken

    def pupils_here(self, room_id: RoomId) -> list[PupilHere]:
        """Who is in the meeting as a pupil, before their own device or in a class seat: once each."""
        present = [peer.user for peer in self._live.roster.peers(room_id)]
        return pupils_here(present, self.seats_in_use(room_id))

    def leaders(self, room_id: RoomId) -> list[RoomPeer]:
        return leaders_of(self._live, room_id)

    # Opening and changing

    async def open(self, room: Room) -> None:
        """Know the room's rules from now on, as long as anybody is in it or waits before it."""
        if room.id in self._rooms:
            return
        stored = self._storage.room_powers
        rules = await self.rules_of(room.id)
        standings = {standing.user_id: standing for standing in await stored.standings(room.id)}
        seats = await self._storage.class_seats.of_room(room.id)
        hands = await self._storage.hands.of_room(room.id, self._now_ms() - HANDS_SINCE_MS)
        hands = [hand for hand in hands if hand.raised_at_ms >= self._now_ms() - HANDS_SINCE_MS]
        self._rooms.setdefault(room.id, KnownRoom(room, family_of(room), rules, standings, seats, hands))

    async def rules_of(self, room_id: RoomId) -> RoomRules:
        """As they are stored, whether anybody is in the room or not; of one that nobody has changed, how it begins."""
        if (stored := await self._storage.room_powers.rules(room_id)) is not None:
            return stored
        return await self.defaults(await self._storage.twinspaces.get_room(room_id))

    async def defaults(self, room: Room) -> RoomRules:
        """How strict a room is that nobody has changed: by the stage of the project; a breakout like its meeting."""
        if room.parent_id is not None:
            return RoomRules(room.id, (await self.rules_of(room.parent_id)).locked)
        try:
            stage = (await self._storage.foundings.get(room.twinspace_id)).stage
        except ports.NotFound:
            stage = "unknown"
        return begin_strict(room.id, stage)

    async def change_rules(
        self, room: Room, user_id: UserId | None, change: Callable[[RoomRules], RoomRules]
    ) -> RoomRules:
        """Stored first, then obeyed, then told."""
        start = await self.defaults(room)
        now_ms = self._now_ms()

        def signed(rules: RoomRules) -> RoomRules:
            changed = change(rules)
            return changed if changed == rules else replace(changed, changed_by=user_id, changed_at_ms=now_ms)

        rules = await self._storage.room_powers.change_rules(start, signed)
        known = self._rooms.get(room.id)
        if known is not None and rules.revision > known.rules.revision:
            known.rules = rules
            self.bulletin.tell_rules(room.id)
            await self._live.tracks.review(room.id)
        return rules

    async def change_standings(
        self, room: Room, user_ids: Collection[UserId], change: Callable[[RoomStanding], RoomStanding]
    ) -> None:
        standings = await self._storage.room_powers.change_standings(room.id, user_ids, change)
        known = self._rooms.get(room.id)
        if known is None:
            return
        for standing in standings:
            known.standings[standing.user_id] = standing
        self.bulletin.tell_rules(room.id)
        for standing in standings:
            await self._live.tracks.review(room.id, standing.user_id)

    async def take(self, room: Room, by: UserId, user_id: UserId, part: Part, *, held: bool) -> None:
        """Take a part from one person, whatever they were called to, or give it back: they open it again themselves."""
        known = self._rooms.get(room.id)
        if held and known is not None and known.rules.exceptions.get(part) == user_id:
            await self.change_rules(room, by, lambda rules: make_exception(rules, part, None))
        await self.change_standings(room, [user_id], lambda standing: hold(standing, part, held=held))

    async def put_seat(self, room: Room, seat_id: UserId, pupils: list[SeatPupil]) -> None:
        await self._storage.class_seats.put(room.id, seat_id, pupils)
        known = self._rooms.get(room.id)
        if known is None:
            return
        known.seats = [each for each in known.seats if each.seat_id != seat_id] + pupils
        seated = {each.pupil_id for each in pupils}
        for hand in known.hands:
            if hand.ended_at_ms is None and hand.user_id == seat_id and hand.pupil_id not in (None, *seated):
                self._spawn(self._lower(room, hand))

    async def add_hand(self, room: Room, hand: Hand) -> None:
        await self._storage.hands.add(hand)
        known = self._rooms.get(room.id)
        if known is not None:
            known.hands.append(hand)
            self.bulletin.tell_hands(room.id)

    async def end_hand(self, room: Room, hand: Hand, *, called: bool) -> None:
        """Down again. Who is called may speak although microphones are locked or theirs was taken, and nobody else."""
        ended = await self._storage.hands.end(room.id, hand.id, "called" if called else "lowered", self._now_ms())
        known = self._rooms.get(room.id)
        if known is None:
            return
        known.hands = [ended if each.id == hand.id else each for each in known.hands]
        standing = known.standing(hand.user_id)
        needs_floor = {"microphone"} & {*known.rules.locked, *known.rules.exceptions, *standing.held}
        if called and needs_floor:
            await self.change_rules(room, hand.user_id, lambda rules: make_exception(rules, "microphone", hand.user_id))
        if called:
            self.bulletin.tell_called(room.id, ended)
        self.bulletin.tell_hands(room.id)

    def hands(self, room_id: RoomId) -> list[Hand]:
        """Those that are up, in the order of their turns."""
        return self._rooms[room_id].hands_up(_now_s())

    # What LiveRooms notes

    def note_presence(self, room_id: RoomId) -> None:
        room = self._rooms.get(room_id)
        if room is None:
            return
        peers = self._live.roster.peers(room_id)
        present = {peer.user.id for peer in peers}
        gone, room.present = room.present - present, present
        left = [hand for hand in room.hands if hand.ended_at_ms is None and hand.user_id in gone]
        for hand in left:
            self._spawn(self._lower(room.room, hand))
        if room.rules.exceptions.get("microphone") in gone:
            self._spawn(self._end_turn(room.room))
        self._watch(room.family)
        if not peers and not len(room.lobby):
            self._forget(room)

    def note_voice(self, room_id: RoomId, peer: RoomPeer | None) -> None:
        room = self._rooms.get(room_id)
        if room is None:
            return
        room.talk.note_speaker(None if peer is None else peer.user.school_id, _now_s())
        self.bulletin.tell_talk_soon(room_id)

    def note_roles(self, room_id: RoomId, user_id: UserId, *, leads: bool, guards: bool) -> None:
        """The member's role as it is stored now."""
        for peer in self._live.roster.peers(room_id):
            now = (leads, guards and peer.user.kind != "pupil")
            if peer.user.id == user_id and (peer.leads, peer.guards) != now:
                peer.leads, peer.guards = now
                self._spawn(self._follow_role(room_id, peer))
                self.note_presence(room_id)
                self.bulletin.tell_rules(room_id, peer)

    def forget_session(self, session_id: str) -> None:
        """The socket is gone: it waits nowhere."""
        for room_id, room in list(self._rooms.items()):
            if room.lobby.leave(session_id):
                self.bulletin.tell_lobby(room_id)
                self.note_presence(room_id)

    # The rest

    def _watch(self, family_id: RoomId) -> None:
        rooms = [room.room.id for room in self._rooms.values() if room.family == family_id]
        self._adults.note(family_id, [peer for room_id in rooms for peer in self._live.roster.peers(room_id)])

    def _follow_pause(self, family_id: RoomId) -> None:
        for room in self._rooms.values():
            if room.family == family_id:
                self._spawn(self._live.tracks.review(room.room.id))
                self.bulletin.tell_rules(room.room.id)

    def _forget(self, room: KnownRoom) -> None:
        room.cancel_timers()
        self._rooms.pop(room.room.id, None)

    async def _lower(self, room: Room, hand: Hand) -> None:
        try:
            await self.end_hand(room, hand, called=False)
        except (ports.StorageError, HubError) as error:
            logger.warning("the hand of somebody who left could not be lowered: %s", error)

    async def _end_turn(self, room: Room) -> None:
        """Who had the floor has left: neither they nor the next meeting find it open."""
        try:
            await self.change_rules(room, None, lambda rules: make_exception(rules, "microphone", None))
        except (ports.StorageError, HubError) as error:
            logger.warning("the turn of somebody who left could not be ended: %s", error)

    async def _follow_role(self, room_id: RoomId, peer: RoomPeer) -> None:
        await self._live.trust(room_id, peer)
        await self._live.tracks.review(room_id, peer.user.id)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _now_s() -> float:
    return asyncio.get_running_loop().time()
