"""The forum: of a TwinSpace for its members, and of the teachers at large."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from hub.access import Access, Act, Duty, access_duty, access_twinspace, duties_of
from hub.actions.help_desk import bring
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.hidden_talk import hidden_among
from hub.names import read_people
from hub.notices import tell_desk
from hub.payloads.fields import Nothing
from hub.payloads.forum import (
    EditPost,
    FollowThread,
    ListThreads,
    ListTwinspaceThreads,
    Post,
    PostRef,
    PostVersion,
    PostVersions,
    ReadThread,
    ReportPost,
    SetThread,
    StartThread,
    StartTwinspaceThread,
    Thread,
    ThreadChanged,
    ThreadPage,
    ThreadRef,
    Threads,
    WritePost,
)
from hub.staff_room_entries import post_entry
from storage import ports, records
from storage.records import ThreadId, TwinspaceId, UserId

AT_ONCE = 30
POSTS_AT_ONCE = 50
EDIT_WITHIN_MS = 30 * 60_000
"""How long one may edit what one has posted. Every former text is kept, and shown to who looks after the thread."""


@dataclass(frozen=True, slots=True)
class Place:
    """A thread's surroundings, as one who may read them sees them."""

    twinspace_id: TwinspaceId | None
    may_post: bool
    may_moderate: bool


async def list_threads(context: Context, session: Session, payload: ListThreads) -> Threads:
    await _access_at_large(context, session)
    return await _listed(context, session, None, payload.offset)


async def list_twinspace_threads(context: Context, session: Session, payload: ListTwinspaceThreads) -> Threads:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    return await _listed(context, session, access.twinspace.id, payload.offset)


async def list_followed_threads(context: Context, session: Session, payload: Nothing) -> Threads:
    """Those that one follows and may still read, the liveliest first."""
    shown = []
    for followed in await context.storage.forum.followed(session.user.id):
        try:
            await _place_of(context, session, followed.thread)
            await _check_open(context, followed.thread)
        except NotFound:
            continue
        shown.append(followed.thread)
    return Threads(threads=await _shown(context, session, shown), more=False)


async def start_thread(context: Context, session: Session, payload: StartThread) -> ThreadPage:
    place = await _access_at_large(context, session)
    return await _start(context, session, place, payload)


async def start_twinspace_thread(context: Context, session: Session, payload: StartTwinspaceThread) -> ThreadPage:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.CHAT)
    return await _start(context, session, _place_in(access), payload)


async def read_thread(context: Context, session: Session, payload: ReadThread) -> ThreadPage:
    """The posts after this number; who follows the thread has read them."""
    thread, place = await _access(context, session, payload)
    return await _page(context, session, thread, place, payload.after)


async def write_post(context: Context, session: Session, payload: WritePost) -> Post:
    """Raise NotFound for who may only read, Conflict in a closed thread."""
    thread, place = await _access(context, session, payload)
    if not place.may_post:
        raise NotFound
    try:
        post, is_new = await context.storage.forum.add_post(
            thread.id,
            client_post_id=payload.client_post_id,
            user_id=session.user.id,
            text=payload.text,
            at_ms=context.now_ms(),
        )
    except ports.Conflict:
        raise Conflict("This thread is closed.") from None
    if is_new:
        await context.storage.forum.follow(thread.id, session.user.id, True)
        await _tell(context, thread.id, post)
        followers = await context.storage.forum.followers(thread.id)
        await tell_desk(context, [user_id for user_id in followers if user_id != session.user.id], "forum")
    return (await _posts(context, session, thread, place, [post]))[0]


async def edit_post(context: Context, session: Session, payload: EditPost) -> Post:
    """One's own, for a while. Raise NotFound for another one's, Conflict when it is too late."""
    thread, place = await _access(context, session, payload)
    post = await _post(context, thread, payload.seq)
    if post.user_id != session.user.id or post.is_removed or not place.may_post:
        raise NotFound
    if thread.is_closed or not _is_fresh(post, context.now_ms()):
        raise Conflict("It is too late to change this. Write another post.")
    edited = post
    if payload.text != post.text:
        edited = await context.storage.forum.edit_post(thread.id, post.seq, payload.text, context.now_ms())
        await _tell(context, thread.id, edited)
    return (await _posts(context, session, thread, place, [edited]))[0]


