"""The rows that cross a port: plain frozen records, no behaviour, no library.

Ids are random strings made by the hub; a `seq` is handed out by the store, in order. Times are milliseconds since 1970
(UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NewType

UserId = NewType("UserId", str)
SchoolId = NewType("SchoolId", str)
ProjectId = NewType("ProjectId", str)
TwinspaceId = NewType("TwinspaceId", str)
ContentId = NewType("ContentId", str)
RoomId = NewType("RoomId", str)
LoginId = NewType("LoginId", str)
SnapshotId = NewType("SnapshotId", str)
GuestLinkId = NewType("GuestLinkId", str)
RecordingId = NewType("RecordingId", str)

UserKind = Literal["teacher", "pupil", "staff", "guest"]
"""`teacher`: every grown-up of a school; `staff`: of a support service; `guest`: came by a link."""
UserState = Literal["unconfirmed", "waiting", "active", "refused", "closed"]
"""`unconfirmed`: the e-mail address is; `waiting`: for the service (teachers) or to be let in (guests)."""
Role = Literal[
    "founder",
    "teacher",
    "librarian",
    "pupil_editor",
    "pupil",
    "head_teacher",
    "adviser",
    "lecturer",
    "expert",
    "ambassador",
    "inspector",
    "family",
    "visitor",
    "regional_staff",
    "national_staff",
    "central_staff",
]
LoginKind = Literal["browser", "token"]
Phase = Literal["founding", "withdrawn", "idea", "before", "during", "after", "closed", "archived"]
"""The life of a project. `founding`: not open yet, only the agreement is there; `withdrawn`: it never will be."""
Purpose = Literal[
    "account", "live_voice", "live_camera", "recording", "image_public", "first_name_to_partner", "external_tool"
]
"""What somebody may consent to, each apart from the others."""
SignInWay = Literal["password", "class_card", "link", "token"]
SchoolState = Literal["listed", "proposed"]
"""`proposed`: a teacher who registered wrote it down, and no service has looked at it yet."""
ServiceLevel = Literal["central", "national", "regional"]
TicketPurpose = Literal["confirm_email", "reset_password"]
Decision = Literal["accepted", "refused"]

Json = Any
"""A JSON value: dict, list, str, int, float, bool or None. Stores return it equal to what was put in."""


@dataclass(frozen=True, slots=True)
class School:
    id: SchoolId
    name: str
    city: str
    country: str
    """ISO 3166-1 alpha-2, upper case."""
    shape: str
    """The shape that stands for the school beside its colour: circle, square, triangle, hexagon, drop or star."""
    region: str = ""
    """As the country's support services name it; empty where they don't."""
    state: SchoolState = "listed"


@dataclass(frozen=True, slots=True)
class Service:
    """A support service. Its people belong to it as teachers to a school, so it has a row among the schools too."""

    id: SchoolId
    level: ServiceLevel
    """Central: every country; national: the country of its row; regional: that country's region alone."""


@dataclass(frozen=True, slots=True)
class User:
    id: UserId
    name: str
    """What one types to sign in, unique, lower case: `teacher.es`."""
    display_name: str
    kind: UserKind
    school_id: SchoolId
    language: str
    """BCP 47 tag of the interface: `es`, `pl`, `en`."""
    created_at_ms: int
    email: str | None = None
    """Lower case, unique. Pupils and guests never have one."""
    state: UserState = "active"
    class_name: str = ""
    """`5B`: how the teachers of a school tell their pupils' classes apart."""


@dataclass(frozen=True, slots=True)
class Login:
    """One period in which somebody is signed in: a browser's cookie or a script's token."""

    id: LoginId
    user_id: UserId
    kind: LoginKind
    secret_hash: bytes
    created_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int | None = None
    way: SignInWay = "token"
    device: str = ""
    """What the browser calls itself, shortened, for the list of one's own logins."""
    last_used_at_ms: int | None = None
    """To the hour or so; not written at every request."""
    second_factor_at_ms: int | None = None
    """When the login was proved as far as its account demands; None: its second factor is still to come."""


