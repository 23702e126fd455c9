"""H.264 between two of aiortc, an implementation of its own: published over WHIP, watched over WHEP."""

from __future__ import annotations

import pytest
from aiortc import RTCRtpSender
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from tests.webrtc.clients import client
from tests.webrtc.meeting import ROOM, open_meeting, user

pytestmark = pytest.mark.slow


async def test_VC2_and_SD6_h264_of_aiortc_is_decoded_by_aiortc() -> None:
    h264 = [codec for codec in RTCRtpSender.getCapabilities("video").codecs if codec.name in ("H264", "rtx")]
    async with open_meeting() as meeting, client() as camera, client() as screen:
        camera.connection.addTransceiver(AudioStreamTrack(), "sendonly")
        camera.connection.addTransceiver(VideoStreamTrack(), "sendonly").setCodecPreferences(h264)
        await camera.connection.setLocalDescription(await camera.connection.createOffer())
        offer = camera.connection.localDescription.sdp
        _, answer = await meeting.http.whip(ROOM, user("ana"), "ana", offer)
        assert "H264/90000" in answer and "VP8" not in answer
        await camera.accept(answer)
        _, answer = await meeting.http.whep(ROOM, user("ola"), ["ana"], await screen.offer_to_watch())
        assert "H264/90000" in answer and "VP8" not in answer
        await screen.accept(answer)
        await screen.receive(20)
