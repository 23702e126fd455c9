"""The lobby of a room: who waits before it, in the order they came; bounded, and quick when it is full."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from storage.records import SchoolId, User, UserId

MOST_WAITING = 500
RING_AGAIN_AFTER_S = 20.0
ADMITTED_FOR_MS = 8 * 3_600_000
"""A school day: whoever was let in comes back after a break without waiting, and waits again tomorrow."""


class LobbyFull(Exception):
    """Nobody else can wait here now."""


@dataclass(slots=True)
class Waiting:
    user: User
    since_ms: int
    pupil_count: int = 1
    """Before a class seat: how many."""
    session_ids: set[str] = field(default_factory=set)
    rang_at: float | None = None


def is_admitted(admitted_at_ms: int | None, now_ms: int) -> bool:
    """A clock that was set back makes nobody wait again: what seems to lie ahead counts as well."""
    return admitted_at_ms is not None and abs(now_ms - admitted_at_ms) < ADMITTED_FOR_MS


class WaitingRoom:
    def __init__(self, most: int = MOST_WAITING) -> None:
        self._most = most
        self._people: dict[UserId, Waiting] = {}
        self._by_session: dict[str, UserId] = {}

    def __len__(self) -> int:
        return len(self._people)

    def __contains__(self, user_id: UserId) -> bool:
        return user_id in self._people

    def knock(self, user: User, session_id: str, now_ms: int, pupil_count: int = 1) -> Waiting:
        """From now on this socket waits here. Raise LobbyFull; whoever waits already is never refused."""
        waiting = self._people.get(user.id)
        if waiting is None:
            if len(self._people) >= self._most:
                raise LobbyFull
            waiting = self._people[user.id] = Waiting(user, now_ms)
        waiting.pupil_count = pupil_count
        waiting.session_ids.add(session_id)
        self._by_session[session_id] = user.id
        return waiting

    def leave(self, session_id: str) -> bool:
        """The socket waits no longer; whether it did."""
        user_id = self._by_session.pop(session_id, None)
        if user_id is None:
            return False
        waiting = self._people[user_id]
        waiting.session_ids.discard(session_id)
        if not waiting.session_ids:
            del self._people[user_id]
        return True

    def ring(self, user_id: UserId, now: float) -> bool:
        """Whether the bell sounds: it is no toy."""
        waiting = self._people.get(user_id)
        if waiting is None or (waiting.rang_at is not None and now - waiting.rang_at < RING_AGAIN_AFTER_S):
            return False
        waiting.rang_at = now
        return True

    def take(self, which: Callable[[Waiting], bool]) -> list[Waiting]:
        """They wait no longer, because somebody decided so; in the order they came."""
        taken = [waiting for waiting in self._people.values() if which(waiting)]
        for waiting in taken:
            del self._people[waiting.user.id]
            for session_id in waiting.session_ids:
                self._by_session.pop(session_id, None)
        return taken

    def first(self, count: int) -> list[Waiting]:
        """Those who came first."""
        return [waiting for waiting, _ in zip(self._people.values(), range(count), strict=False)]

    def schools(self) -> dict[SchoolId, int]:
        """How many of each school wait."""
        counted: dict[SchoolId, int] = {}
        for waiting in self._people.values():
            counted[waiting.user.school_id] = counted.get(waiting.user.school_id, 0) + 1
        return counted
