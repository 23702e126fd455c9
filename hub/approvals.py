"""Tells those who must sign or approve something that it waits for them, once for each text that waits."""

from __future__ import annotations

from collections.abc import Iterable

from hub.access import Act, acts_of
from hub.agreements import Standing
from hub.codes import CodeStanding
from hub.context import Context
from hub.founders import people_speaking_for
from hub.notices import notify
from hub.roster import read_users
from storage.records import Twinspace, TwinspaceId, User, UserId

LOOKED_THROUGH = 100
"""Of somebody's notices, to find out whether they were told."""


async def ask_for_founding(context: Context, standing: Standing, by: User) -> None:
    """The founder whose signature is missing; once both have signed, the national services where they approve."""
    asked: list[UserId] = []
    if standing.state in ("writing", "changed"):
        missing = [user.id for user, _ in standing.founders if standing.signature_of(user) is None]
        asked = [user_id for user_id in missing if user_id != by.id]
    elif standing.state == "waiting":
        for country in standing.approvals_needed:
            asked += await people_speaking_for(context, country)
    founding = standing.founding
    subject = f"{founding.twinspace_id}:{standing.agreement[:16]}"
    await _ask(context, asked, founding.twinspace_id, subject, founding.title, "founding", by)


async def ask_for_code(context: Context, twinspace: Twinspace, standing: CodeStanding, by: User) -> None:
    """Those who may accept the code of conduct for a school that has not, once another has."""
    waiting = {school_id for school_id in standing.schools if standing.acceptance_of(school_id) is None}
    members = await context.storage.twinspaces.members(twinspace.id)
    steering = [member.user_id for member in members if Act.STEER in acts_of(member.role, twinspace.phase)]
    users = await read_users(context.storage, steering)
    asked = [user.id for user in users.values() if user.school_id in waiting]
    subject = f"{twinspace.id}:{(standing.text_hash or '')[:16]}"
    await _ask(context, asked, twinspace.id, subject, twinspace.title, "code", by)


async def _ask(
    context: Context,
    user_ids: Iterable[UserId],
    twinspace_id: TwinspaceId,
    subject_id: str,
    title: str,
    what: str,
    by: User,
) -> None:
    untold = []
    for user_id in dict.fromkeys(user_ids):
        told = await context.storage.notices.of_user(user_id, LOOKED_THROUGH)
        if not any((notice.kind, notice.subject_id) == ("approval", subject_id) for notice in told):
            untold.append(user_id)
    details = {"title": title, "what": what, "by": by.display_name}
    await notify(context, untold, "approval", subject_id=subject_id, details=details, twinspace_id=twinspace_id)
