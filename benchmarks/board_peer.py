"""The board's peer, Excalidraw: its page with the same strokes, and a socket that brings it what a class draws.

Excalidraw sends a stroke whole each time it has grown, as JSON; so does this, without the encryption.
"""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp import web

FOLDER = Path(__file__).parent / "peers" / "board"
BUILT = FOLDER / "build"
PAGE = """<!doctype html><meta charset="utf-8"><title>Peer</title><link rel="stylesheet" href="/page.css">
<style>html, body, #root { margin: 0; height: 100% }</style>
<script>window.EXCALIDRAW_ASSET_PATH = '/assets/'</script>
<div id="root"></div><script type="module" src="/page.js"></script>"""
COLOURS = ("#1e1e1e", "#e03131", "#2f9e44", "#1971c2", "#f08c00", "#9c36b5")

Points = list[tuple[int, int]]
Stroke = Callable[[random.Random, int], Points]


def install() -> None:
    """Fetch the peer and bundle its page, unless that was done."""
    if not (FOLDER / "node_modules" / "@excalidraw").exists():
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=FOLDER, check=True)
    options = ("--bundle", "--minify", "--format=esm", '--define:process.env.NODE_ENV="production"')
    loaders = ("--loader:.woff2=dataurl", "--loader:.ttf=dataurl", "--conditions=production")
    command = ("node_modules/.bin/esbuild", "page.jsx", *options, *loaders, f"--outdir={BUILT}", "--log-level=error")
    subprocess.run(command, cwd=FOLDER, check=True)


class Peer:
    """Serves the page; `draw` draws into every page that is open."""

    def __init__(self, strokes: list[dict[str, Any]], stroke: Stroke) -> None:
        self.url = ""
        self.sizes: list[int] = []
        self._strokes = strokes
        self._stroke = stroke
        self._sockets: set[web.WebSocketResponse] = set()

    async def draw(self, number: int, until: float, every_s: float) -> None:
        """A stroke a second in ten parts, as the hub's board is drawn on."""
        random_, count = random.Random(number + 100), 0
        await asyncio.sleep(random_.random() * every_s)
        while time.monotonic() < until:
            points, tint, width = self._stroke(random_, 60), random_.randint(1, 6), random_.choice([4, 8])
            x, y = points[0]
            for part in range(1, 11):
                element = {
                    "id": f"w{number}-{count}",
                    "type": "freedraw",
                    "x": x,
                    "y": y,
                    "points": [[px - x, py - y] for px, py in points[: part * 6]],
                    "pressures": [],
                    "simulatePressure": True,
                    "strokeColor": COLOURS[tint - 1],
                    "strokeWidth": width // 2,
                    "version": part,
                    "versionNonce": random_.randrange(2**31),
                }
                message = json.dumps([element], separators=(",", ":"))
                self.sizes.append(len(message))
                for socket in list(self._sockets):
                    await socket.send_str(message)
                await asyncio.sleep(every_s)
            count += 1

    async def _page(self, request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def _read(self, request: web.Request) -> web.Response:
        return web.json_response(self._strokes)

    async def _follow(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            async for _ in socket:
                pass
        finally:
            self._sockets.discard(socket)
        return socket

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/", self._page)
        app.router.add_get("/strokes.json", self._read)
        app.router.add_get("/drawing", self._follow)
        app.router.add_static("/", BUILT)
        return app


@asynccontextmanager
async def serve(strokes: list[dict[str, Any]], stroke: Stroke) -> AsyncIterator[Peer]:
    peer = Peer(strokes, stroke)
    runner = web.AppRunner(peer.app())
    await runner.setup()
    try:
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        peer.url = f"http://{host}:{port}/"
        yield peer
    finally:
        await runner.cleanup()
