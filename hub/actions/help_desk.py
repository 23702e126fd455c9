"""The help desk: a question has an owner in a support service and a state; what many ask is answered for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from hub.access import Duty, access_duty, duties_of
from hub.at_large import THINGS
from hub.context import Context, Session
from hub.erasure import ask_to_leave_no_byte
from hub.errors import Conflict, Invalid, NotFound
from hub.help_queue import country_answered_for, is_against, read_queue, tell_queue
from hub.hidden_talk import hidden_among
from hub.names import outward_all
from hub.notices import notify
from hub.payloads.fields import Nothing
from hub.payloads.shelf import (
    AskQuestion,
    Brought,
    FrequentQuestion,
    FrequentQuestions,
    HelpChanged,
    HelpNote,
    HelpQuestion,
    HelpQuestions,
    HelpQuestionSummary,
    HideBrought,
    QuestionRef,
    SetFaq,
    TakeQuestion,
    WriteNote,
)
from hub.phrases import phrase
from hub.roster import read_users
from hub.staff_room_entries import question_entry
from hub.subjects import shortened
from storage import ports, records
from storage.records import QuestionId, QuestionState, User, UserId


async def list_frequent_questions(context: Context, session: Session, payload: Nothing) -> FrequentQuestions:
    await access_duty(context, session.user, Duty.NETWORK)
    found = await context.storage.help_desk.all(is_faq=True)
    return FrequentQuestions(
        questions=[
            FrequentQuestion(id=each.id, title=each.title, text=each.text, answer=each.answer, language=each.language)
            for each in found
        ]
    )


async def list_my_questions(context: Context, session: Session, payload: Nothing) -> HelpQuestions:
    """Newest first."""
    await access_duty(context, session.user, Duty.NETWORK)
    mine = await context.storage.help_desk.all(asked_by=session.user.id)
    return HelpQuestions(questions=await _summaries(context, mine[::-1]))


async def list_queue(context: Context, session: Session, payload: Nothing) -> HelpQuestions:
    """What waits for an answer in my country, the longest first; for the central service everywhere."""
    await access_duty(context, session.user, Duty.SUPPORT)
    return HelpQuestions(questions=await _summaries(context, await read_queue(context, session.user)))


async def ask_question(context: Context, session: Session, payload: AskQuestion) -> HelpQuestion:
    await access_duty(context, session.user, Duty.NETWORK)
    question = await _question(context, session.user, payload.title, payload.text)
    await context.storage.help_desk.ask(question)
    await tell_queue(context, question)
    return await _shown(context, session.user, question)


async def bring(context: Context, user: User, kind: str, subject_id: str, reason: str) -> None:
    """Report something that was said among teachers at large: a question that waits in the reporter's country.

    The caller has asked whether the reporter may see it. Raise NotFound for what is not there or hidden already.
    """
    found = await THINGS[kind].find(context, subject_id)
    if found.author_id is None or subject_id in await hidden_among(context, None, kind, [subject_id]):
        raise NotFound
    question = await _question(context, user, phrase(f"brought_{kind}", user.language), reason)
    thing = records.BroughtThing(question.id, kind, subject_id, found.author_id, shortened(found.excerpt))
    await context.storage.help_desk.ask(question, thing)
    await tell_queue(context, question)


async def bring_to_service(context: Context, user: User, title: str, text: str) -> QuestionId:
    """A report that no teacher of the TwinSpace may see: it waits in the reporter's country."""
    question = await _question(context, user, title, text)
    await context.storage.help_desk.ask(question)
    await tell_queue(context, question)
    return question.id


async def _question(context: Context, user: User, title: str, text: str) -> records.HelpQuestion:
    school, now_ms = await context.storage.users.get_school(user.school_id), context.now_ms()
    return records.HelpQuestion(
        QuestionId(secrets.token_urlsafe(12)), user.id, school.country, title, text, user.language, now_ms, now_ms
    )


