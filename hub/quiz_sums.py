"""Reads what a quiz sums up to: one's own score, and each school's sum as far as it tells nothing of single pupils."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub.access import Act, acts_of
from hub.context import Context
from hub.lesson.quizzes import Answer, Question, Score, scores, together
from hub.roster import read_users
from hub.small_cells import suppress
from storage.records import Poll, SchoolId, TwinspaceId, UserId


@dataclass(frozen=True, slots=True)
class QuizSums:
    asked: tuple[Poll, ...]
    accounts: dict[UserId, Score]
    schools: dict[SchoolId, Score]
    """Without those who lead: they are not whom it asks, unless a class sits before their device."""

    def told(self) -> dict[SchoolId, Score | None]:
        """The schools' sums, None in place of what would tell about fewer than five people."""
        shown, _ = suppress({school_id: score.people for school_id, score in self.schools.items()})
        return {school_id: self.schools[school_id] if shown[school_id] is not None else None for school_id in shown}


async def read_sums(context: Context, twinspace_id: TwinspaceId, questions: Sequence[Poll]) -> QuizSums:
    asked = tuple(poll for poll in questions if poll.state != "prepared")
    votes = [await context.storage.polls.votes(poll.id) for poll in asked]
    answers = [{vote.user_id: Answer(vote.counts, vote.seats) for vote in given} for given in votes]
    accounts = scores([Question(poll.right, poll.is_many) for poll in asked], answers)
    users = await read_users(context.storage, list(accounts))
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    leading = {
        member.user_id
        for member in await context.storage.twinspaces.members(twinspace_id)
        if Act.BUILD in acts_of(member.role, twinspace.phase)
    }
    by_school: dict[SchoolId, list[Score]] = {}
    for user_id, score in accounts.items():
        if user_id not in leading or score.people > 1:
            by_school.setdefault(users[user_id].school_id, []).append(score)
    return QuizSums(
        asked,
        accounts,
        {school_id: together(by_school[school_id], len(asked)) for school_id in sorted(by_school)},
    )
