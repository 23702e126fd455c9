"""What every action is given: the hub it runs in and the session it runs for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from hub.countries import Countries
from hub.erasing import Erasing
from hub.form_figures import FormFigures
from hub.form_news import FormNews
from hub.identity_providers import IdentityProviders
from hub.live_writing import LiveWriting
from hub.mail import Mailer
from hub.pdf_pages import PdfPages
from hub.personal_copies import PersonalCopies
from hub.presence import Presence
from hub.previews import Previews
from hub.settings import Settings
from hub.uploads import Uploads
from hub.web_push import WebPush
from storage.ports import Storage
from storage.records import LoginId, TwinspaceId, User, UserId

if TYPE_CHECKING:
    from hub.auth import Auth
    from hub.content_changes import ContentChanges
    from hub.http_peers import HttpPeers
    from hub.line_tests import LineTests
    from hub.live_breakouts import LiveBreakouts
    from hub.live_docs import LiveDocs
    from hub.live_meetings import LiveMeetings
    from hub.live_recordings import LiveRecordings
    from hub.live_rooms import LiveRooms
    from hub.room_powers import RoomPowers
    from hub.search_index import SearchIndex

NEVER = 2**53


@dataclass(frozen=True, slots=True)
class Session:
    """One live socket or one HTTP request, and who speaks through it."""

    id: str
    """Random; for a Socket.IO connection the same as long as the socket lives."""
    login_id: LoginId
    user: User
    door: Literal["http", "socket"]
    expires_at_ms: int = NEVER
    """When the login ends by itself."""
    is_half: bool = False
    """The login lacks its second factor: few routes take such a session."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who uses an open route: nobody the hub knows, at some address."""

    address: str
    """For slowing down those who guess; an IPv6 address stands for its /64."""
    device: str
    """`Firefox, Android`: what the browser says it is."""


class Announcer(Protocol):
    """Sends events to clients; call it only after the commit that the event speaks of."""

    async def to_twinspace(self, twinspace_id: TwinspaceId, event: str, payload: Any) -> None:
        """Emit to every socket, of every process, that has entered the TwinSpace."""
        ...

    async def to_members(
        self, twinspace_id: TwinspaceId, user_ids: Collection[UserId], event: str, payload: Any
    ) -> None:
        """Emit to the sockets of these users that have entered the TwinSpace."""
        ...

    async def to_user(self, user_id: UserId, event: str, payload: Any) -> None: ...

    async def to_session(self, session_id: str, event: str, payload: Any) -> None: ...

    async def disconnect_user(self, user_id: UserId, reason: str) -> None:
        """End every socket of the user (key reset, removed), after `session:ended` with the reason."""
        ...

    async def disconnect_login(self, login_id: LoginId, reason: str) -> None:
        """End the sockets that one login opened (signed out, expired)."""
        ...


@dataclass(slots=True)
class Context:
    settings: Settings
    storage: Storage
    live_docs: LiveDocs
    content_changes: ContentChanges
    live_rooms: LiveRooms
    live_breakouts: LiveBreakouts
    room_powers: RoomPowers
    http_peers: HttpPeers
    line_tests: LineTests
    live_recordings: LiveRecordings
    search_index: SearchIndex
    announce: Announcer
    now_ms: Callable[[], int]
    auth: Auth
    presence: Presence
    countries: Countries
    mailer: Mailer
    uploads: Uploads
    previews: Previews
    web_push: WebPush
    identity_providers: IdentityProviders
    pdf_pages: PdfPages = field(default_factory=PdfPages)
    copies: PersonalCopies = field(default_factory=PersonalCopies)
    live_writing: LiveWriting = field(default_factory=LiveWriting)
    live_meetings: LiveMeetings = field(init=False)
    """Set once the context is whole: it asks storage and rooms through it."""
    form_news: FormNews = field(default_factory=FormNews)
    form_figures: FormFigures = field(default_factory=FormFigures)
    erasing: Erasing = field(default_factory=Erasing)
    write_openapi: Callable[[], str] = str
    """The OpenAPI document, made from the table; set by `hub.app`."""


Action = Callable[[Context, Session, Any], Awaitable[Any]]
"""`async def post_message(context, session, payload) -> reply`; payload and reply are pydantic models (or None)."""
OpenAction = Callable[[Context, Caller, Any], Awaitable[Any]]
"""The action of an open route is given the Caller: nobody asks who is signed in."""