async def read_question(context: Context, session: Session, payload: QuestionRef) -> HelpQuestion:
    question = await _access(context, session, payload)
    return await _shown(context, session.user, question)


async def take_question(context: Context, session: Session, payload: TakeQuestion) -> HelpQuestion:
    """Answer for it from now on. Raise Conflict when somebody else was quicker."""
    question = await _access(context, session, payload, Duty.SUPPORT)
    if question.asked_by == session.user.id:
        raise Invalid("Nobody answers their own question.", field="question_id")
    former = UserId(payload.former_owner_id) if payload.former_owner_id else None
    try:
        taken = await context.storage.help_desk.take(question.id, session.user.id, former, context.now_ms())
    except ports.Conflict:
        raise Conflict("Somebody else has taken this question in the meantime.") from None
    await tell_queue(context, taken)
    return await _told(context, session.user, taken)


async def write_note(context: Context, session: Session, payload: WriteNote) -> HelpQuestion:
    """Ask back, add something, or answer. Only who has taken a question answers it."""
    question = await _access(context, session, payload)
    is_owner = question.owner_id == session.user.id
    if question.asked_by != session.user.id and not is_owner:
        raise Conflict("Take the question first, so that two people don't answer it.")
    if payload.answers and not is_owner:
        raise Invalid("Only the service answers.", field="answers")
    state: QuestionState = "answered" if payload.answers else ("taken" if question.owner_id else "open")
    await context.storage.help_desk.write(
        question.id,
        session.user.id,
        payload.text,
        context.now_ms(),
        state=state,
        answer=payload.text if payload.answers else None,
    )
    changed = await context.storage.help_desk.get(question.id)
    if changed.is_faq:
        await context.storage.search.put([question_entry(changed)])
    await tell_queue(context, changed)
    asker = await context.storage.users.get_user(question.asked_by)
    if is_owner and await _may_read(context, asker):
        await notify(context, [asker.id], "answered", subject_id=question.id, details={"title": question.title})
    return await _told(context, session.user, changed)


async def set_frequent(context: Context, session: Session, payload: SetFaq) -> HelpQuestion:
    """Show an answered question to everybody, without who has asked; or no more."""
    question = await _access(context, session, payload, Duty.SUPPORT)
    if payload.is_faq and not question.answer:
        raise Invalid("It has no answer yet.", field="is_faq")
    changed = await context.storage.help_desk.set_faq(question.id, payload.is_faq)
    if changed.is_faq:
        await context.storage.search.put([question_entry(changed)])
    else:
        await context.storage.search.erase("question", changed.id)
    return await _told(context, session.user, changed)


async def hide_brought(context: Context, session: Session, payload: HideBrought) -> HelpQuestion:
    """Take what the question brings out of everybody's sight, or show it again. Only who has taken the question."""
    question, thing = await _brought(context, session, payload)
    if (thing.hidden_by is not None) is not payload.is_hidden:
        by = session.user.id if payload.is_hidden else None
        await context.storage.help_desk.hide_brought(thing.kind, thing.subject_id, by, context.now_ms())
        await THINGS[thing.kind].make_open_things_obey(context, thing.subject_id, is_hidden=payload.is_hidden)
    return await _told(context, session.user, question)


async def erase_brought(context: Context, session: Session, payload: QuestionRef) -> HelpQuestion:
    """For good, from everything that holds it. Only what is hidden, so that nobody erases in the heat of a moment."""
    question, thing = await _brought(context, session, payload)
    if thing.hidden_by is None:
        raise Conflict("Hide it first.")
    try:
        await THINGS[thing.kind].erase(context, thing.subject_id)
    except ports.NotFound:
        pass  # Its author was quicker; what was quoted of it is left.
    await context.storage.help_desk.blank_brought(thing.kind, thing.subject_id)
    await ask_to_leave_no_byte(context, session.user.id)
    return await _told(context, session.user, question)


