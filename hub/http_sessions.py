"""Who is asking, for everything that arrives as an HTTP request: pages, the API, WebSocket upgrades, WHIP.

A token speaks for itself. A cookie is sent along by any website that makes the browser call us, so a request that
relies on it and writes, or opens a socket, must come from the hub's own pages.
"""

from __future__ import annotations

import ipaddress
import re
import secrets
from contextlib import suppress
from typing import Literal
from urllib.parse import urlsplit

from aiohttp import web

from hub.auth import access_login, is_half
from hub.context import Caller, Context, Session
from hub.errors import ForeignOrigin, SecondFactorNeeded
from storage import ports

COOKIE = "hub_login"
NOTE_USE_EVERY_MS = 60 * 60 * 1000
"""Finer than this nobody needs to know when a login was used last; each note is a write."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
CONTEXT: web.AppKey[Context] = web.AppKey("context", Context)


async def open_session(
    context: Context,
    request: web.Request,
    *,
    door: Literal["http", "socket"] = "http",
    token: str | None = None,
    half: bool = False,
) -> Session:
    """The session of this request. `token` is one that came another way (Socket.IO's auth, Hocuspocus' message).

    Raise NotSignedIn; ForeignOrigin when a cookie came from another website; SecondFactorNeeded for a login that lacks
    it, unless `half` lets it by.
    """
    token = token or read_token(request)
    cookie = None if token else request.cookies.get(COOKIE)
    if cookie is not None and (request.method not in SAFE_METHODS or is_upgrade(request)):
        check_origin(context, request)
    now_ms = context.now_ms()
    login, user = await access_login(context.storage, token or cookie, now_ms)
    if is_half(login) and not half:
        raise SecondFactorNeeded
    if now_ms - (login.last_used_at_ms or 0) > NOTE_USE_EVERY_MS:
        # Reading goes on while storage can't write.
        with suppress(ports.Unavailable):
            await context.storage.logins.note_use(login.id, now_ms)
    return Session(
        id=secrets.token_urlsafe(12),
        login_id=login.id,
        user=user,
        door=door,
        expires_at_ms=login.expires_at_ms,
        is_half=is_half(login),
    )


BROWSERS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("Safari", "Safari"))
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "CrOS", "Mac OS", "Linux")


def caller_of(context: Context, request: web.Request) -> Caller:
    return Caller(address=_address_of(context, request), device=device_of(request))


def device_of(request: web.Request) -> str:
    """`Firefox, Windows`: enough to know one's own devices by, and no more. Empty for programs."""
    agent = request.headers.get("User-Agent", "")
    browser = next((name for mark, name in BROWSERS if re.search(rf"{mark}\w*/", agent)), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return ", ".join(part for part in (browser, system) if part)


def _address_of(context: Context, request: web.Request) -> str:
    """A proxy is believed only where the operator says that there is one: with `public_url`."""
    address = request.remote or ""
    if context.settings.public_url:
        address = request.headers.get("X-Forwarded-For", address).rpartition(",")[2].strip()
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return ""
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def read_token(request: web.Request) -> str | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer" and credentials:
        return credentials.strip()
    return request.query.get("token")


def is_upgrade(request: web.Request) -> bool:
    return request.headers.get("Upgrade", "").lower() == "websocket"


def check_origin(context: Context, request: web.Request) -> None:
    """Raise ForeignOrigin unless a browser says that one of the hub's own pages made this request."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin":
        return
    origin = request.headers.get("Origin")
    if origin is None:
        raise ForeignOrigin
    own = {request.host.lower()}
    if context.settings.public_url:
        own.add(urlsplit(context.settings.public_url).netloc.lower())
    if urlsplit(origin).netloc.lower() not in own:
        raise ForeignOrigin
