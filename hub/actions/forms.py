"""Forms: publish a version, answer it, keep what was begun. Answers are rows, never part of the builder's document."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from crdt_docs.content import KINDS, answer_sheet, form
from hub.access import Access, Act, access_content
from hub.actions.journal import record
from hub.actions.rubrics import read_sealed
from hub.audience import tell
from hub.content_parts import is_hidden, part_id
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.file_types import PICTURES
from hub.payloads.forms import (
    Answered,
    AnswerForm,
    Draft,
    DraftKept,
    Form,
    FormAnswered,
    FormPublished,
    PublishForm,
    Question,
    QuizMark,
    ReadForm,
)
from hub.small_cells import SMALLEST
from hub.visibility import OF_ALL_MEMBERS
from storage import ports, records
from storage.records import Content, ContentId, FormVersion, MaterialId

KIND = form.KIND.name


async def publish_form(context: Context, session: Session, payload: PublishForm) -> Form:
    """Freeze what the builder shows now. Raise ContentError when it can't be answered as it is."""
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    definition = await context.live_docs.read(content.id, KIND, form.definition)
    await _take_rubrics(context, content, definition)
    form.check_definition(definition)
    await _check_pictures(context, content, definition)
    if payload.round is not None:
        definition["round"] = payload.round
    version = await context.storage.forms.publish(
        content.id, definition, published_by=session.user.id, at_ms=context.now_ms()
    )
    if definition["mode"] == "together":
        await _add_sheet(context, content, version)
    published = FormPublished(content_id=content.id, version=version.version)
    await tell(context, content.twinspace_id, content, "form:published", published)
    details = {"title": content.title, "version": version.version}
    await record(context, content.twinspace_id, "form_published", session.user, content.id, details, about=content)
    return await _shown(context, session, version, version.version)


async def read_form(context: Context, session: Session, payload: ReadForm) -> Form:
    """The newest version; while one has begun to answer an older one, that one."""
    _, content = await access_form(context, session, payload.content_id, Act.READ)
    newest = await latest_version(context, content.id)
    version = newest
    if payload.version is not None:
        version = await find_version(context, content.id, payload.version)
    elif (draft := await _find_draft(context, session, content.id)) is not None and draft.version < newest.version:
        version = await context.storage.forms.get_version(content.id, draft.version)
    return await _shown(context, session, version, newest.version)


async def answer_form(context: Context, session: Session, payload: AnswerForm) -> Answered:
    """Give or replace my answers. Raise ContentError when one is wrong, Conflict when they can't be given any more."""
    _, content = await access_form(context, session, payload.content_id, Act.ANSWER)
    version = await _open_to(context, session, content, payload.version)
    answers = form.check_answers(version.definition, payload.model_dump()["answers"])
    is_new = await _keep(context, session, content, version, answers)
    count = await context.storage.forms.count_responses(content.id, version.version)
    _tell_answered(context, content, version.version)
    marks = _marks(version, answers) if form.is_quiz(version.definition) else None
    return Answered(new=is_new, response_count=count, marks=marks)


async def keep_draft(context: Context, session: Session, payload: AnswerForm) -> DraftKept:
    """Put these answers into my draft; null takes one out. Half an answer leaves the draft as it is.

    Anonymous forms have no drafts here: until somebody sends them, the answers stay on the device.
    """
    _, content = await access_form(context, session, payload.content_id, Act.ANSWER)
    version = await _open_to(context, session, content, payload.version)
    if version.definition.get("anonymous"):
        raise Invalid("What is answered without a name is not kept before it is sent.", field="content_id")
    changes = form.check_draft(version.definition, payload.model_dump()["answers"])
    draft = await context.storage.forms.put_draft(
        content.id, version.version, session.user.id, changes, at_ms=context.now_ms()
    )
    return DraftKept(changed_at_ms=draft.changed_at_ms)


async def access_form(context: Context, session: Session, content_id: str, act: Act) -> tuple[Access, Content]:
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if content.kind != KIND:
        raise NotFound
    return access, content


