"""Two real browsers meet: each sees moving pictures and hears sound of the other, through a real media process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from tests.webrtc.meeting import ROOM, Meeting, open_meeting, user

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]

PAGE = """<!doctype html><title>meeting</title><script>
async function exchange(pc, url) {
  await pc.setLocalDescription();
  const response = await fetch(url, {method: 'POST', headers: {'Content-Type': 'application/sdp'},
                                     body: pc.localDescription.sdp});
  if (!response.ok) throw new Error(await response.text());
  await pc.setRemoteDescription({type: 'answer', sdp: await response.text()});
}
async function publish(name) {
  const stream = await navigator.mediaDevices.getUserMedia({audio: true, video: {width: 320, height: 240}});
  window.up = new RTCPeerConnection();
  for (const track of stream.getTracks()) up.addTransceiver(track, {direction: 'sendonly', streams: [stream]});
  await exchange(up, '/whip?name=' + name);
}
async function view(name) {
  window.down = new RTCPeerConnection();
  const stream = new MediaStream();
  for (const kind of ['audio', 'video'])
    stream.addTrack(down.addTransceiver(kind, {direction: 'recvonly'}).receiver.track);
  const video = document.createElement('video');
  video.autoplay = true;
  video.srcObject = stream;
  document.body.append(video);
  await exchange(down, '/whep?name=' + name);
}
async function received() {
  const found = {frames: 0, energy: 0, keyframes: 0, lost: 0};
  for (const report of (await down.getStats()).values()) {
    if (report.type !== 'inbound-rtp') continue;
    found.frames += report.framesDecoded ?? 0;
    found.keyframes += report.keyFramesDecoded ?? 0;
    found.energy += report.totalAudioEnergy ?? 0;
    found.lost += report.packetsLost ?? 0;
  }
  return found;
}
async function receivedAtLeast(frames) {
  const deadline = performance.now() + 30000;
  for (;;) {
    const found = await received();
    if (found.frames >= frames && found.energy > 0) return found;
    if (performance.now() > deadline) throw new Error('only ' + JSON.stringify(found));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
</script>"""


@asynccontextmanager
async def serve(meeting: Meeting) -> AsyncIterator[str]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def whip(request: web.Request) -> web.Response:
        name = request.query["name"]
        _, answer = await meeting.rooms.whip(ROOM, user(name), name, await request.text())
        return web.Response(text=answer, status=201)

    async def whep(request: web.Request) -> web.Response:
        _, answer = await meeting.rooms.whep(ROOM, user("viewer"), [request.query["name"]], await request.text())
        return web.Response(text=answer, status=201)

    app = web.Application()
    app.add_routes([web.get("/", page), web.post("/whip", whip), web.post("/whep", whep)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://localhost:{port}/"
    finally:
        await runner.cleanup()


async def open_page(context: object, url: str) -> Page:
    page: Page = await context.new_page()  # type: ignore[attr-defined]
    await page.goto(url)
    return page


async def wait_until_received(page: Page, least_frames: float) -> dict[str, float]:
    """Resolve once so many frames were decoded and there was sound; fail after 30 s with what came instead."""
    result: dict[str, float] = await page.evaluate(f"receivedAtLeast({least_frames})")
    return result


async def test_two_browsers_see_and_hear_each_other() -> None:
    chromium = shutil.which("chromium")
    assert chromium is not None
    flags = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with open_meeting() as meeting, serve(meeting) as url, async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        ana, ola = await open_page(browser, url), await open_page(browser, url)
        await ana.evaluate("publish('ana')")
        await ola.evaluate("publish('ola')")
        await ana.evaluate("view('ola')")
        await ola.evaluate("view('ana')")
        first = [await wait_until_received(page, 30) for page in (ana, ola)]
        for page, seen in zip((ana, ola), first, strict=True):
            later = await wait_until_received(page, seen["frames"] + 30)
            assert later["keyframes"] >= 1
            assert later["energy"] > seen["energy"]
        await browser.close()
