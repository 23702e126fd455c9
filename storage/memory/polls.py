"""Polls and quizzes in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict
from storage.records import Poll, PollId, PollVote, RoomId, TwinspaceId, UserId


class MemoryPolls:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._polls: dict[PollId, Poll] = {}
        self._votes: dict[PollId, dict[UserId, PollVote]] = {}

    async def add(self, poll: Poll) -> None:
        self._rows.check_open()
        check_texts(poll.question, *poll.options)
        find(self._rows.twinspaces, poll.twinspace_id)
        find(self._rows.users, poll.created_by)
        add(self._polls, poll.id, poll)
        self._votes[poll.id] = {}

    async def get(self, poll_id: PollId) -> Poll:
        return find(self._polls, poll_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Poll]:
        here = [poll for poll in self._polls.values() if poll.twinspace_id == twinspace_id]
        return sorted(here, key=lambda poll: (-poll.created_at_ms, poll.id))

    async def change(self, poll: Poll) -> None:
        self._prepared(poll.id)
        check_texts(poll.question, *poll.options)
        self._polls[poll.id] = poll

    async def remove(self, poll_id: PollId) -> None:
        self._prepared(poll_id)
        del self._polls[poll_id]

    async def open(self, poll_id: PollId, room_id: RoomId, at_ms: int) -> Poll:
        poll = self._prepared(poll_id)
        find(self._rows.rooms, room_id)
        ends_at_ms = at_ms + poll.seconds * 1000 if poll.seconds else None
        opened = replace(poll, state="open", room_id=room_id, opened_at_ms=at_ms, ends_at_ms=ends_at_ms)
        self._polls[poll_id] = opened
        return opened

    async def end(self, poll_id: PollId, at_ms: int) -> Poll:
        ended = replace(self._open(poll_id, at_ms), state="ended", ends_at_ms=at_ms)
        self._polls[poll_id] = ended
        return ended

    async def vote(self, vote: PollVote) -> None:
        self._open(vote.poll_id, vote.at_ms)
        find(self._rows.users, vote.user_id)
        self._votes[vote.poll_id][vote.user_id] = vote

    async def votes(self, poll_id: PollId) -> list[PollVote]:
        return sorted(self._votes.get(poll_id, {}).values(), key=lambda vote: vote.user_id)

    def _prepared(self, poll_id: PollId) -> Poll:
        self._rows.check_open()
        poll = find(self._polls, poll_id)
        if poll.state != "prepared":
            raise Conflict("The poll was opened already.")
        return poll

    def _open(self, poll_id: PollId, at_ms: int) -> Poll:
        self._rows.check_open()
        poll = find(self._polls, poll_id)
        if not poll.is_open(at_ms):
            raise Conflict("The poll is not open.")
        return poll
