"""What all open documents of a process share, and how their clients look from inside."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Protocol

from crdt_docs import keystroke
from crdt_docs.content import KINDS
from crdt_docs.limits import Limits
from crdt_docs.sync_codec import Codec
from hub import socket_writes
from hub.doc_probe import DocProbe
from hub.reading_rounds import ReadingRounds
from storage import ports
from storage.records import ContentId, LoginId, SchoolId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class DocAccess:
    """What somebody was allowed to do with one document, when it was asked."""

    content_id: ContentId
    twinspace_id: TwinspaceId
    kind: str
    user_id: UserId
    display_name: str
    school_id: SchoolId
    can_write: bool
    epoch: int
    login_id: LoginId
    expires_at_ms: int
    is_seen: bool = True
    """Others see where they are in it."""


class DocSession(Protocol):
    """One client on one document, as a shell offers it. The methods neither block nor raise."""

    id: str
    codec: Codec
    access: DocAccess

    def send(self, wire: bytes) -> None:
        """Write a framed message; it is lost only together with the socket."""
        ...

    def offer(self, wire: bytes, before: bytes = b"") -> None:
        """Write a framed broadcast, or drop it because the client is behind and ask for `resync` later.

        `before` is framed too, and is written in any case.
        """
        ...

    def ready_fd(self) -> int:
        """The number of the socket, if bytes may be written to it past its transport now; else -1."""
        ...

    def end(self, code: str, reason: str) -> None:
        """Tell the client why and close this document for it."""
        ...


NATIVE_PARTS = int(keystroke.is_native) + int(socket_writes.is_native)


@dataclass(slots=True)
class DocCounts:
    """What /metrics shows of the documents of this process."""

    open_docs: int = 0
    sessions: int = 0
    unsaved_updates: int = 0
    updates_received: int = 0
    updates_stored: int = 0
    broadcasts: int = 0
    rejected: int = 0
    failed_commits: int = 0
    compactions: int = 0
    discarded: int = 0
    fell_behind: int = 0
    probed: int = 0
    probe_failures: int = 0
    native_parts: int = NATIVE_PARTS
    """How much of the work on documents runs in C here: headers of typing, and writing to many sockets."""


@dataclass(slots=True)
class Surroundings:
    """What all open documents of a process share."""

    doc_log: ports.DocLog
    bus: ports.Bus
    now_ms: Callable[[], int]
    limits: Limits
    process_id: bytes
    linger_s: float
    probe: DocProbe
    rounds: ReadingRounds
    loads: asyncio.Semaphore
    on_change: Callable[[ContentId], None] = lambda content_id: None
    on_let_go: Callable[[ContentId], None] = lambda content_id: None
    counts: DocCounts = field(default_factory=DocCounts)


def may_write(access: DocAccess) -> bool:
    """Nobody writes directly what only the hub writes (decision D6), whatever the role."""
    return access.can_write and KINDS[access.kind].written_by == "members"
