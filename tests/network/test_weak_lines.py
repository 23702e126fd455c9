"""What weak lines do to a meeting: the voice goes on, the picture takes what is left, and the person is told so."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.person import Person
from tests.network.conftest import Meeting, moved_on

HEARD = """async () => {
  const found = {total: 0, concealed: 0};
  for (const connection of window.__connections) {
    if (connection.connectionState === 'closed') continue;
    for (const report of (await connection.getStats()).values())
      if (report.type === 'inbound-rtp' && report.kind === 'audio') {
        found.total += report.totalSamplesReceived ?? 0;
        found.concealed += (report.concealedSamples ?? 0) - (report.silentConcealedSamples ?? 0);
      }
  }
  return found;
}"""
SAMPLES_PER_S = 48_000


async def concealed_share(person: Person, seconds: float) -> float:
    """How much of the sound that was played meanwhile the browser had to make up."""
    before = await person.page.evaluate(HEARD)
    after = before

    async def has_played() -> bool:
        nonlocal after
        after = await person.page.evaluate(HEARD)
        return bool(after["total"] - before["total"] >= seconds * SAMPLES_PER_S)

    await person.until(has_played, lambda: f"{seconds} s of sound: {before} then {after}", timeout_s=60)
    share: float = (after["concealed"] - before["concealed"]) / (after["total"] - before["total"])
    return share


@pytest_asyncio.fixture(loop_scope="module")
async def held(meeting: Meeting) -> AsyncIterator[Meeting]:
    """The meeting, with both in it, over a line without trouble."""
    meeting.link.shape(delay_s=0.02, bits_per_s=4e6)
    await meeting.join()
    await meeting.both_see_and_hear()
    await meeting.marek.page.evaluate("window.neverReloaded = true")
    yield meeting
    assert await meeting.marek.page.evaluate("window.neverReloaded")
    meeting.link.shape()
    await meeting.leave()


@pytest.mark.parametrize(
    ("quality", "most_concealed"),
    [({"loss": 0.05}, 0.2), ({"jitter_s": 0.2}, 0.3), ({"bits_per_s": 300e3}, 0.2)],
    ids=["5 % loss", "200 ms jitter", "300 kbit/s"],
)
async def test_over_a_weak_line_one_is_heard_and_seen(
    held: Meeting, quality: dict[str, float], most_concealed: float
) -> None:
    held.link.shape(delay_s=0.02, **quality)
    # The first seconds are for finding out; a person hears them too, but they are not the meeting.
    await concealed_share(held.marek, 5)
    before = await held.marek.inbound()
    for person in (held.marek, held.ana):
        share = await concealed_share(person, 5)
        print(f"{person.name}: {share:.1%} of the sound was made up")
        assert share < most_concealed, f"{person.name} heard {share:.0%} of made-up sound"
    await moved_on(held.marek, before)
    await expect(held.marek.page.get_by_text(held.marek.words("line_slow_voice"))).to_have_count(0)


async def test_where_no_picture_fits_the_voice_goes_on_and_the_person_is_told(held: Meeting) -> None:
    marek = held.marek
    told = marek.page.get_by_role("status").filter(has_text=marek.words("line_slow_voice"))
    held.link.to_far.quality = type(held.link.to_far.quality)(delay_s=0.02, bits_per_s=110e3)
    await expect(told).to_be_visible(timeout=40_000)
    await expect(marek.page.get_by_text(marek.words("line_short_voice"))).to_be_visible()
    theirs = held.ana.page.get_by_role("listitem").filter(has_text="Marek")
    await expect(theirs.get_by_text(held.ana.words("call_their_line_weak_down"))).to_be_visible(timeout=40_000)
    share = await concealed_share(marek, 5)
    print(f"{marek.name}: {share:.1%} of the sound was made up")
    assert share < 0.2
    before = await marek.inbound()
    held.link.shape(delay_s=0.02, bits_per_s=4e6)
    await expect(told).to_have_count(0, timeout=60_000)
    await expect(marek.page.get_by_text(marek.words("line_better"))).to_be_visible(timeout=60_000)
    await moved_on(marek, before)
