"""A whiteboard of thousands of strokes, and a wall of hundreds of cards, while a class writes. Tables and JSON lines.

    python benchmarks/boards.py [--strokes 5000] [--cards 500] [--writers 30] [--seconds 10] [--only board wall peer]

Needs Chromium and the built client (`make client`). Measured in the page: frames by `requestAnimationFrame`, work of
the main thread over 50 ms by `PerformanceObserver` (long tasks), and from the navigation until the board's canvas
stands still. The writers are in this process: on the board each draws a stroke a second, sent in ten parts; on the wall
each changes its card 1.6 times a second, which is what the hub lets one person do. The peer is Excalidraw, with the
same strokes in the same browser, drawn on by as many at the same pace (`board_peer.py`); npm fetches it the first time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

import aiohttp  # noqa: E402
import board_peer  # noqa: E402
from playwright.async_api import Browser, Page, async_playwright  # noqa: E402
from pycrdt import Array, Doc, Map  # noqa: E402

from crdt_docs.content.order_key import key_between  # noqa: E402
from crdt_docs.content.polyline import pack  # noqa: E402
from hub.demo import PASSWORD  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS  # noqa: E402
from tests.hub.yjs_client import YjsClient  # noqa: E402
from tests.hub_process import HubProcess  # noqa: E402

AT_ONCE = 250
"""Strokes in one update: below the hub's limit for one."""
WIDTH, HEIGHT = 4000, 3000
GROW_EVERY_S = 0.1
CARD_EVERY_S = 0.62

WATCH = """
  window.__frames = []; window.__long = [];
  const step = (now) => { window.__frames.push(now); requestAnimationFrame(step); };
  requestAnimationFrame(step);
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.__long.push(entry.duration);
  }).observe({ entryTypes: ['longtask'] });
"""
BOARD, PEER = "[role=application] canvas", "canvas.static"
STANDS_STILL = """async (which) => {
  const small = document.createElement('canvas');
  small.width = small.height = 48;
  const context = small.getContext('2d', { willReadFrequently: true });
  let last = -1, since = performance.now(), first = null;
  for (;;) {
    await new Promise(requestAnimationFrame);
    const canvas = document.querySelector(which);
    if (!canvas || canvas.width < 50) continue;
    context.clearRect(0, 0, 48, 48);
    context.drawImage(canvas, 0, 0, 48, 48);
    let sum = 0;
    for (const value of context.getImageData(0, 0, 48, 48).data) sum += value;
    const now = performance.now();
    if (sum !== last) { last = sum; since = now; if (sum > 0) first ??= now; }
    if (sum > 0 && now - since > 1500) return { first, still: since };
  }
}"""


def stroke(random_: random.Random, points: int = 40) -> list[tuple[int, int]]:
    x, y = random_.randrange(WIDTH), random_.randrange(HEIGHT)
    drawn = [(x, y)]
    for _ in range(points):
        x, y = x + random_.randint(-9, 12), y + random_.randint(-9, 9)
        drawn.append((x, y))
    return drawn


def look(random_: random.Random) -> dict[str, Any]:
    return {"type": "pen", "tint": random_.randint(1, 6), "width": random_.choice([4, 8])}


