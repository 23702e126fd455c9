"""Keep a form as a template on the resource shelf, find templates, and begin a form with one."""

from __future__ import annotations

import secrets
from functools import partial
from typing import Any

from crdt_docs.content import form
from hub.access import Act, Duty, access_duty, access_twinspace
from hub.actions.contents import make_content
from hub.actions.forms import KIND, access_form
from hub.actions.shelf import access_resource, find_listed, shown_resources
from hub.context import Context, Session
from hub.errors import NotFound
from hub.form_templates import (
    LICENCE,
    ReadyMade,
    check_template,
    fill,
    is_found,
    question_count,
    ready_made,
    retitled,
    words_of_form,
)
from hub.payloads.contents import Content
from hub.payloads.form_templates import (
    FindTemplates,
    FormTemplate,
    FormTemplateLine,
    FormTemplates,
    KeepTemplate,
    MakeForm,
    TemplateRef,
)
from hub.payloads.forms import Question
from hub.payloads.shelf import FindResources, Resource, ResourceRef
from storage import records
from storage.records import ResourceId, TwinspaceId
from storage.words import folded_words

SORT = "form_template"


async def keep_template(context: Context, session: Session, payload: KeepTemplate) -> Resource:
    """What the builder shows now, without answers. As everything on the shelf it waits for a service to look at it.

    Raise ContentError or Invalid when others can't ask it as it is.
    """
    await access_duty(context, session.user, Duty.NETWORK)
    _, content = await access_form(context, session, payload.content_id, Act.BUILD)
    definition = await context.live_docs.read(content.id, KIND, form.definition)
    definition = retitled(definition, payload.title, content.title)
    check_template(definition)
    resource = records.Resource(
        id=ResourceId(secrets.token_urlsafe(12)),
        sort=SORT,
        title=payload.title,
        text=payload.text,
        link="",
        licence=payload.licence,
        language=payload.language,
        stages=tuple(dict.fromkeys(payload.stages)),
        subjects=tuple(dict.fromkeys(payload.subjects)),
        submitted_by=session.user.id,
        submitted_at_ms=context.now_ms(),
        form=definition,
    )
    await context.storage.shelf.add(resource)
    return (await shown_resources(context, session.user, [resource]))[0]


async def find_templates(context: Context, session: Session, payload: FindTemplates) -> FormTemplates:
    """First the ready-made ones and one's own that are not on the shelf, then what stands there."""
    await access_duty(context, session.user, Duty.NETWORK)
    lines: list[dict[str, Any]] = []
    if payload.offset == 0:
        lines = [_ready_line(each) for each in ready_made(session.user.language) if is_found(payload.q, each.words)]
        mine = await context.storage.shelf.all(submitted_by=session.user.id)
        unlisted = [each for each in mine if each.form is not None and each.state != "listed"]
        found = [each for each in unlisted if is_found(payload.q, _words(each))]
        lines += await _kept_lines(context, session, found)
        lines = [line for line in lines if payload.language in (None, *line["languages"])]
    asked = FindResources(q=payload.q, sort=SORT, language=payload.language, offset=payload.offset)
    listed, more = await find_listed(context, session.user, asked)
    lines += await _kept_lines(context, session, [each for each in listed if each.form is not None])
    return FormTemplates(templates=[FormTemplateLine(**line) for line in lines], more=more)


async def read_template(context: Context, session: Session, payload: TemplateRef) -> FormTemplate:
    """As everything on the shelf: its author and the services see it before it is listed."""
    await access_duty(context, session.user, Duty.NETWORK)
    found = await _find(context, session, payload.template_id)
    line = _ready_line(found) if isinstance(found, ReadyMade) else (await _kept_lines(context, session, [found]))[0]
    definition = _definition(found)
    return FormTemplate(
        **line,
        mode=definition["mode"],
        anonymous=definition["anonymous"],
        is_quiz=form.is_quiz(definition),
        questions=[Question(**form.without_keys(question)) for question in definition["questions"]],
    )


async def make_form(context: Context, session: Session, payload: MakeForm) -> Content:
    """A new form that asks what the template asks; from then on it is the TwinSpace's own."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.BUILD)
    await access_duty(context, session.user, Duty.NETWORK)
    definition = _definition(await _find(context, session, payload.template_id))
    begin = partial(fill, definition=retitled(definition, payload.title, definition["title"]))
    return await make_content(context, session, access, KIND, payload.title, begin)


async def _find(context: Context, session: Session, template_id: str) -> ReadyMade | records.Resource:
    for each in ready_made(session.user.language):
        if each.id == template_id:
            return each
    resource = await access_resource(context, session, ResourceRef(resource_id=template_id))
    if resource.form is None:
        raise NotFound
    return resource


def _definition(found: ReadyMade | records.Resource) -> form.Definition:
    definition: form.Definition = found.definition if isinstance(found, ReadyMade) else found.form
    return definition


def _words(resource: records.Resource) -> list[str]:
    return folded_words(" ".join([resource.title, resource.text, *words_of_form(resource.form)]))


def _ready_line(each: ReadyMade) -> dict[str, Any]:
    return {
        "id": each.id,
        "title": each.title,
        "text": each.text,
        "licence": LICENCE,
        "languages": [each.language, *each.definition["languages"]],
        "stages": list(each.stages),
        "subjects": [],
        "question_count": question_count(each.definition),
        "origin": "ready_made",
        "state": "listed",
        "display_name": None,
        "school": None,
    }


async def _kept_lines(context: Context, session: Session, kept: list[records.Resource]) -> list[dict[str, Any]]:
    shown = await shown_resources(context, session.user, kept)
    return [
        {
            "id": line.id,
            "title": line.title,
            "text": line.text,
            "licence": line.licence,
            "languages": list(dict.fromkeys([line.language, *resource.form["languages"]])),
            "stages": line.stages,
            "subjects": line.subjects,
            "question_count": line.question_count,
            "origin": "shelf" if line.state == "listed" else "mine",
            "state": line.state,
            "display_name": line.display_name,
            "school": line.school,
        }
        for resource, line in zip(kept, shown, strict=True)
    ]
