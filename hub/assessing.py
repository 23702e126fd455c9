"""The rules of assessing: who assesses as what, when all of it is shown, and to whom. No I/O.

Whoever assesses sees nobody else's until all are in or the day has come. Then the teachers of those whose work it is
see all of it with names; the assessed see all of it, classmates' without names; other pupils see their own alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from typing import Literal

from storage.records import Assessment, Rating, User, UserId

By = Literal["self", "peer", "teacher"]
ORDER: tuple[By, ...] = ("self", "peer", "teacher")


def by(assessment: Assessment, user: User) -> By:
    """As what this person assesses."""
    if user.id in assessment.assessed:
        return "self"
    return "peer" if user.kind == "pupil" else "teacher"


def is_over(assessment: Assessment, sent: Collection[UserId], present: Collection[UserId], now_ms: int) -> bool:
    """Whether nothing is changed any more: `present` are the members, since nobody waits for who has left."""
    if assessment.revealed_at_ms is not None:
        return True
    if assessment.reveal_at_ms is not None and now_ms >= assessment.reveal_at_ms:
        return True
    awaited = set(assessment.assessors) & set(present)
    return bool(sent) and awaited <= set(sent)


def watches(assessment: Assessment, viewer: User, *, builds: bool, assessed: Collection[User]) -> bool:
    """Whether it is this teacher's business. `builds`: what the role may do, in whatever phase."""
    if not builds:
        return False
    is_in_it = viewer.id == assessment.created_by or viewer.id in assessment.assessors
    return is_in_it or viewer.school_id in {user.school_id for user in assessed}


def shown_to(
    assessment: Assessment, ratings: Sequence[Rating], viewer: User, *, watching: bool, over: bool
) -> list[Rating]:
    """Others' and one's own, once it is over; nothing before. In an order that says nothing of who is who."""
    if not over or not (watching or viewer.id in assessment.assessed):
        return []
    return sorted((each for each in ratings if each.sent_at_ms is not None), key=_drawn)


def is_nameless(assessment: Assessment, rater: User, viewer: User, *, watching: bool) -> bool:
    """Whether the viewer reads this without whose it is."""
    return not watching and viewer.id != rater.id and by(assessment, rater) == "peer"


def _drawn(rating: Rating) -> str:
    return hashlib.sha256(f"place of {rating.user_id} in {rating.assessment_id}".encode()).hexdigest()
