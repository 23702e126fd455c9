"""What tus 1.0 (resumable uploads) asks of HTTP: headers in, headers out. Extensions: creation, expiration, checksum,
termination. The actions behind it know nothing of it."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Awaitable, Callable
from email.utils import formatdate
from typing import Any

from aiohttp import web

from hub.errors import Invalid, UnsupportedType, UnsupportedVersion
from hub.payloads.materials import UploadState
from hub.uploads import ALGORITHMS

VERSION = "1.0.0"
PART = "application/offset+octet-stream"
EXTENSIONS = "creation,expiration,checksum,termination"
PIECE_BYTES = 64 * 1024
UPLOADS = "/api/v1/uploads/"


def read_fields(request: web.Request) -> dict[str, Any]:
    """The fields that the headers give to a payload."""
    if request.headers.get("Tus-Resumable") != VERSION:
        raise UnsupportedVersion(field="Tus-Resumable")
    if request.method == "POST":
        if "Upload-Length" not in request.headers:
            raise Invalid("Say with Upload-Length how long the file is.", field="Upload-Length")
        metadata = _read_metadata(request.headers.get("Upload-Metadata", ""))
        return {"length": _read_number(request, "Upload-Length"), "metadata": metadata}
    if request.method == "PATCH":
        if request.content_type != PART:
            raise UnsupportedType(f"The body has to have the content type {PART}.", field="Content-Type")
        return {"offset": _read_number(request, "Upload-Offset"), "checksum": request.headers.get("Upload-Checksum")}
    return {}


async def read_parts(request: web.Request, stalled_after_s: float) -> AsyncIterator[bytes]:
    """The body as it comes; a line that stays silent is given up like one that broke."""
    while True:
        async with asyncio.timeout(stalled_after_s):
            part = await request.content.read(PIECE_BYTES)
        if not part:
            return
        yield part


def respond(status: int, state: UploadState | None, *, created: bool) -> web.Response:
    response = web.Response(status=status)
    if state is not None:
        response.headers["Upload-Offset"] = str(state.offset)
        response.headers["Upload-Length"] = str(state.length)
        response.headers["Upload-Expires"] = formatdate(state.expires_at_ms / 1000, usegmt=True)
        if created:
            response.headers["Location"] = f"{UPLOADS}{state.upload_id}"
    response.headers["Cache-Control"] = "no-store"
    return response


def options_of(limit_bytes: int) -> Callable[[web.Request], Awaitable[web.Response]]:
    """The answer to OPTIONS: what uploads may be."""
    headers = {
        "Tus-Version": VERSION,
        "Tus-Extension": EXTENSIONS,
        "Tus-Checksum-Algorithm": ",".join(ALGORITHMS),
        "Tus-Max-Size": str(limit_bytes),
    }

    async def tell_options(request: web.Request) -> web.Response:
        return web.Response(status=204, headers=headers)

    return tell_options


async def tell_version(request: web.Request, response: web.StreamResponse) -> None:
    """For `on_response_prepare`: every answer, refusals too, says which version is spoken here."""
    if request.path.startswith(UPLOADS) or request.path.endswith("/uploads"):
        response.headers["Tus-Resumable"] = VERSION
        if response.status == UnsupportedVersion.status:
            response.headers["Tus-Version"] = VERSION


def _read_number(request: web.Request, name: str) -> int:
    said = request.headers.get(name, "")
    if not said.isascii() or not said.isdigit() or len(said) > 16:
        raise Invalid(f"{name} has to be a number.", field=name)
    return int(said)


def _read_metadata(header: str) -> dict[str, str]:
    """`key base64,key base64`; a key may stand alone."""
    fields = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        key, _, value = pair.partition(" ")
        try:
            fields[key] = base64.b64decode(value, validate=True).decode()
        except ValueError:
            raise Invalid(f"“{key[:40]}” is not base64 of UTF-8 text.", field="Upload-Metadata") from None
    return fields
