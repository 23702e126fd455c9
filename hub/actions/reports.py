"""Somebody tells the teachers of something; they claim it, deal with it and say so."""

from __future__ import annotations

import secrets

from hub import moderation
from hub.access import Access, Act, access_twinspace, acts_of
from hub.actions.help_desk import bring_to_service
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.payloads.fields import Nothing
from hub.payloads.safety import (
    AnswerReport,
    MyOpenReports,
    OpenReports,
    ReportChanged,
    Reported,
    ReportRef,
    ReportSomething,
)
from hub.phrases import phrase
from hub.subjects import SUBJECTS, Found, shortened
from storage import ports, records
from storage.records import ReportId, TwinspaceId, User


async def report(context: Context, session: Session, payload: ReportSomething) -> Reported:
    """Tell the teachers. The same thing by the same person is one report until it is answered."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.REPORT)
    found = await SUBJECTS[payload.kind].find(context, session.user, access, payload.subject_id)
    if payload.about_teachers:
        return await _past_the_teachers(context, session.user, access, found, payload)
    for known in await context.storage.safety.reports([access.twinspace.id], only_unanswered=True):
        same = (known.reporter_id, known.kind, known.subject_id) == (
            session.user.id,
            payload.kind,
            payload.subject_id,
        )
        if same:
            return Reported(report_id=known.id)
    made = records.Report(
        ReportId(secrets.token_urlsafe(12)),
        access.twinspace.id,
        session.user.id,
        payload.kind,
        payload.subject_id,
        found.author_id,
        payload.reason,
        payload.words,
        shortened(found.excerpt),
        context.now_ms(),
    )
    await context.storage.safety.add_report(made)
    await moderation.note(
        context,
        access.twinspace.id,
        "reported",
        session.user,
        kind=made.kind,
        subject_id=made.subject_id,
        reason=made.reason,
        details={"report_id": made.id},
    )
    if not await moderation.tell_protectors(context, made):
        # It is about the only teacher who is left: nobody here may see it.
        await _past_the_teachers(context, session.user, access, found, payload)
    return Reported(report_id=made.id)


async def _past_the_teachers(
    context: Context, user: User, access: Access, found: Found, payload: ReportSomething
) -> Reported:
    """A question at the help desk of the reporter's country; nobody in the TwinSpace hears of it."""
    title = phrase("brought_project", user.language, title=access.twinspace.title)
    text = "\n\n".join(part for part in (payload.words, shortened(found.excerpt)) if part) or title
    question_id = await bring_to_service(context, user, title, f"{text}\n\n{payload.kind} {payload.subject_id}")
    return Reported(report_id=question_id)


async def read_open_reports(context: Context, session: Session, payload: Nothing) -> MyOpenReports:
    """Where reports wait for me: what a teacher's desk shows first."""
    mine = []
    for twinspace in await context.storage.twinspaces.of_user(session.user.id):
        member = await context.storage.twinspaces.get_member(twinspace.id, session.user.id)
        if Act.PROTECT in acts_of(member.role, twinspace.phase):
            mine.append(twinspace)
    counts = {twinspace.id: 0 for twinspace in mine}
    for each in await context.storage.safety.reports([*counts], only_unanswered=True):
        counts[each.twinspace_id] += each.author_id != session.user.id
    return MyOpenReports(
        twinspaces=[
            OpenReports(twinspace_id=twinspace.id, title=twinspace.title, count=counts[twinspace.id])
            for twinspace in mine
            if counts[twinspace.id]
        ]
    )


async def claim_report(context: Context, session: Session, payload: ReportRef) -> Reported:
    """Say that one takes care of it, so that the other teachers know. Raise Conflict when somebody else does."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.PROTECT)
    found = await _report(context, session, access, payload.report_id)
    try:
        claimed = await context.storage.safety.claim_report(found.id, session.user.id, context.now_ms())
    except ports.Conflict:
        raise Conflict("Somebody else takes care of this already.") from None
    await _note_report(context, session, claimed, "claimed")
    return Reported(report_id=claimed.id)


async def answer_report(context: Context, session: Session, payload: AnswerReport) -> Reported:
    """Say that it is dealt with, and how. Whoever reported is told that, not how."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.PROTECT)
    found = await _report(context, session, access, payload.report_id)
    try:
        answered = await context.storage.safety.answer_report(
            found.id, session.user.id, payload.answer, context.now_ms()
        )
    except ports.Conflict:
        raise Conflict("Somebody else has answered this already.") from None
    await _note_report(context, session, answered, "answered")
    await context.announce.to_user(
        answered.reporter_id,
        "report:answered",
        ReportChanged(twinspace_id=answered.twinspace_id, report_id=answered.id, state=answered.state),
    )
    return Reported(report_id=answered.id)


async def _report(context: Context, session: Session, access: Access, report_id: str) -> records.Report:
    try:
        found = await context.storage.safety.get_report(ReportId(report_id))
    except ports.NotFound:
        raise NotFound from None
    if found.twinspace_id != access.twinspace.id or found.author_id == session.user.id:
        raise NotFound
    return found


async def _note_report(context: Context, session: Session, found: records.Report, action: str) -> None:
    await moderation.note(
        context,
        found.twinspace_id,
        action,
        session.user,
        kind=found.kind,
        subject_id=found.subject_id,
        reason=found.reason,
        details={"report_id": found.id},
    )
    await moderation.tell_protectors(context, found)
