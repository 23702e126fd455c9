"""Who wrote what: a pupil reads in the document itself which school and which person wrote each passage."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.test_screens import PICTURES

SPACE = "Rivers that join us"
TITLE = "Our two rivers"


async def test_a_reader_sees_who_wrote_each_passage(person: People) -> None:
    PICTURES.mkdir(exist_ok=True)
    lucia, kuba = await person("Lucía"), await person("Kuba", width=360, height=740)
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for one, text in ((lucia, "Lucía vio una garza. "), (kuba, "Kuba widział łabędzia. ")):
        await one.enter(SPACE)
        await one.open(TITLE)
        await one.sheet.click()
        await one.page.keyboard.press("Control+End")
        await one.page.keyboard.type(text)
        await expect(one.page.locator("[data-state=saved]")).to_be_visible()
    for one, other in ((lucia, "Kuba"), (kuba, "Lucía")):
        await expect(one.sheet).to_contain_text("łabędzia")
        await one.button("who_wrote").click()
        heading = one.page.get_by_role("heading", name=one.words("who_wrote"))
        await expect(heading).to_be_focused()
        names = one.page.get_by_role("region", name=one.words("who_wrote"))
        await names.get_by_role("button", name=other).press("Enter")
        await expect(names.get_by_role("button", name=other)).to_have_attribute("aria-pressed", "true")
        await one.button("passage_next").press("Enter")
        passage = one.page.locator("[data-passage]:focus")
        await expect(passage).to_contain_text("garza" if other == "Lucía" else "łabędzia")
        # A screen reader is told the name before the text.
        await expect(passage).to_contain_text(other)
        assert await one.axe() == []
        await one.page.screenshot(path=PICTURES / f"who_wrote_{one.name}.png")
        assert await one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await one.button("who_wrote_back").click()
        await expect(one.sheet).to_be_visible()
