"""The rows that cross a port: plain frozen records, no behaviour, no library.

Ids are random strings made by the hub; a `seq` is handed out by the store, in order. Times are milliseconds since 1970
(UTC). One file for each area.
"""

from __future__ import annotations

from storage.records.captions import Caption
from storage.records.codes import Code, CodeAcceptance
from storage.records.consents import Consent, Purpose
from storage.records.contents import Content, LogEntry, StoredDoc
from storage.records.conversations import Conversation, ConversationId, ConversationState, DirectMessage
from storage.records.debates import Ballot, Choice, Debate, DebateId, DebateState, Side, Turn
from storage.records.desk import DeskRows
from storage.records.erasure import Redaction
from storage.records.forms import (
    AnonymousResponse,
    ClassTally,
    FormDraft,
    FormResponse,
    FormVersion,
    TallyId,
)
from storage.records.forum import FollowedThread, Post, PostVersion, Thread, ThreadId
from storage.records.founding import Founding, KeptAgreement, PhaseMove, Reopening, Signature, Verdict
from storage.records.gate import Held, HeldKind, HeldState
from storage.records.history import FormerText, JournalEntry, Message, Reaction, Recording, Snapshot
from storage.records.ids import (
    ContentId,
    GuestLinkId,
    Json,
    LoginId,
    PasskeyId,
    ProjectId,
    RecordingId,
    RoomId,
    SchoolId,
    SnapshotId,
    TwinspaceId,
    UserId,
)
from storage.records.lessons import (
    BreakoutNote,
    BreakoutNoteId,
    BreakoutNoteKind,
    Breakouts,
    BreakoutsId,
    HeldMeeting,
    HeldMeetingId,
    Stay,
    StayId,
)
from storage.records.logins import Login, LoginKind, SecondFactor, SignInWay, Ticket, TicketPurpose
from storage.records.materials import Faces, Material, MaterialFile, MaterialId, MaterialKind, Page
from storage.records.notices import Channel, Delivery, Digest, Notice, Preferences, PushSubscription
from storage.records.partners import Idea, IdeaId, Profile
from storage.records.passkeys import Challenge, ChallengePurpose, Identity, Passkey
from storage.records.people import (
    Decision,
    Registration,
    School,
    SchoolState,
    Service,
    ServiceLevel,
    User,
    UserKind,
    UserState,
)
from storage.records.plan import Activity, ActivityId, ActivityState, FreeDays, FreeDaysId, MeetingId, PlannedMeeting
from storage.records.safety import Hidden, ModerationEntry, Report, ReportId, ReportState
from storage.records.seals import Seal, SheetSignature
from storage.records.search import SearchEntry, SearchKind, SearchScope
from storage.records.shares import Share, ShareAudience, ShareId
from storage.records.shelf import (
    BroughtThing,
    CountryCount,
    HelpNote,
    HelpQuestion,
    QuestionId,
    QuestionState,
    Resource,
    ResourceId,
    ResourceState,
)
from storage.records.successions import Succession, SuccessionId, SuccessionState
from storage.records.teams import Team, TeamId
from storage.records.twinspaces import GuestLink, Member, Phase, Project, Role, Room, Twinspace
from storage.records.visibility import RUNGS, Item, Rung, Sight

__all__ = [
    "RUNGS",
    "Activity",
    "ActivityId",
    "ActivityState",
    "Ballot",
    "BreakoutNote",
    "BreakoutNoteId",
    "BreakoutNoteKind",
    "Breakouts",
    "BreakoutsId",
    "BroughtThing",
    "Caption",
    "Challenge",
    "ChallengePurpose",
    "Channel",
    "Choice",
    "Code",
    "CodeAcceptance",
    "Consent",
    "Content",
    "ContentId",
    "Conversation",
    "ConversationId",
    "ConversationState",
    "CountryCount",
    "Debate",
    "DebateId",
    "DebateState",
    "Decision",
    "Delivery",
    "DeskRows",
    "Digest",
    "DirectMessage",
    "Faces",
    "FollowedThread",
    "FormResponse",
    "FormVersion",
    "FormerText",
    "Founding",
    "FreeDays",
    "FreeDaysId",
    "GuestLink",
    "GuestLinkId",
    "HeldMeeting",
    "HeldMeetingId",
    "HelpNote",
    "HelpQuestion",
    "Held",
    "HeldKind",
    "HeldState",
    "Hidden",
    "Idea",
    "IdeaId",
    "Identity",
    "Item",
    "JournalEntry",
    "Json",
    "KeptAgreement",
    "LogEntry",
    "Login",
    "LoginId",
    "LoginKind",
    "Material",
    "MaterialFile",
    "MaterialId",
    "MaterialKind",
    "MeetingId",
    "Member",
    "Message",
    "ModerationEntry",
    "Notice",
    "Page",
    "Passkey",
    "PasskeyId",
    "Phase",
    "PhaseMove",
    "PlannedMeeting",
    "Post",
    "PostVersion",
    "Preferences",
    "Profile",
    "Project",
    "ProjectId",
    "Purpose",
    "PushSubscription",
    "QuestionId",
    "QuestionState",
    "Reaction",
    "Recording",
    "RecordingId",
    "Redaction",
    "Registration",
    "Reopening",
    "Report",
    "ReportId",
    "ReportState",
    "Resource",
    "ResourceId",
    "ResourceState",
    "Role",
    "Room",
    "RoomId",
    "Rung",
    "School",
    "SchoolId",
    "SchoolState",
    "SearchEntry",
    "SearchKind",
    "SearchScope",
    "SecondFactor",
    "Service",
    "ServiceLevel",
    "Share",
    "ShareAudience",
    "ShareId",
    "Side",
    "Sight",
    "SignInWay",
    "Signature",
    "Snapshot",
    "SnapshotId",
    "Stay",
    "StayId",
    "StoredDoc",
    "Succession",
    "SuccessionId",
    "SuccessionState",
    "Team",
    "TeamId",
    "Thread",
    "ThreadId",
    "Ticket",
    "TicketPurpose",
    "Turn",
    "Twinspace",
    "TwinspaceId",
    "User",
    "UserId",
    "UserKind",
    "UserState",
    "Verdict",
    "AnonymousResponse",
    "ClassTally",
    "FormDraft",
    "TallyId",
    "Seal",
    "SheetSignature",
]
