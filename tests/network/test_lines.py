"""What people's lines do to a meeting, and that it comes back by itself: no reload, no second sign-in."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest_asyncio

from tests.network.conftest import Meeting, moved_on
from tests.network.link import UDP


@pytest_asyncio.fixture(loop_scope="module")
async def held(meeting: Meeting) -> AsyncIterator[Meeting]:
    """The meeting, with both in it, over a line like a village's: 40 ms, 2 Mbit/s."""
    meeting.link.shape(delay_s=0.02, bits_per_s=2e6)
    await meeting.join()
    await meeting.both_see_and_hear()
    await meeting.marek.page.evaluate("window.neverReloaded = true")
    yield meeting
    assert await meeting.marek.page.evaluate("window.neverReloaded")
    meeting.link.shape()
    for person in (meeting.marek, meeting.ana):
        await person.button("call_leave").click()


async def test_after_a_black_out_of_three_seconds_the_picture_is_back(held: Meeting) -> None:
    before = await held.marek.inbound()
    connections = {stream.id for stream in before}
    await held.link.black_out(3.0)
    await moved_on(held.marek, before)
    await held.both_see_and_hear()
    # The same peer connections: nothing had to be set up anew.
    assert {stream.id for stream in await held.marek.inbound()} == connections


async def test_a_laptop_that_changes_its_address_stays_in_the_meeting(held: Meeting) -> None:
    held.link.move()
    await held.both_see_and_hear()


async def test_where_udp_is_blocked_the_meeting_goes_over_tcp(meeting: Meeting) -> None:
    meeting.link.block(UDP)
    await meeting.join()
    await meeting.both_see_and_hear()
    assert await selected_protocols(meeting) == {"tcp"}
    meeting.link.shape()


async def selected_protocols(meeting: Meeting) -> set[str]:
    """Over what Marek's open peer connections send."""
    found: list[str] = await meeting.marek.page.evaluate("""async () => {
      const found = [];
      for (const connection of window.__connections) {
        if (connection.connectionState === 'closed') continue;
        const stats = await connection.getStats();
        for (const report of stats.values())
          if (report.type === 'transport')
            found.push(stats.get(stats.get(report.selectedCandidatePairId).localCandidateId).protocol);
      }
      return found;
    }""")
    return set(found)
