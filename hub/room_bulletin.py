"""What the rules of open rooms say, told to those whom it concerns."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from hub.lesson.floor import TalkTime, counted, queue
from hub.lesson.powers import PARTS, Hold, Part
from hub.lesson.waiting_room import WaitingRoom
from hub.live_rooms import LiveRooms
from hub.payloads import room_powers as payloads
from hub.room_peers import RoomPeer
from storage.records import Hand, Room, RoomId, RoomRules, RoomStanding, SchoolId, SeatPupil, UserId

TELL_LOBBY_EVERY_S = 0.25
TELL_TALK_EVERY_S = 5.0
SHOWN_WAITING = 100


@dataclass(slots=True)
class KnownRoom:
    """What is known of a room in which somebody is, or before which somebody waits."""

    room: Room
    family: RoomId
    rules: RoomRules
    standings: dict[UserId, RoomStanding]
    seats: list[SeatPupil]
    hands: list[Hand]
    lobby: WaitingRoom = field(default_factory=WaitingRoom)
    talk: TalkTime = field(default_factory=TalkTime)
    lobby_timer: asyncio.TimerHandle | None = None
    talk_timer: asyncio.TimerHandle | None = None
    present: set[UserId] = field(default_factory=set)

    def standing(self, user_id: UserId) -> RoomStanding:
        return self.standings.get(user_id) or RoomStanding(self.room.id, user_id)

    def hands_up(self, now_s: float) -> list[Hand]:
        """Those that are up, in the order of their turns."""
        return queue(self.hands, self.talk.spoken_ms(now_s))

    def cancel_timers(self) -> None:
        for timer in (self.lobby_timer, self.talk_timer):
            if timer is not None:
                timer.cancel()


PartHold = Callable[[RoomId, RoomPeer, Part], Hold | None]


class RoomBulletin:
    """`rooms`: those that are known, as their owner keeps them; `part_hold`: what is closed to whom."""

    def __init__(
        self,
        live_rooms: LiveRooms,
        rooms: Mapping[RoomId, KnownRoom],
        part_hold: PartHold,
        is_paused: Callable[[RoomId], bool],
    ) -> None:
        self._live = live_rooms
        self._rooms = rooms
        self._part_hold = part_hold
        self._is_paused = is_paused

    def tell_rules(self, room_id: RoomId, peer: RoomPeer | None = None) -> None:
        """To each what concerns them; `peer`: to this one alone."""
        room = self._rooms.get(room_id)
        if room is None:
            return
        for each in self._live.roster.peers(room_id) if peer is None else [peer]:
            if each.session_id is not None:
                self._live.roster.tell_peer(each, "room:rules", self._state(room, each))

    def _state(self, room: KnownRoom, peer: RoomPeer) -> payloads.RoomState:
        mine = {part: hold for part in sorted(PARTS) if (hold := self._part_hold(room.room.id, peer, part)) is not None}
        shown = [each for each in room.standings.values() if peer.leads or each.user_id == peer.user.id]
        return payloads.RoomState(
            room_id=room.room.id,
            revision=room.rules.revision,
            locked=list(room.rules.locked),
            exceptions=dict(room.rules.exceptions),
            has_lobby=room.rules.has_lobby,
            is_paused=self._is_paused(room.room.id),
            mine=dict(mine),
            people=[
                payloads.PersonRules(
                    user_id=each.user_id,
                    held=list(each.held),
                    camera_to_staff=each.camera_to_staff,
                    is_removed=each.is_removed,
                    shown_name=each.shown_name,
                    interprets=each.interprets,
                )
                for each in shown
            ],
        )

    def tell_lobby(self, room_id: RoomId) -> None:
        """A class that comes at once is told a few times, not thirty."""
        room = self._rooms.get(room_id)
        if room is not None and room.lobby_timer is None:
            loop = asyncio.get_running_loop()
            room.lobby_timer = loop.call_later(TELL_LOBBY_EVERY_S, self._tell_lobby_now, room_id)

    def _tell_lobby_now(self, room_id: RoomId) -> None:
        room = self._rooms.get(room_id)
        if room is not None:
            room.lobby_timer = None
            for peer in leaders_of(self._live, room_id):
                self._live.roster.tell_peer(peer, "lobby:changed", self.shown_lobby(room_id))

    def shown_lobby(self, room_id: RoomId) -> payloads.LobbyTold:
        room = self._rooms[room_id]
        lobby = room.lobby
        return payloads.LobbyTold(
            room_id=room_id,
            count=len(lobby),
            first=[
                payloads.WaitingPerson(
                    user_id=each.user.id,
                    display_name=room.standing(each.user.id).shown_name or each.user.display_name,
                    school_id=each.user.school_id,
                    is_guest=each.user.kind == "guest",
                    pupil_count=each.pupil_count,
                    since_ms=each.since_ms,
                )
                for each in lobby.first(SHOWN_WAITING)
            ],
            schools=[
                payloads.WaitingSchool(school_id=school_id, count=count)
                for school_id, count in sorted(lobby.schools().items())
            ],
        )

    def tell_seats(self, room_id: RoomId) -> None:
        self._live.roster.tell(room_id, "room:seats", payloads.SeatsChanged(room_id=room_id))

    def tell_hands(self, room_id: RoomId, peer: RoomPeer | None = None) -> None:
        room = self._rooms.get(room_id)
        if room is None:
            return
        told = self.shown_hands(room_id)
        if peer is None:
            self._live.roster.tell(room_id, "room:hands", told)
        else:
            self._live.roster.tell_peer(peer, "room:hands", told)

    def shown_hands(self, room_id: RoomId) -> payloads.Hands:
        room = self._rooms[room_id]
        spoken, turns = room.talk.spoken_ms(_now_s()), counted(room.hands)
        schools: Iterable[SchoolId] = sorted({*spoken, *turns})
        return payloads.Hands(
            room_id=room_id,
            hands=[self._shown_hand(room, hand) for hand in room.hands_up(_now_s())],
            talk=[
                payloads.SchoolTalk(school_id=school_id, spoken_ms=spoken.get(school_id, 0), turns=turns[school_id])
                for school_id in schools
            ],
        )

    def _shown_hand(self, room: KnownRoom, hand: Hand) -> payloads.RaisedHand:
        names = {
            peer.user.id: peer.shown_name or peer.user.display_name for peer in self._live.roster.peers(room.room.id)
        }
        pupils = {(each.seat_id, each.pupil_id): each.name for each in room.seats}
        name = names.get(hand.user_id, "") if hand.pupil_id is None else pupils.get((hand.user_id, hand.pupil_id), "")
        return payloads.RaisedHand(
            id=hand.id,
            user_id=hand.user_id,
            pupil_id=hand.pupil_id,
            name=name,
            school_id=hand.school_id,
            raised_at_ms=hand.raised_at_ms,
        )

    def tell_talk_soon(self, room_id: RoomId) -> None:
        """Talk times: a few times a minute, not with each breath."""
        room = self._rooms.get(room_id)
        if room is not None and room.talk_timer is None:
            loop = asyncio.get_running_loop()
            room.talk_timer = loop.call_later(TELL_TALK_EVERY_S, self._tell_talk, room_id)

    def _tell_talk(self, room_id: RoomId) -> None:
        room = self._rooms.get(room_id)
        if room is not None:
            room.talk_timer = None
            self.tell_hands(room_id)

    def tell_called(self, room_id: RoomId, hand: Hand) -> None:
        called = payloads.Called(room_id=room_id, hand=self._shown_hand(self._rooms[room_id], hand))
        self._live.roster.tell(room_id, "room:called", called)


def leaders_of(live_rooms: LiveRooms, room_id: RoomId) -> list[RoomPeer]:
    """Who leads the meeting and can be told something."""
    return [peer for peer in live_rooms.roster.peers(room_id) if peer.leads and peer.session_id is not None]


def _now_s() -> float:
    return asyncio.get_running_loop().time()