@dataclass(frozen=True, slots=True)
class Ticket:
    """A secret sent by e-mail that does one thing once."""

    secret_hash: bytes
    purpose: TicketPurpose
    user_id: UserId
    created_at_ms: int
    expires_at_ms: int
    used_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Registration:
    """A teacher asks to be let in; the support service of country and region decides."""

    user_id: UserId
    message: str
    """What the teacher wrote to the service."""
    submitted_at_ms: int
    decision: Decision | None = None
    decided_by: UserId | None = None
    decided_at_ms: int | None = None
    reason: str = ""
    """What the service answered: always said when it refused."""


@dataclass(frozen=True, slots=True)
class GuestLink:
    """An invitation: whoever holds its secret may ask to come into the TwinSpace as a guest, until it expires."""

    id: GuestLinkId
    twinspace_id: TwinspaceId
    secret_hash: bytes
    role: Role
    title: str
    """Who it is for, in the words of who made it: `Parents of 5B`."""
    made_by: UserId
    created_at_ms: int
    expires_at_ms: int
    revoked_at_ms: int | None = None


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """One-time codes by time (RFC 6238)."""

    user_id: UserId
    sealed_secret: bytes
    """Encrypted with a key that lies outside the database."""
    created_at_ms: int
    confirmed_at_ms: int | None = None
    """None: shown, but no code of it was typed yet; it protects nothing until then."""
    last_step: int = 0
    """The time step of the newest code used: a code works once."""
    recovery_hashes: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Project:
    id: ProjectId
    title: str
    summary: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Twinspace:
    id: TwinspaceId
    project_id: ProjectId
    title: str
    summary: str
    created_at_ms: int
    phase: Phase = "during"


@dataclass(frozen=True, slots=True)
class PhaseMove:
    """One step of a project's life."""

    twinspace_id: TwinspaceId
    seq: int
    former: Phase
    phase: Phase
    moved_by: UserId
    missing: tuple[str, ...]
    """What was still missing, and was said so, when it was moved on all the same."""
    moved_at_ms: int


@dataclass(frozen=True, slots=True)
class Reopening:
    """A teacher asks to open a closed project again; a second one, of another school, has to ask too."""

    twinspace_id: TwinspaceId
    user_id: UserId
    school_id: SchoolId
    asked_at_ms: int


@dataclass(frozen=True, slots=True)
class Founding:
    """What two teachers agree on before their TwinSpace opens; the text they agree on is the content `agreement_id`."""

    twinspace_id: TwinspaceId
    agreement_id: ContentId
    proposed_by: UserId
    partner_id: UserId
    title: str
    programme: str
    """`etwinning`, `ka1`, `ka2`, `other`"""
    stage: str
    """`early`, `primary`, `lower_secondary`, `upper_secondary`, `vocational`"""
    subjects: tuple[str, ...]
    languages: tuple[str, ...]
    """BCP 47 tags."""
    starts_on: str
    """ISO 8601 date, as `ends_on`."""
    ends_on: str
    proposed_at_ms: int


