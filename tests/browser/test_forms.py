"""A teacher builds a form; a pupil answers it on a phone by keyboard alone; the teacher sees what it comes to."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_screens import Look, check

SPACE = "Rivers that join us"
DESK, PHONE = Look("desk", 1280, 800, False), Look("phone", 360, 740, False)
TITLE = "Our picnic at the river"
BROUGHT = "¿Qué quieres repetir?"
SHEET = f"Pregunta;Tipo;Opciones\n{BROUGHT};varias opciones;El pan | El río\n¿Y esto?;adivinanza;\n"
MAKE = """async title => {
  const { twinspaces } = await (await fetch('/api/v1/twinspaces')).json();
  const made = await fetch(`/api/v1/twinspaces/${twinspaces[0].id}/contents`, {
    method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ kind: 'form', title }),
  });
  return (await made.json()).id;
}"""


async def add(teacher: Person, kind: str, label: str) -> None:
    await (
        teacher.page.get_by_role("group", name=teacher.words("question_add"))
        .get_by_role("button", name=teacher.words(f"type_{kind}"), exact=True)
        .click()
    )
    # The new question's words have the focus at once.
    await expect(teacher.page.locator("textarea:focus")).to_have_value("")
    await teacher.page.keyboard.type(label)
    await expect(teacher.page.get_by_role("listitem").get_by_text(label, exact=True)).to_be_visible()


async def fill_items(teacher: Person, key: str, labels: list[str]) -> None:
    for number, label in enumerate(labels, 1):
        field = teacher.page.get_by_role("textbox", name=teacher.pattern(f"{key}_number", number=str(number)))
        if not await field.count():
            await teacher.button(f"{key}_add").click()
        await field.fill(label)


async def keep(person: Person, name: str) -> None:
    assert await check(person, f"form_{name}", DESK if person.name == "Ana" else PHONE) == []


def answer(pupil: Person, role: str, name: str) -> Locator:
    return pupil.page.get_by_role(role, name=name, exact=True)  # type: ignore[arg-type]


async def bring_questions(teacher: Person) -> None:
    """From a spreadsheet, by keys: what is wrong is said of its line, the rest is added at once."""
    await teacher.button("import_title").press("Enter")
    dialog = teacher.page.get_by_role("dialog")
    await dialog.get_by_label(teacher.words("import_paste"), exact=True).fill(SHEET)
    await dialog.get_by_role("button", name=teacher.words("import_look")).press("Enter")
    await expect(dialog.get_by_text(teacher.pattern("import_right", count="1"))).to_be_visible()
    await expect(dialog.get_by_role("listitem").filter(has_text="adivinanza")).to_contain_text("3")
    await keep(teacher, "import")
    await dialog.get_by_role("button", name=teacher.pattern("import_add", count="1")).press("Enter")
    await expect(dialog).to_be_hidden()
    await expect(teacher.page.get_by_role("listitem").get_by_text(BROUGHT, exact=True)).to_be_visible()


async def test_a_form_of_many_types_is_built_answered_by_keyboard_and_counted(person: People) -> None:
    ana, lucia = await person("Ana"), await person("Lucía", width=PHONE.width, height=PHONE.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await ana.enter(SPACE)
    await ana.page.evaluate(MAKE, TITLE)
    await ana.go("place_work")
    await ana.open(TITLE)
    await ana.link("form_part_build").first.click()

    await add(ana, "section", "El día")
    await add(ana, "faces", "¿Cómo fue?")
    await ana.page.get_by_label(ana.words("faces_count")).select_option("3")
    await add(ana, "short_text", "¿Por qué?")
    condition = ana.page.get_by_label(ana.words("condition_title"))
    await condition.select_option(index=1)
    await ana.page.get_by_role("checkbox", name=ana.words("face_1")).check()
    await add(ana, "ranking", "¿Qué fue lo mejor?")
    await fill_items(ana, "option", ["El pan", "El río", "Los juegos"])
    await add(ana, "matrix", "¿Qué tal…?")
    await fill_items(ana, "row", ["la comida", "el viaje"])
    await fill_items(ana, "option", ["bien", "mal"])
    await keep(ana, "build_matrix")
    await add(ana, "number", "¿Cuántas tortugas viste?")
    await add(ana, "date", "¿Cuándo volvemos?")
    await add(ana, "consent", "¿Podemos contarlo en el mural?")
    await bring_questions(ana)
    await ana.page.get_by_role("button", name=ana.pattern("form_publish")).click()
    await expect(ana.page.get_by_text(ana.pattern("form_published", number="1")).first).to_be_visible()

    # Lucía, without a mouse, on a small screen: one question at a time.
    await lucia.enter(SPACE)
    await lucia.go("place_work")
    await lucia.open(TITLE)
    press = lucia.page.keyboard.press
    next_one = lucia.button("question_next")
    await expect(lucia.page.get_by_role("heading", name="El día")).to_be_visible()
    await keep(lucia, "section")
    await next_one.press("Enter")
    saddest = answer(lucia, "radio", lucia.words("face_1"))
    await saddest.focus()
    await press("1")
    await expect(saddest).to_be_checked()
    await keep(lucia, "faces")
    await next_one.press("Enter")
    await answer(lucia, "textbox", "¿Por qué?").fill("Llovió")
    await lucia.button("question_back").press("Enter")
    await press("Tab")
    await answer(lucia, "radio", lucia.words("face_5")).focus()
    await press("3")
    await next_one.press("Enter")
    # A glad face is not asked why.
    await expect(lucia.page.get_by_text("¿Qué fue lo mejor?")).to_be_visible()
    up = lucia.page.get_by_role("button", name=lucia.pattern("ranking_up", label="El río"))
    await up.press("Enter")
    await expect(lucia.page.locator("[data-option]").first).to_contain_text("El río")
    await expect(up).to_be_focused()
    await keep(lucia, "ranking")
    await next_one.press("Enter")
    for row, word in (("la comida", "bien"), ("el viaje", "mal")):
        await lucia.page.get_by_role("radiogroup", name=row).get_by_role("radio", name=word).press("Space")
    await keep(lucia, "matrix")
    await next_one.press("Enter")
    await answer(lucia, "textbox", "¿Cuántas tortugas viste?").fill("dos")
    await next_one.press("Enter")
    await expect(lucia.page.get_by_text(lucia.words("fault_not_a_number"))).to_be_visible()
    await answer(lucia, "textbox", "¿Cuántas tortugas viste?").fill("2")
    await next_one.press("Enter")
    await lucia.page.get_by_label("¿Cuándo volvemos?").fill("2027-05-31")
    await next_one.press("Enter")
    await answer(lucia, "radio", lucia.words("option_yes")).press("Space")
    await next_one.press("Enter")
    await answer(lucia, "checkbox", "El río").press("Space")
    await lucia.button("answers_send").press("Enter")
    await expect(lucia.page.get_by_text(lucia.words("answers_sent"))).to_be_visible()

    await ana.link("form_part_results").click()
    order = ana.page.get_by_role("table", name="¿Qué fue lo mejor?").get_by_role("row", name=re.compile("El río"))
    # One person is too few to be told.
    await expect(order.get_by_role("cell").first).to_have_text(ana.words("number_small"))
    await expect(ana.page.get_by_role("table", name="la comida")).to_be_visible()
    await keep(ana, "results")
    assert ana.complaints == [] and lucia.complaints == []
