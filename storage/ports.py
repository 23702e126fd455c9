"""What the hub may ask of storage: one small interface per noun, all async, all speaking records and bytes.

Every method either did what it says, durably, when it returns, or raised one of the errors below and did nothing.
A record that points to a row that is not there raises NotFound; one whose key is taken raises Conflict. Text that no
database can keep (a NUL, half a surrogate pair) raises ValueError: the caller checks its input first.
`tests/storage/test_ports.py` holds the contract and runs it over every implementation.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from storage.records import (
    Consent,
    Content,
    ContentId,
    Decision,
    FormResponse,
    FormVersion,
    Founding,
    GuestLink,
    GuestLinkId,
    JournalEntry,
    Json,
    LogEntry,
    Login,
    LoginId,
    Member,
    Message,
    Phase,
    PhaseMove,
    Project,
    ProjectId,
    Purpose,
    Recording,
    RecordingId,
    Registration,
    Reopening,
    Role,
    Room,
    RoomId,
    School,
    SchoolId,
    SecondFactor,
    Service,
    ServiceLevel,
    Signature,
    Snapshot,
    SnapshotId,
    StoredDoc,
    Ticket,
    TicketPurpose,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
    UserState,
    Verdict,
)


class StorageError(Exception):
    """Base of what a port raises on purpose."""


class NotFound(StorageError):
    """The row asked for is not there."""


class Conflict(StorageError):
    """A row with this key is there already, or changed under the caller."""


class Unavailable(StorageError):
    """The disk or the database can't answer now; nothing was changed, or it is unknown whether it was."""


class Missed(StorageError):
    """A subscription may have lost messages (slow reader, lost connection) and has ended.

    Subscribe again, then read from the store what the messages would have told.
    """


class Users(Protocol):
    async def add_school(self, school: School) -> None: ...
    async def get_school(self, school_id: SchoolId) -> School: ...
    async def schools_of(self, country: str) -> list[School]:
        """The listed schools of a country by name, without the support services."""
        ...

    async def add_user(self, user: User, *, password_hash: str | None = None) -> None:
        """Raise Conflict when the id, the name or the e-mail address is taken."""
        ...

    async def add_pupils(self, pupils: Sequence[tuple[User, bytes]]) -> None:
        """All of them with their class keys, or none: raise Conflict when a name or a key is taken."""
        ...

    async def pupils_of(self, school_id: SchoolId) -> list[User]:
        """By class, then by name."""
        ...

    async def get_user(self, user_id: UserId) -> User: ...
    async def find_user(self, name: str) -> User: ...
    async def find_by_email(self, email: str) -> User: ...
    async def password_hash(self, user_id: UserId) -> str | None: ...
    async def set_password_hash(self, user_id: UserId, password_hash: str) -> None: ...
    async def set_language(self, user_id: UserId, language: str) -> None: ...
    async def set_state(self, user_id: UserId, state: UserState) -> None: ...
    async def set_class_key(self, user_id: UserId, key_hash: bytes) -> None:
        """Replace the pupil's class card key. Raise Conflict when another user has this key."""
        ...

    async def find_by_class_key(self, key_hash: bytes) -> User: ...
    async def find_by_class_keys(self, key_hashes: Sequence[bytes]) -> list[User]:
        """Everybody who has one of these keys."""
        ...


class Services(Protocol):
    """The support services and what they decide."""

    async def add(self, service: Service) -> None:
        """The school row with the same id must be there."""
        ...

    async def get(self, service_id: SchoolId) -> Service: ...
    async def find(self, level: ServiceLevel, country: str, region: str | None = None) -> list[Service]:
        """The services of this level and place; the central ones have every country. None: every region."""
        ...

    async def register(self, user: User, registration: Registration, *, password_hash: str) -> UserId:
        """Store the teacher and the request together, in place of an earlier one whose address was never confirmed.

        Returns the id that the user has: the earlier one's if there is one. Raise Conflict when the name or the e-mail
        address is taken.
        """
        ...

    async def registration(self, user_id: UserId) -> Registration: ...
    async def waiting(self, country: str | None, region: str | None) -> list[tuple[Registration, User, School]]:
        """Undecided requests of confirmed addresses, oldest first; None: every country, every region."""
        ...

    async def decide(self, user_id: UserId, decision: Decision, *, by: UserId, at_ms: int, reason: str) -> None:
        """Set the user's state with it, and list the school when accepted. Raise Conflict when it was decided."""
        ...


