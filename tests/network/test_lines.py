"""What people's lines do to a meeting, and that it comes back by itself: no reload, no second sign-in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_first_light import sees_and_hears
from tests.network.conftest import TWINSPACE, Meeting, moved_on
from tests.network.link import UDP, Quality

VERDICTS = ("test_verdict_good", "test_verdict_fair", "test_verdict_voice", "test_verdict_no")

SENT_SOUND = """() => window.__connections.flatMap((connection) => connection.connectionState === 'closed' ? [] :
  connection.getSenders().flatMap(({track}) => track?.kind === 'audio' ? [track.id] : [])).sort().join()"""


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
    await meeting.leave()


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


async def test_a_laptop_that_slept_is_back_in_the_meeting(held: Meeting) -> None:
    pictures = held.ana.page.locator("li video")
    await expect(pictures).to_have_count(2)
    with held.link.asleep():
        # The hub gives his connection up; what he sent is gone for the others.
        await expect(pictures).to_have_count(1, timeout=90_000)
    await held.both_see_and_hear()


async def test_a_screen_with_its_sound_is_shared_and_the_microphone_changed(held: Meeting) -> None:
    await held.ana.button("call_share_screen").click()
    # Camera and screen, voice and the screen's own sound.
    await sees_and_hears(held.marek, sees=2, hears=2)
    await held.ana.button("call_devices").click()
    dialog = held.ana.page.get_by_role("dialog", name=held.ana.words("call_devices"))
    microphones = dialog.get_by_label(held.ana.words("call_microphone"), exact=True)
    before = await held.ana.page.evaluate(SENT_SOUND)
    await microphones.select_option(label="Fake Audio Input 2")

    async def changed() -> bool:
        return bool(await held.ana.page.evaluate(SENT_SOUND) != before)

    await held.ana.until(changed, lambda: "another device's track is sent")
    await held.ana.page.keyboard.press("Escape")
    await sees_and_hears(held.marek, sees=2, hears=2)
    await held.ana.button("call_stop_sharing").last.click()
    await held.both_see_and_hear()


async def test_the_teacher_is_told_whose_line_is_weak(held: Meeting) -> None:
    people = held.ana.page.get_by_role("button", name=held.ana.pattern("call_people"))
    await people.click()
    panel = held.ana.page.get_by_role("complementary", name=held.ana.words("call_who_is_inside"))
    # What the line loses on its way up are also the reports on what comes down.
    sentences = map(held.ana.words, ("call_their_line_weak_up", "call_their_line_weak"))
    weak = panel.get_by_text(re.compile("|".join(map(re.escape, sentences))))
    await expect(panel).to_be_visible()
    await expect(weak).to_have_count(0)
    held.link.to_near.quality = Quality(delay_s=0.02, loss=0.2)
    await expect(weak).to_be_visible(timeout=60_000)
    held.link.shape(delay_s=0.02)
    await expect(weak).to_have_count(0, timeout=60_000)
    await people.click()


@pytest_asyncio.fixture(loop_scope="module")
async def apart(meeting: Meeting) -> AsyncIterator[Meeting]:
    """Nobody is in the meeting yet."""
    yield meeting
    meeting.link.shape()
    await meeting.leave()


async def test_where_udp_is_blocked_the_meeting_goes_over_tcp(apart: Meeting) -> None:
    apart.link.block(UDP)
    await apart.join()
    await apart.both_see_and_hear()
    # The port that a browser connects from is only known from the answer, hence prflx.
    assert await paths(apart) == {("prflx", "tcp", "host")}


async def test_where_only_the_relay_is_reachable_the_meeting_goes_over_it(apart: Meeting) -> None:
    await apart.marek.page.evaluate("""() => {
      window.RTCPeerConnection = class extends window.RTCPeerConnection {
        constructor(configuration) { super({ ...configuration, iceTransportPolicy: 'relay' }); }
      };
    }""")
    await apart.join()
    await apart.both_see_and_hear()
    assert {(mine, hubs) for mine, _, hubs in await paths(apart)} == {("relay", "host")}


async def paths(meeting: Meeting) -> set[tuple[str, str, str]]:
    """How Marek's open peer connections send: type and protocol of his candidate, type of the hub's."""
    found: list[list[str]] = await meeting.marek.page.evaluate("""async () => {
      const found = [];
      for (const connection of window.__connections) {
        if (connection.connectionState === 'closed') continue;
        const stats = await connection.getStats();
        for (const report of stats.values()) {
          if (report.type !== 'transport') continue;
          const pair = stats.get(report.selectedCandidatePairId);
          const [mine, hubs] = [stats.get(pair.localCandidateId), stats.get(pair.remoteCandidateId)];
          found.push([mine.candidateType, mine.protocol, hubs.candidateType]);
        }
      }
      return found;
    }""")
    return {(mine, protocol, hubs) for mine, protocol, hubs in found}


async def test_the_test_of_a_line_says_which_ways_are_open_and_what_to_ask_for(meeting: Meeting) -> None:
    marek, link = meeting.marek, meeting.link
    page, words = marek.page, marek.words
    link.shape(delay_s=0.02, bits_per_s=4e6)
    await page.goto("/line-test")
    verdict = page.get_by_role("status").filter(has_text=re.compile("|".join(map(re.escape, map(words, VERDICTS)))))

    async def found(way: str) -> str:
        row = page.locator("dl > div").filter(has=page.get_by_text(words(way), exact=True))
        return await row.locator("dd").inner_text()

    await marek.button("test_start").click()
    await expect(verdict).to_be_visible(timeout=60_000)
    # Forty milliseconds there and back, and what the machine adds.
    opened = re.compile(marek.pattern("test_open").pattern.replace(".*", r"[1-9]\d+"))
    assert opened.fullmatch(await found("test_udp")) and opened.fullmatch(await found("test_tcp"))
    assert not re.search(re.escape(words("test_verdict_no")), await verdict.inner_text())
    await expect(page.get_by_text(words("test_nothing_to_open"))).to_be_visible()
    assert await marek.axe() == []

    link.block(UDP)
    await marek.button("test_again").click()
    await expect(verdict).to_be_visible(timeout=60_000)
    assert await found("test_udp") == words("test_blocked")
    assert opened.fullmatch(await found("test_tcp"))
    report = await page.get_by_label(words("test_report")).input_value()
    assert re.search(rf"UDP\D+\d{{4,5}}\D.*{re.escape(link.near)}", report)

    link.shape(delay_s=0.02, bits_per_s=300e3)
    await marek.button("test_again").click()
    await expect(verdict).to_be_visible(timeout=60_000)
    assert await verdict.inner_text() in (words("test_verdict_voice"), words("test_verdict_fair"))
    link.shape()
    await page.goto("/")
    await marek.enter(TWINSPACE)