async def _brought(
    context: Context, session: Session, payload: QuestionRef
) -> tuple[records.HelpQuestion, records.BroughtThing]:
    question = await _access(context, session, payload, Duty.SUPPORT)
    thing = await context.storage.help_desk.brought(question.id)
    if thing is None:
        raise NotFound
    if question.owner_id != session.user.id:
        raise Conflict("Take the question first, so that two people don't decide about it.")
    return question, thing


async def _access(
    context: Context, session: Session, payload: QuestionRef, duty: Duty = Duty.NETWORK
) -> records.HelpQuestion:
    """One's own, or one of the country that one answers for."""
    await access_duty(context, session.user, duty)
    try:
        question = await context.storage.help_desk.get(QuestionId(payload.question_id))
    except ports.NotFound:
        raise NotFound from None
    if question.asked_by == session.user.id and duty is Duty.NETWORK:
        return question
    if not await _may_answer(context, session.user, question) or await is_against(context, question, session.user):
        raise NotFound
    return question


async def _may_read(context: Context, asker: User) -> bool:
    """A pupil who reports past the teachers is told nothing in the page, where others may look over their shoulder."""
    return Duty.NETWORK in await duties_of(context, asker)


async def _may_answer(context: Context, user: User, question: records.HelpQuestion) -> bool:
    if Duty.SUPPORT not in await duties_of(context, user):
        return False
    return await country_answered_for(context, user) in (None, question.country)


async def _told(context: Context, user: User, question: records.HelpQuestion) -> HelpQuestion:
    for user_id in {question.asked_by, question.owner_id} - {None}:
        if user_id is not None:
            await context.announce.to_user(user_id, "help:changed", HelpChanged(question_id=question.id))
    return await _shown(context, user, question)


async def _summaries(context: Context, questions: Sequence[records.HelpQuestion]) -> list[HelpQuestionSummary]:
    named = [user_id for each in questions for user_id in (each.asked_by, each.owner_id) if user_id]
    # Who reports past their teachers may be a pupil.
    users = await outward_all(context, (await read_users(context.storage, named)).values())
    return [_summary(each, users) for each in questions]


def _summary(question: records.HelpQuestion, users: dict[UserId, User]) -> HelpQuestionSummary:
    return HelpQuestionSummary(
        id=question.id,
        title=question.title,
        country=question.country,
        language=question.language,
        state=question.state,
        asked_by=question.asked_by,
        display_name=users[question.asked_by].display_name,
        owner_id=question.owner_id,
        owner_name=users[question.owner_id].display_name if question.owner_id else None,
        asked_at_ms=question.asked_at_ms,
        changed_at_ms=question.changed_at_ms,
        is_faq=question.is_faq,
    )


async def _shown(context: Context, user: User, question: records.HelpQuestion) -> HelpQuestion:
    notes = await context.storage.help_desk.notes(question.id)
    (summary,) = await _summaries(context, [question])
    users = await read_users(context.storage, [note.user_id for note in notes])
    return HelpQuestion(
        **summary.model_dump(),
        text=question.text,
        answer=question.answer,
        notes=[
            HelpNote(
                seq=note.seq,
                user_id=note.user_id,
                display_name=users[note.user_id].display_name,
                text=note.text,
                written_at_ms=note.written_at_ms,
            )
            for note in notes
        ],
        may_answer=question.asked_by != user.id and await _may_answer(context, user, question),
        brought=await _shown_thing(context, question),
    )


async def _shown_thing(context: Context, question: records.HelpQuestion) -> Brought | None:
    thing = await context.storage.help_desk.brought(question.id)
    if thing is None:
        return None
    author = await context.storage.users.get_user(thing.author_id)
    return Brought(
        kind=thing.kind,
        author_id=author.id,
        author_name=author.display_name,
        excerpt=thing.excerpt,
        is_hidden=thing.hidden_by is not None,
    )
