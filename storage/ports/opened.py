"""All ports of one hub, opened together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from storage.ports.assessments import Assessments
from storage.ports.blobs import Blobs
from storage.ports.bus import Bus
from storage.ports.captions import Captions
from storage.ports.cards import Cards
from storage.ports.codes import Codes
from storage.ports.consents import Consents
from storage.ports.contents import Contents, DocLog
from storage.ports.conversations import Conversations
from storage.ports.debates import Debates
from storage.ports.desk import Desk
from storage.ports.erasure import Erasure
from storage.ports.forms import Forms
from storage.ports.forum import Forum
from storage.ports.founding import Foundings, Phases
from storage.ports.gate import Gate
from storage.ports.history import Journal, Messages, Recordings, Snapshots
from storage.ports.lessons import BreakoutsPort, HeldMeetings
from storage.ports.logins import Logins, Proofs
from storage.ports.materials import Materials, Pages
from storage.ports.notices import Deliveries, Notices, PreferencesPort
from storage.ports.partners import Partners
from storage.ports.passkeys import Challenges, Identities, Passkeys
from storage.ports.people import Services, Users
from storage.ports.plan import Plan
from storage.ports.polls import Polls
from storage.ports.quizzes import Quizzes
from storage.ports.retention import Retention
from storage.ports.room_powers import ClassSeats, Hands, RoomPowers
from storage.ports.safety import ModerationLog, Safety
from storage.ports.seals import Seals
from storage.ports.search import Search
from storage.ports.shared_views import SharedViews
from storage.ports.shares import Shares
from storage.ports.shelf import HelpDesk, Shelf, Statistics
from storage.ports.successions import Successions
from storage.ports.teams import Teams
from storage.ports.twinspaces import Guests, Twinspaces


@dataclass(frozen=True, slots=True)
class Storage:
    """All ports of one hub, opened together by `storage.open_storage` and closed together."""

    users: Users
    services: Services
    logins: Logins
    proofs: Proofs
    passkeys: Passkeys
    identities: Identities
    challenges: Challenges
    guests: Guests
    twinspaces: Twinspaces
    contents: Contents
    materials: Materials
    pages: Pages
    shares: Shares
    doc_log: DocLog
    messages: Messages
    forms: Forms
    gate: Gate
    cards: Cards
    seals: Seals
    assessments: Assessments
    journal: Journal
    snapshots: Snapshots
    foundings: Foundings
    successions: Successions
    phases: Phases
    consents: Consents
    safety: Safety
    moderation_log: ModerationLog
    erasure: Erasure
    retention: Retention
    teams: Teams
    plan: Plan
    polls: Polls
    quizzes: Quizzes
    captions: Captions
    codes: Codes
    breakouts: BreakoutsPort
    held_meetings: HeldMeetings
    desk: Desk
    notices: Notices
    preferences: PreferencesPort
    deliveries: Deliveries
    recordings: Recordings
    search: Search
    partners: Partners
    conversations: Conversations
    forum: Forum
    debates: Debates
    shelf: Shelf
    help_desk: HelpDesk
    statistics: Statistics
    room_powers: RoomPowers
    class_seats: ClassSeats
    hands: Hands
    shared_views: SharedViews
    blobs: Blobs
    bus: Bus
    check: Checker
    close: Closer


class Checker(Protocol):
    async def __call__(self) -> None:
        """Raise Unavailable when the hub can't store now (used by /readyz)."""
        ...


class Closer(Protocol):
    async def __call__(self) -> None: ...
