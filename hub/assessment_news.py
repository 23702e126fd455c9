"""Who is told of an assessment: those who are to say something, those it is about, and the teachers it concerns.

A notice names the rubric, never the assessment: its title is often a pupil's name, and notices are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from hub.access import MATRIX, Act, acts_of
from hub.assessing import watches
from hub.context import Context
from hub.notices import notify, tell_desk
from hub.payloads.assessments import AssessmentChanged
from hub.roster import read_users
from storage import ports
from storage.records import Assessment, Role, User, UserId

DAY_MS = 24 * 3_600_000
REMINDED_BEFORE_MS = DAY_MS
"""How long before its time those are reminded who have not sent theirs."""
ASKING = ("assess", "assess_soon")


async def tell(context: Context, assessment: Assessment, roles: dict[UserId, Role]) -> None:
    """Those whose business it is read it again, and their desks."""
    users = await read_users(context.storage, roles)
    gone = [each for each in assessment.assessed if each not in users]
    assessed = [users[each] for each in assessment.assessed if each in users]
    assessed += (await read_users(context.storage, gone)).values()
    told = {
        user.id
        for user in users.values()
        if user.id in {*assessment.assessed, *assessment.assessors}
        or watches(assessment, user, builds=Act.BUILD in MATRIX[roles[user.id]], assessed=assessed)
    }
    changed = AssessmentChanged(twinspace_id=assessment.twinspace_id, assessment_id=assessment.id)
    await context.announce.to_members(assessment.twinspace_id, told, "assessment:changed", changed)
    await tell_desk(context, sorted(told), "assess")


async def ask(context: Context, assessment: Assessment, user_ids: Iterable[UserId], by: User) -> None:
    """Tell these people that they are to assess, and until when; in place of what they were told of it and not read."""
    await _notify(context, assessment, [each for each in user_ids if each != by.id], "assess", by=by.display_name)


async def show(context: Context, assessment: Assessment, roles: dict[UserId, Role]) -> None:
    """Tell those it is about that they may read it now."""
    await _notify(context, assessment, [each for each in assessment.assessed if each in roles], "assess_shown")
    await tell(context, assessment, roles)


async def remind(context: Context, assessment: Assessment, sent: Collection[UserId]) -> None:
    """Tell those who have not sent theirs that its time comes, unless they were told of it within the last day."""
    if assessment.reveal_at_ms is None:
        return
    storage, since_ms = context.storage, assessment.reveal_at_ms - REMINDED_BEFORE_MS
    twinspace = await storage.twinspaces.get(assessment.twinspace_id)
    late = []
    for member in await storage.twinspaces.members(twinspace.id):
        if member.user_id not in assessment.assessors or member.user_id in sent:
            continue
        if Act.ANSWER not in acts_of(member.role, twinspace.phase):
            continue
        told = await storage.notices.of_user(member.user_id, 100)
        if not any(
            each.kind in ASKING and each.subject_id == assessment.id and each.at_ms >= since_ms for each in told
        ):
            late.append(member.user_id)
    await _notify(context, assessment, late, "assess_soon")


async def _notify(
    context: Context, assessment: Assessment, user_ids: list[UserId], kind: str, *, by: str | None = None
) -> None:
    try:
        rubric = await context.storage.contents.get(assessment.rubric_id)
    except ports.NotFound:
        # It is being erased, and with it this assessment.
        return
    details: dict[str, Any] = {"title": rubric.title, "rubric_id": rubric.id, "by": by}
    if kind in ASKING:
        details["until_ms"] = assessment.reveal_at_ms
    await notify(
        context, user_ids, kind, subject_id=assessment.id, details=details, twinspace_id=assessment.twinspace_id
    )
