"""The contract of quizzes, over every implementation."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from storage import Storage
from storage.ports import Conflict, NotFound
from storage.records import Poll, PollId, PollVote, Quiz, QuizId, RoomId, TwinspaceId
from tests.storage.people import ANA, LUCIA, OTHER_SPACE, ROOM, SPACE, settle

QUIZ = Quiz(QuizId("k"), SPACE.id, "Bread", ANA.id, 10)
FIRST = Poll(
    PollId("z"), SPACE.id, "Rye?", ("Yes", "No"), (0,), False, True, 0, "prepared", ANA.id, 10, quiz_id=QUIZ.id
)
SECOND = replace(FIRST, id=PollId("a"), question="Wheat?", seconds=30, quiz_place=1)


async def test_a_quiz_is_added_whole_and_removed_whole_until_it_was_opened(storage: Storage) -> None:
    await settle(storage)
    quizzes = storage.quizzes
    await quizzes.add(QUIZ, [FIRST, SECOND])
    other = replace(QUIZ, id=QuizId("l"), created_at_ms=11)
    await quizzes.add(other, [replace(FIRST, id=PollId("o"), quiz_id=other.id)])
    with pytest.raises(Conflict):
        await quizzes.add(QUIZ, [])
    with pytest.raises(NotFound):
        await quizzes.add(replace(QUIZ, id=QuizId("x"), twinspace_id=TwinspaceId("absent")), [])
    assert await quizzes.of_twinspace(SPACE.id) == [other, QUIZ] and await quizzes.of_twinspace(OTHER_SPACE.id) == []
    assert await quizzes.questions(QUIZ.id) == [FIRST, SECOND]
    await quizzes.remove(other.id)
    for gone in (quizzes.get(other.id), quizzes.questions(other.id), quizzes.remove(other.id)):
        with pytest.raises(NotFound):
            await gone
    with pytest.raises(NotFound):
        await storage.polls.get(PollId("o"))
    await quizzes.ask(QUIZ.id, 0, ROOM.id, 100)
    with pytest.raises(Conflict):
        await quizzes.remove(QUIZ.id)
    assert len(await quizzes.questions(QUIZ.id)) == 2


async def test_its_questions_are_asked_in_their_order_and_one_is_open_at_a_time(storage: Storage) -> None:
    await settle(storage)
    quizzes, polls = storage.quizzes, storage.polls
    await quizzes.add(QUIZ, [FIRST, SECOND])
    for wrong in (quizzes.ask(QUIZ.id, 1, ROOM.id, 100), quizzes.end(QUIZ.id, 100)):
        with pytest.raises(Conflict):
            await wrong
    for absent in (
        quizzes.ask(QUIZ.id, 2, ROOM.id, 100),
        quizzes.ask(QUIZ.id, 0, RoomId("absent"), 100),
        quizzes.ask(QuizId("absent"), 0, ROOM.id, 100),
        quizzes.end(QuizId("absent"), 100),
    ):
        with pytest.raises(NotFound):
            await absent
    assert await quizzes.get(QUIZ.id) == QUIZ
    both = await asyncio.gather(*(quizzes.ask(QUIZ.id, 0, ROOM.id, 100) for _ in range(2)), return_exceptions=True)
    assert sorted(type(each).__name__ for each in both) == ["Conflict", "Poll"]
    await polls.vote(PollVote(FIRST.id, LUCIA.id, (1, 0), 1, 150))
    opened = await quizzes.ask(QUIZ.id, 1, ROOM.id, 200)
    assert (opened.id, opened.state, opened.opened_at_ms, opened.ends_at_ms) == (SECOND.id, "open", 200, 30_200)
    former = await polls.get(FIRST.id)
    assert (former.state, former.ends_at_ms) == ("ended", 200)
    assert await quizzes.get(QUIZ.id) == replace(QUIZ, room_id=ROOM.id, opened_at_ms=100)
    ended = await quizzes.end(QUIZ.id, 40_000)
    assert ended == replace(QUIZ, room_id=ROOM.id, opened_at_ms=100, ended_at_ms=40_000)
    # It had ended by itself before.
    assert (await polls.get(SECOND.id)).ends_at_ms == 30_200
    for late in (quizzes.end(QUIZ.id, 40_001), quizzes.ask(QUIZ.id, 1, ROOM.id, 40_001)):
        with pytest.raises(Conflict):
            await late