async def remove_post(context: Context, session: Session, payload: PostRef) -> None:
    """One's own, or any for who looks after the thread. With the first one the whole thread goes."""
    thread, place = await _access(context, session, payload)
    post = await _post(context, thread, payload.seq)
    if not place.may_moderate and (post.user_id != session.user.id or not place.may_post):
        raise NotFound
    if post.seq == 1:
        if not place.may_moderate and thread.post_count > 1:
            raise Conflict("Others have answered. Ask a teacher to remove the thread.")
        await context.storage.search.erase_item(thread.id)
        followers = await context.storage.forum.followers(thread.id)
        await context.storage.forum.remove_thread(thread.id)
        await _announce(context, thread, followers, post_count=0)
        return
    removed = await context.storage.forum.remove_post(thread.id, post.seq)
    await context.storage.search.erase("thread", f"{thread.id}:{post.seq}")
    await _tell(context, thread.id, removed)


async def list_versions(context: Context, session: Session, payload: PostRef) -> PostVersions:
    """What a post said before: for its author and who looks after the thread."""
    thread, place = await _access(context, session, payload)
    post = await _post(context, thread, payload.seq)
    if not place.may_moderate and post.user_id != session.user.id:
        raise NotFound
    versions = await context.storage.forum.versions(thread.id, post.seq)
    return PostVersions(versions=[PostVersion(text=each.text, written_at_ms=each.written_at_ms) for each in versions])


async def set_thread(context: Context, session: Session, payload: SetThread) -> Thread:
    """Pin or close it."""
    thread, place = await _access(context, session, payload)
    if not place.may_moderate:
        raise NotFound
    changed = await context.storage.forum.set_thread(
        thread.id, is_pinned=payload.is_pinned, is_closed=payload.is_closed
    )
    await _announce(context, changed, await context.storage.forum.followers(thread.id))
    return (await _shown(context, session, [changed]))[0]


async def report_post(context: Context, session: Session, payload: ReportPost) -> None:
    """At large; in a TwinSpace its teachers are told (`hub.actions.reports`). With the first post the whole thread."""
    thread, _ = await _access(context, session, payload)
    post = await _post(context, thread, payload.seq)
    if thread.twinspace_id is not None or post.is_removed:
        raise NotFound
    kind, subject_id = ("thread", thread.id) if post.seq == 1 else ("post", f"{thread.id}:{post.seq}")
    await bring(context, session.user, kind, subject_id, payload.reason)


async def follow_thread(context: Context, session: Session, payload: FollowThread) -> None:
    thread, _ = await _access(context, session, payload)
    await context.storage.forum.follow(thread.id, session.user.id, payload.follows)


async def _start(context: Context, session: Session, place: Place, payload: StartThread) -> ThreadPage:
    now_ms = context.now_ms()
    thread = records.Thread(
        ThreadId(secrets.token_urlsafe(12)), place.twinspace_id, payload.title, session.user.id, now_ms, now_ms, 1
    )
    await context.storage.forum.add_thread(thread, payload.text)
    await _tell(context, thread.id, await context.storage.forum.post(thread.id, 1))
    return await _page(context, session, thread, place, 0)


async def _access_at_large(context: Context, session: Session) -> Place:
    await access_duty(context, session.user, Duty.NETWORK)
    return Place(None, True, Duty.SUPPORT in await duties_of(context, session.user))


def _place_in(access: Access) -> Place:
    return Place(access.twinspace.id, access.may(Act.CHAT), access.may(Act.MODERATE))


async def _place_of(context: Context, session: Session, thread: records.Thread) -> Place:
    if thread.twinspace_id is None:
        return await _access_at_large(context, session)
    return _place_in(await access_twinspace(context, session.user, thread.twinspace_id, Act.READ))


async def _access(context: Context, session: Session, payload: ThreadRef) -> tuple[records.Thread, Place]:
    try:
        thread = await context.storage.forum.thread(ThreadId(payload.thread_id))
    except ports.NotFound:
        raise NotFound from None
    place = await _place_of(context, session, thread)
    await _check_open(context, thread)
    return thread, place


async def _check_open(context: Context, thread: records.Thread) -> None:
    """Raise NotFound for a thread that is hidden, for everybody: who protects finds it in their queue."""
    if thread.id in await hidden_among(context, thread.twinspace_id, "thread", [thread.id]):
        raise NotFound


async def _post(context: Context, thread: records.Thread, seq: int) -> records.Post:
    """Raise NotFound also for one that is hidden."""
    try:
        post = await context.storage.forum.post(thread.id, seq)
    except ports.NotFound:
        raise NotFound from None
    if await _hidden_posts(context, thread, [post]):
        raise NotFound
    return post