class Logins(Protocol):
    async def add(self, login: Login) -> None: ...
    async def find(self, secret_hash: bytes) -> Login: ...
    async def get(self, login_id: LoginId) -> Login: ...
    async def revoke(self, login_id: LoginId, at_ms: int) -> None: ...
    async def note_use(self, login_id: LoginId, at_ms: int) -> None: ...
    async def note_second_factor(self, login_id: LoginId, at_ms: int) -> None: ...
    async def of_user(self, user_id: UserId) -> list[Login]: ...


class Guests(Protocol):
    """Invitations by link, and who came by them."""

    async def add_link(self, link: GuestLink) -> None: ...
    async def find_link(self, secret_hash: bytes) -> GuestLink: ...
    async def get_link(self, link_id: GuestLinkId) -> GuestLink: ...
    async def links_of(self, twinspace_id: TwinspaceId) -> list[GuestLink]:
        """Newest first."""
        ...

    async def revoke_link(self, link_id: GuestLinkId, at_ms: int) -> None:
        """The first time counts."""
        ...

    async def add_guest(self, user: User, link_id: GuestLinkId) -> None:
        """Store the account and which link it came by, together."""
        ...

    async def guests_of(self, link_id: GuestLinkId) -> list[User]:
        """In the order in which they came."""
        ...

    async def link_of(self, user_id: UserId) -> GuestLink:
        """The link that this guest came by."""
        ...


class Proofs(Protocol):
    """What proves who somebody is, beside passwords and class cards: mailed tickets and one-time codes."""

    async def add_ticket(self, ticket: Ticket) -> None:
        """Earlier unused tickets of this user and purpose end."""
        ...

    async def find_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        """Raise NotFound unless `use_ticket` could use it now."""
        ...

    async def use_ticket(self, secret_hash: bytes, purpose: TicketPurpose, at_ms: int) -> Ticket:
        """Raise NotFound when it is absent, expired or used: of two uses at once one wins."""
        ...

    async def put_second_factor(self, factor: SecondFactor) -> None:
        """In place of the user's former one."""
        ...

    async def second_factor(self, user_id: UserId) -> SecondFactor: ...
    async def use_step(self, user_id: UserId, step: int, at_ms: int) -> None:
        """Remember that the code of this step was used, and confirm the factor. Raise Conflict unless it is newer."""
        ...

    async def use_recovery(self, user_id: UserId, recovery_hash: bytes) -> None:
        """Take it off the list. Raise NotFound when it is not there (any more)."""
        ...

    async def remove_second_factor(self, user_id: UserId) -> None: ...


class Twinspaces(Protocol):
    async def add_project(self, project: Project) -> None: ...
    async def get_project(self, project_id: ProjectId) -> Project: ...
    async def add(self, twinspace: Twinspace) -> None: ...
    async def get(self, twinspace_id: TwinspaceId) -> Twinspace: ...
    async def of_user(self, user_id: UserId) -> list[Twinspace]:
        """The TwinSpaces in which the user is a member, oldest first."""
        ...

    async def all(self) -> list[Twinspace]: ...
    async def add_member(self, member: Member) -> None: ...
    async def get_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> Member: ...
    async def members(self, twinspace_id: TwinspaceId) -> list[Member]: ...
    async def set_role(self, twinspace_id: TwinspaceId, user_id: UserId, role: Role) -> Member:
        """Change the role and raise the epoch by one; returns the new row."""
        ...

    async def remove_member(self, twinspace_id: TwinspaceId, user_id: UserId) -> None:
        """The epoch is remembered: who is added again gets a greater one than ever before."""
        ...

    async def add_room(self, room: Room) -> None: ...
    async def get_room(self, room_id: RoomId) -> Room: ...
    async def rooms(self, twinspace_id: TwinspaceId) -> list[Room]: ...


class Contents(Protocol):
    async def add(self, content: Content) -> None: ...
    async def get(self, content_id: ContentId) -> Content: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Content]: ...
    async def rename(self, content_id: ContentId, title: str, at_ms: int) -> Content: ...
    async def touch(self, content_id: ContentId, at_ms: int) -> None: ...


