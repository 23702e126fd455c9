"""Threads and posts, in a TwinSpace or among teachers at large."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import TwinspaceId, UserId

ThreadId = NewType("ThreadId", str)


@dataclass(frozen=True, slots=True)
class Thread:
    id: ThreadId
    twinspace_id: TwinspaceId | None
    """None: for teachers at large."""
    title: str
    created_by: UserId
    created_at_ms: int
    latest_at_ms: int
    post_count: int
    is_pinned: bool = False
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Post:
    thread_id: ThreadId
    seq: int
    """1, 2, 3 … within the thread, without a hole."""
    client_post_id: str
    user_id: UserId
    text: str
    posted_at_ms: int
    edited_at_ms: int | None = None
    is_removed: bool = False
    """Its text and every earlier one are gone."""


@dataclass(frozen=True, slots=True)
class PostVersion:
    """A text that a post had before."""

    text: str
    written_at_ms: int


@dataclass(frozen=True, slots=True)
class FollowedThread:
    thread: Thread
    read_seq: int
