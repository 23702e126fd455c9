"""Trying a line: what is sent comes back to its sender alone, and ends with the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from hub.errors import HubFull, NotFound
from hub.line_tests import LineTests
from hub.payloads.line_tests import TriedMedia, WantedMedia
from tests.webrtc.clients import client
from tests.webrtc.meeting import Meeting, open_meeting

BOTH = [TriedMedia(mid="0", kind="audio"), TriedMedia(mid="1", kind="video")]


@asynccontextmanager
async def line_tests(meeting: Meeting) -> AsyncIterator[LineTests]:
    tests = LineTests(meeting.media, meeting.rooms.require_capacity)
    try:
        yield tests
    finally:
        await tests.close()


async def test_what_one_sends_comes_back_and_only_to_oneself() -> None:
    async with open_meeting() as meeting, line_tests(meeting) as tests, client() as sender, client() as receiver:
        await tests.begin("s-ana")
        answer, ids = await tests.publish("s-ana", "udp", await sender.offer_media(), BOTH)
        await sender.accept(answer)
        wanted = [WantedMedia(mid=mid, track_id=track_id) for mid, track_id in ids.items()]
        answer = await tests.subscribe("s-ana", "udp", await receiver.offer_to_watch(), wanted)
        await receiver.accept(answer)
        await receiver.receive(10)
        assert meeting.rooms.roster.room_ids() == [] and meeting.announcements.told == []

        await tests.begin("s-ola")
        async with client() as stranger:
            answer = await tests.subscribe("s-ola", "udp", await stranger.offer_to_watch(), wanted)
            assert answer.count("a=inactive") == 2, "another's track does not exist in one's own test"

        await tests.end("s-ana")
        assert (await meeting.media.stats())["tracks"] == 0
        with pytest.raises(NotFound):
            await tests.publish("s-ana", "udp", "v=0", BOTH)


async def test_a_new_test_ends_the_former_one_and_a_full_hub_gives_none() -> None:
    async with open_meeting() as meeting, line_tests(meeting) as tests, client() as sender:
        first = await tests.begin("s-ana")
        await tests.publish("s-ana", "udp", await sender.offer_media(), BOTH)
        assert await tests.begin("s-ana") != first
        assert (await meeting.media.stats())["tracks"] == 0
    async with open_meeting(packets_per_s=1) as meeting, line_tests(meeting) as tests:
        with pytest.raises(HubFull):
            await tests.begin("s-ana")


async def test_a_test_that_nobody_ends_ends_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.line_tests.LASTS_S", 0.5)
    async with open_meeting() as meeting, line_tests(meeting) as tests, client() as sender:
        await tests.begin("s-ana")
        await tests.publish("s-ana", "udp", await sender.offer_media(), BOTH)
        while (await meeting.media.stats())["tracks"]:
            pass
