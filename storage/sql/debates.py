"""Structured debates."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, delete, func, insert, select, update

from storage.ports import Conflict, NotFound
from storage.records import Ballot, Choice, Debate, DebateId, DebateState, Side, Turn, TwinspaceId, UserId
from storage.sql.database import Database
from storage.sql.rows import add, columns, last_seq, lock, many, one
from storage.sql.tables import debate_turns, debate_votes, debates

_turn = debate_turns.c
_vote = debate_votes.c


class SqlDebates:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, debate: Debate) -> None:
        await self._database.write(add(debates, debate))

    async def get(self, debate_id: DebateId) -> Debate:
        return await self._database.read(lambda db: _debate(db, debate_id))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Debate]:
        here = columns(debates, Debate).where(debates.c.twinspace_id == twinspace_id)
        statement = here.order_by(debates.c.created_at_ms.desc(), debates.c.id)
        return await self._database.read(lambda db: many(db, Debate, statement))

    async def move(self, debate_id: DebateId, former: DebateState, state: DebateState, at_ms: int) -> Debate:
        def work(db: Connection) -> Debate:
            _hold(db, debate_id, former)
            row: dict[str, Any] = {"state": state, "closed_at_ms": at_ms if state == "closed" else None}
            db.execute(update(debates).where(debates.c.id == debate_id).values(row))
            db.execute(update(debate_turns).where(_running(debate_id)).values(ended_at_ms=at_ms))
            db.execute(delete(debate_turns).where(_waiting(debate_id)))
            return _debate(db, debate_id)

        return await self._database.write(work)

    async def ask_turn(self, debate_id: DebateId, user_id: UserId, side: Side, at_ms: int) -> Turn:
        def work(db: Connection) -> Turn:
            _hold(db, debate_id, "speaking")
            unfinished = and_(_turn.debate_id == debate_id, _turn.user_id == user_id, _turn.ended_at_ms.is_(None))
            if db.execute(select(_turn.seq).where(unfinished)).first() is not None:
                raise Conflict("This person has a turn already.")
            turn = Turn(debate_id, last_seq(db, _turn.seq, _turn.debate_id, debate_id) + 1, user_id, side, at_ms)
            add(debate_turns, turn)(db)
            return turn

        return await self._database.write(work)

    async def drop_turn(self, debate_id: DebateId, seq: int) -> None:
        def work(db: Connection) -> None:
            if db.execute(delete(debate_turns).where(_waiting(debate_id), _turn.seq == seq)).rowcount == 0:
                raise NotFound(debate_id)

        await self._database.write(work)

    async def start_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        def work(db: Connection) -> Turn:
            _hold(db, debate_id, "speaking")
            if db.execute(select(_turn.seq).where(_running(debate_id))).first() is not None:
                raise Conflict("Somebody is speaking.")
            return _change(db, debate_id, seq, _waiting(debate_id), started_at_ms=at_ms)

        return await self._database.write(work)

    async def end_turn(self, debate_id: DebateId, seq: int, at_ms: int) -> Turn:
        return await self._database.write(
            lambda db: _change(db, debate_id, seq, _running(debate_id), ended_at_ms=at_ms)
        )

    async def turns(self, debate_id: DebateId) -> list[Turn]:
        statement = columns(debate_turns, Turn).where(_turn.debate_id == debate_id).order_by(_turn.seq)
        return await self._database.read(lambda db: many(db, Turn, statement))

    async def vote(self, debate_id: DebateId, ballot: Ballot, user_id: UserId, choice: Choice) -> None:
        def work(db: Connection) -> None:
            _hold(db, debate_id, ballot)
            mine = and_(_vote.debate_id == debate_id, _vote.ballot == ballot, _vote.user_id == user_id)
            if db.execute(update(debate_votes).where(mine).values(choice=choice)).rowcount == 0:
                row = {"debate_id": debate_id, "ballot": ballot, "user_id": user_id, "choice": choice}
                db.execute(insert(debate_votes).values(row))

        await self._database.write(work)

    async def choice(self, debate_id: DebateId, ballot: Ballot, user_id: UserId) -> Choice | None:
        statement = select(_vote.choice).where(
            _vote.debate_id == debate_id, _vote.ballot == ballot, _vote.user_id == user_id
        )
        return await self._database.read(lambda db: db.execute(statement).scalar())

    async def tally(self, debate_id: DebateId, ballot: Ballot) -> dict[Choice, int]:
        statement = (
            select(_vote.choice, func.count())
            .where(_vote.debate_id == debate_id, _vote.ballot == ballot)
            .group_by(_vote.choice)
        )
        return await self._database.read(lambda db: {row[0]: row[1] for row in db.execute(statement)})


def _debate(db: Connection, debate_id: DebateId) -> Debate:
    return one(db, Debate, columns(debates, Debate).where(debates.c.id == debate_id))


def _hold(db: Connection, debate_id: DebateId, state: DebateState) -> None:
    """Nobody else moves it until the transaction ends. Raise Conflict when it is in another state."""
    lock(db, debates.c.id == debate_id, debates.c.id)
    if _debate(db, debate_id).state != state:
        raise Conflict(f"The debate is not in the state {state}.")


def _waiting(debate_id: DebateId) -> ColumnElement[bool]:
    return and_(_turn.debate_id == debate_id, _turn.started_at_ms.is_(None))


def _running(debate_id: DebateId) -> ColumnElement[bool]:
    return and_(_turn.debate_id == debate_id, _turn.started_at_ms.is_not(None), _turn.ended_at_ms.is_(None))


def _change(db: Connection, debate_id: DebateId, seq: int, which: ColumnElement[bool], **row: int) -> Turn:
    if db.execute(update(debate_turns).where(which, _turn.seq == seq).values(row)).rowcount == 0:
        raise NotFound(debate_id)
    statement = columns(debate_turns, Turn).where(_turn.debate_id == debate_id, _turn.seq == seq)
    return one(db, Turn, statement)
