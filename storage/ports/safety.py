"""Reports, hidden things, and the moderation log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from storage.records import (
    Hidden,
    Json,
    ModerationEntry,
    Report,
    ReportId,
    TwinspaceId,
    UserId,
)


class Safety(Protocol):
    """What was reported, and what is hidden."""

    async def add_report(self, report: Report) -> None: ...
    async def get_report(self, report_id: ReportId) -> Report: ...
    async def reports(self, twinspace_ids: Sequence[TwinspaceId], *, only_unanswered: bool = False) -> list[Report]:
        """Of these TwinSpaces, oldest first."""
        ...

    async def claim_report(self, report_id: ReportId, user_id: UserId, at_ms: int) -> Report:
        """Raise Conflict when somebody else claimed or answered it: of two at once one wins."""
        ...

    async def answer_report(self, report_id: ReportId, user_id: UserId, answer: str, at_ms: int) -> Report:
        """Raise Conflict when it is answered already."""
        ...

    async def forget_reports(self, before_ms: int, *, dry_run: bool = False) -> int:
        """Those that were answered before this time, and how many they are."""
        ...

    async def hide(self, hidden: Hidden) -> None:
        """Raise Conflict when it is hidden already."""
        ...

    async def show(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> Hidden:
        """Hidden no more; returns what was kept. Raise NotFound."""
        ...

    async def hidden(self, twinspace_id: TwinspaceId) -> list[Hidden]:
        """Newest first."""
        ...

    async def hidden_ids(self, twinspace_id: TwinspaceId, kind: str) -> frozenset[str]: ...
    async def is_hidden(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> bool: ...


class ModerationLog(Protocol):
    """A chain for each TwinSpace. There is no way to change an entry, and none to take one out of the middle."""

    async def record(
        self,
        twinspace_id: TwinspaceId,
        *,
        action: str,
        user_id: UserId | None,
        kind: str,
        subject_id: str,
        reason: str,
        details: Json,
        at_ms: int,
    ) -> ModerationEntry: ...

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None
    ) -> list[ModerationEntry]:
        """Newest first."""
        ...

    async def chains(self) -> list[TwinspaceId]: ...
    async def forget(self, before_ms: int, *, dry_run: bool = False) -> int:
        """Take off each chain's oldest end what was done before this time, but never its newest entry; returns how
        many. What is left proves itself: its first entry names the hash of the last one forgotten."""
        ...
