"""The WebSocket shell of live documents: `/yjs/{content_id}` (y-websocket) and `/collab` (Hocuspocus).

Close codes are 4000 + the HTTP status of the error's class (PROTOCOL.md).
"""

from __future__ import annotations

import asyncio

from aiohttp import WSCloseCode, web

from crdt_docs import y_websocket
from hub.direct_socket import DirectSocket
from hub.doc_session import Authorise, DocDoor
from hub.doc_wire import Wire
from hub.errors import ForeignOrigin, HubError, NotFound
from hub.hocuspocus_connection import HocuspocusConnection
from hub.live_docs import DocAccess, LiveDocs
from hub.socket_limits import SocketLimits
from hub.websocket_frames import server_frame
from hub.y_websocket_connection import YWebsocketConnection
from storage.records import ContentId


class YjsServer:
    """Give its `routes` to the application. `authorise` is asked for every document and raises HubError to refuse it.

    It checks the Origin too: on `/collab` it is called when a document is opened, with the request of the upgrade.
    """

    def __init__(self, live_docs: LiveDocs, authorise: Authorise, socket_limits: SocketLimits | None = None) -> None:
        socket_limits = socket_limits or SocketLimits()
        self._door = DocDoor(live_docs, authorise, socket_limits, asyncio.Semaphore(socket_limits.joins_in_flight))
        self._sockets: set[DirectSocket] = set()

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/yjs/{content_id}", self.serve_y_websocket), web.get("/collab", self.serve_hocuspocus)]

    async def close(self) -> None:
        """End every socket; clients come back by themselves. To be called before aiohttp waits for its handlers."""
        await asyncio.gather(
            *(socket.close(code=WSCloseCode.GOING_AWAY, message=b"unavailable") for socket in list(self._sockets)),
            return_exceptions=True,
        )

    async def serve_y_websocket(self, request: web.Request) -> web.StreamResponse:
        content_id = ContentId(request.match_info["content_id"])
        revision = self._door.live_docs.revision
        refusal: HubError | None = None
        access: DocAccess | None = None
        try:
            access = await self._door.admit(request, request.query.get("token"), content_id)
        except ForeignOrigin as error:
            # Another site's page must not even get a socket.
            return web.Response(status=error.status, text=error.detail)
        except HubError as error:
            refusal = error
        wire = await self._open_socket(request)
        try:
            if access is None or refusal is not None:
                refusal = refusal or NotFound()
                # Browsers hide the answer to a failed upgrade from the page, so the reason comes inside.
                wire.write(server_frame(y_websocket.permission_denied(refusal.detail)))
                await wire.close(4000 + refusal.status, refusal.code)
            else:
                await YWebsocketConnection(self._door, wire, access, revision).run()
        finally:
            wire.stop()
            self._sockets.discard(wire.socket)
        return wire.socket

    async def serve_hocuspocus(self, request: web.Request) -> web.StreamResponse:
        wire = await self._open_socket(request)
        connection = HocuspocusConnection(self._door, wire, request)
        try:
            await connection.run()
        finally:
            wire.stop()
            self._sockets.discard(wire.socket)
        return wire.socket

    async def _open_socket(self, request: web.Request) -> Wire:
        # Compression would cost a core per class and make every frame differ from client to client.
        socket = DirectSocket(
            max_message_bytes=self._door.live_docs.limits.first_sync_bytes + self._door.socket_limits.frame_slack_bytes,
            rounds=self._door.live_docs.rounds,
        )
        await socket.prepare(request)
        self._sockets.add(socket)
        return Wire(socket, request.transport, self._door.socket_limits)
