"""The ports on SQLite and PostgreSQL. Nothing outside this folder and the migrations knows SQLAlchemy or a driver."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from storage.ports import (
    Assessments,
    BreakoutsPort,
    Captions,
    Cards,
    Challenges,
    ClassSeats,
    Codes,
    Consents,
    Contents,
    Conversations,
    Debates,
    Deliveries,
    Desk,
    DocLog,
    Erasure,
    Forms,
    Forum,
    Foundings,
    Gate,
    Guests,
    Hands,
    HeldMeetings,
    HelpDesk,
    Identities,
    Journal,
    Logins,
    Materials,
    Messages,
    ModerationLog,
    Notices,
    Pages,
    Partners,
    Passkeys,
    Phases,
    Plan,
    Polls,
    PreferencesPort,
    Proofs,
    Quizzes,
    Recordings,
    Retention,
    RoomPowers,
    Safety,
    Seals,
    Search,
    Services,
    SharedViews,
    Shares,
    Shelf,
    Snapshots,
    Statistics,
    Successions,
    Teams,
    Twinspaces,
    Users,
)
from storage.sql.assessments import SqlAssessments
from storage.sql.captions import SqlCaptions
from storage.sql.cards import SqlCards
from storage.sql.codes import SqlCodes
from storage.sql.consents import SqlConsents
from storage.sql.contents import SqlContents
from storage.sql.conversations import SqlConversations
from storage.sql.database import HubDatabase
from storage.sql.debates import SqlDebates
from storage.sql.deliveries import SqlDeliveries
from storage.sql.desk import SqlDesk
from storage.sql.doc_log import SqlDocLog
from storage.sql.erasure import SqlErasure
from storage.sql.forms import SqlForms
from storage.sql.forum import SqlForum
from storage.sql.foundings import SqlFoundings
from storage.sql.gate import SqlGate
from storage.sql.guests import SqlGuests
from storage.sql.journal import SqlJournal
from storage.sql.lessons import SqlBreakouts, SqlHeldMeetings
from storage.sql.logins import SqlLogins
from storage.sql.materials import SqlMaterials, SqlPages
from storage.sql.messages import SqlMessages
from storage.sql.notices import SqlNotices
from storage.sql.partners import SqlPartners
from storage.sql.passkeys import SqlChallenges, SqlIdentities, SqlPasskeys
from storage.sql.phases import SqlPhases
from storage.sql.plan import SqlPlan
from storage.sql.polls import SqlPolls
from storage.sql.preferences import SqlPreferences
from storage.sql.proofs import SqlProofs
from storage.sql.quizzes import SqlQuizzes
from storage.sql.recordings import SqlRecordings
from storage.sql.retention import SqlRetention
from storage.sql.room_powers import SqlClassSeats, SqlHands, SqlRoomPowers
from storage.sql.safety import SqlModerationLog, SqlSafety
from storage.sql.seals import SqlSeals
from storage.sql.search import SqlSearch
from storage.sql.services import SqlServices
from storage.sql.shared_views import SqlSharedViews
from storage.sql.shares import SqlShares
from storage.sql.shelf import SqlHelpDesk, SqlShelf, SqlStatistics
from storage.sql.snapshots import SqlSnapshots
from storage.sql.sqlite import open_sqlite
from storage.sql.successions import SqlSuccessions
from storage.sql.teams import SqlTeams
from storage.sql.twinspaces import SqlTwinspaces
from storage.sql.users import SqlUsers


@dataclass(frozen=True, slots=True)
class SqlPorts:
    database: HubDatabase
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
    statistics: Statistics
    help_desk: HelpDesk
    shelf: Shelf
    debates: Debates
    forum: Forum
    conversations: Conversations
    partners: Partners
    search: Search
    room_powers: RoomPowers
    class_seats: ClassSeats
    hands: Hands
    shared_views: SharedViews


async def open_sql_ports(path: Path, url: str) -> SqlPorts:
    """Open and migrate the PostgreSQL database of the URL, or the SQLite file when there is none."""
    return sql_ports(await _open(path, url))


def sql_ports(database: HubDatabase) -> SqlPorts:
    return SqlPorts(
        database=database,
        users=SqlUsers(database),
        services=SqlServices(database),
        logins=SqlLogins(database),
        proofs=SqlProofs(database),
        passkeys=SqlPasskeys(database),
        identities=SqlIdentities(database),
        challenges=SqlChallenges(database),
        guests=SqlGuests(database),
        twinspaces=SqlTwinspaces(database),
        contents=SqlContents(database),
        materials=SqlMaterials(database),
        pages=SqlPages(database),
        shares=SqlShares(database),
        doc_log=SqlDocLog(database),
        messages=SqlMessages(database),
        forms=SqlForms(database),
        gate=SqlGate(database),
        cards=SqlCards(database),
        seals=SqlSeals(database),
        assessments=SqlAssessments(database),
        journal=SqlJournal(database),
        snapshots=SqlSnapshots(database),
        foundings=SqlFoundings(database),
        successions=SqlSuccessions(database),
        phases=SqlPhases(database),
        consents=SqlConsents(database),
        safety=SqlSafety(database),
        moderation_log=SqlModerationLog(database),
        erasure=SqlErasure(database),
        retention=SqlRetention(database),
        teams=SqlTeams(database),
        plan=SqlPlan(database),
        polls=SqlPolls(database),
        quizzes=SqlQuizzes(database),
        captions=SqlCaptions(database),
        codes=SqlCodes(database),
        breakouts=SqlBreakouts(database),
        held_meetings=SqlHeldMeetings(database),
        desk=SqlDesk(database),
        notices=SqlNotices(database),
        preferences=SqlPreferences(database),
        deliveries=SqlDeliveries(database),
        recordings=SqlRecordings(database),
        statistics=SqlStatistics(database),
        help_desk=SqlHelpDesk(database),
        shelf=SqlShelf(database),
        debates=SqlDebates(database),
        forum=SqlForum(database),
        conversations=SqlConversations(database),
        partners=SqlPartners(database),
        search=SqlSearch(database),
        room_powers=SqlRoomPowers(database),
        class_seats=SqlClassSeats(database),
        hands=SqlHands(database),
        shared_views=SqlSharedViews(database),
    )


async def _open(path: Path, url: str) -> HubDatabase:
    if not url:
        return await open_sqlite(path)
    from storage.sql.postgres import open_postgres  # The driver is loaded only where it is used.

    return await open_postgres(url)