async def latest_version(context: Context, content_id: ContentId) -> FormVersion:
    try:
        return await context.storage.forms.latest_version(content_id)
    except ports.NotFound:
        raise NotFound("This form has not been published yet.") from None


async def find_version(context: Context, content_id: ContentId, number: int | None) -> FormVersion:
    """The newest for None."""
    if number is None:
        return await latest_version(context, content_id)
    try:
        return await context.storage.forms.get_version(content_id, number)
    except ports.NotFound:
        raise NotFound("This form has no such version.") from None


async def _open_to(context: Context, session: Session, content: Content, number: int) -> FormVersion:
    """The version, if one may answer it: the newest, or an older one that one began before it was changed."""
    newest = await latest_version(context, content.id)
    version = newest
    if number != newest.version:
        draft = await _find_draft(context, session, content.id)
        if number > newest.version or draft is None or draft.version != number:
            raise Conflict("The form was changed in the meantime. Open it again.", field="version")
        version = await context.storage.forms.get_version(content.id, number)
    if version.definition.get("mode") == "together":
        raise Invalid("This form is filled in together, on its sheet.", field="content_id")
    return version


async def _keep(
    context: Context, session: Session, content: Content, version: FormVersion, answers: dict[str, Any]
) -> bool:
    forms, user = context.storage.forms, session.user
    if version.definition.get("anonymous"):
        anonymous = records.AnonymousResponse(
            secrets.token_urlsafe(16), content.id, version.version, user.school_id, 0, answers
        )
        try:
            await forms.put_anonymous(anonymous, user.id, batch_size=SMALLEST)
        except ports.Conflict:
            raise Conflict(
                "You have answered already. Nobody knows which answers are yours, so they can't be changed."
            ) from None
        return True
    former = await _find_response(context, session, version)
    if former is not None and form.is_quiz(version.definition):
        raise Conflict("You have answered this quiz already.")
    await _hand_over_files(context, session, content, version, answers, former.answers if former else {})
    response = records.FormResponse(
        content_id=content.id,
        version=version.version,
        user_id=user.id,
        school_id=user.school_id,
        answers=answers,
        submitted_at_ms=context.now_ms(),
    )
    return await forms.put_response(response)


async def _hand_over_files(
    context: Context,
    session: Session,
    content: Content,
    version: FormVersion,
    answers: Mapping[str, Any],
    former: Mapping[str, Any],
) -> None:
    """From the moment they are sent all teachers see them; until then nobody but who uploaded them."""
    for question in version.definition["questions"]:
        if question["type"] != "file" or answers.get(question["id"]) == former.get(question["id"]):
            continue
        if (given := answers.get(question["id"])) is not None:
            try:
                material = await context.storage.materials.get(MaterialId(given))
            except ports.NotFound:
                material = None
            if material is None or material.created_by != session.user.id or not material.version:
                raise Invalid("There is no such file of yours.", field=question["id"])
            if material.twinspace_id != content.twinspace_id:
                raise Invalid("There is no such file of yours here.", field=question["id"])
            if material.visibility == "me":
                await context.storage.materials.set_visibility(material.id, "teachers", None)
        if (old := former.get(question["id"])) is not None:
            try:
                await context.storage.materials.set_visibility(MaterialId(old), "me", None)
            except ports.NotFound:
                continue


async def _take_rubrics(context: Context, content: Content, definition: form.Definition) -> None:
    """Put what schools have sealed into the questions that ask by it. Everybody who is asked has to see the rubric."""
    for question in definition["questions"]:
        if (rubric_id := question.get("rubric_id")) is None:
            continue
        try:
            rubric = await context.storage.contents.get(ContentId(rubric_id))
        except ports.NotFound:
            rubric = None
        if rubric is None or rubric.kind != "rubric" or rubric.twinspace_id != content.twinspace_id:
            raise Invalid("The rubric of this question is not there any more.", field=question["id"])
        if await is_hidden(context, rubric) or rubric.visibility not in OF_ALL_MEMBERS:
            raise Invalid(f"Not everybody may see the rubric “{rubric.title}”.", field=question["id"])
        try:
            sealed = await read_sealed(context, rubric)
        except Conflict:
            raise Invalid(f"The rubric “{rubric.title}” is not sealed yet.", field=question["id"]) from None
        question["options"] = sealed["levels"]
        question["rows"] = [{"id": each["id"], "label": each["label"]} for each in sealed["criteria"]]
        question["cells"] = {each["id"]: each["cells"] for each in sealed["criteria"]}


