"""Two schools fill in one sheet at once and hand it in together; six-year-olds are counted by their hands."""

from __future__ import annotations

import asyncio

from playwright.async_api import Route, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_forms import MAKE, SPACE, add, answer
from tests.browser.test_screens import Look, check

DESK, PHONE = Look("desk", 1280, 800, False), Look("phone", 360, 740, False)
PLAN, FACES = "Our joint plan", "How was your day?"
QUIZ = "Our rivers"
QUIZ_SHEET = (
    "Pregunta;Opciones;Pregunta [pl];Opciones [pl];Respuesta correcta;Puntos;Si acierta;Si falla;Si falla [pl]\n"
    "¿Qué río pasa por Toruń?;Vístula | Óder;Jaka rzeka płynie przez Toruń?;Wisła | Odra;Vístula;2;¡Eso es!;"
    "Mira el mapa.;Spójrz na mapę.\n"
)
WHERE, WHAT = "Where do we go?", "What do we bring?"


async def keep(person: Person, name: str, look: Look = DESK) -> None:
    assert await check(person, f"form_{name}", look) == []


async def build(ana: Person, title: str) -> None:
    await ana.page.evaluate(MAKE, title)
    await ana.go("place_work")
    await ana.open(title)
    await ana.link("form_part_build").first.click()


async def publish(ana: Person) -> None:
    await ana.page.get_by_role("button", name=ana.pattern("form_publish")).press("Enter")
    await expect(ana.page.get_by_text(ana.pattern("form_published", number="1")).first).to_be_visible()


async def over_a_slow_line(route: Route) -> None:
    """Its answers are older than what happens meanwhile."""
    response = await route.fetch()
    await asyncio.sleep(1)
    await route.fulfill(response=response)


