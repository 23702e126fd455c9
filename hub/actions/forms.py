"""Forms: publish a version, answer it, see the results. Answers are rows, never part of a document."""

from __future__ import annotations

import asyncio

from crdt_docs.content import form
from hub import form_sheet
from hub.access import Access, Act, access_content
from hub.actions.journal import record
from hub.audience import tell
from hub.context import Context, Session
from hub.errors import Conflict, NotFound
from hub.form_tally import tally
from hub.payloads.contents import ContentRef
from hub.payloads.forms import (
    Answered,
    AnswerForm,
    ExportResults,
    Form,
    FormAnswered,
    FormPublished,
    Question,
    Results,
)
from hub.payloads.operations import Download
from hub.phrases import phrase
from storage import ports, records
from storage.records import Content, ContentId

KIND = form.KIND.name
SHEETS = {
    "csv": (form_sheet.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (form_sheet.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


async def publish_form(context: Context, session: Session, payload: ContentRef) -> Form:
    """Freeze what the builder shows now. Raise ContentError when it can't be answered as it is."""
    _, content = await _access_form(context, session, payload.content_id, Act.BUILD)
    definition = await context.live_docs.read(content.id, KIND, form.definition)
    form.check_definition(definition)
    version = await context.storage.forms.publish(
        content.id, definition, published_by=session.user.id, at_ms=context.now_ms()
    )
    published = FormPublished(content_id=content.id, version=version.version)
    await tell(context, content.twinspace_id, content, "form:published", published)
    details = {"title": content.title, "version": version.version}
    await record(context, content.twinspace_id, "form_published", session.user, content.id, details, about=content)
    return await _shown(context, session, version)


async def read_form(context: Context, session: Session, payload: ContentRef) -> Form:
    _, content = await _access_form(context, session, payload.content_id, Act.READ)
    return await _shown(context, session, await _latest(context, content.id))


async def answer_form(context: Context, session: Session, payload: AnswerForm) -> Answered:
    _, content = await _access_form(context, session, payload.content_id, Act.ANSWER)
    version = await _latest(context, content.id)
    if version.version != payload.version:
        raise Conflict("The form was changed in the meantime. Open it again.", field="version")
    response = records.FormResponse(
        content_id=content.id,
        version=version.version,
        user_id=session.user.id,
        school_id=session.user.school_id,
        answers=form.check_answers(version.definition, payload.answers),
        submitted_at_ms=context.now_ms(),
    )
    is_new = await context.storage.forms.put_response(response)
    count = len(await context.storage.forms.responses(content.id, version.version))
    answered = FormAnswered(content_id=content.id, version=version.version, response_count=count)
    await tell(context, content.twinspace_id, content, "form:answered", answered)
    return Answered(new=is_new, response_count=count)


async def read_results(context: Context, session: Session, payload: ContentRef) -> Results:
    _, content = await _access_form(context, session, payload.content_id, Act.BUILD)
    version = await _latest(context, content.id)
    responses = await context.storage.forms.responses(content.id, version.version)
    return Results(
        content_id=content.id,
        version=version.version,
        response_count=len(responses),
        questions=tally(version.definition, responses),
    )


async def export_results(context: Context, session: Session, payload: ExportResults) -> Download:
    """The answers of the latest version without names; what many wrote takes a while and is put together elsewhere."""
    _, content = await _access_form(context, session, payload.content_id, Act.BUILD)
    version = await _latest(context, content.id)
    responses = await context.storage.forms.responses(content.id, version.version)
    school_ids = {response.school_id for response in responses}
    names = {school_id: (await context.storage.users.get_school(school_id)).name for school_id in school_ids}
    sheet = form_sheet.make_sheet(
        version.definition,
        responses,
        school_word=phrase("sheet_school", session.user.language),
        school_names=names,
    )
    write, content_type = SHEETS[payload.format]
    written = await asyncio.to_thread(write, sheet)
    return Download(content_type=content_type, filename=f"answers.{payload.format}", content=written)


async def _access_form(context: Context, session: Session, content_id: str, act: Act) -> tuple[Access, Content]:
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if content.kind != KIND:
        raise NotFound
    return access, content


async def _latest(context: Context, content_id: ContentId) -> records.FormVersion:
    try:
        return await context.storage.forms.latest_version(content_id)
    except ports.NotFound:
        raise NotFound("This form has not been published yet.") from None


async def _shown(context: Context, session: Session, version: records.FormVersion) -> Form:
    forms = context.storage.forms
    try:
        own = await forms.get_response(version.content_id, version.version, session.user.id)
    except ports.NotFound:
        own = None
    return Form(
        content_id=version.content_id,
        version=version.version,
        title=version.definition["title"],
        questions=[Question(**question) for question in version.definition["questions"]],
        published_at_ms=version.published_at_ms,
        my_answers=own.answers if own else None,
        response_count=len(await forms.responses(version.content_id, version.version)),
    )
