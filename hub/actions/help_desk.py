"""The help desk: a question has an owner in a support service and a state; what many ask is answered for everybody."""

from __future__ import annotations

import secrets
from collections.abc import Sequence

from hub.access import Duty, access_duty, duties_of
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.payloads.fields import Nothing
from hub.payloads.shelf import (
    AskQuestion,
    FrequentQuestion,
    FrequentQuestions,
    HelpChanged,
    HelpNote,
    HelpQuestion,
    HelpQuestions,
    HelpQuestionSummary,
    QuestionRef,
    SetFaq,
    TakeQuestion,
    WriteNote,
)
from hub.roster import read_users
from hub.staff_room_entries import question_entry
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
    country = await _scope_of(context, session.user)
    waiting = await context.storage.help_desk.all(country=country, states=["open", "taken"])
    return HelpQuestions(questions=await _summaries(context, waiting))


async def ask_question(context: Context, session: Session, payload: AskQuestion) -> HelpQuestion:
    await access_duty(context, session.user, Duty.NETWORK)
    question = await ask_support(context, session.user, title=payload.title, text=payload.text)
    return await _shown(context, session.user, question)


async def ask_support(context: Context, user: User, *, title: str, text: str) -> records.HelpQuestion:
    """A question that waits in the user's country."""
    school, now_ms = await context.storage.users.get_school(user.school_id), context.now_ms()
    question = records.HelpQuestion(
        QuestionId(secrets.token_urlsafe(12)), user.id, school.country, title, text, user.language, now_ms, now_ms
    )
    await context.storage.help_desk.ask(question)
    return question


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
    if not await _may_answer(context, session.user, question):
        raise NotFound
    return question


async def _may_answer(context: Context, user: User, question: records.HelpQuestion) -> bool:
    if Duty.SUPPORT not in await duties_of(context, user):
        return False
    return await _scope_of(context, user) in (None, question.country)


async def _scope_of(context: Context, user: User) -> str | None:
    """The country that this person of a service answers for; None: every one."""
    service = await context.storage.services.get(user.school_id)
    if service.level == "central":
        return None
    return (await context.storage.users.get_school(user.school_id)).country


async def _told(context: Context, user: User, question: records.HelpQuestion) -> HelpQuestion:
    for user_id in {question.asked_by, question.owner_id} - {None}:
        if user_id is not None:
            await context.announce.to_user(user_id, "help:changed", HelpChanged(question_id=question.id))
    return await _shown(context, user, question)


async def _summaries(context: Context, questions: Sequence[records.HelpQuestion]) -> list[HelpQuestionSummary]:
    named = [user_id for each in questions for user_id in (each.asked_by, each.owner_id) if user_id]
    users = await read_users(context.storage, named)
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
    )
