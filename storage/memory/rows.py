"""The rows that the memory ports share, and the look-ups that raise what a port raises."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from storage.ports import Conflict, NotFound, Unavailable
from storage.records import (
    Activity,
    ActivityId,
    AnonymousResponse,
    Assessment,
    AssessmentId,
    BreakoutNote,
    BreakoutNoteId,
    Breakouts,
    BreakoutsId,
    Caption,
    CardFile,
    CardFileId,
    CardVote,
    Challenge,
    ClassTally,
    Code,
    CodeAcceptance,
    Consent,
    Content,
    ContentId,
    ContentLock,
    Debate,
    DebateId,
    Delivery,
    ErasureJob,
    ErasureJobId,
    FormDraft,
    FormResponse,
    FormVersion,
    Founding,
    FreeDays,
    FreeDaysId,
    GuestLink,
    GuestLinkId,
    Hand,
    HandId,
    Held,
    HeldMeeting,
    HeldMeetingId,
    Hidden,
    Identity,
    Item,
    JournalEntry,
    Json,
    KeptAgreement,
    LogEntry,
    Login,
    LoginId,
    Material,
    MaterialFile,
    MaterialId,
    MeetingId,
    Member,
    Message,
    ModerationEntry,
    Notice,
    Opening,
    Page,
    Passkey,
    PasskeyId,
    PhaseMove,
    PlannedMeeting,
    Preferences,
    Project,
    ProjectId,
    PushSubscription,
    Rating,
    Recording,
    RecordingId,
    Redaction,
    Registration,
    Reopening,
    Report,
    ReportId,
    Room,
    RoomId,
    RoomRules,
    RoomStanding,
    School,
    SchoolId,
    Seal,
    SeatPupil,
    SecondFactor,
    Service,
    Share,
    SharedView,
    ShareId,
    SheetSignature,
    Signature,
    Snapshot,
    Stay,
    StayId,
    Succession,
    SuccessionId,
    TallyId,
    Team,
    TeamId,
    Ticket,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
    Verdict,
)
from storage.text import storable

K = TypeVar("K")
V = TypeVar("V")


@dataclass(slots=True)
class StoredUser:
    user: User
    password_hash: str | None
    class_key_hash: bytes | None = None


@dataclass(slots=True)
class StoredMember:
    member: Member
    present: bool


@dataclass(slots=True)
class DocRows:
    last_seq: int = 0
    state: bytes | None = None
    state_seq: int = 0
    entries: list[LogEntry] = field(default_factory=list)
    history: bytes | None = None
    writers: dict[int, UserId | None] = field(default_factory=dict)


@dataclass(slots=True)
class Rows:
    schools: dict[SchoolId, School] = field(default_factory=dict)
    users: dict[UserId, StoredUser] = field(default_factory=dict)
    services: dict[SchoolId, Service] = field(default_factory=dict)
    registrations: dict[UserId, Registration] = field(default_factory=dict)
    logins: dict[LoginId, Login] = field(default_factory=dict)
    tickets: dict[bytes, Ticket] = field(default_factory=dict)
    guest_links: dict[GuestLinkId, GuestLink] = field(default_factory=dict)
    guests: dict[UserId, GuestLinkId] = field(default_factory=dict)
    second_factors: dict[UserId, SecondFactor] = field(default_factory=dict)
    passkeys: dict[PasskeyId, Passkey] = field(default_factory=dict)
    identities: dict[tuple[str, str], Identity] = field(default_factory=dict)
    challenges: dict[bytes, Challenge] = field(default_factory=dict)
    projects: dict[ProjectId, Project] = field(default_factory=dict)
    twinspaces: dict[TwinspaceId, Twinspace] = field(default_factory=dict)
    members: dict[tuple[TwinspaceId, UserId], StoredMember] = field(default_factory=dict)
    rooms: dict[RoomId, Room] = field(default_factory=dict)
    contents: dict[ContentId, Content] = field(default_factory=dict)
    materials: dict[MaterialId, Material] = field(default_factory=dict)
    removed_materials: dict[MaterialId, Material] = field(default_factory=dict)
    material_files: dict[MaterialId, list[MaterialFile]] = field(default_factory=dict)
    pages: dict[ContentId, Page] = field(default_factory=dict)
    shares: dict[ShareId, Share] = field(default_factory=dict)
    docs: dict[ContentId, DocRows] = field(default_factory=dict)
    messages: dict[TwinspaceId, list[Message]] = field(default_factory=dict)
    captions: dict[RoomId, list[Caption]] = field(default_factory=dict)
    reactions: dict[tuple[TwinspaceId, str, int, UserId], str] = field(default_factory=dict)
    form_versions: dict[tuple[ContentId, int], FormVersion] = field(default_factory=dict)
    form_responses: dict[tuple[ContentId, int, UserId], FormResponse] = field(default_factory=dict)
    held_changes: dict[tuple[ContentId, str, str], Held] = field(default_factory=dict)
    card_files: dict[CardFileId, CardFile] = field(default_factory=dict)
    card_votes: dict[tuple[ContentId, str, UserId], CardVote] = field(default_factory=dict)
    form_drafts: dict[tuple[ContentId, int, UserId], FormDraft] = field(default_factory=dict)
    anonymous_responses: dict[str, AnonymousResponse] = field(default_factory=dict)
    form_receipts: set[tuple[ContentId, int, UserId]] = field(default_factory=set)
    class_tallies: dict[TallyId, ClassTally] = field(default_factory=dict)
    seals: dict[ContentId, Seal] = field(default_factory=dict)
    assessments: dict[AssessmentId, Assessment] = field(default_factory=dict)
    ratings: dict[tuple[AssessmentId, UserId], Rating] = field(default_factory=dict)
    sheet_signatures: dict[tuple[ContentId, SchoolId], SheetSignature] = field(default_factory=dict)
    journal: dict[TwinspaceId, list[JournalEntry]] = field(default_factory=dict)
    snapshots: dict[TwinspaceId, list[Snapshot]] = field(default_factory=dict)
    foundings: dict[TwinspaceId, Founding] = field(default_factory=dict)
    kept_agreements: dict[TwinspaceId, KeptAgreement] = field(default_factory=dict)
    successions: dict[SuccessionId, Succession] = field(default_factory=dict)
    signatures: dict[tuple[TwinspaceId, UserId, str], Signature] = field(default_factory=dict)
    verdicts: dict[TwinspaceId, list[Verdict]] = field(default_factory=dict)
    moves: dict[TwinspaceId, list[PhaseMove]] = field(default_factory=dict)
    reopenings: dict[tuple[TwinspaceId, UserId], Reopening] = field(default_factory=dict)
    consents: dict[UserId, list[Consent]] = field(default_factory=dict)
    activities: dict[ActivityId, Activity] = field(default_factory=dict)
    planned_meetings: dict[MeetingId, PlannedMeeting] = field(default_factory=dict)
    breakouts: dict[BreakoutsId, Breakouts] = field(default_factory=dict)
    breakout_notes: dict[BreakoutNoteId, BreakoutNote] = field(default_factory=dict)
    held_meetings: dict[HeldMeetingId, HeldMeeting] = field(default_factory=dict)
    stays: dict[StayId, Stay] = field(default_factory=dict)
    free_days: dict[FreeDaysId, FreeDays] = field(default_factory=dict)
    notices: dict[UserId, list[Notice]] = field(default_factory=dict)
    preferences: dict[UserId, Preferences] = field(default_factory=dict)
    feeds: dict[UserId, tuple[bytes, int]] = field(default_factory=dict)
    deliveries: dict[str, Delivery] = field(default_factory=dict)
    push_subscriptions: dict[str, PushSubscription] = field(default_factory=dict)
    read_marks: dict[tuple[UserId, TwinspaceId, str], int] = field(default_factory=dict)
    codes: dict[TwinspaceId, Code] = field(default_factory=dict)
    code_acceptances: dict[tuple[TwinspaceId, SchoolId, str], CodeAcceptance] = field(default_factory=dict)
    teams: dict[TeamId, Team] = field(default_factory=dict)
    debates: dict[DebateId, Debate] = field(default_factory=dict)
    reports: dict[ReportId, Report] = field(default_factory=dict)
    hidden: dict[tuple[TwinspaceId, str, str], Hidden] = field(default_factory=dict)
    daily_jobs: dict[str, str] = field(default_factory=dict)
    erasure_jobs: dict[ErasureJobId, ErasureJob] = field(default_factory=dict)
    redactions: dict[str, Redaction] = field(default_factory=dict)
    moderation_log: dict[TwinspaceId, list[ModerationEntry]] = field(default_factory=dict)
    recordings: dict[RecordingId, Recording] = field(default_factory=dict)
    content_locks: dict[ContentId, ContentLock] = field(default_factory=dict)
    room_rules: dict[RoomId, RoomRules] = field(default_factory=dict)
    room_standings: dict[tuple[RoomId, UserId], RoomStanding] = field(default_factory=dict)
    class_seats: dict[tuple[RoomId, UserId], tuple[SeatPupil, ...]] = field(default_factory=dict)
    hands: dict[HandId, Hand] = field(default_factory=dict)
    shared_views: dict[RoomId, SharedView] = field(default_factory=dict)
    openings: list[Opening] = field(default_factory=list)
    blobs: dict[str, bytes] = field(default_factory=dict)
    closed: bool = False

    def items(self) -> Iterator[tuple[str, Item]]:
        """Everything that has a rung of the visibility ladder, by its id."""
        yield from self.contents.items()
        yield from self.materials.items()
        yield from self.removed_materials.items()
        yield from self.held_meetings.items()

    def remove_assessments(self, ids: Collection[AssessmentId]) -> None:
        """With all that was said in them."""
        self.assessments = {key: row for key, row in self.assessments.items() if key not in ids}
        self.ratings = {key: row for key, row in self.ratings.items() if key[0] not in ids}

    def check_open(self) -> None:
        if self.closed:
            raise Unavailable("The storage is closed.")


def find(table: Mapping[K, V], key: K) -> V:
    try:
        return table[key]
    except KeyError:
        raise NotFound(str(key)) from None


def add(table: dict[K, V], key: K, row: V) -> None:
    if key in table:
        raise Conflict(str(key))
    table[key] = row


def check_texts(*texts: str | None) -> None:
    for text in texts:
        if text is not None:
            storable(text)


def stored_json(value: Json) -> Json:
    """The value as a database gives it back; raises ValueError when it is no JSON value."""
    return json.loads(json.dumps(value, allow_nan=False))
