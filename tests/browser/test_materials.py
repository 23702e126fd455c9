"""A photo from a class, from a pupil's phone to the families and back again (S10); files over a line that breaks; pages
arranged by keyboard. With pictures."""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageDraw
from playwright.async_api import Page, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.project_life import API, ask, day
from tests.browser.test_screens import LOOKS, check, visit

SPACE = "Rivers that join us"
MATERIALS, PAGES = "/s/demo-rivers/materials", "/s/demo-rivers/pages"
LIGHT = next(look for look in LOOKS if look.name == "light")
PHONE = next(look for look in LOOKS if look.name == "phone")


def bread() -> dict[str, Any]:
    """A picture of a loaf, as a phone would send it."""
    image = Image.new("RGB", (1200, 800), "#d9c7a0")
    draw = ImageDraw.Draw(image)
    draw.ellipse((200, 220, 1000, 640), fill="#9a5b22")
    for x in (380, 540, 700):
        draw.line((x, 300, x + 90, 520), fill="#e9cf9a", width=26)
    written = io.BytesIO()
    image.save(written, "JPEG")
    return {"name": "pan.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}


def card(person: Person, title: str) -> Any:
    return person.page.get_by_role("listitem").filter(has=person.page.get_by_role("button", name=title))


async def put_on_rung(person: Person, title: str, now: str, rung: str) -> None:
    await card(person, title).get_by_role("button", name=person.words(now)).click()
    dialog = person.page.get_by_role("dialog", name=person.words("who_sees"))
    await dialog.get_by_text(person.words(rung), exact=True).click()
    await dialog.get_by_role("button", name=person.words("save")).click()


async def saw(page: Page, title: str) -> None:
    await expect(page.get_by_role("heading", name=title)).to_be_visible()
    assert await page.get_by_role("img", name="A loaf of bread").evaluate(
        "img => img.decode().then(() => img.naturalWidth)"
    )


async def test_what_a_class_made_reaches_the_families_and_is_taken_back(person: People) -> None:
    ana = await person("Ana", width=LIGHT.width, height=LIGHT.height)
    lucia = await person("Lucía", width=PHONE.width, height=PHONE.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    for one in (ana, lucia):
        await one.enter(SPACE)
        await visit(one, MATERIALS)

    # Three fields and a photo, from a phone.
    await lucia.button("material_add_entry").click()
    await lucia.page.get_by_label(lucia.words("entry_what")).fill("Hicimos pan")
    await lucia.page.get_by_label(lucia.words("entry_told")).fill("Con la harina del molino.")
    await lucia.page.get_by_label(lucia.words("entry_photo")).set_input_files(bread())
    faults = await check(lucia, "phone_entry", PHONE)
    await lucia.button("material_add").click()
    for one in (lucia, ana):
        await expect(card(one, "Hicimos pan").locator("img")).to_be_visible()

    # The line is gone before the file is: it goes by itself when the line is back.
    await lucia.page.context.set_offline(True)
    await lucia.page.get_by_label(lucia.words("material_upload")).set_input_files(
        {"name": "receta.txt", "mimeType": "text/plain", "buffer": b"Harina, agua, sal"}
    )
    await expect(lucia.page.get_by_role("progressbar", name="receta.txt")).to_be_visible()
    await lucia.page.context.set_offline(False)
    await expect(card(ana, "receta.txt")).to_be_visible()
    await expect(lucia.page.get_by_role("progressbar")).to_have_count(0)
    faults += await check(lucia, "phone_materials", PHONE)

    # Not before somebody says who is in it.
    await put_on_rung(ana, "Hicimos pan", "rung_twinspace", "rung_families")
    dialog = ana.page.get_by_role("dialog", name=ana.words("who_sees"))
    await expect(dialog.get_by_role("alert")).to_be_visible()
    faults += await check(ana, "light_who_sees", LIGHT)
    await ana.page.keyboard.press("Escape")
    await ana.page.get_by_role("button", name="Hicimos pan", exact=True).click()
    await ana.page.get_by_label(ana.words("material_alt")).fill("A loaf of bread")
    await ana.page.get_by_label(ana.words("faces_none"), exact=True).check()
    faults += await check(ana, "light_material", LIGHT)
    await ana.button("save").click()
    await put_on_rung(ana, "Hicimos pan", "rung_twinspace", "rung_families")
    await expect(card(ana, "Hicimos pan").get_by_role("button", name=ana.words("rung_families"))).to_be_visible()
    await ana.button("share_make").click()
    await ana.page.get_by_label(ana.words("guest_link_for")).fill("Familias de 2.º B")
    await ana.button("make").click()
    url = await ana.page.get_by_label(ana.words("guest_link_address")).input_value()
    await ana.button("done").click()
    faults += await check(ana, "light_materials", LIGHT)

    # A mother looks at it on her phone.
    mother = await person("Mother", width=PHONE.width, height=PHONE.height)
    await mother.page.goto(url)
    await saw(mother.page, "Hicimos pan")
    assert "secret" not in mother.page.url and "Lucía" not in await mother.page.inner_text("body")
    faults += await check(mother, "phone_shared", PHONE)
    await put_on_rung(ana, "Hicimos pan", "rung_families", "rung_twinspace")
    await expect(card(ana, "Hicimos pan").get_by_role("button", name=ana.words("rung_twinspace"))).to_be_visible()
    await mother.page.goto("about:blank")
    await mother.page.goto(url)
    await expect(mother.page.get_by_text(mother.words("shared_nothing"))).to_be_visible()

    # Pages, without a mouse.
    made = await ana.page.evaluate("""() => fetch('/api/v1/twinspaces/demo-rivers/contents', {
        method: 'POST', headers: {'Content-Type': 'application/json'},
        body: JSON.stringify({kind: 'document', title: 'Bienvenida'}),
    }).then(answer => answer.status)""")
    assert made == 201
    await visit(ana, PAGES)
    await ana.button("pages_arrange").focus()
    await ana.page.keyboard.press("Enter")
    for title in ("Our two rivers", "Bienvenida"):
        select = ana.page.get_by_label(ana.words("page_which"))
        option = select.get_by_role("option").filter(has_text=title)
        await select.select_option(value=await option.get_attribute("value"))
        await ana.button("page_add").press("Enter")
        await expect(ana.page.get_by_role("link", name=title)).to_be_visible()
    up = ana.page.get_by_role("button", name=f"Bienvenida: {ana.words('page_up')}", exact=True)
    await up.press("Enter")
    await expect(ana.page.locator("ol a").first).to_contain_text("Bienvenida")
    await expect(up).to_be_focused()
    faults += await check(ana, "light_pages", LIGHT)
    await visit(lucia, PAGES)
    await expect(lucia.page.locator("ol a").first).to_contain_text("Bienvenida")
    await expect(lucia.button("pages_arrange")).to_have_count(0)
    faults += await check(lucia, "phone_pages", PHONE)

    # Her family takes back what it said of other tools: under her eyes the address goes, and the copy stays.
    link = {"kind": "link", "title": "Encuesta", "url": "https://poll.example/pan", "text": "Pan: 12, sopa: 3"}
    await ask(ana, "POST", f"{API}/materials", link)
    pupil = {"user_ids": ["demo-pupil.es"], "purposes": ["external_tool"], "given_by": "guardian", "how": "paper"}
    await ask(ana, "POST", f"{API}/consents", {**pupil, "granted": True, "of_age": False, "given_on": day(-9)})
    await visit(lucia, MATERIALS)
    await lucia.page.get_by_role("button", name="Encuesta", exact=True).click()
    address = lucia.page.get_by_role("link", name="https://poll.example/pan")
    await expect(address).to_be_visible()
    await ask(ana, "POST", f"{API}/consents", {**pupil, "granted": False, "of_age": False, "given_on": day(0)})
    await expect(lucia.page.get_by_text(lucia.words("link_withheld"))).to_be_visible()
    await expect(address).to_have_count(0)
    await expect(lucia.page.get_by_text("Pan: 12, sopa: 3")).to_be_visible()
    faults += await check(lucia, "phone_link_withheld", PHONE)
    assert faults == [] and ana.complaints == lucia.complaints == mother.complaints == []
