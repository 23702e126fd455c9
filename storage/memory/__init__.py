"""Every port on plain dictionaries: for tests, and for reading what a port means. Nothing outlives the process."""

from __future__ import annotations

from storage.memory.assessments import MemoryAssessments
from storage.memory.captions import MemoryCaptions
from storage.memory.cards import MemoryCards
from storage.memory.codes import MemoryCodes
from storage.memory.consents import MemoryConsents
from storage.memory.contents import MemoryContents, MemoryDocLog
from storage.memory.conversations import MemoryConversations
from storage.memory.desk import MemoryDesk
from storage.memory.erasure import MemoryErasure
from storage.memory.forms import MemoryForms
from storage.memory.forum import MemoryDebates, MemoryForum
from storage.memory.founding import MemoryFoundings, MemoryPhases
from storage.memory.gate import MemoryGate
from storage.memory.guests import MemoryGuests
from storage.memory.history import MemoryBlobs, MemoryJournal, MemoryRecordings, MemorySnapshots
from storage.memory.lessons import MemoryBreakouts, MemoryHeldMeetings
from storage.memory.materials import MemoryMaterials, MemoryPages, MemoryShares
from storage.memory.messages import MemoryMessages
from storage.memory.notices import MemoryDeliveries, MemoryNotices, MemoryPreferences
from storage.memory.partners import MemoryPartners
from storage.memory.passkeys import MemoryChallenges, MemoryIdentities, MemoryPasskeys
from storage.memory.people import MemoryTwinspaces, MemoryUsers
from storage.memory.plan import MemoryPlan
from storage.memory.polls import MemoryPolls
from storage.memory.proofs import MemoryLogins, MemoryProofs
from storage.memory.quizzes import MemoryQuizzes
from storage.memory.retention import MemoryRetention
from storage.memory.room_powers import MemoryClassSeats, MemoryHands, MemoryRoomPowers
from storage.memory.rows import Rows
from storage.memory.safety import MemoryModerationLog, MemorySafety
from storage.memory.seals import MemorySeals
from storage.memory.search import MemorySearch
from storage.memory.services import MemoryServices
from storage.memory.shared_views import MemorySharedViews
from storage.memory.shelf import MemoryHelpDesk, MemoryShelf, MemoryStatistics
from storage.memory.successions import MemorySuccessions
from storage.memory.teams import MemoryTeams
from storage.memory_bus import MemoryBus
from storage.ports import Storage, Unavailable


def open_memory_storage() -> Storage:
    rows = Rows()
    bus = MemoryBus()

    async def check() -> None:
        if rows.closed:
            raise Unavailable("The storage is closed.")

    async def close() -> None:
        rows.closed = True
        await bus.close()

    polls = MemoryPolls(rows)
    return Storage(
        users=MemoryUsers(rows),
        services=MemoryServices(rows),
        logins=MemoryLogins(rows),
        proofs=MemoryProofs(rows),
        passkeys=MemoryPasskeys(rows),
        identities=MemoryIdentities(rows),
        challenges=MemoryChallenges(rows),
        guests=MemoryGuests(rows),
        twinspaces=MemoryTwinspaces(rows),
        contents=MemoryContents(rows),
        materials=MemoryMaterials(rows),
        pages=MemoryPages(rows),
        shares=MemoryShares(rows),
        doc_log=MemoryDocLog(rows),
        messages=MemoryMessages(rows),
        forms=MemoryForms(rows),
        gate=MemoryGate(rows),
        cards=MemoryCards(rows),
        seals=MemorySeals(rows),
        assessments=MemoryAssessments(rows),
        journal=MemoryJournal(rows),
        snapshots=MemorySnapshots(rows),
        foundings=MemoryFoundings(rows),
        successions=MemorySuccessions(rows),
        phases=MemoryPhases(rows),
        consents=MemoryConsents(rows),
        safety=MemorySafety(rows),
        moderation_log=MemoryModerationLog(rows),
        erasure=MemoryErasure(rows),
        retention=MemoryRetention(rows),
        teams=MemoryTeams(rows),
        plan=MemoryPlan(rows),
        polls=polls,
        quizzes=MemoryQuizzes(rows, polls),
        captions=MemoryCaptions(rows),
        codes=MemoryCodes(rows),
        breakouts=MemoryBreakouts(rows),
        held_meetings=MemoryHeldMeetings(rows),
        desk=MemoryDesk(rows),
        notices=MemoryNotices(rows),
        preferences=MemoryPreferences(rows),
        deliveries=MemoryDeliveries(rows),
        recordings=MemoryRecordings(rows),
        search=MemorySearch(rows),
        partners=MemoryPartners(rows),
        conversations=MemoryConversations(rows),
        forum=MemoryForum(rows),
        debates=MemoryDebates(rows),
        shelf=MemoryShelf(rows),
        help_desk=MemoryHelpDesk(rows),
        statistics=MemoryStatistics(rows),
        room_powers=MemoryRoomPowers(rows),
        class_seats=MemoryClassSeats(rows),
        hands=MemoryHands(rows),
        shared_views=MemorySharedViews(rows),
        blobs=MemoryBlobs(rows),
        bus=bus,
        check=check,
        close=close,
    )
