"""Two real browsers meet: each sees moving pictures and hears sound of the other, through a real media process."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from playwright.async_api import Page, async_playwright

from hub.payloads.rooms import PublishedMedia, TrackPreference, WantedTrack
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
async function negotiate(pc, path, tracks) {
  await pc.setLocalDescription();
  const body = JSON.stringify({sdp: pc.localDescription.sdp, tracks: tracks()});
  const response = await fetch(path, {method: 'POST', body});
  if (!response.ok) throw new Error(await response.text());
  const answer = await response.json();
  await pc.setRemoteDescription({type: 'answer', sdp: answer.sdp});
  return answer.tracks;
}
let sent = [];
async function send(source) {
  window.up ??= new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const audio = source === 'microphone';
  const stream = await navigator.mediaDevices.getUserMedia(audio ? {audio} : {video: true});
  sent.push({source, transceiver: up.addTransceiver(stream.getTracks()[0], {direction: 'sendonly'})});
  return await publishAll();
}
async function sendLayers(width, height, layers) {
  window.up ??= new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const stream = await navigator.mediaDevices.getUserMedia({video: {width, height}});
  const transceiver = up.addTransceiver(stream.getTracks()[0], {direction: 'sendonly', sendEncodings: layers});
  sent.push({source: 'camera', transceiver});
  return await publishAll();
}
const prefer = (trackId, maxHeight, visible = true) => fetch('/prefer?session=ola', {method: 'POST',
  body: JSON.stringify([{track_id: trackId, max_height: maxHeight, visible}])});
async function stop(source) {
  sent.find((one) => one.source === source).transceiver.direction = 'inactive';
  sent = sent.filter((one) => one.source !== source);
  return await publishAll();
}
const publishAll = () => negotiate(up, '/publish?session=ana', () =>
  sent.map(({source, transceiver}) => ({mid: transceiver.mid, source, muted: false})));
const watched = [];
async function watch(kind, trackId) {
  window.down ??= new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const transceiver = down.addTransceiver(kind, {direction: 'recvonly'});
  const element = document.createElement(kind);
  element.autoplay = true;
  element.srcObject = new MediaStream([transceiver.receiver.track]);
  document.body.append(element);
  watched.push({transceiver, trackId});
  await watchAll();
}
const watchAll = () => negotiate(down, '/subscribe?session=ola', () =>
  watched.map(({transceiver, trackId}) => ({mid: transceiver.mid, track_id: trackId})));
async function restartIce(pc, again) {
  const before = pc.remoteDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1];
  pc.restartIce();
  await again();
  return before !== pc.remoteDescription.sdp.match(/a=ice-ufrag:(\\S+)/)[1];
}
async function pictureOf(index) {
  for (const report of (await watched[index].transceiver.receiver.getStats()).values())
    if (report.type === 'inbound-rtp') return report;
}
async function sentLayers() {
  const found = {};
  for (const report of (await up.getStats()).values())
    if (report.type === 'outbound-rtp') found[report.rid] = report;
  return found;
}
function forgetSent() {
  up.close();
  window.up = null;
  sent = [];
}
async function estimateReaches(least_bps, within_ms) {
  const deadline = performance.now() + within_ms;
  for (let last = 0; last < least_bps; ) {
    if (performance.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
    for (const report of (await up.getStats()).values())
      if (report.type === 'candidate-pair' && report.nominated) last = report.availableOutgoingBitrate ?? 0;
  }
  return true;
}
async function pictureOfHeight(index, least, most, frames) {
  const deadline = performance.now() + 60000;
  for (let seen = null; ; ) {
    const picture = await pictureOf(index);
    const fits = picture?.frameHeight >= least && picture.frameHeight <= most;
    seen = fits ? (seen ?? picture.framesDecoded) : null;
    if (seen !== null && picture.framesDecoded >= seen + frames) return picture;
    if (performance.now() > deadline) throw new Error('only ' + JSON.stringify(picture));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
async function framesOf(index) {
  for (const report of (await watched[index].transceiver.receiver.getStats()).values())
    if (report.type === 'inbound-rtp') return report.framesDecoded ?? 0;
  return 0;
}
async function moreFramesOf(index, count) {
  const deadline = performance.now() + 30000, start = await framesOf(index);
  while (await framesOf(index) < start + count) {
    if (performance.now() > deadline) throw new Error('only ' + (await framesOf(index) - start));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
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
async def serve(meeting: Meeting, host: str = "localhost") -> AsyncIterator[str]:
    async def page(request: web.Request) -> web.Response:
        return web.Response(text=PAGE, content_type="text/html")

    async def whip(request: web.Request) -> web.Response:
        name = request.query["name"]
        _, answer = await meeting.http.whip(ROOM, user(name), name, await request.text())
        return web.Response(text=answer, status=201)

    async def whep(request: web.Request) -> web.Response:
        _, answer = await meeting.http.whep(ROOM, user("viewer"), [request.query["name"]], await request.text())
        return web.Response(text=answer, status=201)

    async def publish(request: web.Request) -> web.Response:
        wishes = await request.json()
        tracks = [PublishedMedia.model_validate(track) for track in wishes["tracks"]]
        sdp, ids = await meeting.rooms.publish(ROOM, request.query["session"], wishes["sdp"], tracks)
        return web.json_response({"sdp": sdp, "tracks": ids})

    async def subscribe(request: web.Request) -> web.Response:
        wishes = await request.json()
        tracks = [WantedTrack.model_validate(track) for track in wishes["tracks"]]
        sdp, undecodable = await meeting.rooms.subscribe(ROOM, request.query["session"], wishes["sdp"], tracks)
        return web.json_response({"sdp": sdp, "tracks": undecodable})

    async def prefer(request: web.Request) -> web.Response:
        tracks = [TrackPreference.model_validate(track) for track in await request.json()]
        await meeting.rooms.prefer(ROOM, request.query["session"], tracks)
        return web.Response()

    app = web.Application()
    app.add_routes([web.get("/", page), web.post("/whip", whip), web.post("/whep", whep)])
    app.add_routes([web.post("/publish", publish), web.post("/subscribe", subscribe)])
    app.add_routes([web.post("/prefer", prefer)])
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1" if host == "localhost" else host, 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://{host}:{port}/"
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


@asynccontextmanager
async def two_pages(
    meeting: Meeting, *, host: str = "localhost", executable: str = "chromium"
) -> AsyncIterator[tuple[Page, Page]]:
    chromium = shutil.which(executable)
    assert chromium is not None
    flags = [
        "--no-sandbox",
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
    ]
    async with serve(meeting, host) as url, async_playwright() as playwright:
        # A camera wants a secure context, which plain HTTP to another host is not.
        flags.append(f"--unsafely-treat-insecure-origin-as-secure={url.rstrip('/')}")
        browser = await playwright.chromium.launch(executable_path=chromium, args=flags)
        yield await open_page(browser, url), await open_page(browser, url)
        await browser.close()


async def test_two_browsers_see_and_hear_each_other() -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        await ana.evaluate("publish('ana')")
        await ola.evaluate("publish('ola')")
        await ana.evaluate("view('ola')")
        await ola.evaluate("view('ana')")
        first = [await wait_until_received(page, 30) for page in (ana, ola)]
        for page, seen in zip((ana, ola), first, strict=True):
            later = await wait_until_received(page, seen["frames"] + 30)
            assert later["keyframes"] >= 1
            assert later["energy"] > seen["energy"]


async def test_SD7_and_IC6_a_meeting_changes_on_the_same_connections() -> None:
    """Tracks come and go by renegotiation, a mute holds, and an ICE restart is not noticed."""
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        meeting.rooms.join(ROOM, "ana", user("ana"), None)
        meeting.rooms.join(ROOM, "ola", user("ola"), None)
        ids = await ana.evaluate("send('microphone')")
        await ola.evaluate(f"watch('audio', '{ids['0']}')")
        ids = await ana.evaluate("send('camera')")
        await ola.evaluate(f"watch('video', '{ids['1']}')")
        await ola.evaluate("moreFramesOf(1, 20)")
        ids = await ana.evaluate("send('screen')")
        await ola.evaluate(f"watch('video', '{ids['2']}')")
        await ola.evaluate("moreFramesOf(2, 20)")
        assert (await meeting.media.stats())["connections"] == 2

        await meeting.rooms.mute(ROOM, "ana", ids["1"], True)
        frames = await ola.evaluate("moreFramesOf(2, 10).then(() => framesOf(1))")
        await ola.evaluate("moreFramesOf(2, 20)")
        assert await ola.evaluate("framesOf(1)") == frames
        await meeting.rooms.mute(ROOM, "ana", ids["1"], False)
        await ola.evaluate("moreFramesOf(1, 20)")

        assert await ana.evaluate("restartIce(up, publishAll)")
        assert await ola.evaluate("restartIce(down, watchAll)")
        await ola.evaluate("moreFramesOf(1, 40)")

        await ana.evaluate("stop('camera')")
        await ola.evaluate("watchAll()")
        assert await ola.evaluate("watched[1].transceiver.currentDirection") == "inactive"
        await ola.evaluate("moreFramesOf(2, 20)")
        states = [await ana.evaluate("up.connectionState"), await ola.evaluate("down.connectionState")]
        assert states == ["connected", "connected"]
        assert (await meeting.media.stats())["connections"] == 2
