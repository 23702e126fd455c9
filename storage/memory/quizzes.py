"""Quizzes in memory; their questions are with the polls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from storage.memory.polls import MemoryPolls
from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import Conflict, NotFound
from storage.records import Poll, Quiz, QuizId, RoomId, TwinspaceId


class MemoryQuizzes:
    def __init__(self, rows: Rows, polls: MemoryPolls) -> None:
        self._rows = rows
        self._polls = polls
        self._quizzes: dict[QuizId, Quiz] = {}

    async def add(self, quiz: Quiz, questions: Sequence[Poll]) -> None:
        self._rows.check_open()
        check_texts(quiz.title, *(text for poll in questions for text in (poll.question, *poll.options)))
        find(self._rows.twinspaces, quiz.twinspace_id)
        find(self._rows.users, quiz.created_by)
        add(self._quizzes, quiz.id, quiz)
        for poll in questions:
            await self._polls.add(poll)

    async def get(self, quiz_id: QuizId) -> Quiz:
        return find(self._quizzes, quiz_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId) -> list[Quiz]:
        here = [quiz for quiz in self._quizzes.values() if quiz.twinspace_id == twinspace_id]
        return sorted(here, key=lambda quiz: (-quiz.created_at_ms, quiz.id))

    async def questions(self, quiz_id: QuizId) -> list[Poll]:
        quiz = find(self._quizzes, quiz_id)
        polls = await self._polls.of_twinspace(quiz.twinspace_id)
        return sorted((poll for poll in polls if poll.quiz_id == quiz_id), key=lambda poll: poll.quiz_place)

    async def remove(self, quiz_id: QuizId) -> None:
        self._rows.check_open()
        if find(self._quizzes, quiz_id).opened_at_ms is not None:
            raise Conflict("The quiz was opened already.")
        for poll in await self.questions(quiz_id):
            await self._polls.remove(poll.id)
        del self._quizzes[quiz_id]

    async def ask(self, quiz_id: QuizId, place: int, room_id: RoomId, at_ms: int) -> Poll:
        self._rows.check_open()
        quiz, questions = find(self._quizzes, quiz_id), await self.questions(quiz_id)
        find(self._rows.rooms, room_id)
        if not 0 <= place < len(questions):
            raise NotFound("Poll")
        asked = sum(poll.state != "prepared" for poll in questions)
        if quiz.ended_at_ms is not None or place != asked or (quiz.room_id or room_id) != room_id:
            raise Conflict("This question is not the next.")
        await self._end_open(questions, at_ms)
        self._quizzes[quiz_id] = replace(
            quiz, room_id=room_id, opened_at_ms=at_ms if quiz.opened_at_ms is None else quiz.opened_at_ms
        )
        return await self._polls.open(questions[place].id, room_id, at_ms)

    async def end(self, quiz_id: QuizId, at_ms: int) -> Quiz:
        self._rows.check_open()
        quiz = find(self._quizzes, quiz_id)
        if quiz.opened_at_ms is None or quiz.ended_at_ms is not None:
            raise Conflict("The quiz does not go on.")
        await self._end_open(await self.questions(quiz_id), at_ms)
        ended = self._quizzes[quiz_id] = replace(quiz, ended_at_ms=at_ms)
        return ended

    async def _end_open(self, questions: Sequence[Poll], at_ms: int) -> None:
        for poll in questions:
            if poll.is_open(at_ms):
                await self._polls.end(poll.id, at_ms)
