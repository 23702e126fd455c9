"""Documents, walls and forms: list, create, rename."""

from __future__ import annotations

import secrets

from crdt_docs.content import KINDS
from hub import authorship
from hub.access import Act, access_content, access_twinspace
from hub.actions.journal import record
from hub.context import Context, Session
from hub.errors import Invalid
from hub.payloads.authorship import SchoolShare, Writer, WrittenContent, WrittenRun
from hub.payloads.contents import Content, ContentRef, Contents, CreateContent, RenameContent
from hub.payloads.twinspaces import TwinspaceRef
from storage import records
from storage.records import ContentId, TwinspaceId, UserId


async def list_contents(context: Context, session: Session, payload: TwinspaceRef) -> Contents:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    found = await context.storage.contents.of_twinspace(access.twinspace.id)
    return Contents(contents=[Content.of(content) for content in found])


async def read_content(context: Context, session: Session, payload: ContentRef) -> Content:
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    return Content.of(content)


async def read_authorship(context: Context, session: Session, payload: ContentRef) -> WrittenContent:
    """Takes seconds for a long content. Raise Unavailable when that can't be told now."""
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    found = await authorship.read_authorship(context, content.id)
    user_of = {user.id: user for user in found.users}
    shares: dict[UserId | None, int] = {user_id: 0 for user_id in user_of}
    shares |= found.characters_by_user
    return WrittenContent(
        runs=[
            WrittenRun(
                text=run.text,
                user_id=run.user_id,
                written_at_ms=run.written_at_ms,
                written_by=run.client_of if run.client_of is not None else run.user_id,
                begins_text=run.begins_text,
            )
            for run in found.runs
        ],
        writers=[
            Writer(
                user_id=user_id,
                display_name=user.display_name if user is not None else None,
                school_id=user.school_id if user is not None else None,
                characters=characters,
            )
            for user_id, characters in sorted(shares.items(), key=lambda share: (-share[1], share[0] or ""))
            for user in [user_of.get(user_id) if user_id is not None else None]
        ],
        schools=[
            SchoolShare(school_id=school_id, characters=characters)
            for school_id, characters in sorted(
                found.characters_by_school.items(), key=lambda share: (-share[1], share[0] or "")
            )
        ],
    )


async def create_content(context: Context, session: Session, payload: CreateContent) -> Content:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.CREATE)
    if payload.kind not in KINDS:
        raise Invalid(f"The kind has to be one of: {', '.join(sorted(KINDS))}.", field="kind")
    now_ms = context.now_ms()
    content = records.Content(
        id=ContentId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        kind=payload.kind,
        title=payload.title,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
    )
    await context.storage.contents.add(content)
    kind = KINDS[content.kind]
    await context.live_docs.edit(content.id, kind.name, lambda doc: kind.start(doc, content.title), user_id=None)
    shown = Content.of(content)
    await context.announce.to_twinspace(content.twinspace_id, "content:created", shown)
    details = {"kind": content.kind, "title": content.title}
    await record(context, content.twinspace_id, "content_created", session.user, content.id, details)
    return shown


async def rename_content(context: Context, session: Session, payload: RenameContent) -> Content:
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.CREATE)
    renamed = await context.storage.contents.rename(content.id, payload.title, context.now_ms())
    shown = Content.of(renamed)
    await context.announce.to_twinspace(content.twinspace_id, "content:changed", shown)
    details = {"kind": content.kind, "title": renamed.title, "former_title": content.title}
    await record(context, content.twinspace_id, "content_renamed", session.user, content.id, details)
    return shown
