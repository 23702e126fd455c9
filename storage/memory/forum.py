"""Threads, posts and debates in memory."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import (
    Ballot,
    Choice,
    Debate,
    DebateId,
    DebateState,
    FollowedThread,
    Post,
    PostVersion,
    Side,
    Thread,
    ThreadId,
    Turn,
    TwinspaceId,
    UserId,
)


@dataclass(slots=True)
class _StoredThread:
    thread: Thread
    posts: list[Post] = field(default_factory=list)
    versions: dict[int, list[PostVersion]] = field(default_factory=dict)
    read: dict[UserId, int] = field(default_factory=dict)


class MemoryForum:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._threads: dict[ThreadId, _StoredThread] = {}

    async def add_thread(self, thread: Thread, text: str) -> None:
        self._rows.check_open()
        check_texts(thread.title, text)
        find(self._rows.users, thread.created_by)
        if thread.twinspace_id is not None:
            find(self._rows.twinspaces, thread.twinspace_id)
        first = Post(thread.id, 1, "first", thread.created_by, text, thread.created_at_ms)
        add(self._threads, thread.id, _StoredThread(thread, [first], {}, {thread.created_by: 1}))

    async def thread(self, thread_id: ThreadId) -> Thread:
        return find(self._threads, thread_id).thread

    async def threads(self, twinspace_id: TwinspaceId | None, limit: int, offset: int = 0) -> list[Thread]:
        here = [stored.thread for stored in self._threads.values() if stored.thread.twinspace_id == twinspace_id]
        here.sort(key=lambda thread: (not thread.is_pinned, -thread.latest_at_ms, thread.id))
        return here[offset : offset + limit]

    async def set_thread(
        self, thread_id: ThreadId, *, is_pinned: bool | None = None, is_closed: bool | None = None
    ) -> Thread:
        self._rows.check_open()
        stored = find(self._threads, thread_id)
        pinned = stored.thread.is_pinned if is_pinned is None else is_pinned
        closed = stored.thread.is_closed if is_closed is None else is_closed
        stored.thread = replace(stored.thread, is_pinned=pinned, is_closed=closed)
        return stored.thread

    async def remove_thread(self, thread_id: ThreadId) -> None:
        self._rows.check_open()
        find(self._threads, thread_id)
        del self._threads[thread_id]

    async def add_post(
        self, thread_id: ThreadId, *, client_post_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[Post, bool]:
        self._rows.check_open()
        check_texts(client_post_id, text)
        stored = find(self._threads, thread_id)
        find(self._rows.users, user_id)
        for post in stored.posts:
            if (post.user_id, post.client_post_id) == (user_id, client_post_id):
                return post, False
        if stored.thread.is_closed:
            raise Conflict("This thread is closed.")
        stored.posts.append(Post(thread_id, len(stored.posts) + 1, client_post_id, user_id, text, at_ms))
        latest_at_ms = max(stored.thread.latest_at_ms, at_ms)
        stored.thread = replace(stored.thread, post_count=len(stored.posts), latest_at_ms=latest_at_ms)
        await self.mark_read(thread_id, user_id, len(stored.posts))
        return stored.posts[-1], True

    async def post(self, thread_id: ThreadId, seq: int) -> Post:
        posts = find(self._threads, thread_id).posts
        if not 1 <= seq <= len(posts):
            raise NotFound(thread_id)
        return posts[seq - 1]

    async def posts(self, thread_id: ThreadId, after_seq: int, limit: int) -> list[Post]:
        stored = self._threads.get(thread_id)
        return stored.posts[after_seq : after_seq + limit] if stored else []

    async def edit_post(self, thread_id: ThreadId, seq: int, text: str, at_ms: int) -> Post:
        self._rows.check_open()
        check_texts(text)
        former = await self.post(thread_id, seq)
        if former.is_removed:
            raise NotFound(thread_id)
        stored = self._threads[thread_id]
        version = PostVersion(former.text, former.edited_at_ms or former.posted_at_ms)
        stored.versions.setdefault(seq, []).append(version)
        stored.posts[seq - 1] = replace(former, text=text, edited_at_ms=at_ms)
        return stored.posts[seq - 1]

    async def remove_post(self, thread_id: ThreadId, seq: int) -> Post:
        self._rows.check_open()
        former = await self.post(thread_id, seq)
        stored = self._threads[thread_id]
        stored.versions.pop(seq, None)
        stored.posts[seq - 1] = replace(former, text="", edited_at_ms=None, is_removed=True)
        return stored.posts[seq - 1]

    async def versions(self, thread_id: ThreadId, seq: int) -> list[PostVersion]:
        stored = self._threads.get(thread_id)
        return list(stored.versions.get(seq, [])) if stored else []

    async def follow(self, thread_id: ThreadId, user_id: UserId, follows: bool) -> None:
        self._rows.check_open()
        find(self._rows.users, user_id)
        if follows:
            stored = find(self._threads, thread_id)
            stored.read.setdefault(user_id, stored.thread.post_count)
        elif thread_id in self._threads:
            self._threads[thread_id].read.pop(user_id, None)

    async def followers(self, thread_id: ThreadId) -> list[UserId]:
        stored = self._threads.get(thread_id)
        return sorted(stored.read) if stored else []

    async def mark_read(self, thread_id: ThreadId, user_id: UserId, seq: int) -> None:
        stored = find(self._threads, thread_id)
        if user_id in stored.read:
            stored.read[user_id] = max(stored.read[user_id], min(seq, stored.thread.post_count))

    async def followed(self, user_id: UserId) -> list[FollowedThread]:
        found = [FollowedThread(s.thread, s.read[user_id]) for s in self._threads.values() if user_id in s.read]
        return sorted(found, key=lambda one: (-one.thread.latest_at_ms, one.thread.id))


class MemoryDebates:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._turns: dict[DebateId, dict[int, Turn]] = {}
        self._votes: dict[tuple[DebateId, Ballot], dict[UserId, Choice]] = {}

    async def add(self, debate: Debate) -> None:
        self._rows.check_open()
        check_texts(debate.motion)
        find(self._rows.twinspaces, debate.twinspace_id)
        find(self._rows.users, debate.created_by)
        add(self._rows.debates, debate.id, debate)
        self._turns[debate.id] = {}

    async def get(self, debate_id: DebateId) -> Debate:
        return find(self._rows.debates, debate_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Debate]:
        here = [debate for debate in self._rows.debates.values() if debate.twinspace_id == twinspace_id]
        return sorted(here, key=lambda debate: (-debate.created_at_ms, debate.id))

    async def move(self, debate_id: DebateId, former: DebateState, state: DebateState, at_ms: int) -> Debate:
        debate = self._hold(debate_id, former)
        closed_at_ms = at_ms if state == "closed" else None
        self._rows.debates[debate_id] = replace(debate, state=state, closed_at_ms=closed_at_ms)
        self._turns[debate_id] = {
            turn.seq: turn if turn.ended_at_ms is not None else replace(turn, ended_at_ms=at_ms)
            for turn in self._turns[debate_id].values()
            if turn.started_at_ms is not None
        }
        return self._rows.debates[debate_id]

    async def ask_turn(self, debate_id: DebateId, user_id: UserId, side: Side, at_ms: int) -> Turn:
        self._hold(debate_id, "speaking")
        find(self._rows.users, user_id)
        turns = self._turns[debate_id]
        if any(turn.user_id == user_id and turn.ended_at_ms is None for turn in turns.values()):
            raise Conflict("This person has a turn already.")
        turn = Turn(debate_id, max(turns, default=0) + 1, user_id, side, at_ms)
        turns[turn.seq] = turn
        return turn

    async def drop_turn(self, debate_id: DebateId, seq: int) -> None:
        self._rows.check_open()
        if find(self._turns.get(debate_id, {}), seq).started_at_ms is not None:
            raise NotFound(debate_id)
        del self._turns[debate_id][seq]

    async def start_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        self._hold(debate_id, "speaking")
        turns = self._turns[debate_id]
        if any(turn.started_at_ms is not None and turn.ended_at_ms is None for turn in turns.values()):
            raise Conflict("Somebody is speaking.")
        if find(turns, seq).started_at_ms is not None:
            raise NotFound(debate_id)
        turns[seq] = replace(turns[seq], started_at_ms=at_ms)
        return turns[seq]

    async def end_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        self._rows.check_open()
        turn = find(self._turns.get(debate_id, {}), seq)
        if turn.started_at_ms is None or turn.ended_at_ms is not None:
            raise NotFound(debate_id)
        self._turns[debate_id][seq] = replace(turn, ended_at_ms=at_ms)
        return self._turns[debate_id][seq]

    async def turns(self, debate_id: DebateId) -> list[Turn]:
        return sorted(self._turns.get(debate_id, {}).values(), key=lambda turn: turn.seq)

    async def vote(self, debate_id: DebateId, ballot: Ballot, user_id: UserId, choice: Choice) -> None:
        self._hold(debate_id, ballot)
        find(self._rows.users, user_id)
        self._votes.setdefault((debate_id, ballot), {})[user_id] = choice

    async def choice(self, debate_id: DebateId, ballot: Ballot, user_id: UserId) -> Choice | None:
        return self._votes.get((debate_id, ballot), {}).get(user_id)

    async def tally(self, debate_id: DebateId, ballot: Ballot) -> dict[Choice, int]:
        made = list(self._votes.get((debate_id, ballot), {}).values())
        return {choice: made.count(choice) for choice in dict.fromkeys(made)}

    def _hold(self, debate_id: DebateId, state: DebateState) -> Debate:
        self._rows.check_open()
        debate = find(self._rows.debates, debate_id)
        if debate.state != state:
            raise Conflict(f"The debate is not in the state {state}.")
        return debate
