"""Polls and quizzes: prepared or made on the spot, opened in a meeting, timed by the hub's clock, kept."""

from __future__ import annotations

import secrets
from dataclasses import replace

from hub.access import Access, Act, access_room, access_twinspace, acts_of
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound, PollEnded
from hub.form_sheet import Sheet, as_csv
from hub.lesson.polls import fault_of, right_voices, tally, voices
from hub.payloads.fields import Reply
from hub.payloads.operations import Download
from hub.payloads.polls import (
    ChangePoll,
    NamedVote,
    OpenPoll,
    Poll,
    PollChanged,
    PollRef,
    Polls,
    PollSummary,
    PollText,
    PreparePoll,
    Vote,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from storage import ports, records
from storage.records import PollId, RoomId, TwinspaceId


async def list_polls(context: Context, session: Session, payload: TwinspaceRef) -> Polls:
    """Those that were opened; what is only prepared is shown to those who lead."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    found = await context.storage.polls.of_twinspace(access.twinspace.id)
    now_ms = context.now_ms()
    shown = [summary_of(poll, now_ms) for poll in found if access.may(Act.BUILD) or poll.state != "prepared"]
    return Polls(polls=shown, now_ms=now_ms)


async def prepare_poll(context: Context, session: Session, payload: PreparePoll) -> Poll:
    """Nobody but those who lead sees it until it is opened."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BUILD)
    poll_id, now_ms = PollId(secrets.token_urlsafe(12)), context.now_ms()
    blank = records.Poll(poll_id, access.twinspace.id, "", (), (), False, True, 0, "prepared", session.user.id, now_ms)
    poll = _with_text(blank, payload)
    await context.storage.polls.add(poll)
    await _tell_leading(context, poll)
    return await _shown(context, session, access, poll)


async def read_poll(context: Context, session: Session, payload: PollRef) -> Poll:
    access, poll = await _access(context, session, payload.poll_id, Act.READ)
    return await _shown(context, session, access, poll)


async def change_poll(context: Context, session: Session, payload: ChangePoll) -> Poll:
    """While it is only prepared: nobody's answer gets another question."""
    access, poll = await _access(context, session, payload.poll_id, Act.BUILD)
    if poll.quiz_id is not None and not payload.right:
        raise Invalid("A question of a quiz has a right answer.", field="right")
    changed = _with_text(poll, payload)
    try:
        await context.storage.polls.change(changed)
    except ports.Conflict:
        raise Conflict("This poll was opened already; what was asked stays.") from None
    await _tell_leading(context, changed)
    return await _shown(context, session, access, changed)


async def remove_poll(context: Context, session: Session, payload: PollRef) -> None:
    _, poll = await _access(context, session, payload.poll_id, Act.BUILD)
    _check_alone(poll)
    try:
        await context.storage.polls.remove(poll.id)
    except ports.Conflict:
        raise Conflict("This poll was opened already; what people answered is kept.") from None
    await _tell_leading(context, poll)


async def open_poll(context: Context, session: Session, payload: OpenPoll) -> Poll:
    """In a meeting of the same TwinSpace. Its time runs from now on."""
    access, poll = await _access(context, session, payload.poll_id, Act.BUILD)
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.BUILD)
    if room.twinspace_id != poll.twinspace_id:
        raise NotFound
    _check_alone(poll)
    try:
        opened = await context.storage.polls.open(poll.id, room.id, context.now_ms())
    except ports.Conflict:
        raise Conflict("This poll was opened already.") from None
    await tell_all(context, opened)
    await record(context, opened.twinspace_id, "poll_opened", session.user, opened.id, {"title": opened.question})
    return await _shown(context, session, access, opened)


async def end_poll(context: Context, session: Session, payload: PollRef) -> Poll:
    """Before its time, or because it has none."""
    access, poll = await _access(context, session, payload.poll_id, Act.BUILD)
    try:
        ended = await context.storage.polls.end(poll.id, context.now_ms())
    except ports.Conflict:
        raise (PollEnded() if poll.state != "prepared" else Conflict("This poll was not opened yet.")) from None
    await tell_all(context, ended)
    return await _shown(context, session, access, ended)


async def vote_in_poll(context: Context, session: Session, payload: Vote) -> Poll:
    """Answer, or answer otherwise, while it is open. The moment of the hub's clock counts, not that of the page."""
    access, poll = await _access(context, session, payload.poll_id, Act.ANSWER)
    seats = _seats(context, poll, session.user)
    fault = fault_of(payload.counts, options=len(poll.options), is_many=poll.is_many, seats=seats)
    if fault is not None:
        raise Invalid(fault, field="counts")
    try:
        given = records.PollVote(poll.id, session.user.id, tuple(payload.counts), seats, context.now_ms())
        await context.storage.polls.vote(given)
    except ports.Conflict:
        raise (PollEnded() if poll.state != "prepared" else Conflict("This poll was not opened yet.")) from None
    await _tell_leading(context, poll)
    return await _shown(context, session, access, poll)