class DocLog(Protocol):
    """The durable form of live documents: an append-only log of updates, and at times a state in place of its head."""

    async def append(
        self,
        content_id: ContentId,
        updates: Sequence[bytes],
        *,
        user_id: UserId | None,
        at_ms: int,
        writers: Mapping[int, UserId | None] | None = None,
    ) -> int:
        """Append in this order and return the last seq once it is durable (fsync).

        `writers` binds Yjs client ids to users (None: to the hub) in the same transaction; who was bound first stays.
        Calls made while a commit runs share the next commit, whatever their document: group commit without a fixed
        window. Seqs of one content grow by one, starting at 1. Raise Unavailable when the disk refuses: then nothing of
        this call was stored.
        """
        ...

    async def append_all(
        self,
        content_id: ContentId,
        entries: Sequence[tuple[bytes, UserId | None]],
        *,
        at_ms: int,
        writers: Mapping[int, UserId | None] | None = None,
    ) -> int:
        """`append` for updates of several authors, each with its own: all of them are stored, or none."""
        ...

    async def load(self, content_id: ContentId) -> StoredDoc:
        """A content that was never written loads as `StoredDoc(None, 0, ())`."""
        ...

    async def compact(self, content_id: ContentId, state: bytes, seq: int, *, history: bytes | None = None) -> None:
        """Put `state`, with `history` beside it, in place of every entry up to and including `seq`, in one transaction.

        Raise Conflict when a newer state is there already, or when `seq` was never handed out.
        """
        ...

    def entries(self, content_id: ContentId) -> AsyncIterator[LogEntry]:
        """The entries that no state has replaced, oldest first, without holding them all in memory."""
        ...


class Messages(Protocol):
    async def append(
        self, twinspace_id: TwinspaceId, *, client_message_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[Message, bool]:
        """Store the message and give it the next seq; the flag tells whether it is new.

        The same `client_message_id` by the same user returns the stored message and False, so that a client may retry.
        """
        ...

    async def since(self, twinspace_id: TwinspaceId, seq: int, limit: int) -> list[Message]:
        """Messages with a greater seq, oldest first."""
        ...

    async def latest(self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None) -> list[Message]:
        """The newest messages (below `before_seq`), oldest first."""
        ...


class Forms(Protocol):
    async def publish(
        self, content_id: ContentId, definition: Json, *, published_by: UserId, at_ms: int
    ) -> FormVersion:
        """Freeze the definition as the next version: 1, 2, 3 …"""
        ...

    async def latest_version(self, content_id: ContentId) -> FormVersion: ...
    async def get_version(self, content_id: ContentId, version: int) -> FormVersion: ...
    async def put_response(self, response: FormResponse) -> bool:
        """One response per user and version: a second one replaces the first. Returns whether it is new."""
        ...

    async def get_response(self, content_id: ContentId, version: int, user_id: UserId) -> FormResponse: ...
    async def responses(self, content_id: ContentId, version: int) -> list[FormResponse]: ...


class Journal(Protocol):
    async def record(
        self,
        twinspace_id: TwinspaceId,
        *,
        verb: str,
        user_id: UserId | None,
        subject_id: str | None,
        details: Json,
        at_ms: int,
    ) -> JournalEntry: ...
    async def latest(self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None) -> list[JournalEntry]:
        """Newest first."""
        ...


class Snapshots(Protocol):
    """The chains. What they point to lies in Blobs."""

    async def append(self, snapshot: Snapshot) -> None:
        """Raise Conflict when `snapshot.parent` is not the chain's newest link any more."""
        ...

    async def get(self, snapshot_id: SnapshotId) -> Snapshot: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Snapshot]:
        """Oldest first."""
        ...

    async def chains(self) -> list[TwinspaceId]:
        """Every TwinSpace id that a snapshot carries, also one that no TwinSpace has (any more)."""
        ...


