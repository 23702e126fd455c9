"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

from typing import Protocol

from storage.records import (
    JournalEntry,
    Json,
    Message,
    Recording,
    RecordingId,
    Sight,
    Snapshot,
    SnapshotId,
    TwinspaceId,
    UserId,
)


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
    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, sight: Sight | None = None
    ) -> list[JournalEntry]:
        """Newest first; without what is said of items that the viewer does not see (None: everything)."""
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
