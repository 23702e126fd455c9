"""Real browsers on a line that loses packets: what is lost comes again as RTX, both ways."""

from __future__ import annotations

from pathlib import Path

from playwright.async_api import Page

from tests.network.link import Link
from tests.webrtc.meeting import ROOM, Meeting, open_meeting, user
from tests.webrtc.test_browsers import two_pages

STATISTICS = """async (which) => {
  const names = ['ssrc', 'rtxSsrc', 'packetsSent', 'packetsReceived', 'packetsLost', 'nackCount', 'pliCount',
    'retransmittedPacketsSent', 'retransmittedPacketsReceived', 'framesEncoded', 'framesDecoded', 'keyFramesDecoded',
    'frameHeight', 'active', 'qualityLimitationReason'];
  const found = [];
  for (const report of (await window[which].getStats()).values())
    if (['inbound-rtp', 'outbound-rtp'].includes(report.type) && report.kind === 'video')
      found.push(Object.fromEntries(names.filter((name) => name in report).map((name) => [name, report[name]])));
  return found;
}"""


async def until_repaired(page: Page, which: str, counter: str, least: int, meeting: Meeting) -> None:
    """Return once so many packets came again in a stream of their own; else say what the streams did."""
    start = now = await page.evaluate(STATISTICS, which)
    for _ in range(600):
        if any(stream.get(counter, 0) >= least and stream.get("rtxSsrc") for stream in now):
            return
        await page.wait_for_timeout(100)
        now = await page.evaluate(STATISTICS, which)
    told = [payload for _, event, payload in meeting.announcements.told if event == "room:line"]
    raise AssertionError(f"{counter} of {which} stays under {least}: {start} then {now}; the hub told of lines: {told}")


async def test_LO3_and_LO6_what_a_line_loses_comes_again_both_ways(tmp_path: Path) -> None:
    async with Link() as link, open_meeting(addresses=link.near) as meeting:
        behind = str(link.wrap("/usr/bin/chromium", tmp_path))
        async with two_pages(meeting, host=link.near, executable=behind) as (ana, ola):
            meeting.rooms.join(ROOM, "ana", user("ana"), None)
            meeting.rooms.join(ROOM, "ola", user("ola"), None)
            link.shape(delay_s=0.01, loss=0.04)
            (track_id,) = (await ana.evaluate("send('camera')")).values()
            await ola.evaluate(f"watch('video', '{track_id}')")
            await until_repaired(ana, "up", "retransmittedPacketsSent", 10, meeting)
            await until_repaired(ola, "down", "retransmittedPacketsReceived", 10, meeting)
            start = await ola.evaluate("pictureOf(0)")
            await ola.evaluate("moreFramesOf(0, 60)")
            end = await ola.evaluate("pictureOf(0)")
            assert end["keyFramesDecoded"] - start["keyFramesDecoded"] <= 2, "repaired, not begun anew"
