"""What is said among teachers at large, outside every TwinSpace: found for who reports it, hidden, shown, erased.

A report goes as a question to the help desk of the reporter's country; who answers it there decides. A new kind is one
class and one line in THINGS, and its sentence in phrases.toml (`brought_KIND`).
"""

from __future__ import annotations

from typing import Protocol

from hub.context import Context
from hub.errors import NotFound
from hub.payloads.conversations import LetterHidden
from hub.payloads.forum import ThreadChanged
from hub.staff_room_entries import post_entry
from hub.subjects import Found
from storage import ports
from storage.records import ConversationId, Thread, ThreadId, UserId


class Thing(Protocol):
    async def find(self, context: Context, subject_id: str) -> Found:
        """The caller has asked whether its reader may see it. Raise NotFound."""
        ...

    async def make_open_things_obey(self, context: Context, subject_id: str, *, is_hidden: bool) -> None:
        """Called after it was hidden or shown: the index, and pages that are open."""
        ...

    async def erase(self, context: Context, subject_id: str) -> None:
        """For good; it was hidden before. What is left of its bytes, `hub.erasure.leave_no_byte` takes."""
        ...


class Letter:
    """A message between teachers; `subject_id` is `<conversation>:<seq>`."""

    async def find(self, context: Context, subject_id: str) -> Found:
        conversation_id, seq = _parts(subject_id)
        found = await context.storage.conversations.messages(ConversationId(conversation_id), 1, seq + 1)
        if not found or found[0].seq != seq:
            raise NotFound
        return Found(found[0].user_id, found[0].text)

    async def make_open_things_obey(self, context: Context, subject_id: str, *, is_hidden: bool) -> None:
        conversation_id, seq = _parts(subject_id)
        hidden = LetterHidden(conversation_id=conversation_id, seq=seq, is_hidden=is_hidden)
        conversation = await context.storage.conversations.get(ConversationId(conversation_id))
        for user_id in conversation.user_ids:
            await context.announce.to_user(user_id, "conversation:hidden", hidden)

    async def erase(self, context: Context, subject_id: str) -> None:
        conversation_id, seq = _parts(subject_id)
        await context.storage.conversations.erase(ConversationId(conversation_id), seq)


class Answer:
    """An answer in a thread; `subject_id` is `<thread>:<seq>`."""

    async def find(self, context: Context, subject_id: str) -> Found:
        thread_id, seq = _parts(subject_id)
        try:
            post = await context.storage.forum.post(ThreadId(thread_id), seq)
        except ports.NotFound:
            raise NotFound from None
        if post.is_removed:
            raise NotFound
        return Found(post.user_id, post.text)

    async def make_open_things_obey(self, context: Context, subject_id: str, *, is_hidden: bool) -> None:
        thread_id, seq = _parts(subject_id)
        try:
            thread = await context.storage.forum.thread(ThreadId(thread_id))
            post = await context.storage.forum.post(thread.id, seq)
        except ports.NotFound:
            return
        if is_hidden or post.is_removed:
            context.search_index.erase("thread", subject_id)
        else:
            context.search_index.put(post_entry(thread, post))
        await _tell_followers(context, thread)

    async def erase(self, context: Context, subject_id: str) -> None:
        thread_id, seq = _parts(subject_id)
        await context.storage.forum.remove_post(ThreadId(thread_id), seq)
        await context.storage.search.erase("thread", subject_id)


class WholeThread:
    """A thread with all its answers."""

    async def find(self, context: Context, subject_id: str) -> Found:
        try:
            thread = await context.storage.forum.thread(ThreadId(subject_id))
        except ports.NotFound:
            raise NotFound from None
        first = await context.storage.forum.post(thread.id, 1)
        return Found(thread.created_by, f"{thread.title}\n{first.text}")

    async def make_open_things_obey(self, context: Context, subject_id: str, *, is_hidden: bool) -> None:
        try:
            thread = await context.storage.forum.thread(ThreadId(subject_id))
        except ports.NotFound:
            return
        for post in await context.storage.forum.posts(thread.id, 0, thread.post_count):
            if is_hidden or post.is_removed:
                context.search_index.erase("thread", f"{thread.id}:{post.seq}")
            else:
                context.search_index.put(post_entry(thread, post))
        await _tell_followers(context, thread)

    async def erase(self, context: Context, subject_id: str) -> None:
        await context.storage.search.erase_item(subject_id)
        await context.storage.forum.remove_thread(ThreadId(subject_id))


THINGS: dict[str, Thing] = {"letter": Letter(), "post": Answer(), "thread": WholeThread()}


def _parts(subject_id: str) -> tuple[str, int]:
    owner, _, seq = subject_id.rpartition(":")
    return owner, int(seq)


async def _tell_followers(context: Context, thread: Thread) -> None:
    changed = ThreadChanged(thread_id=thread.id, twinspace_id=None, post_count=thread.post_count)
    followers: list[UserId] = await context.storage.forum.followers(thread.id)
    for user_id in followers:
        await context.announce.to_user(user_id, "thread:changed", changed)