class Foundings(Protocol):
    """Projects as two teachers propose, sign and open them. Signatures and verdicts are never changed."""

    async def add(self, founding: Founding) -> None: ...
    async def get(self, twinspace_id: TwinspaceId) -> Founding: ...
    async def change(self, founding: Founding) -> None:
        """Replace what may be edited: everything but the ids and when it was proposed."""
        ...

    async def of_user(self, user_id: UserId) -> list[Founding]:
        """Proposed by or to the user, newest first."""
        ...

    async def unopened(self) -> list[Founding]:
        """Those whose TwinSpace is in the phase `founding`, oldest first."""
        ...

    async def sign(self, signature: Signature) -> bool:
        """Returns whether it is new: the same founder signs the same text once."""
        ...

    async def signatures(self, twinspace_id: TwinspaceId) -> list[Signature]:
        """Oldest first."""
        ...

    async def decide(
        self,
        twinspace_id: TwinspaceId,
        *,
        agreement: str,
        country: str,
        decided_by: UserId,
        approved: bool,
        reason: str,
        at_ms: int,
    ) -> Verdict: ...
    async def verdicts(self, twinspace_id: TwinspaceId) -> list[Verdict]:
        """Oldest first."""
        ...


class Phases(Protocol):
    """The life of projects."""

    async def move(
        self,
        twinspace_id: TwinspaceId,
        *,
        former: Phase,
        phase: Phase,
        moved_by: UserId,
        missing: Sequence[str],
        at_ms: int,
    ) -> PhaseMove:
        """Set the phase, raise every member's epoch and forget who asked to reopen, together.

        Raise Conflict when the TwinSpace is not in the phase `former`: of two moves at once one wins.
        """
        ...

    async def moves(self, twinspace_id: TwinspaceId) -> list[PhaseMove]:
        """Oldest first."""
        ...

    async def ask_reopening(self, reopening: Reopening) -> None:
        """A second request of the same user changes nothing."""
        ...

    async def reopenings(self, twinspace_id: TwinspaceId) -> list[Reopening]:
        """Oldest first."""
        ...


class Consents(Protocol):
    """The consent ledger: entries are added, never changed."""

    async def record(
        self,
        user_ids: Sequence[UserId],
        purposes: Sequence[Purpose],
        *,
        granted: bool,
        given_by: str,
        how: str,
        given_on: str,
        until_ms: int | None,
        own_age: int,
        recorded_by: UserId,
        at_ms: int,
    ) -> list[Consent]:
        """One entry for every user and purpose, all of them or none."""
        ...

    async def of_user(self, user_id: UserId) -> list[Consent]:
        """Every entry, oldest first."""
        ...

    async def newest(self, user_ids: Sequence[UserId]) -> list[Consent]:
        """The newest entry of each user and purpose."""
        ...


class Blobs(Protocol):
    """Bytes by the SHA-256 of what they are."""

    async def put(self, data: bytes) -> str:
        """Store (once) and return the hash in hex."""
        ...

    async def get(self, blob_hash: str) -> bytes:
        """The bytes as stored; the caller verifies. Raise NotFound."""
        ...

    async def put_file(self, path: Path) -> str:
        """Store what the file holds, which nobody may change from now on; the file itself stays. Raise Unavailable."""
        ...

    async def remove(self, blob_hash: str) -> None:
        """Forget it, if it is there. The caller knows that nothing else names it."""
        ...

    def path(self, blob_hash: str) -> str:
        """Where an administrator finds the blob; named by `hub verify`."""
        ...


class Recordings(Protocol):
    """What was recorded of meetings; the files are blobs."""

    async def add(self, recording: Recording) -> None: ...
    async def get(self, recording_id: RecordingId) -> Recording: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Recording]:
        """Newest first."""
        ...

    async def remove(self, recording_id: RecordingId) -> None:
        """Raise NotFound when it is not there (any more)."""
        ...


class Bus(Protocol):
    """Carries bytes between the processes of one hub; keeps nothing."""

    async def publish(self, channel: str, data: bytes) -> None:
        """Raise Unavailable when the bus is down, ValueError over 4 MiB."""
        ...

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        """Everything published on the channel from now on, by this process too; ends when the bus is closed.

        Through Redis "now" is not sharp: what was published a moment before may come too, and what other processes
        publish before Redis has confirmed may not.
        Raise Missed, once and as the end, when something may have been lost on the way.
        """
        ...

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Storage:
    """All ports of one hub, opened together by `storage.open_storage` and closed together."""

    users: Users
    services: Services
    logins: Logins
    proofs: Proofs
    guests: Guests
    twinspaces: Twinspaces
    contents: Contents
    doc_log: DocLog
    messages: Messages
    forms: Forms
    journal: Journal
    snapshots: Snapshots
    foundings: Foundings
    phases: Phases
    consents: Consents
    recordings: Recordings
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