class Writers:
    """A class at one hub: signed in, each with sockets of their own."""

    def __init__(self, hub: HubProcess) -> None:
        self.hub = hub
        self.sessions: list[aiohttp.ClientSession] = []
        self.sizes: list[int] = []

    async def sign_in(self, count: int) -> None:
        for _ in range(count):
            session = aiohttp.ClientSession(headers={"Origin": self.hub.url}, cookie_jar=aiohttp.CookieJar(unsafe=True))
            self.sessions.append(session)
            body = {"name": "teacher.es", "password": PASSWORD}
            async with session.post(f"{self.hub.url}/api/v1/login", json=body) as reply:
                assert reply.status == 200, await reply.text()

    async def close(self) -> None:
        await asyncio.gather(*(session.close() for session in self.sessions))

    async def make(self, kind: str) -> str:
        twinspaces = f"{self.hub.url}/api/v1/twinspaces/demo-rivers/contents"
        async with self.sessions[0].post(twinspaces, json={"kind": kind, "title": "Many"}) as reply:
            assert reply.status == 201, await reply.text()
            return str((await reply.json())["id"])

    async def fill_board(self, board_id: str, strokes: int) -> int:
        random_, doc = random.Random(1), Doc(client_id=1)
        objects, key = doc.get("objects", type=Map), None
        async with self.sessions[0].ws_connect(f"{self.hub.url}/yjs/{board_id}") as socket:
            client = YjsClient(socket)
            for first in range(0, strokes, AT_ONCE):
                before = doc.get_state()
                with doc.transaction():
                    for number in range(first, min(strokes, first + AT_ONCE)):
                        key = key_between(key, None)
                        points = pack(stroke(random_), (0, 0))
                        fields = {"look": look(random_), "points": Array([points]), "order": key}
                        objects[f"s{number}"] = Map(fields)
                await client.update(doc.get_update(before))
                await client.sync()
        return len(doc.get_update())

    async def draw(self, number: int, board_id: str, until: float) -> None:
        random_, doc = random.Random(number + 100), Doc(client_id=number + 1000)
        objects = doc.get("objects", type=Map)
        async with self.sessions[number].ws_connect(f"{self.hub.url}/yjs/{board_id}") as socket:
            reader = asyncio.create_task(_drain(socket))
            client, count = YjsClient(socket), 0
            await asyncio.sleep(random_.random() * GROW_EVERY_S)
            while time.monotonic() < until:
                points = stroke(random_, 60)
                fields = {"look": look(random_), "points": Array(), "order": f"z{number:02}{count:04}V"}
                id_, last = f"w{number}-{count}", (0, 0)
                for part in range(10):
                    before = doc.get_state()
                    with doc.transaction():
                        if part == 0:
                            objects[id_] = Map(fields)
                        piece = points[part * 6 : part * 6 + 6]
                        objects[id_]["points"].append(pack(piece, last))
                        last = piece[-1]
                    update = doc.get_update(before)
                    self.sizes.append(len(update))
                    await client.update(update)
                    await asyncio.sleep(GROW_EVERY_S)
                count += 1
            reader.cancel()

    async def fill_wall(self, wall_id: str, cards: int) -> None:
        async def post(session: aiohttp.ClientSession, numbers: range) -> None:
            for number in numbers:
                body = {
                    "client_card_id": f"c{number}",
                    "title": f"Card {number}",
                    "text": "What we found by the river today. " * 3,
                    "tint": number % 6 + 1,
                }
                path = f"{self.hub.url}/api/v1/walls/{wall_id}/cards"
                while True:
                    async with session.post(path, json=body) as reply:
                        if reply.status == 201:
                            break
                        assert reply.status in (429, 503), await reply.text()
                    await asyncio.sleep(0.5)

        each = -(-cards // len(self.sessions))
        await asyncio.gather(
            *(
                post(session, range(place * each, min(cards, (place + 1) * each)))
                for place, session in enumerate(self.sessions)
            )
        )

    async def write_cards(self, number: int, wall_id: str, until: float) -> None:
        count = 0
        while time.monotonic() < until:
            path = f"{self.hub.url}/api/v1/walls/{wall_id}/cards/c{number * 7}"
            async with self.sessions[number].patch(path, json={"text": f"Written anew, {count} times"}) as reply:
                assert reply.status in (200, 429, 503), await reply.text()
            count += 1
            await asyncio.sleep(CARD_EVERY_S)


async def _drain(socket: aiohttp.ClientWebSocketResponse) -> None:
    async for _ in socket:
        pass


async def frames(page: Page, seconds: float) -> dict[str, float]:
    """What the page did in these seconds."""
    await page.evaluate("() => { window.__frames = []; window.__long = []; }")
    await asyncio.sleep(seconds)
    took: list[float] = await page.evaluate("window.__frames")
    long: list[float] = await page.evaluate("window.__long")
    gaps = [after - before for before, after in zip(took, took[1:], strict=False)]
    return {
        "frames_per_s": round((len(took) - 1) / ((took[-1] - took[0]) / 1000), 1),
        "frame_p95_ms": round(statistics.quantiles(gaps, n=20)[-1], 1),
        "frame_max_ms": round(max(gaps), 1),
        "long_tasks": len(long),
        "longest_task_ms": round(max(long, default=0), 1),
    }


async def open_page(browser: Browser, hub: HubProcess) -> Page:
    context = await browser.new_context(base_url=hub.url, viewport={"width": 1280, "height": 800})
    # The peer's page asks a stranger for its fonts.
    await context.route(lambda url: "//127.0.0.1" not in url, lambda route: route.abort())
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.evaluate(
        "body => fetch('/api/v1/login', {method: 'POST', headers: {'Content-Type': 'application/json'}, body})",
        json.dumps({"name": "teacher.es", "password": PASSWORD}),
    )
    await page.add_init_script(WATCH)
    return page


async def pan(page: Page, seconds: float) -> None:
    """The hand moves the board to and fro."""
    await page.keyboard.press("h")
    until = time.monotonic() + seconds
    await page.mouse.move(700, 500)
    await page.mouse.down()
    step = 0
    while time.monotonic() < until:
        step += 1
        await page.mouse.move(700 + 250 * ((step // 30) % 2) + step % 30, 500 + step % 60)
        await asyncio.sleep(1 / 60)
    await page.mouse.up()


async def measure_board(page: Page, writers: Writers, arguments: argparse.Namespace) -> None:
    board_id = await writers.make("whiteboard")
    encoded = await writers.fill_board(board_id, arguments.strokes)
    await page.goto(f"/s/demo-rivers/board/{board_id}", wait_until="domcontentloaded")
    opened = await page.evaluate(STANDS_STILL, BOARD)
    say("board opened", {"encoded_bytes": encoded, **{name: round(value) for name, value in opened.items()}})
    say("board at rest", await frames(page, arguments.seconds))
    until = time.monotonic() + 3 * arguments.seconds + 3
    drawing = [asyncio.create_task(writers.draw(number, board_id, until)) for number in range(1, arguments.writers + 1)]
    await asyncio.sleep(2)
    say(f"board, {arguments.writers} draw", await frames(page, arguments.seconds))
    await page.locator("[role=application]").focus()
    moving = asyncio.create_task(pan(page, arguments.seconds))
    say(f"board, {arguments.writers} draw, moved about", await frames(page, arguments.seconds))
    await moving
    await asyncio.gather(*drawing)
    sizes = writers.sizes
    say("bytes of a change", {"median": statistics.median(sizes), "mean": round(statistics.mean(sizes), 1)})


async def measure_peer(page: Page, arguments: argparse.Namespace) -> None:
    random_ = random.Random(1)
    strokes = [{"id": f"s{number}", "points": stroke(random_), **look(random_)} for number in range(arguments.strokes)]
    async with board_peer.serve(strokes, stroke) as peer:
        await page.goto(peer.url, wait_until="domcontentloaded")
        opened = await page.evaluate(STANDS_STILL, PEER)
        say("peer opened", {name: round(value) for name, value in opened.items()})
        say("peer at rest", await frames(page, arguments.seconds))
        until = time.monotonic() + 3 * arguments.seconds + 3
        drawing = [
            asyncio.create_task(peer.draw(number, until, GROW_EVERY_S)) for number in range(1, arguments.writers + 1)
        ]
        await asyncio.sleep(2)
        say(f"peer, {arguments.writers} draw", await frames(page, arguments.seconds))
        moving = asyncio.create_task(pan(page, arguments.seconds))
        say(f"peer, {arguments.writers} draw, moved about", await frames(page, arguments.seconds))
        await moving
        await asyncio.gather(*drawing)
        sizes = peer.sizes
        say("peer, bytes of a change", {"median": statistics.median(sizes), "mean": round(statistics.mean(sizes), 1)})
        await page.goto("about:blank")


async def measure_wall(page: Page, writers: Writers, arguments: argparse.Namespace) -> None:
    wall_id = await writers.make("wall")
    await writers.fill_wall(wall_id, arguments.cards)
    await page.goto("/desk")
    started = time.monotonic()
    await page.goto(f"/s/demo-rivers/wall/{wall_id}", wait_until="domcontentloaded")
    await page.locator("[data-card]").first.wait_for()
    say("wall opened", {"first_card_ms": round((time.monotonic() - started) * 1000)})
    await page.wait_for_function(f"document.querySelectorAll('[data-card]').length >= {arguments.cards}")
    say("wall at rest", await frames(page, arguments.seconds))
    until = time.monotonic() + arguments.seconds + 2
    writing = [
        asyncio.create_task(writers.write_cards(number, wall_id, until)) for number in range(1, arguments.writers + 1)
    ]
    await asyncio.sleep(1)
    say(f"wall, {arguments.writers} write", await frames(page, arguments.seconds))
    await asyncio.gather(*writing)


def say(what: str, figures: dict[str, Any]) -> None:
    print(f"{what:42}", "  ".join(f"{name} {value}" for name, value in figures.items()))
    print(json.dumps({"what": what, **figures}), flush=True)


async def main() -> None:
    parser = argparse.ArgumentParser()
    for name, default in (("strokes", 5000), ("cards", 500), ("writers", 30), ("seconds", 10)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--only", nargs="+", choices=("board", "peer", "wall"), default=("board", "peer", "wall"))
    arguments = parser.parse_args()
    if "peer" in arguments.only:
        board_peer.install()
    print("load average", os.getloadavg())
    with tempfile.TemporaryDirectory() as folder:
        async with HubProcess(Path(folder) / "data") as hub, async_playwright() as playwright:
            executable = shutil.which("chromium")
            browser = await playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
            writers = Writers(hub)
            try:
                await writers.sign_in(arguments.writers + 1)
                page = await open_page(browser, hub)
                if "board" in arguments.only:
                    await measure_board(page, writers, arguments)
                if "peer" in arguments.only:
                    await measure_peer(page, arguments)
                if "wall" in arguments.only:
                    await measure_wall(page, writers, arguments)
            finally:
                await writers.close()
                await browser.close()
    print("load average", os.getloadavg())


if __name__ == "__main__":
    asyncio.run(main())
