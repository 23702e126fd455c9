"""What happened in a TwinSpace."""

from __future__ import annotations

from typing import Any, Self

from hub.payloads.fields import Id, Limit, Payload, Reply, Seq
from storage import records


class JournalEntry(Reply):
    seq: int
    verb: str
    user_id: str | None
    display_name: str | None
    subject_id: str | None
    details: Any
    happened_at_ms: int

    @classmethod
    def of(cls, entry: records.JournalEntry, user: records.User | None) -> Self:
        return cls(
            seq=entry.seq,
            verb=entry.verb,
            user_id=entry.user_id,
            display_name=user.display_name if user else None,
            subject_id=entry.subject_id,
            details=entry.details,
            happened_at_ms=entry.happened_at_ms,
        )


class RecordedEntry(JournalEntry):
    twinspace_id: str


class Entries(Reply):
    entries: list[JournalEntry]


class ReadJournal(Payload):
    twinspace_id: Id
    before: Seq | None = None
    limit: Limit = 50