async def export_poll(context: Context, session: Session, payload: PollRef) -> Download:
    """What was chosen how often, and, unless it is anonymous, by whom."""
    access, poll = await _access(context, session, payload.poll_id, Act.BUILD)
    shown = await _shown(context, session, access, poll)
    header = [poll.question, "", ""]
    rows: list[list[str | int | float | None]] = [
        [option, count, "✓" if place in poll.right else None]
        for place, (option, count) in enumerate(zip(poll.options, shown.tally or (), strict=True))
    ]
    for named in shown.votes or ():
        chosen = [
            option if count == 1 else f"{option}: {count}"
            for option, count in zip(poll.options, named.counts, strict=True)
            if count
        ]
        rows.append([named.display_name, "; ".join(chosen), None])
    return Download(content_type="text/csv; charset=utf-8", filename="poll.csv", content=as_csv(Sheet(header, rows)))


def _with_text(poll: records.Poll, payload: PollText) -> records.Poll:
    return replace(
        poll,
        question=payload.question,
        options=tuple(payload.options),
        right=tuple(sorted(payload.right)),
        is_many=payload.is_many,
        is_anonymous=payload.is_anonymous,
        seconds=payload.seconds,
    )


async def _access(context: Context, session: Session, poll_id: str, act: Act) -> tuple[Access, records.Poll]:
    """What is only prepared is not there for those who don't lead."""
    try:
        poll = await context.storage.polls.get(PollId(poll_id))
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, session.user, poll.twinspace_id, act)
    if poll.state == "prepared" and not access.may(Act.BUILD):
        raise NotFound
    return access, poll


def _check_alone(poll: records.Poll) -> None:
    """A quiz asks its questions in their order, and is taken away as a whole."""
    if poll.quiz_id is not None:
        raise Conflict("This question belongs to a quiz.")


async def tell_all(context: Context, poll: records.Poll) -> None:
    """Everybody, of what everybody sees."""
    await context.announce.to_twinspace(poll.twinspace_id, "poll:changed", _changed(poll))


async def tell_leading(context: Context, twinspace_id: TwinspaceId, event: str, told: Reply) -> None:
    """Those who lead: of what is only prepared, and of answers as they come in."""
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    members = await context.storage.twinspaces.members(twinspace_id)
    leading = [member.user_id for member in members if Act.BUILD in acts_of(member.role, twinspace.phase)]
    await context.announce.to_members(twinspace_id, leading, event, told)


async def _tell_leading(context: Context, poll: records.Poll) -> None:
    await tell_leading(context, poll.twinspace_id, "poll:changed", _changed(poll))


def _changed(poll: records.Poll) -> PollChanged:
    return PollChanged(poll_id=poll.id, twinspace_id=poll.twinspace_id)


def _state(poll: records.Poll, now_ms: int) -> records.PollState:
    """One whose time is over has ended, though nobody said so."""
    return "ended" if poll.state == "open" and not poll.is_open(now_ms) else poll.state


def summary_of(poll: records.Poll, now_ms: int) -> PollSummary:
    return PollSummary(
        id=poll.id,
        twinspace_id=poll.twinspace_id,
        room_id=poll.room_id,
        question=poll.question,
        options=list(poll.options),
        is_many=poll.is_many,
        is_anonymous=poll.is_anonymous,
        is_quiz=bool(poll.right),
        seconds=poll.seconds,
        state=_state(poll, now_ms),
        created_at_ms=poll.created_at_ms,
        opened_at_ms=poll.opened_at_ms,
        ends_at_ms=poll.ends_at_ms,
        quiz_id=poll.quiz_id,
    )


async def _shown(context: Context, session: Session, access: Access, poll: records.Poll) -> Poll:
    now_ms = context.now_ms()
    summary = summary_of(poll, now_ms)
    votes = await context.storage.polls.votes(poll.id)
    leads = access.may(Act.BUILD)
    is_told = leads or summary.state == "ended"
    right = None
    if is_told and poll.right:
        each = [right_voices(vote.counts, poll.right, is_many=poll.is_many, seats=vote.seats) for vote in votes]
        right = None if None in each else sum(count for count in each if count is not None)
    users = await read_users(context.storage, [vote.user_id for vote in votes]) if leads else {}
    return Poll(
        **summary.model_dump(),
        my_counts=next((list(vote.counts) for vote in votes if vote.user_id == session.user.id), None),
        seats=_seats(context, poll, session.user),
        voices=sum(voices(vote.counts, is_many=poll.is_many, seats=vote.seats) for vote in votes),
        tally=tally(len(poll.options), [vote.counts for vote in votes]) if is_told else None,
        right=list(poll.right) if is_told else None,
        right_voices=right,
        votes=[
            NamedVote(user_id=vote.user_id, display_name=users[vote.user_id].display_name, counts=list(vote.counts))
            for vote in votes
        ]
        if leads and not poll.is_anonymous
        else None,
        now_ms=now_ms,
    )


def _seats(context: Context, poll: records.Poll, user: records.User) -> int:
    """For how many people this account answers: as many pupils as sit before its device in the meeting, else one."""
    if poll.room_id is None:
        return 1
    return max(1, sum(seat.seat_id == user.id for seat in context.room_powers.seats_in_use(poll.room_id)))
