"""Who may open which live document: the Yjs doors ask here, once when they open and again when a role changes."""

from __future__ import annotations

import dataclasses

from aiohttp import web

from crdt_docs.content import KINDS
from hub.access import Act, access_agreement, access_twinspace, check_sees
from hub.context import Context
from hub.doc_surroundings import DocAccess
from hub.errors import NotFound
from hub.http_sessions import open_session
from storage import ports
from storage.records import Content, ContentId, User


async def access_doc(context: Context, request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
    """Raise NotSignedIn, ForeignOrigin or NotFound."""
    session = await open_session(context, request, token=token)
    content, can_write, epoch = await _standing(context, session.user, content_id)
    return DocAccess(
        content_id=content.id,
        twinspace_id=content.twinspace_id,
        kind=content.kind,
        user_id=session.user.id,
        display_name=session.user.display_name,
        school_id=session.user.school_id,
        can_write=can_write,
        epoch=epoch,
        login_id=session.login_id,
        expires_at_ms=session.expires_at_ms,
    )


async def access_doc_again(context: Context, held: DocAccess) -> DocAccess:
    """What the holder of an open document may do with it now. Raise NotFound when that is nothing."""
    try:
        user = await context.storage.users.get_user(held.user_id)
    except ports.NotFound:
        raise NotFound from None
    _, can_write, epoch = await _standing(context, user, held.content_id)
    return dataclasses.replace(held, can_write=can_write, epoch=epoch)


async def _standing(context: Context, user: User, content_id: ContentId) -> tuple[Content, bool, int]:
    """The content, whether the user may write it, and the epoch of the membership. Raise NotFound."""
    try:
        content = await context.storage.contents.get(content_id)
    except ports.NotFound:
        raise NotFound from None
    if await context.storage.safety.is_hidden(content.twinspace_id, "content", content.id):
        raise NotFound
    write_act = Act(KINDS[content.kind].write_act)
    access = None
    if content.kind == "document" and (access := await access_agreement(context, user, content)) is not None:
        write_act = Act.AGREE
    if access is None:
        access = await access_twinspace(context, user, content.twinspace_id, Act.READ)
        await check_sees(context, access, content)
    return content, access.may(write_act), access.member.epoch
