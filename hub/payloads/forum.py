"""Threads and posts, in a TwinSpace or among teachers at large."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import STORABLE, Id, Payload, Reply, Seq, Title
from hub.payloads.search import Offset

PostText = Annotated[str, StringConstraints(min_length=1, max_length=8_000, strip_whitespace=True), STORABLE]
PostNumber = Annotated[int, Field(ge=1, le=2**31)]


class Thread(Reply):
    id: str
    twinspace_id: str | None
    title: str
    created_by: str
    display_name: str
    created_at_ms: int
    latest_at_ms: int
    post_count: int
    is_pinned: bool
    is_closed: bool
    unread: int
    """Posts that I have not read, of a thread that I follow; 0 of the others."""
    follows: bool


class Threads(Reply):
    threads: list[Thread]
    more: bool


class Post(Reply):
    thread_id: str
    seq: int
    client_post_id: str
    user_id: str
    display_name: str
    school_id: str
    text: str
    posted_at_ms: int
    edited_at_ms: int | None
    is_removed: bool
    is_hidden: bool
    """Somebody who protects others took it out of sight; it has no text."""
    may_edit: bool
    may_remove: bool


class ThreadPage(Reply):
    thread: Thread
    posts: list[Post]
    more: bool
    may_post: bool
    may_moderate: bool


class PostVersion(Reply):
    text: str
    written_at_ms: int


class PostVersions(Reply):
    versions: list[PostVersion]


class ListThreads(Payload):
    offset: Offset = 0


class ListTwinspaceThreads(ListThreads):
    twinspace_id: Id


class StartThread(Payload):
    title: Title
    text: PostText


class StartTwinspaceThread(StartThread):
    twinspace_id: Id


class ThreadRef(Payload):
    thread_id: Id


class ReadThread(ThreadRef):
    after: Seq = 0


class WritePost(ThreadRef):
    client_post_id: Id
    text: PostText


class SetThread(ThreadRef):
    is_pinned: bool | None = None
    is_closed: bool | None = None


class FollowThread(ThreadRef):
    follows: bool


class PostRef(ThreadRef):
    seq: PostNumber


class EditPost(PostRef):
    text: PostText


class ReportPost(PostRef):
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]


class ThreadChanged(Reply):
    """Look again: a post was written, edited or removed, or the thread was pinned, closed or removed."""

    thread_id: str
    twinspace_id: str | None
    post_count: int
