"""Watches whether an adult can be reached in a meeting and its breakouts: else pupils wait."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from hub.lesson.never_alone import NeverAlone
from hub.room_peers import RoomPeer
from storage.records import Room, RoomId


@dataclass(slots=True)
class _Family:
    """A meeting and its breakouts."""

    watch: NeverAlone = field(default_factory=NeverAlone)
    timer: asyncio.TimerHandle | None = None


class AdultWatch:
    """`note` who is in a family of rooms whenever that changes; `on_change` is told when a pause began or ended."""

    def __init__(self, on_change: Callable[[RoomId], None]) -> None:
        self._on_change = on_change
        self._families: dict[RoomId, _Family] = {}

    def close(self) -> None:
        for family in self._families.values():
            self._stop(family)

    def is_paused(self, family_id: RoomId) -> bool:
        family = self._families.get(family_id)
        return family is not None and family.watch.is_paused

    def note(self, family_id: RoomId, peers: Iterable[RoomPeer]) -> None:
        """`peers`: everybody in the meeting and its breakouts; nobody: it is forgotten."""
        here = list(peers)
        if not here:
            family = self._families.pop(family_id, None)
            if family is not None:
                self._stop(family)
            return
        family = self._families.setdefault(family_id, _Family())
        reachable = any(peer.guards and peer.door == "socket" and peer.session_id is not None for peer in here)
        if family.watch.note(reachable, _now_s()):
            self._on_change(family_id)
        self._plan(family_id, family)

    def _plan(self, family_id: RoomId, family: _Family) -> None:
        self._stop(family)
        deadline = family.watch.next_deadline()
        if deadline is not None:
            family.timer = asyncio.get_running_loop().call_at(deadline, self._pass_deadline, family_id)

    def _pass_deadline(self, family_id: RoomId) -> None:
        family = self._families.get(family_id)
        if family is not None:
            family.timer = None
            if family.watch.handle_deadline(_now_s()):
                self._on_change(family_id)
            self._plan(family_id, family)

    def _stop(self, family: _Family) -> None:
        if family.timer is not None:
            family.timer.cancel()
            family.timer = None


def family_of(room: Room) -> RoomId:
    """A meeting and its breakouts are one: an adult in any of them can be called into the others."""
    return room.parent_id or room.id


def _now_s() -> float:
    return asyncio.get_running_loop().time()
