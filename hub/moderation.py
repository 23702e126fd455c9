"""The moderation log, and who is told: written by every action that uses authority over others."""

from __future__ import annotations

from hub.access import Act, acts_of
from hub.context import Context
from hub.notices import notify, tell_desk
from hub.payloads.safety import ReportChanged
from storage.records import Json, Report, Twinspace, TwinspaceId, User, UserId


async def note(
    context: Context,
    twinspace_id: TwinspaceId,
    action: str,
    user: User | None,
    *,
    kind: str,
    subject_id: str,
    reason: str = "",
    details: Json = None,
) -> None:
    """Into the moderation log. `details` hold ids and numbers, never what people said or how they are called."""
    await context.storage.moderation_log.record(
        twinspace_id,
        action=action,
        user_id=user.id if user else None,
        kind=kind,
        subject_id=subject_id,
        reason=reason,
        details=details,
        at_ms=context.now_ms(),
    )


async def protectors(context: Context, twinspace: Twinspace) -> list[UserId]:
    """The teachers of all schools who see what is reported here."""
    members = await context.storage.twinspaces.members(twinspace.id)
    return [member.user_id for member in members if Act.PROTECT in acts_of(member.role, twinspace.phase)]


async def tell_protectors(context: Context, report: Report) -> bool:
    """Everybody who may see the report; not whom it is about. False: there is nobody."""
    twinspace = await context.storage.twinspaces.get(report.twinspace_id)
    changed = ReportChanged(twinspace_id=report.twinspace_id, report_id=report.id, state=report.state)
    told = [user_id for user_id in await protectors(context, twinspace) if user_id != report.author_id]
    for user_id in told:
        await context.announce.to_user(user_id, "report:changed", changed)
    await tell_desk(context, told, "report")
    if report.state == "open":
        details = {"title": twinspace.title}
        await notify(context, told, "flag", subject_id=report.id, details=details, twinspace_id=twinspace.id)
    return bool(told)
