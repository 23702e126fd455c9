"""Assess by a sealed rubric: oneself, classmates, pupils; hidden from each other until all are in, then side by side.

Nothing of it is told to the TwinSpace: no search, no snapshot, no list but that of those who are in it; the journal
says only that a day was moved.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Any

from crdt_docs.content import document
from hub import assessment_news as news
from hub import quotes
from hub.access import MATRIX, Act, access_twinspace
from hub.actions.journal import record
from hub.actions.rubrics import access_rubric, read_sealed
from hub.assessing import ORDER, by, is_nameless, shown_to
from hub.assessment_standing import Standing, access_assessment, find_standing, read_roles, read_standing
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.evidence import read_thing
from hub.names import as_called_by
from hub.payloads.assessments import (
    AssessedPerson,
    AssessmentDetail,
    AssessmentLine,
    AssessmentLines,
    AssessmentRef,
    BeginAssessment,
    GivenRating,
    MoveReveal,
    OwnRating,
    Passage,
    Pin,
    PinRef,
    Progress,
    Rate,
    Subject,
)
from hub.payloads.forms import Option
from hub.payloads.rubrics import Criterion
from hub.payloads.twinspaces import TwinspaceRef
from hub.roster import read_users
from hub.rubric_versions import number_of
from storage import ports
from storage.records import Assessment, AssessmentId, Rating, TwinspaceId, UserId


async def list_assessments(context: Context, session: Session, payload: TwinspaceRef) -> AssessmentLines:
    """Those that I am in, and as a teacher those of my school's pupils."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    lines = []
    for assessment in await context.storage.assessments.of_twinspace(access.twinspace.id):
        standing = await find_standing(context, access, assessment)
        if standing is not None:
            lines.append(AssessmentLine(**await _line(context, standing)))
    return AssessmentLines(assessments=lines)


async def begin_assessment(context: Context, session: Session, payload: BeginAssessment) -> AssessmentDetail:
    """Raise Conflict while the rubric is not sealed, Invalid when somebody or something is not here."""
    access, rubric = await access_rubric(context, session, payload.content_id, Act.BUILD)
    await read_sealed(context, rubric)
    subject = payload.subject
    if await read_thing(context, access, subject.kind, subject.id, subject.part_id) is None:
        raise Invalid("What is to be assessed is not here.", field="subject")
    roles = await read_roles(context, access.twinspace.id)
    users = await read_users(context.storage, roles)
    for field, ids in (("assessed_ids", payload.assessed_ids), ("assessor_ids", payload.assessor_ids)):
        if any(UserId(each) not in roles for each in ids):
            raise Invalid("Somebody of these is no member.", field=field)
    for each in map(UserId, payload.assessor_ids):
        assesses = Act.ANSWER in MATRIX[roles[each]]
        if not assesses or not (users[each].kind == "pupil" or Act.BUILD in MATRIX[roles[each]]):
            raise Invalid("Pupils and teachers assess; somebody of these is neither.", field="assessor_ids")
    assessment = Assessment(
        id=AssessmentId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        rubric_id=rubric.id,
        title=payload.title,
        subject=subject.model_dump(),
        assessed=tuple(sorted(map(UserId, set(payload.assessed_ids)))),
        assessors=tuple(sorted(map(UserId, set(payload.assessor_ids)))),
        created_by=session.user.id,
        created_at_ms=context.now_ms(),
        reveal_at_ms=payload.reveal_at_ms,
    )
    await context.storage.assessments.add(assessment)
    await news.tell(context, assessment, roles)
    await news.ask(context, assessment, assessment.assessors, session.user)
    return await _detail(context, await read_standing(context, access, assessment))


async def read_assessment(context: Context, session: Session, payload: AssessmentRef) -> AssessmentDetail:
    return await _detail(context, await access_assessment(context, session, payload.assessment_id, Act.READ))


async def rate(context: Context, session: Session, payload: Rate) -> AssessmentDetail:
    """Keep what I say so far, or send it. Raise Conflict once all of it is shown."""
    standing = await access_assessment(context, session, payload.assessment_id, Act.ANSWER)
    assessment, viewer = standing.assessment, standing.viewer
    if viewer.id not in assessment.assessors:
        raise NotFound
    if standing.over:
        raise Conflict("All of it is shown by now, and can't be changed any more.")
    sent_before = standing.mine.sent_at_ms if standing.mine else None
    _check(await _read_rubric(context, assessment), payload, whole=payload.send or sent_before is not None)
    evidence = await _checked_pins(context, standing, payload.evidence)
    now_ms = context.now_ms()
    rating = Rating(
        assessment_id=assessment.id,
        user_id=viewer.id,
        levels=dict(payload.levels),
        words={criterion: words for criterion, words in payload.words.items() if words},
        evidence=evidence,
        changed_at_ms=now_ms,
        sent_at_ms=now_ms if payload.send else sent_before,
    )
    try:
        await context.storage.assessments.rate(rating)
    except ports.Conflict:
        raise Conflict("All of it is shown by now, and can't be changed any more.") from None
    changed = await read_standing(context, standing.access, assessment)
    if payload.send:
        await news.tell(context, changed.assessment, changed.roles)
    return await _detail(context, changed)


