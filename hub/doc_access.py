"""Who may open which live document: the Yjs doors ask here, once when they open and again when a role changes."""

from __future__ import annotations

import dataclasses

from aiohttp import web

from crdt_docs.content import KINDS
from hub.access import Act, access_content
from hub.context import Context
from hub.doc_surroundings import DocAccess
from hub.errors import NotFound
from hub.http_sessions import open_session
from storage import ports
from storage.records import ContentId


async def access_doc(context: Context, request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
    """Raise NotSignedIn, ForeignOrigin or NotFound."""
    session = await open_session(context, request, token=token)
    access, content = await access_content(context, session.user, content_id, Act.READ)
    return DocAccess(
        content_id=content.id,
        twinspace_id=content.twinspace_id,
        kind=content.kind,
        user_id=session.user.id,
        display_name=session.user.display_name,
        school_id=session.user.school_id,
        can_write=access.may(Act(KINDS[content.kind].write_act)),
        epoch=access.member.epoch,
        login_id=session.login_id,
        expires_at_ms=session.expires_at_ms,
    )


async def access_doc_again(context: Context, held: DocAccess) -> DocAccess:
    """What the holder of an open document may do with it now. Raise NotFound when that is nothing."""
    try:
        user = await context.storage.users.get_user(held.user_id)
    except ports.NotFound:
        raise NotFound from None
    access, content = await access_content(context, user, held.content_id, Act.READ)
    can_write = access.may(Act(KINDS[content.kind].write_act))
    return dataclasses.replace(held, can_write=can_write, epoch=access.member.epoch)
