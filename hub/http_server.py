"""The HTTP shell: makes routes of the table's rows, and gives every answer the form that PROTOCOL.md promises."""

from __future__ import annotations

import asyncio
import json
import logging
import secrets
import time
from collections.abc import Awaitable, Callable
from typing import Any, cast
from urllib.parse import quote

from aiohttp import web
from pydantic import BaseModel, ValidationError

from hub import sdp_http, static_client, tus_http
from hub.context import Action, Context, OpenAction, Session
from hub.errors import HubError, Internal, Invalid, NotFound, NotSignedIn, TooLarge, TooMany, Unavailable
from hub.http_sessions import CONTEXT, COOKIE, caller_of, open_session
from hub.metrics import REQUEST_SECONDS, REQUESTS
from hub.payloads.fields import Nothing
from hub.payloads.materials import AppendUpload, UploadState
from hub.payloads.operations import Download, StoredFile, Text
from hub.payloads.people import SetsCookie, SignedOut
from hub.rate_limits import RateLimiter
from hub.refusals import EXPECTED, hub_error_of, refusal_of
from hub.table import Route

logger = logging.getLogger(__name__)

OPEN_LIMIT_KEY = "everybody"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
        "media-src 'self' blob:; connect-src 'self' ws: wss:; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), display-capture=(self)",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FILE_POLICY = "default-src 'none'; sandbox; frame-ancestors 'none'"
"""Whatever an uploaded file is: it runs nothing, loads nothing, and stands in no page but as picture, sound or film."""
PDF_POLICY = "default-src 'none'; frame-ancestors 'none'"
"""Browsers show no PDF in a sandbox; their viewers run no script of the document with the page's rights."""
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def build_app(context: Context, routes: tuple[Route, ...]) -> web.Application:
    app = web.Application(
        middlewares=[_answer_in_form],
        client_max_size=context.settings.body_limit_bytes,
    )
    app[CONTEXT] = context
    app.on_response_prepare.append(_add_security_headers)
    app.on_response_prepare.append(sdp_http.let_others_read)
    app.on_response_prepare.append(tus_http.tell_version)
    limiter = RateLimiter()
    for route in routes:
        app.router.add_route(route.method, route.path, _handler_of(context, route, limiter))
    for path in dict.fromkeys(route.path for route in routes if route.path.startswith(sdp_http.DOORS)):
        app.router.add_route("OPTIONS", path, sdp_http.tell_options)
    for path in dict.fromkeys(route.path for route in routes if route.body == "tus"):
        app.router.add_route("OPTIONS", path, tus_http.options_of(context.settings.file_limit_bytes))
    return app


def _handler_of(context: Context, route: Route, limiter: RateLimiter) -> Handler:
    async def handle(request: web.Request) -> web.StreamResponse:
        # An upload takes as long as the line needs; it is given up when nothing comes.
        limit_s = None if route.body == "tus" else context.settings.request_timeout_s
        async with asyncio.timeout(limit_s):
            session = await _session_of(context, request, route, limiter)
            payload = await _payload_of(request, route)
            if session is None:
                reply = await cast(OpenAction, route.action)(context, caller_of(context, request), payload)
            else:
                reply = await cast(Action, route.action)(context, session, payload)
        return _response_of(request, route, reply)

    return handle


async def _session_of(context: Context, request: web.Request, route: Route, limiter: RateLimiter) -> Session | None:
    """Limits count per login, never per address: a whole school shares one address."""
    session: Session | None = None
    if not route.open:
        session = await open_session(context, request, half=route.half)
    key = session.login_id if session else OPEN_LIMIT_KEY
    wait_ms = limiter.take(
        key,
        f"{route.method} {route.path}",
        per_minute=route.limit.per_minute,
        burst=route.limit.burst,
        now_ms=int(time.monotonic() * 1000),
    )
    if wait_ms:
        raise TooMany(retry_after_ms=wait_ms)
    return session


async def _payload_of(request: web.Request, route: Route) -> BaseModel:
    fields: dict[str, Any] = {}
    for name, value in request.query.items():
        if name != "token":
            fields[name] = value
    if route.body == "sdp" or route.body == "sdpfrag":
        fields.update(await sdp_http.read_body(request, route.body))
    elif route.body == "tus":
        fields.update(tus_http.read_fields(request))
    elif route.body == "json" and request.method not in ("GET", "DELETE"):
        body = await _read_json(request)
        clash = sorted(set(body) & set(request.match_info))
        if clash:
            raise Invalid(f"“{clash[0]}” stands in the address already.", field=clash[0])
        fields.update(body)
    fields.update(request.match_info)
    try:
        payload = (route.payload or Nothing).model_validate(fields)
        if isinstance(payload, AppendUpload):
            return payload.with_parts(tus_http.read_parts(request, request.app[CONTEXT].settings.request_timeout_s))
        return payload
    except ValidationError as error:
        refusal = refusal_of(error)
        # An id of impossible form is an id that doesn't exist.
        raise NotFound if refusal.field in request.match_info else refusal from None


