"""What happened: messages, journal, snapshots, recordings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import (
    JournalEntry,
    Json,
    Message,
    Reaction,
    Recording,
    RecordingId,
    Sight,
    Snapshot,
    SnapshotId,
    TwinspaceId,
    UserId,
)


class Messages(Protocol):
    """Each lane of a TwinSpace is numbered by itself."""

    async def append(
        self,
        twinspace_id: TwinspaceId,
        *,
        client_message_id: str,
        user_id: UserId,
        text: str,
        at_ms: int,
        lane: str = "all",
        reply_to: int | None = None,
        mentions: Sequence[str] = (),
        material_ids: Sequence[str] = (),
    ) -> tuple[Message, bool]:
        """Store the message and give it the next seq of its lane; the flag tells whether it is new.

        The same `client_message_id` by the same user in the same lane returns the stored message and False, so that a
        client may retry. Raise NotFound when there is nothing that it could be a reply to.
        """
        ...

    async def get(self, twinspace_id: TwinspaceId, lane: str, seq: int) -> Message: ...
    async def since(self, twinspace_id: TwinspaceId, seq: int, limit: int, lane: str = "all") -> list[Message]:
        """Messages with a greater seq, oldest first."""
        ...

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, lane: str = "all"
    ) -> list[Message]:
        """The newest messages (below `before_seq`), oldest first."""
        ...

    async def edit(self, twinspace_id: TwinspaceId, lane: str, seq: int, text: str, at_ms: int) -> Message:
        """The former text is kept with it."""
        ...

    async def react(self, twinspace_id: TwinspaceId, lane: str, seq: int, user_id: UserId, sign: str | None) -> None:
        """In place of an earlier sign; None takes it back."""
        ...

    async def reactions(self, twinspace_id: TwinspaceId, lane: str, seqs: Sequence[int]) -> list[Reaction]:
        """By seq, then by user."""
        ...

    async def lanes(self, twinspace_id: TwinspaceId) -> dict[str, int]:
        """Every lane in which something was said, and its newest seq."""
        ...

    async def mark_read(self, user_id: UserId, twinspace_id: TwinspaceId, lane: str, seq: int) -> bool:
        """The user has seen the lane up to this message; False when that was known. It never goes back."""
        ...

    async def unread(self, user_id: UserId, twinspace_id: TwinspaceId) -> dict[str, int]:
        """How many messages of others came after the user looked last; lanes without any are left out."""
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
