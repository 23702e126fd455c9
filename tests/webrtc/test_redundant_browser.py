"""Real browsers: redundant audio for those who agreed on it, each sound once for the others."""

from __future__ import annotations

import pytest

from tests.webrtc.meeting import ROOM, open_meeting, user
from tests.webrtc.test_browsers import two_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]

SEND_REDUNDANT = """async () => {
  window.up = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const stream = await navigator.mediaDevices.getUserMedia({audio: true});
  const transceiver = up.addTransceiver(stream.getTracks()[0], {direction: 'sendonly'});
  const codecs = RTCRtpSender.getCapabilities('audio').codecs;
  const named = (name) => codecs.filter(({mimeType}) => mimeType === 'audio/' + name);
  transceiver.setCodecPreferences([...named('red'), ...named('opus')]);
  sent.push({source: 'microphone', transceiver});
  return await publishAll();
}"""

WATCH_PLAIN = """async (trackId) => {
  window.plain = new RTCPeerConnection({bundlePolicy: 'max-bundle'});
  const transceiver = plain.addTransceiver('audio', {direction: 'recvonly'});
  transceiver.setCodecPreferences(RTCRtpReceiver.getCapabilities('audio').codecs.filter(
    ({mimeType}) => mimeType === 'audio/opus'));
  const element = document.createElement('audio');
  element.autoplay = true;
  element.srcObject = new MediaStream([transceiver.receiver.track]);
  document.body.append(element);
  await negotiate(plain, '/subscribe?session=eva', () => [{mid: transceiver.mid, track_id: trackId}]);
}"""

HEARD = """async (which) => {
  const deadline = performance.now() + 30000;
  for (let last; ; ) {
    const reports = await window[which].getStats();
    for (const report of reports.values()) {
      if (report.type !== 'inbound-rtp') continue;
      last = {codec: reports.get(report.codecId)?.mimeType, packets: report.packetsReceived,
              energy: report.totalAudioEnergy, bytes_per_packet: report.bytesReceived / report.packetsReceived};
      if (last.packets > 200 && last.energy > 0) return last;
    }
    if (performance.now() > deadline) throw new Error(JSON.stringify(last));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}"""


async def test_AU2_redundant_audio_is_heard_by_those_who_agreed_on_it_and_by_the_others() -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        for name in ("ana", "ola", "eva"):
            meeting.rooms.join(ROOM, name, user(name), None)
        (track_id,) = (await ana.evaluate(SEND_REDUNDANT)).values()
        await ola.evaluate(f"watch('audio', '{track_id}')")
        await ola.evaluate(WATCH_PLAIN, track_id)
        redundant, plain = await ola.evaluate(HEARD, "down"), await ola.evaluate(HEARD, "plain")
        assert plain["codec"] == "audio/opus"
        each = (redundant["bytes_per_packet"], plain["bytes_per_packet"])
        assert each[0] > each[1] * 1.3, "each sound twice for the one, once for the other"
