"""Threads and posts."""

from __future__ import annotations

from typing import Protocol

from storage.records import FollowedThread, Post, PostVersion, Thread, ThreadId, TwinspaceId, UserId


class Forum(Protocol):
    async def add_thread(self, thread: Thread, text: str) -> None:
        """With its first post, of whoever made it, who follows it from now on."""
        ...

    async def thread(self, thread_id: ThreadId) -> Thread: ...
    async def threads(self, twinspace_id: TwinspaceId | None, limit: int, offset: int = 0) -> list[Thread]:
        """Pinned ones first, then those with the newest posts."""
        ...

    async def set_thread(
        self, thread_id: ThreadId, *, is_pinned: bool | None = None, is_closed: bool | None = None
    ) -> Thread: ...
    async def remove_thread(self, thread_id: ThreadId) -> None:
        """With every post, every version and everybody who follows it."""
        ...

    async def add_post(
        self, thread_id: ThreadId, *, client_post_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[Post, bool]:
        """As `Messages.append`. Raise Conflict when the thread is closed."""
        ...

    async def post(self, thread_id: ThreadId, seq: int) -> Post: ...
    async def posts(self, thread_id: ThreadId, after_seq: int, limit: int) -> list[Post]:
        """Oldest first."""
        ...

    async def edit_post(self, thread_id: ThreadId, seq: int, text: str, at_ms: int) -> Post:
        """The former text is kept beside it."""
        ...

    async def remove_post(self, thread_id: ThreadId, seq: int) -> Post:
        """Its place stays, its texts go."""
        ...

    async def versions(self, thread_id: ThreadId, seq: int) -> list[PostVersion]:
        """The former texts, oldest first."""
        ...

    async def follow(self, thread_id: ThreadId, user_id: UserId, follows: bool) -> None: ...
    async def followers(self, thread_id: ThreadId) -> list[UserId]:
        """In the order of their ids."""
        ...

    async def mark_read(self, thread_id: ThreadId, user_id: UserId, seq: int) -> None:
        """Of those who follow it; never goes back."""
        ...

    async def followed(self, user_id: UserId) -> list[FollowedThread]:
        """Those with the newest posts first."""
        ...