async def _read_json(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if not body:
        return {}
    if request.content_type != "application/json":
        raise Invalid("The body has to be JSON, with the content type application/json.", field="Content-Type")
    try:
        parsed = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise Invalid("The body is not valid JSON.") from None
    if not isinstance(parsed, dict):
        raise Invalid("The body has to be a JSON object.")
    return parsed


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _response_of(request: web.Request, route: Route, reply: BaseModel | None) -> web.StreamResponse:
    if isinstance(reply, Download):
        headers = {
            "Content-Type": reply.content_type,
            "Content-Disposition": f'attachment; filename="{reply.filename}"',
            "Cache-Control": "no-store",
        }
        return web.Response(body=reply.content, headers=headers)
    if isinstance(reply, StoredFile):
        headers = {
            "Content-Type": reply.content_type,
            "Content-Disposition": _disposition(reply),
            "Content-Security-Policy": FILE_POLICY if reply.content_type != "application/pdf" else PDF_POLICY,
            "Cache-Control": "private, no-cache" if reply.is_shown else "no-store",
        }
        return web.FileResponse(reply.path, headers=headers)
    if isinstance(reply, Text):
        return web.Response(body=reply.text.encode(), headers={"Content-Type": reply.content_type})
    if route.body == "sdp" or route.body == "sdpfrag":
        return sdp_http.respond(route.body, reply)
    if route.body == "tus":
        state = reply if isinstance(reply, UploadState) else None
        return tus_http.respond(route.status, state, created=route.status == 201)
    if reply is None or route.status == 204:
        response = web.Response(status=route.status)
    else:
        body = reply.model_dump_json().encode()
        response = web.Response(status=route.status, body=body, headers={"Content-Type": "application/json"})
    response.headers["Cache-Control"] = "no-store"
    if isinstance(reply, SetsCookie) and reply.secret:
        secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
        response.set_cookie(
            COOKIE, reply.secret, max_age=reply.max_age_s, httponly=True, samesite="Lax", secure=secure, path="/"
        )
    elif isinstance(reply, SignedOut):
        response.del_cookie(COOKIE, path="/")
    return response


def _disposition(file: StoredFile) -> str:
    """RFC 6266: a name for every client, and the name in its own letters."""
    way = "inline" if file.is_shown else "attachment"
    plain = file.filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_")
    name = f'{way}; filename="{plain}"'
    return name if plain == file.filename else f"{name}; filename*=UTF-8''{quote(file.filename, safe='')}"


@web.middleware
async def _answer_in_form(request: web.Request, handler: Handler) -> web.StreamResponse:
    started = time.monotonic()
    try:
        if isinstance(request.match_info.http_exception, web.HTTPNotFound) and request.method in ("GET", "HEAD"):
            response = static_client.respond(request)
        else:
            response = await handler(request)
    except web.HTTPException as error:
        response = _from_aiohttp(request, error)
    except EXPECTED as error:
        response = problem(hub_error_of(error))
    except (asyncio.CancelledError, ConnectionError):
        raise
    except Exception:
        request_id = secrets.token_hex(6)
        # The path may hold ids, never names; the body stays out of the log.
        logger.exception("request %s failed: %s %s", request_id, request.method, request.path)
        response = problem(
            Internal(f"Something went wrong in the hub. Its log has more under the number {request_id}.")
        )
    route = request.match_info.route.resource
    label = route.canonical if route is not None else "none"
    REQUESTS.labels(request.method, label, str(response.status)).inc()
    REQUEST_SECONDS.labels(label).observe(time.monotonic() - started)
    return response


def problem(error: HubError) -> web.Response:
    """RFC 9457."""
    body = {
        "type": "about:blank",
        "title": error.sentence,
        "status": error.status,
        "code": error.code,
        "detail": error.detail,
    }
    if error.field is not None:
        body["field"] = error.field
    headers = {"Cache-Control": "no-store"}
    if error.retry_after_ms:
        headers["Retry-After"] = str(-(-error.retry_after_ms // 1000))
    elif isinstance(error, TooMany | Unavailable):
        headers["Retry-After"] = "5"
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return _problem_response(error.status, body, headers)


def _from_aiohttp(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    match error:
        case web.HTTPRequestEntityTooLarge():
            return problem(TooLarge())
        case web.HTTPMethodNotAllowed():
            allowed = ", ".join(sorted(error.allowed_methods))
            body = {
                "type": "about:blank",
                "title": "This address can't be used in this way.",
                "status": 405,
                "code": "invalid",
                "detail": f"{request.method} is not possible here, only {allowed}.",
            }
            return _problem_response(405, body, {"Allow": allowed})
        case web.HTTPNotFound():
            return problem(NotFound())
        case _ if error.status < 400:
            return error
        case _:
            refusal = Invalid(f"The request can't be understood: {error.reason}.")
            return problem(refusal)


def _problem_response(status: int, body: dict[str, object], headers: dict[str, str]) -> web.Response:
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={**headers, "Content-Type": "application/problem+json"}
    )


async def _add_security_headers(request: web.Request, response: web.StreamResponse) -> None:
    response.headers["Server"] = "TwinSpace Hub"
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
