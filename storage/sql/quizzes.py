"""Quizzes."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, and_, delete, insert, or_, update

from storage.ports import Conflict, NotFound
from storage.records import Poll, Quiz, QuizId, RoomId, TwinspaceId
from storage.sql.database import Database
from storage.sql.rows import columns, lock, many, one, values
from storage.sql.tables import polls, quizzes


class SqlQuizzes:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, quiz: Quiz, questions: Sequence[Poll]) -> None:
        def work(db: Connection) -> None:
            db.execute(insert(quizzes).values(values(quiz)))
            for poll in questions:
                db.execute(insert(polls).values(values(poll)))

        await self._database.write(work)

    async def get(self, quiz_id: QuizId) -> Quiz:
        return await self._database.read(lambda db: _quiz(db, quiz_id))

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Quiz]:
        here = columns(quizzes, Quiz).where(quizzes.c.twinspace_id == twinspace_id)
        statement = here.order_by(quizzes.c.created_at_ms.desc(), quizzes.c.id)
        return await self._database.read(lambda db: many(db, Quiz, statement))

    async def questions(self, quiz_id: QuizId) -> list[Poll]:
        def work(db: Connection) -> list[Poll]:
            _quiz(db, quiz_id)
            return _questions(db, quiz_id)

        return await self._database.read(work)

    async def remove(self, quiz_id: QuizId) -> None:
        def work(db: Connection) -> None:
            if _hold(db, quiz_id).opened_at_ms is not None:
                raise Conflict("The quiz was opened already.")
            db.execute(delete(polls).where(polls.c.quiz_id == quiz_id))
            db.execute(delete(quizzes).where(quizzes.c.id == quiz_id))

        await self._database.write(work)

    async def ask(self, quiz_id: QuizId, place: int, room_id: RoomId, at_ms: int) -> Poll:
        def work(db: Connection) -> Poll:
            quiz = _hold(db, quiz_id)
            questions = _questions(db, quiz_id)
            if not 0 <= place < len(questions):
                raise NotFound("Poll")
            asked = sum(poll.state != "prepared" for poll in questions)
            if quiz.ended_at_ms is not None or place != asked or (quiz.room_id or room_id) != room_id:
                raise Conflict("This question is not the next.")
            _end_open(db, quiz_id, at_ms)
            if quiz.opened_at_ms is None:
                here = update(quizzes).where(quizzes.c.id == quiz_id)
                db.execute(here.values(room_id=room_id, opened_at_ms=at_ms))
            poll = questions[place]
            ends_at_ms = at_ms + poll.seconds * 1000 if poll.seconds else None
            opened = {"state": "open", "room_id": room_id, "opened_at_ms": at_ms, "ends_at_ms": ends_at_ms}
            db.execute(update(polls).where(polls.c.id == poll.id).values(opened))
            return one(db, Poll, columns(polls, Poll).where(polls.c.id == poll.id))

        return await self._database.write(work)

    async def end(self, quiz_id: QuizId, at_ms: int) -> Quiz:
        def work(db: Connection) -> Quiz:
            quiz = _hold(db, quiz_id)
            if quiz.opened_at_ms is None or quiz.ended_at_ms is not None:
                raise Conflict("The quiz does not go on.")
            _end_open(db, quiz_id, at_ms)
            db.execute(update(quizzes).where(quizzes.c.id == quiz_id).values(ended_at_ms=at_ms))
            return _quiz(db, quiz_id)

        return await self._database.write(work)


def _quiz(db: Connection, quiz_id: QuizId) -> Quiz:
    return one(db, Quiz, columns(quizzes, Quiz).where(quizzes.c.id == quiz_id))


def _hold(db: Connection, quiz_id: QuizId) -> Quiz:
    """Nobody else asks its questions or ends it until the transaction ends."""
    lock(db, quizzes.c.id == quiz_id, quizzes.c.id)
    return _quiz(db, quiz_id)


def _questions(db: Connection, quiz_id: QuizId) -> list[Poll]:
    here = columns(polls, Poll).where(polls.c.quiz_id == quiz_id)
    return many(db, Poll, here.order_by(polls.c.quiz_place))


def _end_open(db: Connection, quiz_id: QuizId, at_ms: int) -> None:
    goes_on = or_(polls.c.ends_at_ms.is_(None), polls.c.ends_at_ms > at_ms)
    here = and_(polls.c.quiz_id == quiz_id, polls.c.state == "open", goes_on)
    db.execute(update(polls).where(here).values(state="ended", ends_at_ms=at_ms))
