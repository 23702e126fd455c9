"""The document part of the hub over any storage: real sockets, an access list instead of accounts."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Self

from aiohttp import web

from crdt_docs.limits import Limits
from hub.doc_probe import ProbeLimits
from hub.doc_session import Authorise
from hub.errors import HubError, NotFound, NotSignedIn
from hub.live_docs import DocAccess, LiveDocs
from hub.socket_limits import SocketLimits
from hub.yjs_server import YjsServer
from storage import Storage
from storage.records import (
    Content,
    ContentId,
    LoginId,
    Member,
    Project,
    ProjectId,
    School,
    SchoolId,
    Twinspace,
    TwinspaceId,
    User,
    UserId,
)

TWINSPACE = TwinspaceId("twinspace")
SCHOOL = SchoolId("school")
HOUR_MS = 3_600_000


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def fill(storage: Storage, *contents: tuple[str, str]) -> None:
    """A school, the users `writer`, `other` and `reader`, and contents as (id, kind)."""
    await storage.users.add_school(School(SCHOOL, "Colegio", "Málaga", "ES", "circle"))
    await storage.twinspaces.add_project(Project(ProjectId("project"), "P", "", 1))
    await storage.twinspaces.add(Twinspace(TWINSPACE, ProjectId("project"), "T", "", 1))
    for name in ("writer", "other", "reader"):
        user_id = UserId(name)
        await storage.users.add_user(User(user_id, name, name.title(), "pupil", SCHOOL, "es", 1))
        await storage.twinspaces.add_member(Member(TWINSPACE, user_id, "pupil", 1, 1))
    for content_id, kind in contents:
        await storage.contents.add(Content(ContentId(content_id), TWINSPACE, kind, content_id, UserId("writer"), 1, 1))


class DocServer:
    """`async with DocServer(storage) as server:`; a token is a user's name or `expired`; the cookie is `user=…`."""

    def __init__(
        self,
        storage: Storage,
        *,
        limits: Limits | None = None,
        socket_limits: SocketLimits | None = None,
        probe_limits: ProbeLimits | None = None,
    ) -> None:
        self.storage = storage
        self.roles = {"writer": True, "other": True, "reader": False}
        self.expires_at_ms = now_ms() + HOUR_MS
        self.live_docs = LiveDocs(
            storage.doc_log,
            storage.bus,
            now_ms,
            limits,
            reauthorise=self._reauthorise,
            linger_s=0.0,
            probe_limits=probe_limits,
        )
        self.authorise: Authorise = self._authorise
        self.sockets = YjsServer(self.live_docs, lambda *asked: self.authorise(*asked), socket_limits)
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        await self.live_docs.start()
        app = web.Application()
        app.add_routes(self.sockets.routes())

        async def end_sockets(app: web.Application) -> None:
            await self.sockets.close()

        app.on_shutdown.append(end_sockets)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._runner is not None
        await self._runner.cleanup()
        await self.live_docs.close()

    async def _authorise(self, request: web.Request, token: str | None, content_id: ContentId) -> DocAccess:
        name = token or request.query.get("token") or request.cookies.get("user", "")
        if name == "expired":
            raise NotSignedIn
        try:
            content = await self.storage.contents.get(content_id)
        except Exception:
            raise NotFound from None
        return self._access(name, content)

    async def _reauthorise(self, access: DocAccess) -> DocAccess:
        if access.user_id not in self.roles:
            raise NotFound
        return replace(access, can_write=self.roles[access.user_id], epoch=access.epoch + 1)

    def _access(self, name: str, content: Content) -> DocAccess:
        if not name:
            raise NotSignedIn
        if name not in self.roles:
            raise NotFound
        return DocAccess(
            content_id=content.id,
            twinspace_id=content.twinspace_id,
            kind=content.kind,
            user_id=UserId(name),
            display_name=name.title(),
            school_id=SCHOOL,
            can_write=self.roles[name],
            epoch=1,
            login_id=LoginId(f"login-{name}"),
            expires_at_ms=self.expires_at_ms,
        )


__all__ = ["TWINSPACE", "DocServer", "HubError", "fill", "now_ms"]
