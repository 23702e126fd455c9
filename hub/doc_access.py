"""Who may open which live document: the Yjs doors ask here, once when they open and again when a role changes."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from aiohttp import web

from crdt_docs.content import KINDS
from hub.access import Access, Act, access_agreement, access_twinspace, check_sees
from hub.content_locks import is_locked_for
from hub.content_parts import is_hidden
from hub.context import Context, Session
from hub.doc_surroundings import DocAccess
from hub.errors import NotFound, NotSignedIn
from hub.http_sessions import open_session
from hub.names import outward
from hub.open_for_all import closed_parts
from hub.sealing import is_sealed
from storage import ports
from storage.records import Content, ContentId, TwinspaceId, User

T = TypeVar("T")

RECENT_MS = 1_000
"""A page opens its documents within a moment; what it was allowed then need not be asked a thousand times."""


class Recent:
    """What one socket was told a moment ago, for the other documents that it opens; forgotten when access changes.

    Who asks at the same time shares one answer, or one error.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._answers: dict[tuple[str, str], tuple[int, int, asyncio.Task[Any]]] = {}

    async def ask(self, what: str, about: str, question: Callable[[], Awaitable[T]]) -> T:
        now_ms, revision = self._context.now_ms(), self._context.live_docs.revision
        known = self._answers.get((what, about))
        if known is not None and known[0] == revision and now_ms - known[1] < RECENT_MS:
            task = known[2]
        else:
            task = asyncio.ensure_future(question())
            # Whoever asked may be gone when it fails.
            task.add_done_callback(lambda done: done.cancelled() or done.exception())
            self._answers[what, about] = (revision, now_ms, task)
        answer: T = await asyncio.shield(task)
        return answer


_RECENT = web.RequestKey("recent", Recent)


async def access_doc(context: Context, request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
    """Raise NotSignedIn, ForeignOrigin or NotFound."""
    if (recent := request.get(_RECENT)) is None:
        recent = request[_RECENT] = Recent(context)
    session = await recent.ask("session", token or "", lambda: _session(context, request, token))
    content, can_write, is_seen, epoch = await _standing(context, session.user, content_id, recent)
    called = await recent.ask("name", session.user.id, lambda: outward(context, session.user))
    return DocAccess(
        content_id=content.id,
        twinspace_id=content.twinspace_id,
        kind=content.kind,
        user_id=session.user.id,
        display_name=called.display_name,
        school_id=session.user.school_id,
        can_write=can_write,
        epoch=epoch,
        login_id=session.login_id,
        expires_at_ms=session.expires_at_ms,
        is_seen=is_seen,
    )


async def access_doc_again(context: Context, held: DocAccess) -> DocAccess:
    """What the holder of an open document may do with it now. Raise NotFound when that is nothing, NotSignedIn when
    the login has ended: nobody may have heard of it, when the bus was down.
    """
    try:
        login = await context.storage.logins.get(held.login_id)
        user = await context.storage.users.get_user(held.user_id)
    except ports.NotFound:
        raise NotFound from None
    if login.revoked_at_ms is not None or user.state == "closed":
        raise NotSignedIn
    _, can_write, is_seen, epoch = await _standing(context, user, held.content_id, Recent(context))
    called = await outward(context, user)
    return dataclasses.replace(
        held, can_write=can_write, is_seen=is_seen, epoch=epoch, display_name=called.display_name
    )


async def _session(context: Context, request: web.Request, token: str | None) -> Session:
    return await open_session(context, request, token=token)


async def _standing(
    context: Context, user: User, content_id: ContentId, recent: Recent
) -> tuple[Content, bool, bool, int]:
    """The content, whether the user may write it and is seen in it, and the epoch of the membership. Raise NotFound."""
    try:
        content = await context.storage.contents.get(content_id)
    except ports.NotFound:
        raise NotFound from None
    kind = KINDS[content.kind]
    if await is_hidden(context, content):
        raise NotFound
    write_act = Act(kind.write_act)
    access: Access | None = None
    twinspace_id = content.twinspace_id
    if content.kind == "document":
        agreement_id = await recent.ask("agreement", twinspace_id, lambda: _agreement_id(context, twinspace_id))
        if agreement_id == content.id:
            access = await access_agreement(context, user, content)
            write_act = Act.AGREE
    if access is None:
        access = await recent.ask(
            f"twinspace for {user.id}", twinspace_id, lambda: access_twinspace(context, user, twinspace_id, Act.READ)
        )
        if not access.may(Act(kind.read_act)):
            raise NotFound
        await check_sees(context, access, content)
    may_write = access.may(write_act) and not (kind.can_be_sealed and await is_sealed(context, content.id))
    if may_write and kind.can_be_locked:
        may_write = not await is_locked_for(context, access, content.id)
    closed = await closed_parts(context, access, content.id)
    return content, may_write and "notes" not in closed, "cursors" not in closed, access.member.epoch


async def _agreement_id(context: Context, twinspace_id: TwinspaceId) -> ContentId | None:
    try:
        return (await context.storage.foundings.get(twinspace_id)).agreement_id
    except ports.NotFound:
        return None
