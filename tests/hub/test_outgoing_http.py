"""Whom the hub itself asks over HTTP: nobody that an answer sends it to, and never more than it can use."""

from __future__ import annotations

import pytest
from aiohttp import web

from hub.outgoing_http import LARGEST_ANSWER_BYTES, HttpFailed, OutgoingHttp


async def test_the_hub_follows_nobody_elsewhere() -> None:
    """A server of the network that sends the hub away, says too much, or nothing that can be read."""
    asked: list[str] = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        match request.path:
            case "/away":
                raise web.HTTPFound("/private")
            case "/much":
                return web.json_response({"x": "x" * LARGEST_ANSWER_BYTES})
            case "/list":
                return web.json_response([])
        return web.Response(text="no JSON")

    app = web.Application()
    app.router.add_route("*", "/{path}", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    home = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        async with OutgoingHttp() as http:
            for path in ("/away", "/much", "/list", "/text"):
                with pytest.raises(HttpFailed):
                    await http.get_json(home + path)
            for url in ("http://192.0.2.1/", "ftp://localhost/", "file:///etc/passwd", "https://", "http://[", ""):
                with pytest.raises(HttpFailed, match="no https address"):
                    await http.get_json(url)
    finally:
        await runner.cleanup()
    assert asked == ["/away", "/much", "/list", "/text"]
