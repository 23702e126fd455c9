"""Text beside the voice in two browsers: letters before the line ends, the meeting's chat, captions and transcript."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person

PASSWORD = "twinspace-demo"


async def show(person: Person, key: str, title: str) -> None:
    """Open a panel by its key, or go to its tab."""
    tab = person.page.get_by_role("tab", name=person.pattern(title))
    if await tab.count():
        await tab.click()
    else:
        await person.page.get_by_role("button", name=person.words("call_leave"), exact=True).focus()
        await person.page.keyboard.press(key)
    await expect(person.page.get_by_role("heading", name=person.words(title), exact=True)).to_be_visible()


@pytest.mark.timeout(300)
async def test_people_write_beside_the_voice(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek", width=360, height=740, dark=True)
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    for one in (ana, marek):
        await one.enter("Rivers that join us")
        await one.join_meeting()

    # Letters are there before the line ends, and go when they are taken back.
    await show(marek, "w", "rtt_heading")
    await show(ana, "w", "rtt_heading")
    line = ana.page.get_by_label(ana.words("rtt_your_line"), exact=True)
    await line.press_sequentially("El río crecee")
    written = marek.page.get_by_role("list", name=marek.words("rtt_lines"), exact=True)
    await expect(written).to_contain_text("El río crecee")
    await line.press("Backspace")
    await expect(written.get_by_text("El río crece", exact=True)).to_be_visible()
    assert await marek.axe() == []
    overflow = await marek.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    await line.press("Enter")
    await expect(written).not_to_contain_text("El río")

    # The finished line is a message of the meeting, which is answered and felt.
    await show(marek, "t", "lesson_chat")
    said = marek.page.get_by_role("log", name=marek.words("messages"), exact=True)
    message = said.get_by_role("article").filter(has_text="El río crece")
    await expect(message).to_be_visible()
    await message.get_by_role("button", name=marek.words("react"), exact=True).click()
    await message.get_by_role("button", name=marek.words("sign_clap")).click()
    await show(ana, "t", "lesson_chat")
    own = ana.page.get_by_role("article").filter(has_text="El río crece")
    await expect(own).to_contain_text(ana.words("sign_clap"))
    assert await ana.axe() == []

    # Captions: Marek types Polish, Ana sees it while he types, and the line is kept with his name.
    await show(marek, "w", "captions")
    panel = marek.page.get_by_role("tabpanel")
    await panel.get_by_label(marek.words("captions_language"), exact=True).select_option("pl")
    await marek.button("captions_take").click()
    await show(ana, "t", "captions")
    await ana.page.get_by_role("checkbox").first.check()
    typed = panel.get_by_role("textbox").first
    await typed.press_sequentially("Rzeka rośnie")
    shown = ana.page.get_by_role("region", name=ana.words("captions"), exact=True)
    await expect(shown).to_contain_text("Rzeka rośnie")
    assert await ana.axe() == []
    await typed.press("Enter")
    await expect(shown.get_by_role("log")).to_contain_text("Rzeka rośnie")
    await ana.page.get_by_role("link", name=ana.words("captions_kept"), exact=True).click()
    kept = ana.page.get_by_role("article").filter(has_text="Rzeka rośnie")
    await expect(kept).to_contain_text("Marek")
    assert await ana.axe() == []
