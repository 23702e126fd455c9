"""Real browsers with every codec: the picture arrives, changes its layer without a freeze, and survives loss."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Page

from tests.webrtc.meeting import ROOM, Meeting, open_meeting, user
from tests.webrtc.recorded_media import play, play_layers, recorded_meeting
from tests.webrtc.test_browsers import two_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SEND = """async ([mime, encodings, width, height]) => {
  window.up = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const stream = await navigator.mediaDevices.getUserMedia({video: {width, height}});
  const transceiver = up.addTransceiver(stream.getTracks()[0], {direction: 'sendonly', sendEncodings: encodings});
  const codecs = RTCRtpReceiver.getCapabilities('video').codecs.filter((codec) =>
    codec.mimeType === 'video/rtx' || (codec.mimeType === mime &&
      (!codec.sdpFmtpLine?.includes('profile-level-id') || /mode=1.*42e0/.test(codec.sdpFmtpLine))));
  transceiver.setCodecPreferences(codecs);
  if (transceiver.getHeaderExtensionsToNegotiate) {
    const extensions = transceiver.getHeaderExtensionsToNegotiate();
    for (const extension of extensions)
      if (extension.uri.includes('dependency-descriptor')) extension.direction = 'sendrecv';
    transceiver.setHeaderExtensionsToNegotiate(extensions);
  }
  sent.push({source: 'camera', transceiver});
  return await publishAll();
}"""

READ_DEPENDENCIES = """() => {
  const add = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function (...wanted) {
    const transceiver = add.apply(this, wanted);
    const extensions = transceiver.getHeaderExtensionsToNegotiate();
    for (const extension of extensions)
      if (extension.uri.includes('dependency-descriptor')) extension.direction = 'sendrecv';
    transceiver.setHeaderExtensionsToNegotiate(extensions);
    return transceiver;
  };
}"""

CODEC_OF = """async () => {
  const reports = await watched[0].transceiver.receiver.getStats();
  for (const report of reports.values())
    if (report.type === 'inbound-rtp') return reports.get(report.codecId).mimeType;
}"""


async def meet(meeting: Meeting, ana: Page, ola: Page, mime: str, encodings: list[dict[str, Any]]) -> str:
    meeting.rooms.join(ROOM, "ana", user("ana"), None)
    meeting.rooms.join(ROOM, "ola", user("ola"), None)
    (track_id,) = (await ana.evaluate(SEND, [mime, encodings, 640, 360])).values()
    await ola.evaluate(f"watch('video', '{track_id}')")
    return str(track_id)


async def move(ola: Page, track_id: str, moves: list[tuple[int | None, int, int]]) -> None:
    for height, least, most in moves:
        await ola.evaluate(f"prefer('{track_id}', {json.dumps(height)})")
        await ola.evaluate(f"pictureOfHeight(0, {least}, {most}, 30)")


@pytest.mark.parametrize("mime", ["video/H264", "video/VP9", "video/AV1"])
async def test_SD6_VC2_and_RE9_every_codec_is_seen_and_recorded(mime: str, tmp_path: Path) -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        track_id = await meet(meeting, ana, ola, mime, [{"maxBitrate": 500_000}])
        await ola.evaluate("moreFramesOf(0, 20)")
        async with recorded_meeting(meeting, [track_id], tmp_path) as path:
            await ola.evaluate("moreFramesOf(0, 40)")
        played = play(path.with_suffix(".mkv" if mime == "video/H264" else ".webm"))
        assert played.pictures >= 20 and played.size is not None and played.size[0] * 9 == played.size[1] * 16
        assert await ola.evaluate(CODEC_OF) == mime
        assert (await ola.evaluate("pictureOf(0)"))["pliCount"] <= 2


LAYERS = [
    {"rid": "h", "maxBitrate": 600_000, "scalabilityMode": "L1T1"},
    {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000, "scalabilityMode": "L1T1"},
]


@pytest.mark.parametrize("mime", ["video/H264", "video/VP9", "video/AV1"])
async def test_SI3_and_VC3_simulcast_of_every_codec_changes_without_a_freeze(mime: str) -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        track_id = await meet(meeting, ana, ola, mime, LAYERS)
        await ola.evaluate(f"prefer('{track_id}', 180)")
        start = await ola.evaluate("pictureOfHeight(0, 100, 180, 40)")
        await move(ola, track_id, [(None, 181, 360), (180, 100, 180), (360, 181, 360)])
        end = await ola.evaluate("pictureOf(0)")
        assert end["pliCount"] == start["pliCount"], "the decoder never had to ask for help"
        assert end["packetsLost"] == start["packetsLost"]


@pytest.mark.parametrize(
    ("mime", "mode"),
    [
        ("video/VP9", "L2T1"),
        ("video/VP9", "L3T3_KEY"),
        ("video/AV1", "L1T3"),
        ("video/AV1", "L2T1"),
        ("video/AV1", "L3T3_KEY"),
    ],
)
async def test_SV1_SV2_and_RE9_a_viewer_moves_between_scalable_layers(mime: str, mode: str, tmp_path: Path) -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        await ola.evaluate(READ_DEPENDENCIES)
        track_id = await meet(meeting, ana, ola, mime, [{"maxBitrate": 900_000, "scalabilityMode": mode}])
        await ola.evaluate("pictureOfHeight(0, 1, 360, 40)")
        if mode.startswith("L1"):
            await ola.evaluate("moreFramesOf(0, 60)")
            return
        start = await ola.evaluate("pictureOf(0)")
        await move(ola, track_id, [(180, 100, 180), (None, 181, 360), (180, 100, 180), (360, 181, 360)])
        end = await ola.evaluate("pictureOf(0)")
        assert end["pliCount"] == start["pliCount"], "the decoder never had to ask for help"
        assert end["packetsLost"] == start["packetsLost"]
        async with recorded_meeting(meeting, [track_id], tmp_path) as path:
            await ola.evaluate("moreFramesOf(0, 30)")
        if mime == "video/VP9":
            shown = play_layers(path.with_suffix(".webm"))
            assert len(shown) >= 20 and all(sizes and sizes[-1] == (640, 360) for sizes in shown)
        else:
            played = play(path.with_suffix(".webm"))
            assert played.pictures >= 20 and played.size == (640, 360)


async def test_SV7_a_browser_that_does_not_read_dependencies_still_sees_something() -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        await meet(meeting, ana, ola, "video/AV1", [{"maxBitrate": 900_000, "scalabilityMode": "L2T1"}])
        await ola.evaluate("pictureOfHeight(0, 100, 180, 80)")
        assert (await ola.evaluate("pictureOf(0)"))["pliCount"] <= 2


WATCH_VP8 = """async (trackId) => {
  window.down = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const transceiver = down.addTransceiver('video', {direction: 'recvonly'});
  const all = RTCRtpReceiver.getCapabilities('video').codecs;
  transceiver.setCodecPreferences(all.filter(({mimeType}) => /VP8|rtx/.test(mimeType)));
  const element = document.createElement('video');
  element.autoplay = true;
  element.srcObject = new MediaStream([transceiver.receiver.track]);
  document.body.append(element);
  watched.push({transceiver, trackId});
  const undecodable = [await watchAll()];
  transceiver.setCodecPreferences(all.filter(({mimeType}) => /VP8|VP9|H264|AV1|rtx/.test(mimeType)));
  return [...undecodable, await watchAll()];
}"""


async def test_SD10_a_viewer_who_offers_too_little_is_told_and_sees_after_it_offered_more() -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        meeting.rooms.join(ROOM, "ana", user("ana"), None)
        meeting.rooms.join(ROOM, "ola", user("ola"), None)
        (track_id,) = (await ana.evaluate(SEND, ["video/H264", [{}], 320, 240])).values()
        assert await ola.evaluate(WATCH_VP8, track_id) == [[track_id], []]
        await ola.evaluate("moreFramesOf(0, 20)")
        assert await ola.evaluate(CODEC_OF) == "video/H264"
