"""Quizzes in a meeting: prepared as a whole, asked question by question, summed up at the end."""

from __future__ import annotations

import secrets

from hub.access import Access, Act, access_room, access_twinspace
from hub.actions.journal import record
from hub.actions.polls import summary_of, tell_all, tell_leading
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.form_sheet import Cell, Sheet, as_csv
from hub.lesson.quizzes import Score, together
from hub.payloads.operations import Download
from hub.payloads.quizzes import (
    AskInQuiz,
    PrepareQuiz,
    Quiz,
    QuizChanged,
    QuizRef,
    QuizScore,
    QuizState,
    QuizSummary,
    Quizzes,
    RecordedQuiz,
    SchoolScore,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.phrases import phrase
from hub.quiz_sums import QuizSums, read_sums
from hub.roster import read_schools
from hub.small_cells import SMALLEST
from storage import ports, records
from storage.records import Json, PollId, QuizId, RoomId, SchoolId, TwinspaceId, UserId


async def list_quizzes(context: Context, session: Session, payload: TwinspaceRef) -> Quizzes:
    """Those that were opened; what is only prepared is shown to those who lead."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    found = [
        _summary(quiz, await context.storage.quizzes.questions(quiz.id))
        for quiz in await context.storage.quizzes.of_twinspace(access.twinspace.id)
        if access.may(Act.BUILD) or quiz.opened_at_ms is not None
    ]
    return Quizzes(quizzes=found)


async def prepare_quiz(context: Context, session: Session, payload: PrepareQuiz) -> Quiz:
    """All its questions at once; nobody but those who lead sees it until its first one is asked."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BUILD)
    twinspace_id, now_ms = access.twinspace.id, context.now_ms()
    quiz = records.Quiz(QuizId(secrets.token_urlsafe(12)), twinspace_id, payload.title, session.user.id, now_ms)
    questions = [
        records.Poll(
            id=PollId(secrets.token_urlsafe(12)),
            twinspace_id=twinspace_id,
            question=each.question,
            options=tuple(each.options),
            right=tuple(sorted(each.right)),
            is_many=len(each.right) > 1,
            is_anonymous=payload.is_anonymous,
            seconds=payload.seconds,
            state="prepared",
            created_by=session.user.id,
            created_at_ms=now_ms,
            quiz_id=quiz.id,
            quiz_place=place,
        )
        for place, each in enumerate(payload.questions)
    ]
    await context.storage.quizzes.add(quiz, questions)
    await tell_leading(context, twinspace_id, "quiz:changed", _changed(quiz))
    return await _shown(context, session, access, quiz)


async def read_quiz(context: Context, session: Session, payload: QuizRef) -> Quiz:
    access, quiz = await _access(context, session, payload, Act.READ)
    return await _shown(context, session, access, quiz)


async def remove_quiz(context: Context, session: Session, payload: QuizRef) -> None:
    _, quiz = await _access(context, session, payload, Act.BUILD)
    try:
        await context.storage.quizzes.remove(quiz.id)
    except ports.Conflict:
        raise Conflict("This quiz was opened already; what people answered is kept.") from None
    await tell_leading(context, quiz.twinspace_id, "quiz:changed", _changed(quiz))


async def ask_in_quiz(context: Context, session: Session, payload: AskInQuiz) -> Quiz:
    """The next one, in a meeting of the same TwinSpace; the one before ends by it."""
    access, quiz = await _access(context, session, payload, Act.BUILD)
    _, room = await access_room(context, session.user, RoomId(payload.room_id), Act.BUILD)
    if room.twinspace_id != quiz.twinspace_id:
        raise NotFound
    before = await context.storage.quizzes.questions(quiz.id)
    try:
        asked = await context.storage.quizzes.ask(quiz.id, payload.place, room.id, context.now_ms())
    except ports.NotFound:
        raise NotFound from None
    except ports.Conflict:
        raise Conflict("Another question of this quiz was asked meanwhile, or it is over.") from None
    for poll in before:
        if poll.state == "open":
            await tell_all(context, poll)
    await tell_all(context, asked)
    changed = await context.storage.quizzes.get(quiz.id)
    await _tell(context, changed)
    if quiz.opened_at_ms is None:
        await record(context, quiz.twinspace_id, "quiz_opened", session.user, quiz.id, {"title": quiz.title})
    return await _shown(context, session, access, changed)


async def end_quiz(context: Context, session: Session, payload: QuizRef) -> Quiz:
    """With what was asked so far: only that is counted."""
    access, quiz = await _access(context, session, payload, Act.BUILD)
    try:
        ended = await _end(context, quiz)
    except ports.Conflict:
        raise Conflict("This quiz is over, or was not opened yet.") from None
    return await _shown(context, session, access, ended)


async def end_quizzes(context: Context, twinspace_id: TwinspaceId, room_id: RoomId) -> None:
    """The meeting in which they were asked is over."""
    for quiz in await context.storage.quizzes.of_twinspace(twinspace_id):
        if quiz.room_id == room_id and quiz.ended_at_ms is None:
            try:
                await _end(context, quiz)
            except ports.Conflict:
                continue  # Somebody ended it at the same moment.


async def export_quiz(context: Context, session: Session, payload: QuizRef) -> Download:
    """A row for each school and one for all; never one for a pupil."""
    _, quiz = await _access(context, session, payload, Act.BUILD)
    questions = await context.storage.quizzes.questions(quiz.id)
    sums, language = await read_sums(context, quiz.twinspace_id, questions), session.user.language
    schools = await read_schools(context.storage, sums.schools)
    header = [
        phrase("attendance_school", language),
        phrase("quiz_people", language),
        *(f"{place}. {poll.question}" for place, poll in enumerate(sums.asked, 1)),
        phrase("quiz_right", language),
        phrase("quiz_of", language),
    ]
    rows = [_row(schools[school_id].name, score, sums) for school_id, score in _told(sums).items()]
    everybody = together(list(sums.schools.values()), len(sums.asked))
    rows.append(_row(phrase("quiz_everybody", language), everybody, sums))
    return Download(content_type="text/csv; charset=utf-8", filename="quiz.csv", content=as_csv(Sheet(header, rows)))


async def kept_quizzes(
    context: Context, twinspace_id: TwinspaceId, room_id: RoomId, since_ms: int, until_ms: int
) -> list[Json]:
    """What a meeting's record keeps of those that began in it: sums of schools, none of pupils."""
    kept: list[Json] = []
    for quiz in reversed(await context.storage.quizzes.of_twinspace(twinspace_id)):
        if quiz.room_id == room_id and since_ms <= (quiz.opened_at_ms or 0) <= until_ms:
            sums = await read_sums(context, twinspace_id, await context.storage.quizzes.questions(quiz.id))
            schools = [each.model_dump() for each in _schools(sums)]
            kept.append({"quiz_id": quiz.id, "title": quiz.title, "questions": len(sums.asked), "schools": schools})
    return kept


async def recorded_quiz(context: Context, session: Session, access: Access, kept: Json) -> RecordedQuiz:
    quiz = await context.storage.quizzes.get(QuizId(kept["quiz_id"]))
    sums = await read_sums(context, quiz.twinspace_id, await context.storage.quizzes.questions(quiz.id))
    return RecordedQuiz(
        quiz_id=quiz.id,
        title=kept["title"],
        questions=kept["questions"],
        mine=_mine(quiz, sums, session.user.id),
        schools=[SchoolScore(**each) for each in kept["schools"]] if access.may(Act.BUILD) else None,
    )


async def _access(context: Context, session: Session, payload: QuizRef, act: Act) -> tuple[Access, records.Quiz]:
    """What is only prepared is not there for those who don't lead."""
    try:
        quiz = await context.storage.quizzes.get(QuizId(payload.quiz_id))
    except ports.NotFound:
        raise NotFound from None
    access = await access_twinspace(context, session.user, quiz.twinspace_id, act)
    if quiz.opened_at_ms is None and not access.may(Act.BUILD):
        raise NotFound
    return access, quiz


async def _end(context: Context, quiz: records.Quiz) -> records.Quiz:
    before = await context.storage.quizzes.questions(quiz.id)
    ended = await context.storage.quizzes.end(quiz.id, context.now_ms())
    for poll in before:
        if poll.state == "open":
            await tell_all(context, poll)
    await _tell(context, ended)
    return ended


async def _tell(context: Context, quiz: records.Quiz) -> None:
    await context.announce.to_twinspace(quiz.twinspace_id, "quiz:changed", _changed(quiz))


def _changed(quiz: records.Quiz) -> QuizChanged:
    return QuizChanged(quiz_id=quiz.id, twinspace_id=quiz.twinspace_id)


def _summary(quiz: records.Quiz, questions: list[records.Poll]) -> QuizSummary:
    state: QuizState = "prepared" if quiz.opened_at_ms is None else "open" if quiz.ended_at_ms is None else "ended"
    return QuizSummary(
        id=quiz.id,
        twinspace_id=quiz.twinspace_id,
        room_id=quiz.room_id,
        title=quiz.title,
        state=state,
        questions=len(questions),
        asked=sum(poll.state != "prepared" for poll in questions),
        created_at_ms=quiz.created_at_ms,
    )


async def _shown(context: Context, session: Session, access: Access, quiz: records.Quiz) -> Quiz:
    questions, leads = await context.storage.quizzes.questions(quiz.id), access.may(Act.BUILD)
    is_summed = quiz.opened_at_ms is not None and (leads or quiz.ended_at_ms is not None)
    sums = await read_sums(context, quiz.twinspace_id, questions if is_summed else ())
    now_ms = context.now_ms()
    return Quiz(
        **_summary(quiz, questions).model_dump(),
        polls=[summary_of(poll, now_ms) for poll in questions if leads or poll.state != "prepared"],
        mine=_mine(quiz, sums, session.user.id),
        schools=_schools(sums) if leads and is_summed else None,
    )


def _mine(quiz: records.Quiz, sums: QuizSums, user_id: UserId) -> QuizScore | None:
    score = sums.accounts.get(user_id)
    if quiz.ended_at_ms is None or score is None:
        return None
    return QuizScore(right=score.right, of=score.of)


def _told(sums: QuizSums) -> dict[SchoolId, Score | None]:
    """With names, those who lead know each answer anyway."""
    is_named = any(not poll.is_anonymous for poll in sums.asked)
    return {**sums.schools} if is_named else sums.told()


def _schools(sums: QuizSums) -> list[SchoolScore]:
    return [
        SchoolScore(
            school_id=school_id,
            people=score.people if score else None,
            right=score.right if score else None,
            of=score.of if score else None,
        )
        for school_id, score in _told(sums).items()
    ]


def _row(name: str, score: Score | None, sums: QuizSums) -> list[Cell]:
    if score is None:
        return [name, f"< {SMALLEST}", *(None for _ in sums.asked), None, None]
    return [name, score.people, *score.each, score.right, score.of]
