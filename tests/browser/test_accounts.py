"""How people come in: a class by its cards (S2), teachers by registering, staff by a second factor; with pictures."""

from __future__ import annotations

import pytest
from playwright.async_api import expect
from pypdf import PdfReader

from tests.browser.conftest import People
from tests.browser.test_screens import LOOKS, Look, check, visit

NAMES = "1. Inés\n2. Martín\n3. Olmo\n4. Zoe"


@pytest.mark.parametrize(
    "look", [look for look in LOOKS if look.name in ("light", "phone")], ids=lambda look: look.name
)
async def test_a_class_gets_its_cards_and_comes_in(person: People, look: Look) -> None:
    ana = await person("Ana", width=look.width, height=look.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await ana.page.locator("[popovertarget=account]").click()
    await ana.link("title_pupils").click()
    await expect(ana.page.get_by_role("heading", level=1, name=ana.words("title_pupils"))).to_be_visible()
    faults = await check(ana, f"{look.name}_pupils", look)

    await ana.button("pupils_make").click()
    dialog = ana.page.get_by_role("dialog", name=ana.words("pupils_make"))
    await dialog.get_by_label(ana.words("pupils_names")).fill(NAMES)
    await dialog.get_by_label(ana.words("pupils_class"), exact=True).fill("6A")
    await dialog.get_by_label(ana.words("pupils_twinspace")).select_option("demo-rivers")
    await expect(dialog.get_by_text(ana.pattern("pupils_found", count="4"))).to_be_visible()
    faults += await check(ana, f"{look.name}_pupils_make", look)
    await dialog.get_by_role("button", name=ana.words("pupils_make_them")).click()

    cards = ana.page.get_by_role("dialog", name=ana.pattern("new_cards", count="4"))
    await expect(cards.get_by_role("row")).to_have_count(5)
    words = await cards.get_by_role("row", name="Zoe").get_by_role("cell").inner_text()
    faults += await check(ana, f"{look.name}_new_cards", look)
    async with ana.page.expect_download() as downloading:
        await cards.get_by_role("button", name=ana.words("new_cards_print")).click()
    downloaded = await downloading.value
    assert downloaded.suggested_filename == ana.words("class_cards_file")
    text = PdfReader(await downloaded.path()).pages[0].extract_text()
    assert "Zoe" in text and all(word in text for word in words.split())
    await cards.get_by_role("button", name=ana.words("done")).click()

    zoe = await person("Zoe", width=look.width, height=look.height)
    first, *rest = words.split()
    await zoe.sign_in_with_card(" ".join([first[1:].upper(), *rest]), language="es")
    await zoe.enter("Rivers that join us")

    row = ana.page.get_by_role("listitem").filter(has_text="Zoe")
    await row.get_by_role("button", name=ana.words("pupil_new_card")).click()
    await ana.button("class_card_make").click()
    await expect(zoe.page.get_by_text(zoe.words("ended_key_reset"))).to_be_visible()
    renewed = ana.page.get_by_role("dialog", name=ana.pattern("new_cards", count="1"))
    await expect(renewed.get_by_role("row", name="Zoe").get_by_role("cell")).not_to_have_text(words)
    await renewed.get_by_role("button", name=ana.words("done")).click()
    await zoe.page.get_by_label(zoe.words("card_words")).fill(words)
    card_door = zoe.page.get_by_role("region", name=zoe.words("door_card"))
    await card_door.get_by_role("button", name=zoe.words("come_in")).click()
    await expect(zoe.page.get_by_text(zoe.words("problem_wrong_card"))).to_be_visible()
    await visit(ana, "/desk")
    assert faults == [] and ana.complaints == zoe.complaints == []
