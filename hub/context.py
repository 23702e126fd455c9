"""What every action is given: the hub it runs in and the session it runs for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from storage.ports import Storage
from storage.records import LoginId, TwinspaceId, User, UserId

from hub.settings import Settings

if TYPE_CHECKING:
    from hub.live_docs import LiveDocs
    from hub.live_rooms import LiveRooms


@dataclass(frozen=True, slots=True)
class Session:
    """One live socket or one HTTP request, and who speaks through it."""

    id: str
    """Random; for a Socket.IO connection the same as long as the socket lives."""
    login_id: LoginId
    user: User
    door: Literal["http", "socket"]


class Announcer(Protocol):
    """Sends events to clients; call it only after the commit that the event speaks of."""

    async def to_twinspace(self, twinspace_id: TwinspaceId, event: str, payload: Any) -> None:
        """Emit to every socket, of every process, that has entered the TwinSpace."""
        ...

    async def to_user(self, user_id: UserId, event: str, payload: Any) -> None: ...

    async def to_session(self, session_id: str, event: str, payload: Any) -> None: ...

    async def disconnect_user(self, user_id: UserId, reason: str) -> None:
        """End every socket of the user (signed out, key reset, removed)."""
        ...


@dataclass(slots=True)
class Context:
    settings: Settings
    storage: Storage
    live_docs: LiveDocs
    live_rooms: LiveRooms
    announce: Announcer
    now_ms: Callable[[], int]


Action = Callable[[Context, Session, Any], Awaitable[Any]]
"""`async def post_message(context, session, payload) -> reply`; payload and reply are pydantic models (or None)."""