async def move_reveal(context: Context, session: Session, payload: MoveReveal) -> AssessmentDetail:
    """Another day, none, or now. A founder's act alone: those who assess rely on the day that they were told.

    The journal says that it was done, by which rubric, never of whom. Raise Conflict once all of it is shown.
    """
    standing = await access_assessment(context, session, payload.assessment_id, Act.AGREE)
    assessment, now_ms = standing.assessment, context.now_ms()
    if not standing.watching:
        raise NotFound
    if payload.reveal_at_ms is not None and payload.reveal_at_ms <= now_ms:
        raise Invalid("That day is over.", field="reveal_at_ms")
    if not standing.over and not payload.at_once and payload.reveal_at_ms == assessment.reveal_at_ms:
        return await _detail(context, standing)
    try:
        reveal_at_ms = now_ms if payload.at_once else payload.reveal_at_ms
        moved = await context.storage.assessments.move(assessment.id, reveal_at_ms)
    except ports.Conflict:
        raise Conflict("All of it is shown by now.") from None
    about = await context.storage.contents.get(assessment.rubric_id)
    details = {"title": about.title, "reveal_at_ms": moved.reveal_at_ms}
    await record(context, moved.twinspace_id, "assessment_moved", session.user, about.id, details, about=about)
    changed = await read_standing(context, standing.access, moved)
    if not changed.over:
        await news.tell(context, moved, changed.roles)
        late = [each for each in moved.assessors if each in changed.roles and each not in changed.sent]
        await news.ask(context, moved, late, session.user)
    return await _detail(context, changed)


async def remove_assessment(context: Context, session: Session, payload: AssessmentRef) -> None:
    """With all that was said in it."""
    standing = await access_assessment(context, session, payload.assessment_id, Act.BUILD)
    if not standing.watching:
        raise NotFound
    await context.storage.assessments.remove(standing.assessment.id)
    await news.tell(context, standing.assessment, standing.roles)


async def _read_rubric(context: Context, assessment: Assessment) -> dict[str, Any]:
    try:
        return await read_sealed(context, await context.storage.contents.get(assessment.rubric_id))
    except ports.NotFound:
        raise NotFound from None


def _check(agreed: dict[str, Any], payload: Rate, *, whole: bool) -> None:
    criteria = {each["id"] for each in agreed["criteria"]}
    levels = {each["id"] for each in agreed["levels"]}
    named = [*payload.levels, *payload.words, *(pin.criterion_id for pin in payload.evidence)]
    if unknown := [each for each in named if each not in criteria]:
        raise Invalid("The rubric has no such criterion.", field=unknown[0])
    if wrong := [criterion for criterion, level in payload.levels.items() if level not in levels]:
        raise Invalid("The rubric has no such level.", field=wrong[0])
    if whole and (left := [each["id"] for each in agreed["criteria"] if each["id"] not in payload.levels]):
        raise Invalid("Every criterion needs a level before it is sent.", field=left[0])


async def _line(context: Context, standing: Standing) -> dict[str, Any]:
    assessment, viewer = standing.assessment, standing.viewer
    try:
        rubric_title = (await context.storage.contents.get(assessment.rubric_id)).title
    except ports.NotFound:
        raise NotFound from None
    subject: Any = assessment.subject
    thing = await read_thing(context, standing.access, subject["kind"], subject["id"], subject["part_id"])
    called = await as_called_by(context, viewer, [standing.people[each] for each in assessment.assessed])
    mine = standing.mine
    return {
        "id": assessment.id,
        "twinspace_id": assessment.twinspace_id,
        "rubric_id": assessment.rubric_id,
        "rubric_title": rubric_title,
        "rubric_number": number_of(assessment.rubric_id),
        "title": assessment.title,
        "subject": Subject(
            kind=subject["kind"],
            id=subject["id"] if thing else None,
            part_id=subject["part_id"] if thing else None,
            title=thing.title if thing else None,
            content_kind=thing.content_kind if thing else None,
        ),
        "assessed": [
            AssessedPerson(user_id=user.id, display_name=user.display_name, school_id=user.school_id)
            for user in called.values()
        ],
        "i_assess": viewer.id in assessment.assessors,
        "i_am_assessed": viewer.id in assessment.assessed,
        "i_watch": standing.watching,
        "i_sent": mine is not None and mine.sent_at_ms is not None,
        "reveal_at_ms": assessment.reveal_at_ms,
        "is_shown": standing.over,
    }


