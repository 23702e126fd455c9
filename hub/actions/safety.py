"""Safety of minors: hide and show; mute and remove; what teachers see of it, and the log of it all."""

from __future__ import annotations

from hub import erasure, moderation
from hub.access import Access, Act, access_twinspace, acts_of
from hub.actions.guests import send_away
from hub.context import Context, Session
from hub.erasure import ERASED
from hub.errors import Invalid, NotFound
from hub.names import read_people
from hub.payloads.safety import (
    HiddenThing,
    Hide,
    Log,
    LogEntry,
    Moderation,
    Mute,
    MutedMember,
    OwnMute,
    ProtectedFrom,
    ReadLog,
    Remove,
    Report,
    Subject,
    SubjectChanged,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.rubric_talk import locate_comment
from hub.subjects import SUBJECTS, shortened
from storage import ports, records
from storage.records import ContentId, DebateId, Hidden, Member, ThreadId, TwinspaceId, User, UserId

MINUTE_MS = 60_000


async def read_moderation(context: Context, session: Session, payload: TwinspaceRef) -> Moderation:
    access = await _protecting(context, session, payload.twinspace_id)
    storage, twinspace_id = context.storage, access.twinspace.id
    reports = [each for each in await storage.safety.reports([twinspace_id]) if each.author_id != session.user.id]
    hidden = [each for each in await storage.safety.hidden(twinspace_id) if each.kept != ERASED]
    members = await storage.twinspaces.members(twinspace_id)
    muted = [member for member in members if member.muted]
    named = [each.reporter_id for each in reports]
    named += [user_id for each in reports for user_id in (each.author_id, each.handler_id) if user_id]
    named += [user_id for each in hidden for user_id in (each.author_id, each.hidden_by) if user_id]
    users = await read_people(context, session.user, [*named, *(member.user_id for member in muted)])
    out_of_sight = {(each.kind, each.subject_id) for each in hidden}
    return Moderation(
        reports=[_shown(each, users, (each.kind, each.subject_id) in out_of_sight) for each in reversed(reports)],
        hidden=[
            HiddenThing(
                kind=each.kind,
                subject_id=each.subject_id,
                excerpt=each.excerpt,
                author_id=each.author_id,
                author_name=users[each.author_id].display_name if each.author_id else None,
                hidden_by=each.hidden_by,
                hidden_by_name=users[each.hidden_by].display_name,
                hidden_at_ms=each.hidden_at_ms,
            )
            for each in hidden
        ],
        muted=[
            MutedMember(
                user_id=member.user_id,
                display_name=users[member.user_id].display_name,
                parts=[part for part in ("chat", "write", "speak") if part in member.muted],
                until_ms=member.muted_until_ms,
            )
            for member in muted
        ],
    )


async def hide(context: Context, session: Session, payload: Hide) -> None:
    """Nobody sees it any more, wherever it was; teachers find it in the queue until it is shown or erased."""
    access = await _protecting(context, session, payload.twinspace_id)
    twinspace_id, subject = access.twinspace.id, SUBJECTS[payload.kind]
    if await context.storage.safety.is_hidden(twinspace_id, payload.kind, payload.subject_id):
        return
    found = await subject.find(context, session.user, access, payload.subject_id)
    kept = await subject.take_away(context, session.user, twinspace_id, payload.subject_id)
    hidden = Hidden(
        twinspace_id,
        payload.kind,
        payload.subject_id,
        found.author_id,
        shortened(found.excerpt),
        kept,
        session.user.id,
        context.now_ms(),
    )
    try:
        await context.storage.safety.hide(hidden)
    except ports.Conflict:
        return
    except ports.StorageError:
        await subject.put_back(context, session.user, hidden)
        raise
    await _note_subject(context, session, payload, "hidden", payload.reason, is_hidden=True)


async def show(context: Context, session: Session, payload: Subject) -> None:
    access = await _protecting(context, session, payload.twinspace_id)
    if await _is_erased(context, access.twinspace.id, payload):
        raise NotFound
    try:
        hidden = await context.storage.safety.show(access.twinspace.id, payload.kind, payload.subject_id)
    except ports.NotFound:
        raise NotFound from None
    await SUBJECTS[payload.kind].put_back(context, session.user, hidden)
    await _note_subject(context, session, payload, "shown", "", is_hidden=False)


async def _is_erased(context: Context, twinspace_id: TwinspaceId, subject: Subject) -> bool:
    this = (subject.kind, subject.subject_id)
    hidden = await context.storage.safety.hidden(twinspace_id)
    return any((each.kind, each.subject_id) == this and each.kept == ERASED for each in hidden)


async def erase(context: Context, session: Session, payload: Subject) -> None:
    """For good, from everything that holds it; only what is hidden, so that nobody erases in the heat of a moment."""
    access = await _protecting(context, session, payload.twinspace_id)
    twinspace_id, by = access.twinspace.id, session.user.id
    if not await context.storage.safety.is_hidden(twinspace_id, payload.kind, payload.subject_id):
        raise NotFound
    try:
        if payload.kind == "message":
            await erasure.erase_message(context, twinspace_id, payload.subject_id, by=by)
        elif payload.kind == "content":
            content = await context.storage.contents.get(ContentId(payload.subject_id))
            await erasure.erase_content(context, content, by=by)
        elif payload.kind == "card":
            content_id, _, card_id = payload.subject_id.partition(":")
            content = await context.storage.contents.get(ContentId(content_id))
            await erasure.erase_card(context, content, card_id, by=by)
        elif payload.kind == "comment":
            content, comment_id = await locate_comment(context, payload.subject_id)
            await erasure.erase_comment(context, content, comment_id, by=by)
        elif payload.kind == "thread":
            await erasure.erase_thread(context, twinspace_id, ThreadId(payload.subject_id), by=by)
        elif payload.kind == "post":
            thread_id, _, seq = payload.subject_id.rpartition(":")
            await erasure.erase_post(context, twinspace_id, ThreadId(thread_id), int(seq), by=by)
        elif payload.kind == "debate":
            await erasure.erase_debate(context, twinspace_id, DebateId(payload.subject_id), by=by)
        else:
            raise Invalid("This is erased where it is kept.", field="kind")
    except ports.NotFound:
        raise NotFound from None
    await context.storage.erasure.blank_reports(twinspace_id, payload.kind, payload.subject_id)
    await erasure.ask_to_leave_no_byte(context, session.user.id)
    await _note_subject(context, session, payload, "erased", "", is_hidden=True)


async def mute(context: Context, session: Session, payload: Mute) -> None:
    """Take chat, writing or speaking from a member for a while; open sockets obey before this answers."""
    access = await _protecting(context, session, payload.twinspace_id)
    member, user = await _subordinate(context, session, access, payload.user_id)
    parts = [part for part in ("chat", "write", "speak") if part in payload.parts]
    until_ms = None if payload.minutes is None else context.now_ms() + payload.minutes * MINUTE_MS
    await context.storage.twinspaces.mute(access.twinspace.id, member.user_id, parts, until_ms)
    await _obey(context, access.twinspace.id, user)
    await moderation.note(
        context,
        access.twinspace.id,
        "muted",
        session.user,
        kind="member",
        subject_id=member.user_id,
        reason=payload.reason,
        details={"parts": parts, "until_ms": until_ms},
    )


async def unmute(context: Context, session: Session, payload: ProtectedFrom) -> None:
    access = await _protecting(context, session, payload.twinspace_id)
    member, user = await _subordinate(context, session, access, payload.user_id)
    if not member.muted:
        return
    await context.storage.twinspaces.mute(access.twinspace.id, member.user_id, (), None)
    await _obey(context, access.twinspace.id, user)
    await moderation.note(
        context, access.twinspace.id, "unmuted", session.user, kind="member", subject_id=member.user_id
    )


async def remove(context: Context, session: Session, payload: Remove) -> None:
    """Send somebody out of the TwinSpace, of whatever school. What they made stays, unless it is hidden or erased."""
    access = await _protecting(context, session, payload.twinspace_id)
    member, user = await _subordinate(context, session, access, payload.user_id)
    if user.kind == "guest":
        await send_away(context, access.twinspace.id, user)
    else:
        try:
            await context.storage.twinspaces.remove_member(access.twinspace.id, member.user_id)
        except ports.NotFound:
            raise NotFound from None
        await _obey(context, access.twinspace.id, user)
    await moderation.note(
        context,
        access.twinspace.id,
        "removed",
        session.user,
        kind="member",
        subject_id=member.user_id,
        reason=payload.reason,
    )


async def read_own_mute(context: Context, session: Session, payload: TwinspaceRef) -> OwnMute:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    muted = access.member.muted
    parts = [part for part in ("chat", "write", "speak") if part in muted]
    return OwnMute(parts=parts, until_ms=access.member.muted_until_ms)


async def read_log(context: Context, session: Session, payload: ReadLog) -> Log:
    access = await _protecting(context, session, payload.twinspace_id)
    entries = await context.storage.moderation_log.latest(access.twinspace.id, payload.limit, payload.before)
    entries = [entry for entry in entries if not _concerns(entry, session.user)]
    users = await read_people(context, session.user, [entry.user_id for entry in entries if entry.user_id])
    return Log(entries=[LogEntry.of(each, users[each.user_id] if each.user_id else None) for each in entries])


def _concerns(entry: records.ModerationEntry, user: User) -> bool:
    """A report of oneself is for the other teachers."""
    return entry.action == "reported" and (entry.kind, entry.subject_id) == ("member", user.id)


async def _protecting(context: Context, session: Session, twinspace_id: str) -> Access:
    return await access_twinspace(context, session.user, TwinspaceId(twinspace_id), Act.PROTECT)


async def _subordinate(context: Context, session: Session, access: Access, user_id: str) -> tuple[Member, User]:
    """Whom one may mute and remove: who protects nobody; founders may also teachers. Never founders or oneself."""
    try:
        member = await context.storage.twinspaces.get_member(access.twinspace.id, UserId(user_id))
        user = await context.storage.users.get_user(member.user_id)
    except ports.NotFound:
        raise NotFound from None
    protects = Act.PROTECT in acts_of(member.role, access.twinspace.phase)
    if member.user_id == session.user.id or member.role == "founder":
        raise Invalid("Founders and oneself can't be muted or removed here.", field="user_id")
    if protects and access.member.role != "founder":
        raise Invalid("Only founders can mute or remove a teacher.", field="user_id")
    return member, user


async def _obey(context: Context, twinspace_id: TwinspaceId, user: User) -> None:
    """Documents here and now; sockets and meetings follow the stored row within a second, in every process."""
    await context.live_docs.reauthorise(user.id, twinspace_id)


async def _note_subject(
    context: Context, session: Session, subject: Hide | Subject, action: str, reason: str, *, is_hidden: bool
) -> None:
    twinspace_id = TwinspaceId(subject.twinspace_id)
    await SUBJECTS[subject.kind].make_open_things_obey(context, twinspace_id, subject.subject_id)
    changed = SubjectChanged(
        twinspace_id=twinspace_id, kind=subject.kind, subject_id=subject.subject_id, is_hidden=is_hidden
    )
    await context.announce.to_twinspace(twinspace_id, "subject:changed", changed)
    await moderation.note(
        context,
        twinspace_id,
        action,
        session.user,
        kind=subject.kind,
        subject_id=subject.subject_id,
        reason=reason,
    )


def _shown(report: records.Report, users: dict[UserId, User], is_hidden: bool) -> Report:
    author = users[report.author_id] if report.author_id else None
    return Report(
        id=report.id,
        kind=report.kind,
        subject_id=report.subject_id,
        reason=report.reason,
        words=report.words,
        excerpt=report.excerpt,
        reporter_id=report.reporter_id,
        reporter_name=users[report.reporter_id].display_name,
        author_id=report.author_id,
        author_name=author.display_name if author else None,
        author_school_id=author.school_id if author else None,
        is_hidden=is_hidden,
        reported_at_ms=report.reported_at_ms,
        state=report.state,
        handler_id=report.handler_id,
        handler_name=users[report.handler_id].display_name if report.handler_id else None,
        handled_at_ms=report.handled_at_ms,
        answer=report.answer,
    )
