"""A real browser sends layers, another one changes the size it shows: the picture follows and never stands still."""

from __future__ import annotations

import json

import pytest

from tests.webrtc.meeting import ROOM, open_meeting, user
from tests.webrtc.test_browsers import two_pages

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

LAYERS = [
    {"rid": "h", "maxBitrate": 600_000},
    {"rid": "l", "scaleResolutionDownBy": 2, "maxBitrate": 150_000},
]


async def test_SI3_SI4_and_SI6_a_viewer_moves_between_layers_without_a_freeze() -> None:
    async with open_meeting() as meeting, two_pages(meeting) as (ana, ola):
        meeting.rooms.join(ROOM, "ana", user("ana"), None)
        meeting.rooms.join(ROOM, "ola", user("ola"), None)
        (track_id,) = (await ana.evaluate(f"sendLayers(640, 360, {json.dumps(LAYERS)})")).values()
        await ola.evaluate(f"watch('video', '{track_id}')")
        await ola.evaluate(f"prefer('{track_id}', 180)")
        start = await ola.evaluate("pictureOfHeight(0, 100, 180, 40)")
        asked_before = await ana.evaluate("sentLayers()")

        moves = [(None, 181, 360), (180, 100, 180), (360, 181, 360), (100, 100, 180)]
        for height, least, most in moves:
            await ola.evaluate(f"prefer('{track_id}', {json.dumps(height)})")
            await ola.evaluate(f"pictureOfHeight(0, {least}, {most}, 30)")

        end = await ola.evaluate("pictureOf(0)")
        received = end["framesReceived"] - start["framesReceived"]
        assert end["framesDropped"] - start["framesDropped"] <= received * 0.05
        assert end["pliCount"] == start["pliCount"], "the decoder never had to ask for help"
        assert end["packetsLost"] == start["packetsLost"]
        # A machine whose cores are taken freezes once in a while by itself; a move that does would do so each time.
        assert end["freezeCount"] - start["freezeCount"] < len(moves)
        asked = await ana.evaluate("sentLayers()")
        assert all(asked[rid]["pliCount"] - asked_before[rid]["pliCount"] <= 2 * len(moves) for rid in asked)

        await ola.evaluate(f"prefer('{track_id}', null, false)")
        await ana.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))")
        hidden = await ola.evaluate("framesOf(0)")
        await ana.evaluate("new Promise((resolve) => setTimeout(resolve, 1000))")
        assert await ola.evaluate("framesOf(0)") == hidden
        await ola.evaluate(f"prefer('{track_id}', null)")
        await ola.evaluate("pictureOfHeight(0, 181, 360, 30)")