async def _detail(context: Context, standing: Standing) -> AssessmentDetail:
    assessment, viewer = standing.assessment, standing.viewer
    agreed = await _read_rubric(context, assessment)
    shown = shown_to(assessment, standing.ratings, viewer, watching=standing.watching, over=standing.over)
    mine = standing.mine
    return AssessmentDetail(
        **await _line(context, standing),
        levels=[Option(**each) for each in agreed["levels"]],
        criteria=[Criterion(**each) for each in agreed["criteria"]],
        mine=OwnRating(
            by=by(assessment, viewer),
            levels=_texts(mine.levels),
            words=_texts(mine.words),
            evidence=await _pins(context, standing, mine),
            sent_at_ms=mine.sent_at_ms,
        )
        if mine is not None
        else None,
        progress=await _progress(context, standing),
        given=[await _given(context, standing, each) for each in shown],
    )


async def _progress(context: Context, standing: Standing) -> list[Progress]:
    assessment, viewer = standing.assessment, standing.viewer
    if not (standing.watching or viewer.id in assessment.assessed):
        return []
    awaited = [standing.people[each] for each in assessment.assessors if each in standing.roles]
    called = await as_called_by(context, viewer, awaited)
    sent = {each.user_id for each in standing.ratings if each.sent_at_ms is not None}
    found = []
    for kind in ORDER:
        of_kind = [user.id for user in awaited if by(assessment, user) == kind]
        if of_kind:
            missing = sorted(called[each].display_name for each in of_kind if each not in sent)
            count = sum(each in sent for each in of_kind)
            found.append(Progress(by=kind, sent=count, of=len(of_kind), missing=missing if standing.watching else []))
    return found


async def _given(context: Context, standing: Standing, rating: Rating) -> GivenRating:
    rater, viewer = standing.people[rating.user_id], standing.viewer
    nameless = is_nameless(standing.assessment, rater, viewer, watching=standing.watching)
    called = (await as_called_by(context, viewer, [rater]))[rater.id]
    return GivenRating(
        by=by(standing.assessment, rater),
        is_mine=rater.id == viewer.id,
        user_id=None if nameless else called.id,
        display_name=None if nameless else called.display_name,
        school_id=None if nameless else called.school_id,
        levels=_texts(rating.levels),
        words=_texts(rating.words),
        evidence=await _pins(context, standing, rating),
    )


async def _checked_pins(context: Context, standing: Standing, pins: Sequence[PinRef]) -> list[dict[str, Any]]:
    """What is kept of them. Of a passage that was pinned before, the words stay as they were kept."""
    mine = standing.mine.evidence if standing.mine is not None else None
    known = {_place(each): each["passage"] for each in _list(mine) if each.get("passage")}
    checked = []
    for pin in pins:
        thing = await read_thing(context, standing.access, pin.kind, pin.id, pin.part_id)
        if thing is None:
            raise Invalid("What is to show it is not here.", field="evidence")
        kept = pin.model_dump()
        if pin.passage is not None and _place(kept) in known:
            kept["passage"] = known[_place(kept)]
        elif pin.passage is not None:
            is_document = thing.content_kind == document.KIND.name
            if not is_document or not quotes.holds(await quotes.read_text(context, pin.id), pin.passage.words):
                raise Invalid("These words do not stand there.", field="evidence")
        checked.append(kept)
    return checked


def _place(pin: dict[str, Any]) -> tuple[str, str, str]:
    passage = pin["passage"] or {}
    return pin["id"], passage.get("start", ""), passage.get("end", "")


def _list(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


async def _pins(context: Context, standing: Standing, rating: Rating) -> list[Pin]:
    pins = []
    texts: dict[str, str] = {}
    for kept in _list(rating.evidence):
        # What was erased of a passage is no request any more.
        passage = kept.get("passage")
        pin = PinRef.model_validate({**kept, "passage": None})
        thing = await read_thing(context, standing.access, pin.kind, pin.id, pin.part_id)
        pins.append(
            Pin(
                criterion_id=pin.criterion_id,
                kind=pin.kind,
                id=pin.id if thing else None,
                part_id=pin.part_id if thing else None,
                title=thing.title if thing else None,
                content_kind=thing.content_kind if thing else None,
                passage=await _passage(context, pin.id, passage, texts) if thing and passage else None,
            )
        )
    return pins


async def _passage(context: Context, content_id: str, kept: dict[str, Any], texts: dict[str, str]) -> Passage:
    words = kept["words"]
    if words is not None and content_id not in texts:
        texts[content_id] = await quotes.read_text(context, content_id)
    is_there = words is not None and quotes.holds(texts[content_id], words)
    return Passage(start=kept["start"], end=kept["end"], words=words, is_there=is_there)


def _texts(value: Any) -> dict[str, str]:
    return {str(key): str(text) for key, text in value.items()} if isinstance(value, dict) else {}
