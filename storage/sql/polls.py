"""Polls and quizzes."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, and_, delete, insert, update

from storage.ports import Conflict
from storage.records import Poll, PollId, PollVote, RoomId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import add, columns, lock, many, one, values
from storage.sql.tables import poll_votes, polls


class SqlPolls:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, poll: Poll) -> None:
        await self._database.write(add(polls, poll))

    async def get(self, poll_id: PollId) -> Poll:
        return await self._database.read(lambda db: _poll(db, poll_id))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Poll]:
        here = columns(polls, Poll).where(polls.c.twinspace_id == twinspace_id)
        statement = here.order_by(polls.c.created_at_ms.desc(), polls.c.id)
        return await self._database.read(lambda db: many(db, Poll, statement))

    async def change(self, poll: Poll) -> None:
        def work(db: Connection) -> None:
            _hold_prepared(db, poll.id)
            _write(db, poll.id, values(poll))

        await self._database.write(work)

    async def remove(self, poll_id: PollId) -> None:
        def work(db: Connection) -> None:
            _hold_prepared(db, poll_id)
            db.execute(delete(polls).where(polls.c.id == poll_id))

        await self._database.write(work)

    async def open(self, poll_id: PollId, room_id: RoomId, at_ms: int) -> Poll:
        def work(db: Connection) -> Poll:
            poll = _hold_prepared(db, poll_id)
            ends_at_ms = at_ms + poll.seconds * 1000 if poll.seconds else None
            opened = {"state": "open", "room_id": room_id, "opened_at_ms": at_ms, "ends_at_ms": ends_at_ms}
            return _write(db, poll_id, opened)

        return await self._database.write(work)

    async def end(self, poll_id: PollId, at_ms: int) -> Poll:
        def work(db: Connection) -> Poll:
            _hold_open(db, poll_id, at_ms)
            return _write(db, poll_id, {"state": "ended", "ends_at_ms": at_ms})

        return await self._database.write(work)

    async def vote(self, vote: PollVote) -> None:
        def work(db: Connection) -> None:
            _hold_open(db, vote.poll_id, vote.at_ms)
            mine = and_(poll_votes.c.poll_id == vote.poll_id, poll_votes.c.user_id == vote.user_id)
            changed = {"counts": vote.counts, "seats": vote.seats, "at_ms": vote.at_ms}
            if db.execute(update(poll_votes).where(mine).values(changed)).rowcount == 0:
                db.execute(insert(poll_votes).values(values(vote)))

        await self._database.write(work)

    async def votes(self, poll_id: PollId) -> list[PollVote]:
        here = columns(poll_votes, PollVote).where(poll_votes.c.poll_id == poll_id)
        statement = here.order_by(poll_votes.c.user_id)
        return await self._database.read(lambda db: many(db, PollVote, statement))


def _poll(db: Connection, poll_id: PollId) -> Poll:
    return one(db, Poll, columns(polls, Poll).where(polls.c.id == poll_id))


def _write(db: Connection, poll_id: PollId, row: dict[str, Any]) -> Poll:
    db.execute(update(polls).where(polls.c.id == poll_id).values(row))
    return _poll(db, poll_id)


def _hold_prepared(db: Connection, poll_id: PollId) -> Poll:
    """Nobody else opens it until the transaction ends."""
    lock(db, polls.c.id == poll_id, polls.c.id)
    poll = _poll(db, poll_id)
    if poll.state != "prepared":
        raise Conflict("The poll was opened already.")
    return poll


def _hold_open(db: Connection, poll_id: PollId, at_ms: int) -> None:
    """Nobody else ends it until the transaction ends."""
    lock(db, polls.c.id == poll_id, polls.c.id)
    if not _poll(db, poll_id).is_open(at_ms):
        raise Conflict("The poll is not open.")
