"""Slides: a whiteboard that has the pages of a PDF under it, and those pages as pictures."""

from __future__ import annotations

import secrets
from pathlib import Path

from crdt_docs.content import slides, whiteboard
from hub.access import Act, access_material
from hub.actions.contents import begin_content
from hub.actions.journal import record
from hub.actions.materials import find_version
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.payloads.contents import Content
from hub.payloads.materials import MaterialRef
from hub.payloads.operations import Download
from hub.payloads.slides import PageRef
from hub.visibility import OF_ALL_MEMBERS, starting_rung
from storage import records
from storage.records import ContentId, MaterialFile, MaterialId

PDF = "application/pdf"


async def make_slides(context: Context, session: Session, payload: MaterialRef) -> Content:
    """Who doesn't see the PDF doesn't see the slides either: its words stand in them. Raise Invalid for what is no PDF,
    or one that can't be shown page by page."""
    access, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.CREATE)
    file = await find_version(context, material, None)
    if file.media_type != PDF:
        raise Invalid("Slides are made of a PDF.", field="material_id")
    pages = await context.pdf_pages.read(_path(context, file))
    kind = whiteboard.KIND.name
    is_open = material.visibility in OF_ALL_MEMBERS
    now_ms = context.now_ms()
    content = records.Content(
        id=ContentId(secrets.token_urlsafe(12)),
        twinspace_id=material.twinspace_id,
        kind=kind,
        title=material.title,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        visibility=starting_rung(kind, access.member.role) if is_open else material.visibility,
        team_id=None if is_open else material.team_id,
        school_id=session.user.school_id,
        is_slides=True,
    )
    laid = [(page["width"], page["height"], page["text"]) for page in pages]
    shown = await begin_content(context, content, lambda doc: slides.lay(doc, material.id, file.version, laid))
    details = {"kind": content.kind, "title": content.title}
    await record(context, content.twinspace_id, "content_created", session.user, content.id, details, about=content)
    return shown


async def fetch_page(context: Context, session: Session, payload: PageRef) -> Download:
    _, material = await access_material(context, session.user, MaterialId(payload.material_id), Act.READ)
    drawn = await draw_page(context, await find_version(context, material, payload.version), payload.page)
    return Download(content_type="image/webp", filename=f"page-{payload.page}.webp", content=drawn)


async def draw_page(context: Context, file: MaterialFile, page: int) -> bytes:
    """A WebP. Raise NotFound for what is no PDF or has no such page."""
    if file.media_type != PDF:
        raise NotFound
    return await context.pdf_pages.draw(_path(context, file), page)


def _path(context: Context, file: MaterialFile) -> Path:
    return Path(context.storage.blobs.path(file.blob))
