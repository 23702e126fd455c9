"""From the click on "join" to the first picture of somebody else, in Chromium. Prints a table and JSON lines.

    python benchmarks/join.py [--joins 20]

Needs Chromium and the built client (`make client`). One person is in a meeting with a camera; another opens the page
before the door, camera and microphone on, joins, sees the first picture, and leaves, again and again. Everything is in
the browsers' own figures: `performance.now()` at the click, and at the first `requestVideoFrameCallback` of a
video whose track comes over a connection. Both pages run in one Chromium with fake devices, each in its own process.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from playwright.async_api import Browser, async_playwright, expect  # noqa: E402

from hub.demo import PASSWORD  # noqa: E402
from tests.browser.conftest import CHROMIUM_FLAGS  # noqa: E402
from tests.browser.person import Person  # noqa: E402
from tests.hub_process import HubProcess  # noqa: E402

WAIT_MS = 30_000
TWINSPACE = "Rivers that join us"
STAGES = ("offered", "answered", "reached", "connected", "packets", "picture")
"""Of the connection that receives: when its offer and its answer were set, when ICE and DTLS were through, when the
first packet of the picture came (as `unmute` of its track), and when the picture was shown."""

WATCH = """
  window.__times = {};
  const note = (stage) => { window.__times[stage] ??= performance.now(); };
  const ours = [];
  const RTC = window.RTCPeerConnection;
  window.RTCPeerConnection = class extends RTC {
    constructor(...given) {
      super(...given);
      ours.push(this);
      const receives = () => this.getTransceivers().some((each) => each.direction === 'recvonly');
      this.addEventListener('iceconnectionstatechange', () => {
        if (this.iceConnectionState === 'connected' && receives()) note('reached');
      });
      this.addEventListener('connectionstatechange', () => {
        if (this.connectionState === 'connected' && receives()) note('connected');
      });
      this.addEventListener('track', ({ track }) => {
        if (track.kind === 'video') track.addEventListener('unmute', () => note('packets'));
      });
    }
    async setLocalDescription(...given) {
      await super.setLocalDescription(...given);
      if (this.getTransceivers().some((each) => each.direction === 'recvonly')) note('offered');
    }
    async setRemoteDescription(...given) {
      await super.setRemoteDescription(...given);
      if (this.getTransceivers().some((each) => each.direction === 'recvonly')) note('answered');
    }
  };
  const source = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'srcObject');
  Object.defineProperty(HTMLMediaElement.prototype, 'srcObject', {
    ...source,
    set(stream) {
      source.set.call(this, stream);
      const [track] = stream?.getVideoTracks() ?? [];
      const received = ours.some((each) => each.getReceivers().some((receiver) => receiver.track === track));
      if (track && received) this.requestVideoFrameCallback(() => { note('picture'); window.__shown?.(); });
    },
  });
"""
OWN_PICTURE = "[...document.querySelectorAll('video')].some((each) => each.videoWidth > 0)"
JOIN = """(words) => {
  const button = [...document.querySelectorAll('button')].find((each) => each.textContent.trim() === words);
  window.__times = { click: performance.now() };
  const shown = new Promise((resolve) => { window.__shown = () => resolve(window.__times); });
  button.click();
  return shown;
}"""


async def open_page(browser: Browser, hub: HubProcess) -> Person:
    context = await browser.new_context(base_url=hub.url, locale="en-GB")
    await context.grant_permissions(["camera", "microphone"])
    page = await context.new_page()
    page.set_default_timeout(WAIT_MS)
    await page.add_init_script(WATCH)
    return Person(page, "somebody")


async def measure(browser: Browser, hub: HubProcess, joins: int) -> list[dict[str, float]]:
    """Milliseconds from the click to each stage, for each join."""
    shown, viewer = await open_page(browser, hub), await open_page(browser, hub)
    await shown.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await shown.enter(TWINSPACE)
    await shown.join_meeting()
    await viewer.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    await viewer.enter(TWINSPACE)
    found = []
    # The first time the page loads what a meeting needs and asks for the devices: not counted.
    await viewer.join_meeting()
    for _ in range(joins):
        await viewer.button("call_leave").click()
        await viewer.page.get_by_role("link", name=re.compile(rf"^{re.escape(viewer.words('join'))}")).last.click()
        await expect(viewer.button("call_join")).to_be_enabled()
        # The camera's own picture is there before anybody would press the button.
        await viewer.until(lambda: viewer.page.evaluate(OWN_PICTURE), lambda: "one's own picture")
        times: dict[str, float] = await viewer.page.evaluate(JOIN, viewer.words("call_join"))
        found.append({stage: times[stage] - times["click"] for stage in STAGES if stage in times})
    return found


async def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--joins", type=int, default=20)
    options = parser.parse_args()
    executable = shutil.which("chromium")
    if executable is None:
        raise SystemExit("There is no Chromium: sh tests/install_services.sh")
    with tempfile.TemporaryDirectory() as folder:
        async with HubProcess(Path(folder) / "data") as hub, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
            found = await measure(browser, hub, options.joins)
            version = browser.version
            await browser.close()
    for each in found:
        print(json.dumps({stage: round(ms) for stage, ms in each.items()}), file=sys.stderr)
    print(f"Chromium {version}, {len(found)} joins, load average {os.getloadavg()[0]:.1f}; ms after the click\n")
    print("| stage | median | fastest | slowest |\n|---|---|---|---|")
    for stage in STAGES:
        times = [each[stage] for each in found if stage in each]
        print(f"| {stage} | {statistics.median(times):.0f} | {min(times):.0f} | {max(times):.0f} |")


if __name__ == "__main__":
    asyncio.run(main())
