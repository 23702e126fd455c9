"""What the hub may ask of storage: one small interface per noun, all async, all speaking records and bytes.

Every method either did what it says, durably, when it returns, or raised one of the errors of `storage.ports.errors`
and did nothing. A record that points to a row that is not there raises NotFound; one whose key is taken raises
Conflict. Text that no database can keep (a NUL, half a surrogate pair) raises ValueError: the caller checks its input
first. `tests/storage/test_ports.py` holds the contract and runs it over every implementation. One file for each area.
"""

from __future__ import annotations

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
from storage.ports.errors import Conflict, Missed, NotFound, StorageError, Unavailable
from storage.ports.forms import Forms
from storage.ports.forum import Forum
from storage.ports.founding import Foundings, Phases
from storage.ports.gate import Gate
from storage.ports.history import Journal, Messages, Recordings, Snapshots
from storage.ports.lessons import BreakoutsPort, HeldMeetings
from storage.ports.logins import Logins, Proofs
from storage.ports.materials import Materials, Pages
from storage.ports.notices import Deliveries, Notices, PreferencesPort
from storage.ports.opened import Checker, Closer, Storage
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

__all__ = [
    "Assessments",
    "ClassSeats",
    "Hands",
    "RoomPowers",
    "SharedViews",
    "Blobs",
    "BreakoutsPort",
    "Bus",
    "Challenges",
    "Checker",
    "Closer",
    "Captions",
    "Cards",
    "Codes",
    "Conflict",
    "Consents",
    "Contents",
    "Conversations",
    "Debates",
    "Deliveries",
    "Desk",
    "DocLog",
    "Erasure",
    "Forms",
    "Forum",
    "Foundings",
    "Gate",
    "Guests",
    "HeldMeetings",
    "HelpDesk",
    "Identities",
    "Journal",
    "Logins",
    "Materials",
    "Messages",
    "Missed",
    "ModerationLog",
    "NotFound",
    "Notices",
    "Pages",
    "Partners",
    "Passkeys",
    "Phases",
    "Plan",
    "Polls",
    "Quizzes",
    "PreferencesPort",
    "Proofs",
    "Recordings",
    "Retention",
    "Safety",
    "Search",
    "Services",
    "Shares",
    "Shelf",
    "Snapshots",
    "Statistics",
    "Storage",
    "StorageError",
    "Successions",
    "Teams",
    "Twinspaces",
    "Unavailable",
    "Users",
    "Seals",
]
