"""The Socket.IO shell: who connects, what they may send and how fast, and the way out for announcements.

Every event of the table is acknowledged. A session that doesn't read what is sent to it is cut off: it comes back and
asks with `chat:since` for what it missed.
"""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import secrets
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

import socketio
from aiohttp import web
from pydantic import ValidationError
from socketio.exceptions import ConnectionRefusedError as Refused

from hub.context import Context, Session
from hub.engine_server import NAMESPACE, Outlet, SocketIoServer, encode_event
from hub.errors import HubError, Internal, Invalid, TooMany
from hub.http_sessions import open_session
from hub.metrics import EVENTS, SOCKETS, SOCKETS_CUT_OFF
from hub.payloads.twinspaces import Presence, SessionEnded
from hub.rate_limits import RateLimiter
from hub.refusals import EXPECTED, hub_error_of, refusal_of
from hub.table import Event
from storage.records import LoginId, UserId

logger = logging.getLogger(__name__)

PATH = "/socket.io/"
FLUSH_EVERY_S = 0.02
FLUSH_TRIES = 50
"""A client that has not read after a second does not learn why it is cut off."""
SIGN_IN_WITHIN_S = 10
PING_INTERVAL_S = 20
PING_TIMEOUT_S = 20
TOO_FAST_BEFORE_CUT = 200
"""Refused events in a row after which a session is no longer answered but cut off."""


@dataclasses.dataclass(slots=True)
class _Socket:
    session: Session
    engine_id: str
    too_fast: int = 0


class _Namespace(socketio.AsyncNamespace):  # type: ignore[misc]
    """Everything python-socketio has to say about the namespace, in one call."""

    def __init__(self, take: Callable[..., Awaitable[Any]]) -> None:
        super().__init__(NAMESPACE)
        self._take = take

    async def trigger_event(self, event: Any, *args: Any) -> Any:
        return await self._take(event, *args)


