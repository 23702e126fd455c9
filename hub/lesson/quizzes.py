"""What a quiz sums up to: for each account its own score, for each school the sum of its people, and for nobody a rank.

A class seat answers for all its pupils, so its score counts them all. Who answered no question of a quiz took no part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from hub.lesson.polls import right_voices

Account = TypeVar("Account", bound=str)


@dataclass(frozen=True, slots=True)
class Question:
    """One that was asked."""

    right: tuple[int, ...]
    is_many: bool


@dataclass(frozen=True, slots=True)
class Answer:
    counts: tuple[int, ...]
    seats: int


@dataclass(frozen=True, slots=True)
class Score:
    people: int
    """For how many the account answers: 1, or the pupils of a class seat."""
    right: int
    of: int
    """So many right answers there could have been."""
    each: tuple[int | None, ...]
    """How many were right, by question; None: what pupils of a class seat chose together can't be told."""


def scores(questions: Sequence[Question], answers: Sequence[Mapping[Account, Answer]]) -> dict[Account, Score]:
    """By account. `answers`: of each question, in the order of the questions."""
    seats: dict[Account, int] = {}
    for given in answers:
        for account, answer in given.items():
            seats[account] = max(seats.get(account, 1), answer.seats)
    return {
        account: _score(questions, [given.get(account) for given in answers], people)
        for account, people in seats.items()
    }


def together(all_scores: Sequence[Score], questions: int) -> Score:
    """The sum of several. A question that can't be told of one of them counts what is known of the others."""
    each = [[score.each[place] for score in all_scores] for place in range(questions)]
    return Score(
        people=sum(score.people for score in all_scores),
        right=sum(score.right for score in all_scores),
        of=sum(score.of for score in all_scores),
        each=tuple(
            None if found and all(one is None for one in found) else sum(one or 0 for one in found) for found in each
        ),
    )


def _score(questions: Sequence[Question], answers: Sequence[Answer | None], people: int) -> Score:
    each = [_right(question, answer, people) for question, answer in zip(questions, answers, strict=True)]
    known = [one for one in each if one is not None]
    return Score(people, sum(known), people * len(known), tuple(each))


def _right(question: Question, answer: Answer | None, people: int) -> int | None:
    if question.is_many and people > 1:
        return None
    if answer is None:
        return 0
    return right_voices(answer.counts, question.right, is_many=question.is_many, seats=answer.seats)
