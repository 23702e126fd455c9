"""Documents, walls and forms: list, create, rename."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from crdt_docs.content import KINDS
from hub import authorship
from hub.access import Access, Act, access_agreement, access_content, access_twinspace, read_sight
from hub.actions.journal import record
from hub.actions.visibility import check_change, record_change
from hub.audience import tell, tell_change
from hub.content_parts import whole_id
from hub.context import Context, Session
from hub.errors import Invalid
from hub.names import as_called_by
from hub.payloads.authorship import SchoolShare, Writer, WrittenContent, WrittenRun
from hub.payloads.contents import (
    ChangeContentVisibility,
    Content,
    ContentRef,
    Contents,
    CreateContent,
    RenameContent,
)
from hub.payloads.twinspaces import TwinspaceRef
from hub.visibility import starting_rung
from storage import records
from storage.records import ContentId, TwinspaceId, UserId


async def list_contents(context: Context, session: Session, payload: TwinspaceRef) -> Contents:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    found = await context.storage.contents.of_twinspace(access.twinspace.id, await read_sight(context, access))
    hidden = await context.storage.safety.hidden_ids(access.twinspace.id, "content")
    return Contents(
        contents=[Content.of(each) for each in found if each.id not in hidden and not KINDS[each.kind].is_part]
    )


async def read_content(context: Context, session: Session, payload: ContentRef) -> Content:
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    return Content.of(content)


async def read_authorship(context: Context, session: Session, payload: ContentRef) -> WrittenContent:
    """Takes seconds for a long content. Raise Unavailable when that can't be told now."""
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    found = await authorship.read_authorship(context, content.id)
    user_of = await as_called_by(context, session.user, found.users)
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
    made = sorted(name for name, kind in KINDS.items() if not kind.is_part)
    if payload.kind not in made:
        raise Invalid(f"The kind has to be one of: {', '.join(made)}.", field="kind")
    return await make_content(context, session, access, payload.kind, payload.title)


async def make_content(
    context: Context,
    session: Session,
    access: Access,
    kind: str,
    title: str,
    begin: Callable[[Any], None] | None = None,
) -> Content:
    """A new content of who asks, on the rung that it starts on, written into the journal."""
    now_ms = context.now_ms()
    content = records.Content(
        id=ContentId(secrets.token_urlsafe(12)),
        twinspace_id=access.twinspace.id,
        kind=kind,
        title=title,
        created_by=session.user.id,
        created_at_ms=now_ms,
        changed_at_ms=now_ms,
        visibility=starting_rung(kind, access.member.role),
        school_id=session.user.school_id,
    )
    shown = await begin_content(context, content, begin)
    details = {"kind": content.kind, "title": content.title}
    await record(context, content.twinspace_id, "content_created", session.user, content.id, details, about=content)
    return shown


async def begin_content(
    context: Context, content: records.Content, begin: Callable[[Any], None] | None = None
) -> Content:
    """Store it, with what its kind begins with, and tell those who see it. Raise storage's Conflict if it is there."""
    await context.storage.contents.add(content)
    await start_content(context, content, begin)
    context.search_index.note_content(content.id)
    shown = Content.of(content)
    await tell(context, content.twinspace_id, content, "content:created", shown)
    return shown


async def start_content(context: Context, content: records.Content, begin: Callable[[Any], None] | None = None) -> None:
    """What its kind begins with, or `begin` writes, unless something is in it already."""
    kind = KINDS[content.kind]

    def start(doc: Any) -> None:
        if kind.blocks(doc):
            return
        if begin is not None:
            begin(doc)
        else:
            kind.start(doc, content.title)

    await context.live_docs.edit(content.id, kind.name, start, user_id=None)


async def rename_content(context: Context, session: Session, payload: RenameContent) -> Content:
    _, content = await access_content(context, session.user, ContentId(payload.content_id), Act.CREATE)
    renamed = await context.storage.contents.rename(content.id, payload.title, context.now_ms())
    context.search_index.note_content(content.id)
    shown = Content.of(renamed)
    await tell_changed(context, renamed)
    details = {"kind": content.kind, "title": renamed.title, "former_title": content.title}
    await record(context, content.twinspace_id, "content_renamed", session.user, content.id, details, about=renamed)
    return shown


async def change_visibility(context: Context, session: Session, payload: ChangeContentVisibility) -> Content:
    """Put it on another rung. Raise NotFound for whom `check_change` refuses, Invalid for the founding agreement."""
    access, content = await access_content(context, session.user, ContentId(payload.content_id), Act.READ)
    team_id = await check_change(context, access, content, payload)
    if await access_agreement(context, session.user, content) is not None:
        raise Invalid("The founding agreement is open to the whole TwinSpace, and to nobody else.", field="visibility")
    changed = await context.storage.contents.set_visibility(content.id, payload.visibility, team_id)
    await set_parts_visibility(context, changed)
    context.search_index.note_content(content.id)
    shown = Content.of(changed)
    await tell_change(context, content.twinspace_id, content.id, content, changed, "content:changed", shown)
    details = {"title": content.title, "kind": content.kind}
    await record_change(context, session.user, content.twinspace_id, content.id, content, changed, details)
    return shown


async def set_parts_visibility(context: Context, whole: records.Content) -> None:
    """What belongs to a content is seen by whoever sees it."""
    for each in await context.storage.contents.of_twinspace(whole.twinspace_id):
        if KINDS[each.kind].is_part and whole_id(each.id) == whole.id:
            await context.storage.contents.set_visibility(each.id, whole.visibility, whole.team_id)


async def tell_changed(context: Context, content: records.Content) -> None:
    await tell(context, content.twinspace_id, content, "content:changed", Content.of(content))