class SocketServer:
    """Takes events from clients and, as the announcer's `Sockets`, gives announcements to them."""

    def __init__(self, context: Context, events: tuple[Event, ...]) -> None:
        self._context = context
        self._events = {event.name: event for event in events}
        self._sockets: dict[str, _Socket] = {}
        self._outlets: dict[str, Outlet] = {}
        self._limiter = RateLimiter()
        self._engine_seen_at_s: dict[str, float] = {}
        self._io = SocketIoServer(
            # One event of a session after the other: their order is kept, and a flood waits in the client's connection.
            async_handlers=False,
            max_http_buffer_size=context.settings.socket_message_limit_bytes,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
        )
        self._io.register_namespace(_Namespace(self._take))

    def attach(self, app: web.Application) -> None:
        for method in ("GET", "POST", "OPTIONS"):
            app.router.add_route(method, PATH, self._io.handle)

    async def _take(self, event: Any, *args: Any) -> Any:
        session_id = args[0]
        known = self._sockets.get(session_id)
        if known is None and event == "connect":
            return await self._connect(*args)
        if known is None:
            return None
        # A client may send events of the reserved names too; the library's own disconnect carries one of its reasons.
        if event == "disconnect" and args[1:] and not self._io.is_connected(session_id):
            return await self._disconnect(session_id)
        return await self._answer(known, event, args[1:])

    async def _connect(self, session_id: str, environ: dict[str, Any], auth: Any = None) -> bool:
        request: web.Request = environ["aiohttp.request"]
        token = auth.get("token") if isinstance(auth, dict) else None
        try:
            if token is not None and not isinstance(token, str):
                raise Invalid("The token has to be text.", field="token")
            session = await open_session(self._context, request, door="socket", token=token)
            if len(self.of_user(session.user.id)) >= self._context.settings.sessions_per_user:
                raise TooMany("You have the hub open in too many windows. Close some of them.")
            session = dataclasses.replace(session, id=session_id)
        except EXPECTED as error:
            refusal = hub_error_of(error)
            raise Refused(refusal.code, _shown(refusal)) from None
        engine_id = self._io.engine_id_of(session_id)
        self._sockets[session_id] = _Socket(session, engine_id)
        self._outlets[session_id] = self._io.outlet_of(engine_id)
        SOCKETS.set(len(self._sockets))
        return True

    async def _disconnect(self, session_id: str) -> None:
        self._sockets.pop(session_id, None)
        self._outlets.pop(session_id, None)
        self._limiter.forget(session_id)
        SOCKETS.set(len(self._sockets))
        for place in self._context.presence.drop(session_id):
            gone = Presence(twinspace_id=place.twinspace_id, user_id=place.user_id)
            await self._context.announce.to_twinspace(place.twinspace_id, "member:offline", gone)
        self._context.room_powers.forget_session(session_id)
        await self._context.live_rooms.disconnect(session_id)

    async def _answer(self, socket: _Socket, name: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
        event = self._events.get(name) if isinstance(name, str) else None
        label = event.name if event else "unknown"
        try:
            reply = await self._run(socket, event, name, arguments)
            outcome = "ok"
        except EXPECTED as error:
            refusal = hub_error_of(error)
            reply, outcome = {"ok": False, "error": _shown(refusal)}, refusal.code
        except Exception:
            number = secrets.token_hex(6)
            logger.exception("event %s failed: %s", number, label)
            failure = Internal(f"Something went wrong in the hub. Its log has more under the number {number}.")
            reply, outcome = {"ok": False, "error": _shown(failure)}, failure.code
        EVENTS.labels(label, outcome).inc()
        return reply

    async def _run(self, socket: _Socket, event: Event | None, name: Any, arguments: tuple[Any, ...]) -> dict[str, Any]:
        await self._check_pace(socket, event)
        if event is None:
            raise Invalid(f"There is no event “{str(name)[:60]}”.")
        if len(arguments) != 1 or not isinstance(arguments[0], dict):
            raise Invalid(f"“{event.name}” takes one JSON object.")
        try:
            payload = event.payload.model_validate(arguments[0])
        except ValidationError as error:
            raise refusal_of(error) from None
        async with asyncio.timeout(self._context.settings.request_timeout_s):
            reply = await event.action(self._context, socket.session, payload)
        return {"ok": True, **(reply.model_dump(mode="json") if reply is not None else {})}

    async def _check_pace(self, socket: _Socket, event: Event | None) -> None:
        """Limits count per session. Who goes on after many refusals, or doesn't read the answers, is cut off."""
        settings, now_ms = self._context.settings, int(time.monotonic() * 1000)
        if self._io.waiting_bytes(socket.engine_id) > settings.send_queue_limit_bytes:
            await self._cut(socket.engine_id, "not_reading")
        wait_ms = self._limiter.take(
            socket.session.id,
            "all",
            per_minute=settings.socket_events_per_s * 60,
            burst=settings.socket_events_burst,
            now_ms=now_ms,
        )
        if not wait_ms and event is not None:
            wait_ms = self._limiter.take(
                socket.session.id,
                event.name,
                per_minute=event.limit.per_minute,
                burst=event.limit.burst,
                now_ms=now_ms,
            )
        if not wait_ms:
            socket.too_fast = 0
            return
        socket.too_fast += 1
        if socket.too_fast > TOO_FAST_BEFORE_CUT:
            await self._cut(socket.engine_id, "too_fast")
        raise TooMany(retry_after_ms=wait_ms)

    async def _cut(self, engine_id: str, reason: str) -> None:
        SOCKETS_CUT_OFF.labels(reason).inc()
        await self._io.cut(engine_id)

    def of_user(self, user_id: UserId) -> list[str]:
        return [id for id, socket in self._sockets.items() if socket.session.user.id == user_id]

    async def emit(self, session_ids: Iterable[str], event: str, data: str) -> None:
        """Encode and frame once, write to each. Never waits for a client: one that doesn't read is cut off."""
        outlets = [outlet for id in session_ids if (outlet := self._outlets.get(id)) is not None]
        encoded, limit = encode_event(event, data), self._context.settings.send_queue_limit_bytes
        waiting = [outlet.engine_id for outlet in self._io.send_to_all(outlets, encoded)]
        for engine_id in [each for each in waiting if self._io.queue(each, encoded) > limit]:
            await self._cut(engine_id, "not_reading")

    async def end_user(self, user_id: UserId, reason: str) -> None:
        await self._end(self.of_user(user_id), reason)

    async def end_login(self, login_id: LoginId, reason: str) -> None:
        """Also what the login publishes and watches over HTTP, which has no socket."""
        await self._end([id for id, known in self._sockets.items() if known.session.login_id == login_id], reason)
        await self._context.live_rooms.revoke_login(login_id)

    async def _end(self, session_ids: list[str], reason: str) -> None:
        await self.emit(session_ids, "session:ended", SessionEnded(reason=reason).model_dump_json())
        for session_id in session_ids:
            SOCKETS_CUT_OFF.labels(reason).inc()
            await self._context.live_rooms.end_session(session_id)
            await self._io.disconnect(session_id)

    async def watch(self) -> None:
        """Until cancelled: end sockets whose login has expired, and connections that never sign in."""
        while True:
            await asyncio.sleep(1)
            try:
                await self._end(self._expired(self._context.now_ms()), "expired")
                await self._cut_silent()
            except Exception:
                # One session's trouble must not keep all others from being watched.
                logger.exception("watching the sockets failed")

    def _expired(self, now_ms: int) -> list[str]:
        return [id for id, socket in self._sockets.items() if socket.session.expires_at_ms <= now_ms]

    async def _cut_silent(self) -> None:
        now_s = time.monotonic()
        signed_in = {socket.engine_id for socket in self._sockets.values()}
        open_now = self._io.connections()
        for engine_id in open_now - signed_in:
            if now_s - self._engine_seen_at_s.setdefault(engine_id, now_s) > SIGN_IN_WITHIN_S:
                SOCKETS_CUT_OFF.labels("never_signed_in").inc()
                await self._io.cut(engine_id)
        for engine_id in set(self._engine_seen_at_s) - (open_now - signed_in):
            del self._engine_seen_at_s[engine_id]

    async def close(self) -> None:
        """End every connection, after what was said last; clients come back to the next process by themselves."""
        for _ in range(FLUSH_TRIES):
            # First, because what left the queue reaches the kernel only when the loop has turned.
            await asyncio.sleep(FLUSH_EVERY_S)
            if not any(self._io.waiting_bytes(engine_id) for engine_id in self._io.connections()):
                break
        for engine_id in self._io.connections():
            await self._io.cut(engine_id)
        await self._io.shutdown()


def _shown(error: HubError) -> dict[str, str]:
    shown = {"code": error.code, "detail": error.detail}
    if error.field is not None:
        shown["field"] = error.field
    return shown