async def test_two_schools_fill_in_one_sheet_and_a_class_is_counted(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await asyncio.gather(ana.enter(SPACE), marek.enter(SPACE))

    # The plan: one sheet, both schools, at the same moment.
    await build(ana, PLAN)
    await add(ana, "short_text", WHERE)
    await ana.page.get_by_label(ana.words("question_must")).check()
    await add(ana, "long_text", WHAT)
    await ana.page.get_by_text(ana.words("settings_title")).press("Enter")
    await ana.page.get_by_label(ana.words("mode_together")).press("Space")
    await keep(ana, "settings")
    await publish(ana)
    await ana.link("form_part_answer").press("Enter")
    await marek.go("place_work")
    await marek.open(PLAN)
    where = answer(ana, "textbox", WHERE)
    await where.focus()
    await expect(marek.page.get_by_text(marek.pattern("together_at", name="Ana"))).to_be_visible()
    await ana.page.keyboard.type("Toruń")
    await answer(marek, "textbox", WHAT).focus()
    await marek.page.keyboard.type("Chleb")
    for one in (ana, marek):
        await expect(answer(one, "textbox", WHERE)).to_have_value("Toruń")
        await expect(answer(one, "textbox", WHAT)).to_have_value("Chleb")
        fields = one.page.locator("[data-question]")
        await expect(fields.nth(0)).to_contain_text("Málaga")
        await expect(fields.nth(1)).to_contain_text("Kraków")
    await keep(ana, "together")
    await ana.page.route("**/sheet?*", over_a_slow_line)
    await ana.button("together_sign").press("Enter")
    await expect(marek.page.get_by_text(marek.pattern("together_word_given", name="Ana Ruiz"))).to_be_visible()
    # Whoever changes something asks the other school again.
    await answer(marek, "textbox", WHAT).focus()
    await marek.page.keyboard.press("End")
    await marek.page.keyboard.type(" i sól")
    await expect(ana.page.get_by_text(ana.pattern("together_word_old", name="Ana Ruiz"))).to_be_visible()
    await expect(answer(ana, "textbox", WHAT)).to_have_value("Chleb i sól")
    await ana.button("together_sign").press("Enter")
    await marek.button("together_sign_last").press("Enter")
    for one in (ana, marek):
        await expect(one.page.get_by_text(one.pattern("together_submitted"))).to_be_visible()
        await expect(answer(one, "textbox", WHERE)).to_be_disabled()
    await keep(marek, "handed_in")

    # The faces: what a child begins on one machine is there on the next; the class is counted by hands.
    await build(ana, FACES)
    await add(ana, "faces", "¿Cómo fue?")
    await ana.page.get_by_label(ana.words("faces_count")).select_option("3")
    await add(ana, "drawing", "Dibuja el río")
    await publish(ana)
    lucia = await person("Lucía", width=PHONE.width, height=PHONE.height)
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await lucia.enter(SPACE)
    await lucia.go("place_work")
    await lucia.open(FACES)
    await answer(lucia, "radio", lucia.words("face_5")).press("Space")
    await expect(lucia.page.get_by_text(lucia.words("answers_kept_at_hub"))).to_be_visible()
    await keep(lucia, "six_years_old", PHONE)
    await lucia.page.close()
    again = await person("Lucía again", width=PHONE.width, height=PHONE.height)
    await again.sign_in_with_card("olive-wave-guitar", language="es")
    await again.enter(SPACE)
    await again.go("place_work")
    await again.open(FACES)
    await expect(answer(again, "radio", again.words("face_5"))).to_be_checked()
    await again.button("question_next").press("Enter")
    paper = again.page.get_by_role("application")
    await paper.focus()
    for key in ("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space"):
        await again.page.keyboard.press(key)
    await expect(again.page.get_by_role("img", name=again.pattern("drawing_shown", count="1"))).to_be_visible()
    await keep(again, "drawing", PHONE)
    await again.button("answers_send").press("Enter")
    await expect(again.page.get_by_text(again.words("answers_sent"))).to_be_visible()

    await ana.link("form_part_results").press("Enter")
    await ana.button("tally_title").press("Enter")
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_label(ana.words("tally_class")).fill("1B")
    for face, hands in (("face_1", "1"), ("face_3", "3"), ("face_5", "20")):
        await dialog.get_by_role("spinbutton", name=ana.words(face)).fill(hands)
    await keep(ana, "tally")
    await ana.button("tally_save").press("Enter")
    await expect(dialog.get_by_text(ana.pattern("tally_kept", title="1B", count="24"))).to_be_visible()
    await ana.page.keyboard.press("Escape")
    table = ana.page.get_by_role("table", name="¿Cómo fue?")
    await expect(table.get_by_role("row").nth(1)).to_contain_text("< 5")
    await expect(ana.page.get_by_text(ana.pattern("tally_among", count="24")).first).to_be_visible()
    await keep(ana, "results_tally")
    # One quiz in two languages: each reads it and what is said of it in their own, and the answers are one set.
    await build(ana, QUIZ)
    await ana.button("import_title").press("Enter")
    sheets = ana.page.get_by_role("dialog")
    await sheets.get_by_label(ana.words("import_paste"), exact=True).fill(QUIZ_SHEET)
    await sheets.get_by_role("button", name=ana.words("import_look")).press("Enter")
    await sheets.get_by_role("button", name=ana.pattern("import_add", count="1")).press("Enter")
    # The line that was looked at has the same words as the question that it becomes.
    await expect(sheets).to_be_hidden()
    await expect(ana.page.get_by_role("listitem").get_by_text("¿Qué río pasa por Toruń?", exact=True)).to_be_visible()
    await publish(ana)
    await marek.go("place_work")
    await marek.open(QUIZ)
    await answer(marek, "radio", "Odra").press("Space")
    await marek.button("answers_send").press("Enter")
    await expect(marek.page.get_by_text("Spójrz na mapę.")).to_be_visible()
    await expect(marek.page.get_by_text("Jaka rzeka płynie przez Toruń?")).to_be_visible()
    await expect(marek.page.get_by_text(marek.pattern("quiz_score", points="0", of="2"))).to_be_visible()
    await keep(marek, "quiz")
    await again.go("place_work")
    await again.open(QUIZ)
    await answer(again, "radio", "Vístula").press("Space")
    await again.button("answers_send").press("Enter")
    await expect(again.page.get_by_text("¡Eso es!")).to_be_visible()
    await ana.link("form_part_results").press("Enter")
    await expect(ana.page.get_by_role("table", name="¿Qué río pasa por Toruń?")).to_be_visible()
    await expect(ana.page.get_by_text(ana.pattern("texts_count", count="2"))).to_be_visible()
    assert [complaint for each in (ana, marek, lucia, again) for complaint in each.complaints] == []