@dataclass(frozen=True, slots=True)
class Signature:
    """A founder signed the agreement as the blob with this hash has it; another text needs another signature."""

    twinspace_id: TwinspaceId
    user_id: UserId
    agreement: str
    signed_at_ms: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a national support service says of a signed agreement."""

    twinspace_id: TwinspaceId
    seq: int
    agreement: str
    country: str
    decided_by: UserId
    approved: bool
    reason: str
    decided_at_ms: int


@dataclass(frozen=True, slots=True)
class Consent:
    """One entry of the ledger: it is never changed; what holds is the newest entry of its purpose."""

    user_id: UserId
    seq: int
    """1, 2, 3 … of this user, without a hole."""
    purpose: Purpose
    granted: bool
    """False: refused, or withdrawn."""
    given_by: str
    """`guardian`, or `self` where the country's law lets them consent themselves."""
    how: str
    """`paper`, `in_person`, `online`"""
    given_on: str
    """ISO 8601 date: when it was said, which may be days before somebody wrote it down here."""
    until_ms: int | None
    """None: until it is withdrawn."""
    own_age: int
    """From which age the country lets pupils consent themselves, as it was known when this was written."""
    recorded_by: UserId
    recorded_at_ms: int


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording of a meeting: for everybody in it a file of their own, or several."""

    id: RecordingId
    twinspace_id: TwinspaceId
    room_id: RoomId
    started_by: UserId
    started_at_ms: int
    ended_at_ms: int
    reason: str
    """Why it ended: `stopped`, `meeting_over`, `time_over`, `disk_full`, `disk_slow`, `disk_error`, `interrupted`."""
    files: Json
    """`[{file_id, user_id, display_name, source, began_at_ms, size_bytes, blob}]`"""


@dataclass(frozen=True, slots=True)
class Member:
    twinspace_id: TwinspaceId
    user_id: UserId
    role: Role
    epoch: int
    """Grows by one each time the role changes or is taken away; live sockets carry the epoch they were opened with."""
    joined_at_ms: int


@dataclass(frozen=True, slots=True)
class Content:
    id: ContentId
    twinspace_id: TwinspaceId
    kind: str
    """`document`, `wall`, `form` …: a key of `crdt_docs.content.KINDS`."""
    title: str
    created_by: UserId
    created_at_ms: int
    changed_at_ms: int


@dataclass(frozen=True, slots=True)
class Room:
    id: RoomId
    twinspace_id: TwinspaceId
    title: str
    created_at_ms: int


@dataclass(frozen=True, slots=True)
class Message:
    twinspace_id: TwinspaceId
    seq: int
    """1, 2, 3 … within the TwinSpace, without a hole."""
    client_message_id: str
    user_id: UserId
    text: str
    posted_at_ms: int


@dataclass(frozen=True, slots=True)
class FormVersion:
    """A form as it was frozen for answering."""

    content_id: ContentId
    version: int
    definition: Json
    published_by: UserId
    published_at_ms: int


@dataclass(frozen=True, slots=True)
class FormResponse:
    content_id: ContentId
    version: int
    user_id: UserId
    school_id: SchoolId
    answers: Json
    submitted_at_ms: int


@dataclass(frozen=True, slots=True)
class JournalEntry:
    twinspace_id: TwinspaceId
    seq: int
    verb: str
    """What happened, in the past tense: `content_created`, `snapshot_taken`, `meeting_started` …"""
    user_id: UserId | None
    subject_id: str | None
    details: Json
    happened_at_ms: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One link of a TwinSpace's chain. `id` is the SHA-256 (hex) of its canonical JSON: it proves parent and tree."""

    id: SnapshotId
    twinspace_id: TwinspaceId
    seq: int
    parent: SnapshotId | None
    tree: str
    """SHA-256 (hex) of the tree blob: canonical JSON `{path: blob hash}`."""
    title: str
    cause: str
    taken_by: UserId
    taken_at_ms: int


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One Yjs update as a client sent it, with who sent it."""

    content_id: ContentId
    seq: int
    update: bytes
    user_id: UserId | None
    """None: the hub itself wrote it (a wall's card, a demo text)."""
    written_at_ms: int


@dataclass(frozen=True, slots=True)
class StoredDoc:
    """What is on disk of one content: a state that replaces every entry up to `state_seq`, and the entries after it."""

    state: bytes | None
    state_seq: int
    entries: tuple[LogEntry, ...]
    history: bytes | None = None
    """Who wrote what in `state`, and when, as `DocLog.compact` was given it."""
    writers: Mapping[int, UserId | None] = field(default_factory=dict)
    """The user of every Yjs client id that was ever bound in this content; None: the hub itself writes under it."""
