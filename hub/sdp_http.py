"""What WHIP and WHEP (RFC 9725) ask of HTTP: SDP as bodies, entity tags, links to relays, pages of other origins."""

from __future__ import annotations

from typing import Any, Literal, cast

from aiohttp import web
from pydantic import BaseModel

from hub.errors import Invalid, TooLarge, UnsupportedType
from hub.payloads.rooms import IceChanged, IceServer, SdpAnswer

SDP = "application/sdp"
FRAGMENT = "application/trickle-ice-sdpfrag"
LIMIT_BYTES = 64 * 1024
DOORS = ("/whip/", "/whep/")

_CONTENT_TYPES = {"sdp": SDP, "sdpfrag": FRAGMENT}
_FOREIGN_HEADERS = {
    # Without Allow-Credentials no cookie comes along: other websites have to bring a token.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Location, ETag, Link, Accept-Patch, Retry-After",
    "Cross-Origin-Resource-Policy": "cross-origin",
}


async def read_body(request: web.Request, body: Literal["sdp", "sdpfrag"]) -> dict[str, Any]:
    """The fields that body and headers give to a payload."""
    content_type = _CONTENT_TYPES[body]
    if request.content_type != content_type:
        raise UnsupportedType(f"The body has to have the content type {content_type}.", field="Content-Type")
    raw = await request.read()
    if len(raw) > LIMIT_BYTES:
        raise TooLarge(f"A session description has at most {LIMIT_BYTES // 1024} KiB.", field="sdp")
    try:
        fields = {"sdp": raw.decode()}
    except UnicodeDecodeError:
        raise Invalid("The session description is not UTF-8 text.", field="sdp") from None
    if body == "sdpfrag" and "If-Match" in request.headers:
        fields["if_match"] = request.headers["If-Match"]
    return fields


def respond(body: Literal["sdp", "sdpfrag"], reply: BaseModel | None) -> web.Response:
    return _created(cast(SdpAnswer, reply)) if body == "sdp" else _changed(cast(IceChanged, reply))


def _created(answer: SdpAnswer) -> web.Response:
    response = web.Response(status=201, text=answer.sdp, content_type=SDP)
    response.headers.update({"Location": answer.location, "ETag": f'"{answer.etag}"', "Accept-Patch": FRAGMENT})
    for server in answer.ice_servers:
        for url in server.urls:
            response.headers.add("Link", _link(url, server))
    return response


def _link(url: str, server: IceServer) -> str:
    """RFC 9725 section 4.6."""
    login = f'username="{server.username}"; credential="{server.credential}"; credential-type="password"'
    return f'<{url}>; rel="ice-server"; {login}'


def _changed(changed: IceChanged) -> web.Response:
    if changed.sdp is None:
        return web.Response(status=204)
    return web.Response(text=changed.sdp, content_type=FRAGMENT, headers={"ETag": f'"{changed.etag}"'})


async def tell_options(request: web.Request) -> web.Response:
    """A browser's question before a request to another website, or a client's what it may send."""
    allowed = sorted(
        route.method
        for resource in request.app.router.resources()
        if resource.canonical == _canonical(request)
        for route in resource
    )
    headers = {
        "Allow": ", ".join(allowed),
        "Access-Control-Allow-Methods": ", ".join(allowed),
        "Access-Control-Allow-Headers": "Authorization, Content-Type, If-Match",
        "Access-Control-Max-Age": "86400",
    }
    if "POST" in allowed:
        headers["Accept-Post"] = SDP
    if "PATCH" in allowed:
        headers["Accept-Patch"] = FRAGMENT
    return web.Response(status=204, headers=headers)


def _canonical(request: web.Request) -> str:
    resource = request.match_info.route.resource
    return "" if resource is None else resource.canonical


async def let_others_read(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: refusals too can be read by the page that asked."""
    if request.path.startswith(DOORS):
        response.headers.update(_FOREIGN_HEADERS)
