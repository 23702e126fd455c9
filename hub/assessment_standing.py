"""Somebody before an assessment: whether it is their business, what stands in it, and whether it is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from hub import assessment_news as news
from hub.access import MATRIX, Access, Act, access_twinspace
from hub.assessing import is_over, watches
from hub.context import Context, Session
from hub.errors import NotFound
from hub.roster import read_users
from storage import ports
from storage.records import Assessment, AssessmentId, Rating, Role, TwinspaceId, User, UserId


@dataclass(frozen=True, slots=True)
class Standing:
    """Somebody before one assessment, at the moment it was asked for."""

    access: Access
    assessment: Assessment
    ratings: Sequence[Rating]
    people: dict[UserId, User]
    roles: dict[UserId, Role]
    """Of the members that there are."""
    watching: bool
    over: bool

    @property
    def viewer(self) -> User:
        return self.access.user

    @property
    def mine(self) -> Rating | None:
        return next((each for each in self.ratings if each.user_id == self.viewer.id), None)

    @property
    def sent(self) -> set[UserId]:
        return {each.user_id for each in self.ratings if each.sent_at_ms is not None}


async def access_assessment(context: Context, session: Session, assessment_id: str, act: Act) -> Standing:
    """Raise NotFound for whom it is no business of."""
    try:
        assessment = await context.storage.assessments.get(AssessmentId(assessment_id))
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, session.user, assessment.twinspace_id, act)
    standing = await find_standing(context, access, assessment)
    if standing is None:
        raise NotFound
    return standing


async def find_standing(context: Context, access: Access, assessment: Assessment) -> Standing | None:
    """None for whom it is no business of."""
    standing = await read_standing(context, access, assessment)
    user_id = access.user.id
    return standing if standing.watching or user_id in {*assessment.assessed, *assessment.assessors} else None


async def read_standing(context: Context, access: Access, assessment: Assessment) -> Standing:
    roles = await read_roles(context, assessment.twinspace_id)
    assessment, ratings, over = await settle(context, assessment, roles)
    named = {*assessment.assessed, *assessment.assessors, *(each.user_id for each in ratings)}
    people = await read_users(context.storage, named)
    assessed = [people[each] for each in assessment.assessed]
    builds = Act.BUILD in MATRIX[access.member.role]
    watching = watches(assessment, access.user, builds=builds, assessed=assessed)
    return Standing(access, assessment, ratings, people, roles, watching, over)


async def settle(
    context: Context, assessment: Assessment, roles: dict[UserId, Role]
) -> tuple[Assessment, Sequence[Rating], bool]:
    """What was said in it, and whether all of it is shown; from the first time that it is, it stays so."""
    storage, now_ms = context.storage, context.now_ms()
    ratings = await storage.assessments.ratings(assessment.id)
    sent = {each.user_id for each in ratings if each.sent_at_ms is not None}
    over = is_over(assessment, sent, set(roles), now_ms)
    if over and assessment.revealed_at_ms is None:
        # Whoever comes back, nothing is kept any more that was under way.
        assessment = await storage.assessments.reveal(assessment.id, now_ms)
        ratings = await storage.assessments.ratings(assessment.id)
        await news.show(context, assessment, roles)
    return assessment, ratings, over


async def read_roles(context: Context, twinspace_id: TwinspaceId) -> dict[UserId, Role]:
    return {each.user_id: each.role for each in await context.storage.twinspaces.members(twinspace_id)}


async def look_after(context: Context) -> None:
    """Show what has come to its time though nobody looked, and remind of what is about to."""
    now_ms = context.now_ms()
    for assessment, sent in await context.storage.assessments.ending(now_ms + news.REMINDED_BEFORE_MS):
        try:
            if assessment.reveal_at_ms is not None and assessment.reveal_at_ms <= now_ms:
                await settle(context, assessment, await read_roles(context, assessment.twinspace_id))
            else:
                await news.remind(context, assessment, sent)
        except ports.NotFound:
            # Taken back, or erased, since the list was read.
            continue
