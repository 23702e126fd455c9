"""Contents, and the log of what was written in them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Protocol

from storage.records import (
    Content,
    ContentId,
    LogEntry,
    Rung,
    Sight,
    StoredDoc,
    TeamId,
    TwinspaceId,
    UserId,
)


class Contents(Protocol):
    async def add(self, content: Content) -> None: ...
    async def get(self, content_id: ContentId) -> Content: ...
    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Content]:
        """Those that the viewer sees; None: all of them."""
        ...

    async def set_visibility(self, content_id: ContentId, visibility: Rung, team_id: TeamId | None) -> Content: ...
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

        Raise Conflict when another state of this seq or a newer one is there, or when `seq` was never handed out.
        """
        ...

    def entries(self, content_id: ContentId) -> AsyncIterator[LogEntry]:
        """The entries that no state has replaced, oldest first, without holding them all in memory."""
        ...
