"""A teacher begins a form with a ready-made template by keys, keeps it as one, and sees it on the shelf."""

from __future__ import annotations

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.test_forms import DESK, PHONE, SPACE
from tests.browser.test_screens import check

READY = "¿Qué tal nuestro encuentro?"
ASKED = "¿Has oído y visto bien a los demás?"
TITLE = "Nuestra primera videollamada"


async def test_a_form_begins_with_a_template_and_is_kept_as_one(person: People) -> None:
    ana = await person("Ana", width=DESK.width, height=DESK.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await ana.enter(SPACE)
    await ana.go("place_work")
    await ana.button("make_new").press("Enter")
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_role("radio", name=ana.words("kind_form")).press("Space")
    await dialog.get_by_role("radio", name=ana.words("template_with"), exact=True).press("Space")
    await expect(dialog.get_by_role("status").filter(has_text=ana.pattern("template_found"))).to_be_visible()
    await dialog.get_by_label(ana.words("template_words"), exact=True).fill("caras")
    await expect(dialog.get_by_text(ana.pattern("template_found", count="1"), exact=True)).to_be_visible()
    await dialog.get_by_role("radio", name=READY).press("Space")
    questions = dialog.get_by_role("list", name=ana.pattern("template_preview", title=READY))
    await expect(questions.get_by_text(ASKED, exact=True)).to_be_visible()
    title = dialog.get_by_label(ana.words("its_title"))
    await expect(title).to_have_value(READY)
    await title.fill(TITLE)
    faults = await check(ana, "form_template_choice", DESK)
    await ana.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    await questions.scroll_into_view_if_needed()
    faults += await check(ana, "phone_form_template_choice", PHONE)
    await ana.page.set_viewport_size({"width": DESK.width, "height": DESK.height})
    await dialog.get_by_role("button", name=ana.words("make"), exact=True).press("Enter")

    # The builder has the questions, and is the TwinSpace's own from here on.
    await expect(ana.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    await expect(ana.page.get_by_role("listitem").get_by_text(ASKED, exact=True)).to_be_visible()
    await ana.button("template_keep").press("Enter")
    await expect(dialog.get_by_label(ana.words("resource_title"), exact=True)).to_have_value(TITLE)
    await dialog.get_by_label(ana.words("template_text"), exact=True).fill("Después de cada encuentro, con la clase.")
    faults += await check(ana, "form_template_keep", DESK)
    await dialog.get_by_role("button", name=ana.words("template_keep"), exact=True).press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(ana.page.get_by_role("status").filter(has_text=ana.words("template_kept"))).to_have_count(1)

    await ana.page.goto("/shelf", wait_until="domcontentloaded")
    await expect(ana.page.get_by_role("heading", level=1, name=ana.words("title_shelf"))).to_be_visible()
    await ana.button("shelf_mine").press("Enter")
    kept = ana.page.get_by_role("article").filter(has_text=TITLE)
    await expect(kept).to_contain_text(ana.words("sort_form_template"))
    await kept.get_by_text(ana.words("template_see"), exact=True).click()
    await expect(kept.get_by_role("list").get_by_text(ASKED, exact=True)).to_be_visible()
    faults += await check(ana, "form_template_shelf", DESK)
    assert not faults + ana.complaints, "\n".join(faults + ana.complaints)
