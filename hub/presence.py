"""Who is in which TwinSpace right now: plain bookkeeping, never stored, no I/O and no clock.

A session is here once it entered; a user is online while at least one session of theirs is, in this process or another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from storage.records import TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class Entered:
    """One session's place in one TwinSpace."""

    twinspace_id: TwinspaceId
    user_id: UserId


class Presence:
    def __init__(self) -> None:
        self._sessions: dict[TwinspaceId, dict[str, UserId]] = defaultdict(dict)
        self._places: dict[str, set[TwinspaceId]] = defaultdict(set)
        self._elsewhere: dict[str, set[Entered]] = {}
        self._epochs: dict[Entered, int] = {}

    def enter(self, session_id: str, twinspace_id: TwinspaceId, user_id: UserId, epoch: int) -> bool:
        """`epoch` is that of the membership. Return whether the user came online in the TwinSpace by this."""
        was_online = user_id in self.online(twinspace_id)
        # An older window may not know yet what a newer one was told.
        self._epochs.setdefault(Entered(twinspace_id, user_id), epoch)
        self._sessions[twinspace_id][session_id] = user_id
        self._places[session_id].add(twinspace_id)
        return not was_online

    def leave(self, session_id: str, twinspace_id: TwinspaceId) -> bool:
        """Return whether the user went offline in the TwinSpace by this."""
        user_id = self._sessions[twinspace_id].pop(session_id, None)
        self._places[session_id].discard(twinspace_id)
        if not self._sessions[twinspace_id]:
            del self._sessions[twinspace_id]
        if not self._places[session_id]:
            del self._places[session_id]
        if user_id is None:
            return False
        if user_id not in self.online_here(twinspace_id):
            self._epochs.pop(Entered(twinspace_id, user_id), None)
        return user_id not in self.online(twinspace_id)

    def drop(self, session_id: str) -> list[Entered]:
        """The session is gone; return where its user went offline by this."""
        gone: list[Entered] = []
        for twinspace_id in list(self._places.get(session_id, ())):
            user_id = self._sessions[twinspace_id][session_id]
            if self.leave(session_id, twinspace_id):
                gone.append(Entered(twinspace_id, user_id))
        return gone

    def note_epoch(self, twinspace_id: TwinspaceId, user_id: UserId, epoch: int) -> bool:
        """Return whether the membership is another than the user's sessions here know; from now on they know it."""
        place = Entered(twinspace_id, user_id)
        if self._epochs.get(place, epoch) == epoch:
            return False
        self._epochs[place] = epoch
        return True

    def sessions(self, twinspace_id: TwinspaceId, user_ids: Collection[UserId] | None = None) -> list[str]:
        """The sessions of this process that entered the TwinSpace; `user_ids`: of these users alone."""
        here = self._sessions.get(twinspace_id, {})
        return [session_id for session_id, user_id in here.items() if user_ids is None or user_id in user_ids]

    def online_here(self, twinspace_id: TwinspaceId) -> set[UserId]:
        return set(self._sessions.get(twinspace_id, {}).values())

    def online(self, twinspace_id: TwinspaceId) -> set[UserId]:
        here = self.online_here(twinspace_id)
        there = {e.user_id for places in self._elsewhere.values() for e in places if e.twinspace_id == twinspace_id}
        return here | there

    def twinspaces(self) -> list[TwinspaceId]:
        """The TwinSpaces in which a session of this process is."""
        return list(self._sessions)

    def entered_here(self) -> list[Entered]:
        """What this process tells the others of the same hub."""
        places = {Entered(t, user) for t, sessions in self._sessions.items() for user in sessions.values()}
        return sorted(places, key=lambda place: (place.twinspace_id, place.user_id))

    def replace_elsewhere(self, process_id: str, places: set[Entered]) -> list[Entered]:
        """What another process said of itself; an empty set once it is silent. Return who went offline by this."""
        former = self._elsewhere.pop(process_id, set())
        if places:
            self._elsewhere[process_id] = places
        return [place for place in former if place.user_id not in self.online(place.twinspace_id)]

    def note_elsewhere(self, process_id: str, place: Entered, *, is_here: bool) -> None:
        """Somebody came into, or left, a TwinSpace in another process."""
        places = self._elsewhere.setdefault(process_id, set())
        (places.add if is_here else places.discard)(place)
