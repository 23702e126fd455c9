"""The wall's double gate (S6): a pupil's card is its author's and the own teacher's until that one lets it through."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_keyboard import SPACE, Keys
from tests.hub_process import ROOT

pytestmark = pytest.mark.browser
PICTURES = ROOT / "tests" / "pictures"
WALL = "River finds"


def card(person: Person, words: str) -> Locator:
    return person.page.locator("[data-card]").filter(has_text=words)


async def keep(person: Person, name: str) -> None:
    """Nothing in the page's way for anybody, and a picture of it."""
    PICTURES.mkdir(exist_ok=True)
    assert await person.axe() == [], name
    await person.page.screenshot(path=PICTURES / f"gate-{name}.png")


async def test_each_school_lets_its_own_pupils_cards_through(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    lucia, kuba = await person("Lucía"), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for one in (marek, lucia, kuba):
        await one.enter(SPACE)
        await one.open(WALL)
        await expect(card(one, "Kaczki")).to_be_visible()

    # Lucía and Kuba pin a card each; nobody but themselves sees it.
    await lucia.pin_card("Nuestra mañana", "El río al amanecer")
    await kuba.pin_card("Nasz poranek", "Mgła nad Wisłą")
    await expect(card(lucia, "Nuestra mañana").get_by_text(lucia.words("held_waits"))).to_be_visible()
    await expect(card(kuba, "Nasz poranek").get_by_text(kuba.words("held_waits"))).to_be_visible()
    await keep(lucia, "author")
    for one in (marek, kuba):
        await expect(card(one, "Nuestra mañana")).to_have_count(0)
    await expect(marek.page.locator(".waiting_here")).to_contain_text("1")

    # It is on Ana's desk without her asking; she decides by keyboard alone, on Lucía's card only.
    waits = ana.page.get_by_role("link", name=ana.pattern("waits_approval", count="1"))
    keys = Keys(ana)
    await keys.use(waits)
    await expect(ana.page.get_by_role("heading", level=1, name=ana.words("title_waiting_cards"))).to_be_focused()
    await expect(ana.page.get_by_text("El río al amanecer")).to_be_visible()
    await expect(ana.page.get_by_text("Nasz poranek")).to_have_count(0)
    await keep(ana, "queue")
    await keys.use(ana.page.get_by_role("button", name=ana.pattern("gate_approve_this")))
    await expect(ana.page.get_by_text(ana.words("gate_none"))).to_be_visible()
    await keep(ana, "nothing-waits")
    for one in (marek, kuba):
        await expect(card(one, "Nuestra mañana")).to_be_visible()
    await expect(card(lucia, "Nuestra mañana").get_by_text(lucia.words("held_waits"))).to_have_count(0)
    await expect(card(lucia, "Nasz poranek")).to_have_count(0)

    # Kuba's waits for Marek, who does it on the wall.
    await marek.page.locator(".waiting_here summary").click()
    await keep(marek, "on-the-wall")
    await marek.page.get_by_role("button", name=marek.pattern("gate_approve_this")).click()
    for one in (marek, lucia):
        await expect(card(one, "Nasz poranek")).to_be_visible()

    # Lucía changes hers; everybody else goes on seeing what was approved; Ana sends it back with a reason.
    await card(lucia, "Nuestra mañana").get_by_role("button", name=lucia.pattern("card_menu")).click()
    await lucia.page.get_by_role("menuitem", name=lucia.words("card_change")).click()
    await lucia.page.get_by_role("dialog").get_by_label(lucia.words("card_title")).fill("Mi río es mejor")
    await lucia.button("card_keep").click()
    await expect(card(lucia, "Mi río es mejor").get_by_text(lucia.words("held_change_waits"))).to_be_visible()
    await expect(card(kuba, "Nuestra mañana")).to_be_visible()
    await ana.page.get_by_role("button", name=ana.pattern("gate_refuse_this")).click()
    await ana.page.get_by_label(ana.pattern("gate_reason")).fill("Di qué te gusta de él.")
    await keep(ana, "sending-back")
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("gate_refuse"), exact=True).click()
    await expect(card(lucia, "Mi río es mejor")).to_contain_text("Di qué te gusta de él.")
    await keep(lucia, "sent-back")
    await lucia.button("held_take_back").click()
    await expect(card(lucia, "Nuestra mañana")).to_be_visible()

    # Comments pass the same gate; a reaction does not wait.
    talk = card(lucia, "Nasz poranek").get_by_role("button", name=lucia.pattern("talk_open"))
    await talk.click()
    dialog = lucia.page.get_by_role("dialog")
    await dialog.get_by_label(lucia.words("comment_field")).fill("¡Qué bonito!")
    await lucia.button("comment_say").click()
    await expect(dialog.get_by_role("listitem").filter(has_text="¡Qué bonito!")).to_contain_text(
        lucia.words("held_waits")
    )
    await dialog.get_by_role("button", name=lucia.words("reaction_clap")).click()
    await expect(dialog.get_by_role("button", name=lucia.words("reaction_clap"))).to_contain_text("1")
    await keep(lucia, "talk")
    others = card(kuba, "Nasz poranek")
    await expect(others.locator("[data-reaction=clap]")).to_have_text("1")
    said = others.get_by_role("button", name=kuba.pattern("talk_open"))
    await expect(said).to_contain_text(kuba.pattern("talk_comments", count="0"))
    await ana.page.get_by_role("button", name=ana.pattern("gate_approve_this")).click()
    await expect(said).to_contain_text(kuba.pattern("talk_comments", count="1"))
    await lucia.page.keyboard.press("Escape")
    await expect(talk).to_be_focused()

    # The table has the same cards in the same order, and the same deeds; cards move by keys there too.
    titles = [await each.locator("h2").inner_text() for each in await lucia.page.locator("[data-card]").all()]
    await lucia.button("look_table").click()
    rows = lucia.page.locator("[data-row]")
    assert [await row.locator("th").inner_text() for row in await rows.all()] == titles
    await rows.filter(has_text="Nuestra mañana").get_by_role("button", name=lucia.pattern("card_menu")).focus()
    await lucia.page.keyboard.press("Alt+ArrowUp")
    place = titles.index("Nuestra mañana")
    await expect(rows.nth(place - 1)).to_contain_text("Nuestra mañana")
    await expect(kuba.page.locator("[data-card]").nth(place - 1)).to_contain_text("Nuestra mañana")
    await keep(lucia, "table")
    await lucia.button("export_wall").click()
    async with lucia.page.expect_download() as download:
        await lucia.link("export_csv").click()
    kept = (await (await download.value).path()).read_text("utf-8-sig")
    assert "Nuestra mañana" in kept and "¡Qué bonito!" in kept
    await lucia.button("look_wall").click()

    await lucia.page.set_viewport_size({"width": 360, "height": 740})
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await keep(lucia, "phone")
    await lucia.button("export_wall").click()
    formats = await lucia.link("export_html").bounding_box()
    assert formats is not None and formats["x"] >= 0 and formats["x"] + formats["width"] <= 360
    await keep(lucia, "phone-taking-along")
    for one in (ana, marek, lucia, kuba):
        assert one.complaints == []
