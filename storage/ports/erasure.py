"""Erasure, and what there is about one person."""

from __future__ import annotations

from typing import Protocol

from storage.records import ContentId, DebateId, ErasureJob, ErasureJobId, Json, Redaction, TwinspaceId, UserId


class Erasure(Protocol):
    """After `scrub` nothing of what these took out is left in the database's files."""

    async def erase_message(self, twinspace_id: TwinspaceId, seq: int, lane: str = "all") -> None:
        """With what it said before it was edited. Its place in the order stays. Raise NotFound."""
        ...

    async def blank_reports(self, twinspace_id: TwinspaceId, kind: str, subject_id: str) -> None:
        """What reports of this thing quote of it."""
        ...

    async def erase_content(self, content_id: ContentId) -> None:
        """Everything written in it, its answers and its title; the empty content stays. Raise NotFound."""
        ...

    async def erase_debate(self, debate_id: DebateId) -> None:
        """Its motion, also where the journal and notices quote it. Raise NotFound."""
        ...

    async def erase_person(self, user_id: UserId, *, display_name: str, texts: bool) -> list[str]:
        """Everything by which the person can be known, in one step; the closed account stays for what points to it.

        With `texts` also what they wrote, outside of documents and walls. Their name goes from what the hub itself
        wrote about them. Returns the blobs of files that nothing names any more. Raise NotFound.
        """
        ...

    async def person_rows(self, user_id: UserId) -> dict[str, list[dict[str, Json]]]:
        """Every row that points to the person, by table, without secrets. Times in milliseconds, bytes left out."""
        ...

    async def redact(self, redaction: Redaction) -> None:
        """In place of an earlier one of the same blob."""
        ...

    async def redactions(self) -> dict[str, Redaction]:
        """All of them by their blob."""
        ...

    async def scrub(self) -> None:
        """Rewrite the database's files without what was deleted from them. It takes a while; writes wait. Raise
        Unavailable when somebody reads for too long: then it has to be done again."""
        ...

    async def add_job(self, job: ErasureJob) -> ErasureJob:
        """Returns the one that is there when the same is asked for again before it was begun."""
        ...

    async def get_job(self, job_id: ErasureJobId) -> ErasureJob: ...
    async def take_job(self, now_ms: int, until_ms: int) -> ErasureJob | None:
        """The oldest that is not done and that nobody has at this time, for the caller alone `until_ms`."""
        ...

    async def note_job(self, job_id: ErasureJobId, done: int, until_ms: int) -> None:
        """How far it is, and how long it stays the caller's; with a time that is over anybody may take it."""
        ...

    async def finish_job(self, job_id: ErasureJobId, at_ms: int) -> None: ...
