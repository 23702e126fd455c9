"""Who wrote a content: the text that is there in reading order, and how much of it is whose."""

from __future__ import annotations

from hub.payloads.fields import Reply


class WrittenRun(Reply):
    text: str
    user_id: str | None
    """Who brought it to the hub; null: the hub itself wrote it."""
    written_at_ms: int | None
    written_by: str | None
    """Another than `user_id`: it was written under this user's client; `user_id` only brought it, after a failure."""
    begins_text: bool
    """It is the first of its text: of a paragraph, say."""


class Writer(Reply):
    user_id: str | None
    display_name: str | None
    """null: the hub itself, or an account that is gone."""
    school_id: str | None
    characters: int


class SchoolShare(Reply):
    school_id: str | None
    characters: int


class WrittenContent(Reply):
    runs: list[WrittenRun]
    writers: list[Writer]
    """Most first; also those who wrote only what others brought, with 0 characters."""
    schools: list[SchoolShare]
    """Most first."""