async def _check_pictures(context: Context, content: Content, definition: form.Definition) -> None:
    """Everybody who is asked has to see what they choose among."""
    for question in definition["questions"]:
        for option in question["options"] if question["type"] == "picture_choice" else ():
            try:
                material = await context.storage.materials.get(MaterialId(option["picture"]))
                files = await context.storage.materials.files(material.id)
            except ports.NotFound:
                raise Invalid("A picture of this question is not there any more.", field=question["id"]) from None
            if material.twinspace_id != content.twinspace_id or not files or files[0].media_type not in PICTURES:
                raise Invalid("A picture of this question is no picture of this TwinSpace.", field=question["id"])
            if material.visibility in ("me", "team", "school", "teachers"):
                raise Invalid(f"Not everybody may see the picture “{material.title}”.", field=question["id"])


async def _add_sheet(context: Context, content: Content, version: FormVersion) -> None:
    sheet_id, kind = part_id(content.id, version.version), KINDS[answer_sheet.KIND.name]
    sheet = records.Content(
        id=sheet_id,
        twinspace_id=content.twinspace_id,
        kind=kind.name,
        title=content.title,
        created_by=content.created_by,
        created_at_ms=version.published_at_ms,
        changed_at_ms=version.published_at_ms,
        visibility=content.visibility,
        team_id=content.team_id,
        school_id=content.school_id,
    )
    await context.storage.contents.add(sheet)
    await context.live_docs.edit(sheet_id, kind.name, lambda doc: kind.start(doc, content.title), user_id=None)


def _tell_answered(context: Context, content: Content, version: int) -> None:
    async def tell_count() -> None:
        count = await context.storage.forms.count_responses(content.id, version)
        answered = FormAnswered(content_id=content.id, version=version, response_count=count)
        await tell(context, content.twinspace_id, content, "form:answered", answered)

    context.form_news.note(content.id, tell_count)


async def _find_draft(context: Context, session: Session, content_id: ContentId) -> records.FormDraft | None:
    try:
        return await context.storage.forms.get_draft(content_id, session.user.id)
    except ports.NotFound:
        return None


async def _find_response(context: Context, session: Session, version: FormVersion) -> records.FormResponse | None:
    try:
        return await context.storage.forms.get_response(version.content_id, version.version, session.user.id)
    except ports.NotFound:
        return None


def _marks(version: FormVersion, answers: dict[str, Any]) -> list[QuizMark]:
    return [QuizMark(**each) for each in form.mark(version.definition, answers)]


async def _shown(context: Context, session: Session, version: FormVersion, newest: int) -> Form:
    definition, forms = version.definition, context.storage.forms
    own = await _find_response(context, session, version)
    draft = await _find_draft(context, session, version.content_id)
    answered = own is not None or await forms.has_answered(version.content_id, version.version, session.user.id)
    together = definition.get("mode") == "together"
    return Form(
        content_id=version.content_id,
        version=version.version,
        newest_version=newest,
        round=definition.get("round"),
        title=definition["title"],
        words=definition.get("words", {}),
        languages=definition.get("languages", []),
        mode=definition.get("mode", "alone"),
        anonymous=definition.get("anonymous", False),
        is_quiz=form.is_quiz(definition),
        questions=[Question(**form.without_keys(question)) for question in definition["questions"]],
        published_at_ms=version.published_at_ms,
        my_answers=own.answers if own else None,
        my_draft=(
            Draft(version=draft.version, answers=draft.answers, changed_at_ms=draft.changed_at_ms)
            if draft is not None and draft.version == version.version
            else None
        ),
        has_answered=answered,
        marks=_marks(version, own.answers) if own is not None and form.is_quiz(definition) else None,
        sheet_id=part_id(version.content_id, version.version) if together else None,
        response_count=await forms.count_responses(version.content_id, version.version),
    )