async def _hidden_posts(context: Context, thread: records.Thread, posts: list[records.Post]) -> frozenset[str]:
    return await hidden_among(context, thread.twinspace_id, "post", [_subject(post) for post in posts])


def _subject(post: records.Post) -> str:
    return f"{post.thread_id}:{post.seq}"


async def _tell(context: Context, thread_id: ThreadId, post: records.Post) -> None:
    thread = await context.storage.forum.thread(thread_id)
    if not post.is_removed:
        context.search_index.put(post_entry(thread, post))
    await _announce(context, thread, await context.storage.forum.followers(thread_id))


async def _announce(
    context: Context, thread: records.Thread, followers: Iterable[UserId], post_count: int | None = None
) -> None:
    """To everybody in the TwinSpace; at large to those who follow the thread."""
    count = thread.post_count if post_count is None else post_count
    changed = ThreadChanged(thread_id=thread.id, twinspace_id=thread.twinspace_id, post_count=count)
    if thread.twinspace_id is not None:
        await context.announce.to_twinspace(thread.twinspace_id, "thread:changed", changed)
    else:
        for user_id in followers:
            await context.announce.to_user(user_id, "thread:changed", changed)


async def _listed(context: Context, session: Session, twinspace_id: TwinspaceId | None, offset: int) -> Threads:
    found = await context.storage.forum.threads(twinspace_id, AT_ONCE + 1, offset)
    hidden = await hidden_among(context, twinspace_id, "thread", [thread.id for thread in found])
    shown = [thread for thread in found[:AT_ONCE] if thread.id not in hidden]
    return Threads(threads=await _shown(context, session, shown), more=len(found) > AT_ONCE)


async def _shown(context: Context, session: Session, threads: list[records.Thread]) -> list[Thread]:
    users = await read_people(context, session.user, [thread.created_by for thread in threads])
    followed = await context.storage.forum.followed(session.user.id)
    read = {each.thread.id: each.read_seq for each in followed}
    return [
        Thread(
            id=thread.id,
            twinspace_id=thread.twinspace_id,
            title=thread.title,
            created_by=thread.created_by,
            display_name=users[thread.created_by].display_name,
            created_at_ms=thread.created_at_ms,
            latest_at_ms=thread.latest_at_ms,
            post_count=thread.post_count,
            is_pinned=thread.is_pinned,
            is_closed=thread.is_closed,
            unread=max(0, thread.post_count - read.get(thread.id, thread.post_count)),
            follows=thread.id in read,
        )
        for thread in threads
    ]


async def _page(context: Context, session: Session, thread: records.Thread, place: Place, after: int) -> ThreadPage:
    found = await context.storage.forum.posts(thread.id, after, POSTS_AT_ONCE + 1)
    posts = found[:POSTS_AT_ONCE]
    if posts:
        (before,) = await _shown(context, session, [thread])
        await context.storage.forum.mark_read(thread.id, session.user.id, posts[-1].seq)
        if before.unread:
            await tell_desk(context, [session.user.id], "forum")
    (shown,) = await _shown(context, session, [thread])
    return ThreadPage(
        thread=shown,
        posts=await _posts(context, session, thread, place, posts),
        more=len(found) > POSTS_AT_ONCE,
        may_post=place.may_post and not thread.is_closed,
        may_moderate=place.may_moderate,
    )


async def _posts(
    context: Context, session: Session, thread: records.Thread, place: Place, posts: list[records.Post]
) -> list[Post]:
    users = await read_people(context, session.user, [post.user_id for post in posts])
    hidden = await _hidden_posts(context, thread, posts)
    now_ms = context.now_ms()
    shown = []
    for post in posts:
        is_hidden = _subject(post) in hidden
        is_there = not post.is_removed and not is_hidden
        is_own = post.user_id == session.user.id and place.may_post and is_there
        shown.append(
            Post(
                thread_id=post.thread_id,
                seq=post.seq,
                client_post_id=post.client_post_id,
                user_id=post.user_id,
                display_name=users[post.user_id].display_name,
                school_id=users[post.user_id].school_id,
                text="" if is_hidden else post.text,
                posted_at_ms=post.posted_at_ms,
                edited_at_ms=None if is_hidden else post.edited_at_ms,
                is_removed=post.is_removed,
                is_hidden=is_hidden,
                may_edit=is_own and _is_fresh(post, now_ms),
                may_remove=is_there and (is_own or place.may_moderate),
            )
        )
    return shown


def _is_fresh(post: records.Post, now_ms: int) -> bool:
    return now_ms - post.posted_at_ms < EDIT_WITHIN_MS
