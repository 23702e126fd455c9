"""Reactions of a meeting, gathered for a moment: of a hall that claps everybody is told a few times a second."""

from __future__ import annotations

import asyncio

from hub.payloads.room_powers import PeerReaction, Reaction, RoomReacted
from hub.room_roster import RoomRoster
from storage.records import RoomId

TELL_EVERY_S = 0.3


class RoomReactions:
    def __init__(self, roster: RoomRoster) -> None:
        self._roster = roster
        self._gathered: dict[RoomId, dict[tuple[str, Reaction], None]] = {}
        self._timers: dict[RoomId, asyncio.TimerHandle] = {}

    def note(self, room_id: RoomId, peer_id: str, reaction: Reaction) -> None:
        """Told with those of the others; the same one of the same peer counts once."""
        self._gathered.setdefault(room_id, {})[peer_id, reaction] = None
        if room_id not in self._timers:
            self._timers[room_id] = asyncio.get_running_loop().call_later(TELL_EVERY_S, self._tell, room_id)

    def close(self) -> None:
        for timer in self._timers.values():
            timer.cancel()

    def _tell(self, room_id: RoomId) -> None:
        del self._timers[room_id]
        gathered = self._gathered.pop(room_id)
        reactions = [PeerReaction(peer_id=peer_id, reaction=reaction) for peer_id, reaction in gathered]
        self._roster.tell(room_id, "room:reacted", RoomReacted(room_id=room_id, reactions=reactions))
