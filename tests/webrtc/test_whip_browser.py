"""A page with nothing but `fetch` and RTCPeerConnection: WHIP, WHEP, and an ICE restart by PATCH, in real Chromium."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from playwright.async_api import async_playwright

from tests.hub_process import HubProcess

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

FLAGS = (
    "--no-sandbox",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)

CLIENT = """(token) => {
  const headers = (type, more = {}) => ({ Authorization: `Bearer ${token}`, 'Content-Type': type, ...more });
  window.open_ = async (path, pc) => {
    await pc.setLocalDescription();
    const body = pc.localDescription.sdp;
    const reply = await fetch(path, { method: 'POST', headers: headers('application/sdp'), body });
    if (reply.status !== 201) throw new Error(await reply.text());
    await pc.setRemoteDescription({ type: 'answer', sdp: await reply.text() });
    return { location: reply.headers.get('Location'), etag: reply.headers.get('ETag') };
  };
  const line = (sdp, name) => sdp.match(new RegExp(`a=${name}:\\\\S+`))[0];
  const fragmentOf = (sdp) => [line(sdp, 'ice-ufrag'), line(sdp, 'ice-pwd'), 'm=audio 9 RTP/AVP 0', 'a=mid:0',
    ...sdp.split('\\r\\n').filter((one) => one.startsWith('a=candidate')).slice(0, 8)].join('\\r\\n') + '\\r\\n';
  const patch = (session, sdp, ifMatch) => fetch(session.location, { method: 'PATCH', body: fragmentOf(sdp),
    headers: headers('application/trickle-ice-sdpfrag', { 'If-Match': ifMatch }) });
  window.trickle = async (session, pc) => (await patch(session, pc.localDescription.sdp, session.etag)).status;
  window.restart = async (session, pc) => {
    pc.restartIce();
    await pc.setLocalDescription();
    const reply = await patch(session, pc.localDescription.sdp, '*');
    if (reply.status !== 200) throw new Error(await reply.text());
    const theirs = await reply.text();
    let answer = pc.remoteDescription.sdp;
    for (const name of ['ice-ufrag', 'ice-pwd'])
      answer = answer.replaceAll(new RegExp(`a=${name}:\\\\S+`, 'g'), line(theirs, name));
    await pc.setRemoteDescription({ type: 'answer', sdp: answer });
    return { ...session, etag: reply.headers.get('ETag') };
  };
  window.frames = async (pc) => {
    for (const report of (await pc.getStats()).values())
      if (report.type === 'inbound-rtp' && report.kind === 'video') return report.framesDecoded ?? 0;
    return 0;
  };
  window.more = async (pc, count) => {
    const start = await frames(pc), deadline = performance.now() + 60000;
    while ((await frames(pc)) < start + count) {
      if (performance.now() > deadline) throw new Error(`only ${(await frames(pc)) - start} frames`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  };
}"""

MEET = """async (room) => {
  const stream = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width: 320, height: 240 } });
  window.up = new RTCPeerConnection();
  for (const track of stream.getTracks()) up.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  window.publishing = await open_(`/whip/${room}?name=camera`, up);
  window.down = new RTCPeerConnection();
  const received = new MediaStream();
  for (const kind of ['audio', 'video'])
    received.addTrack(down.addTransceiver(kind, { direction: 'recvonly' }).receiver.track);
  const video = document.createElement('video');
  video.muted = video.autoplay = true;
  video.srcObject = received;
  document.body.append(video);
  window.watching = await open_(`/whep/${room}/camera`, down);
  await more(down, 10);
}"""


async def room_of(hub: HubProcess, token: str) -> str:
    async with aiohttp.ClientSession(headers={"Authorization": f"Bearer {token}"}) as http:

        async def get(path: str) -> Any:
            async with http.get(hub.url + path) as reply:
                return await reply.json()

        twinspace = (await get("/api/v1/twinspaces"))["twinspaces"][0]
        rooms = await get(f"/api/v1/twinspaces/{twinspace['id']}/rooms")
        room_id: str = rooms["rooms"][0]["id"]
        return room_id


async def test_a_plain_page_publishes_watches_and_restarts_ice(tmp_path: Path) -> None:
    chromium = shutil.which("chromium")
    assert chromium, "The tests need Chromium: sh tests/install_services.sh"
    async with HubProcess(tmp_path / "data") as hub, async_playwright() as playwright:
        token = await hub.token("teacher.es")
        room = await room_of(hub, token)
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        try:
            page = await browser.new_page()
            await page.goto(f"{hub.url}/healthz")
            await page.evaluate(CLIENT, token)
            await page.evaluate(MEET, room)
            assert await page.evaluate("trickle(publishing, up)") == 204
            former = await page.evaluate("[publishing.etag, watching.etag]")
            await page.evaluate("restart(publishing, up).then((session) => { window.publishing = session; })")
            await page.evaluate("restart(watching, down).then((session) => { window.watching = session; })")
            assert await page.evaluate("[publishing.etag, watching.etag]") != former
            await page.evaluate("more(down, 20)")
            assert await page.evaluate("trickle(publishing, up)") == 204
            assert await page.evaluate("[up.connectionState, down.connectionState]") == ["connected", "connected"]
        finally:
            await browser.close()
