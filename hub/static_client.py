"""The built web client: hashed assets for ever, the page itself fresh, and the page for every address of the app."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from aiohttp import web

from hub.errors import NotFound

FOLDER = Path(str(files("hub").joinpath("static")))
# Addresses that belong to programs: a wrong one is answered with an error, never with the page.
RESERVED = frozenset({"api", "yjs", "collab", "socket.io", "whip", "whep", "healthz", "readyz", "metrics", "assets"})
NOT_BUILT = "The web client is not built. Run `make client` in the source tree, or install the hub from its wheel.\n"
A_YEAR_S = 365 * 24 * 60 * 60


def respond(request: web.Request) -> web.StreamResponse:
    """The file or page for a GET that no route took. Raise NotFound.

    Besides the assets, files lie at the top alone: deeper down a dot belongs to a search or to an id.
    """
    folder = FOLDER
    path = request.path.lstrip("/")
    first, _, _ = path.partition("/")
    if first == "assets" or ("." in first and first not in RESERVED):
        return _file(path, folder)
    if first in RESERVED:
        raise NotFound
    page = folder / "index.html"
    if not page.is_file():
        return web.Response(status=503, text=NOT_BUILT)
    headers = {"Cache-Control": "no-cache"}
    if first in ("p", "shared"):
        # What a school opens to everybody is for whom it is told, unless it wants to be found.
        headers["X-Robots-Tag"] = "noindex, nofollow"
    return web.FileResponse(page, headers=headers)


def _file(path: str, folder: Path) -> web.StreamResponse:
    if "\x00" in path:
        raise NotFound
    found = (folder / path).resolve()
    if not found.is_relative_to(folder.resolve()) or not found.is_file():
        raise NotFound
    lasting = f"public, max-age={A_YEAR_S}, immutable" if path.startswith("assets/") else "no-cache"
    return web.FileResponse(found, headers={"Cache-Control": lasting})
