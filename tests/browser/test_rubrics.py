"""S8: two classes agree on what good work is, seal it, and assess by it. By keyboard alone, from a phone as well."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_forms import SPACE
from tests.browser.test_screens import Look, check

DESK, PHONE = Look("desk", 1280, 800, False), Look("phone", 360, 740, False)
RUBRIC = "What makes a good river page"
MAKE = """async (title) => {
  const [, , space] = location.pathname.split('/');
  const body = JSON.stringify({kind: 'rubric', title});
  const headers = {'Content-Type': 'application/json'};
  const made = await fetch(`/api/v1/twinspaces/${space}/contents`, {method: 'POST', body, headers});
  if (!made.ok) throw new Error(await made.text());
}"""


async def keep(person: Person, name: str, look: Look = DESK) -> None:
    assert await check(person, f"rubric_{name}_{look.name}", look) == []


def box(person: Person, key: str, **given: str) -> Locator:
    return person.page.get_by_role("textbox", name=person.pattern(key, **given)).first


async def write(person: Person, field: Locator, words: str) -> None:
    await field.focus()
    await person.page.keyboard.type(words)


async def test_two_classes_agree_seal_and_assess(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    lucia = await person("Lucía", width=PHONE.width, height=PHONE.height)
    kuba = await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    everybody = (ana, marek, lucia, kuba)
    await asyncio.gather(*(one.enter(SPACE) for one in everybody))
    await ana.page.evaluate(MAKE, RUBRIC)
    for one in everybody:
        await one.open(RUBRIC)

    # The pupils of both schools negotiate it, each in their own words and at the same moment.
    await write(lucia, box(lucia, "rubric_level_number", number="1"), "Empezado")
    await write(kuba, box(kuba, "rubric_level_number", number="2"), "Prawie")
    await write(lucia, box(lucia, "rubric_level_number", number="3"), "Logrado")
    await write(kuba, box(kuba, "rubric_criterion_number", number="2"), "Źródła")
    await write(lucia, box(lucia, "rubric_criterion_number", number="1"), "Se entiende")
    await write(kuba, box(kuba, "cell_means", level="Logrado", criterion="Źródła"), "Każde źródło jest podane")
    meant = box(lucia, "cell_means", level="Logrado", criterion="Źródła")
    await expect(meant).to_have_value("Każde źródło jest podane")
    await keep(lucia, "negotiated", PHONE)
    sources = box(kuba, "rubric_criterion_number", number="2")
    await sources.focus()
    await kuba.page.keyboard.press("Alt+ArrowUp")
    await expect(box(ana, "rubric_criterion_number", number="1")).to_have_value("Źródła")
    await expect(box(kuba, "rubric_criterion_number", number="1")).to_be_focused()
    await keep(ana, "negotiated")

    # One school's word is not enough, and falls when somebody writes on.
    await ana.button("rubric_sign").press("Enter")
    await expect(marek.page.get_by_text(marek.pattern("together_word_given", name="Ana Ruiz"))).to_be_visible()
    await write(kuba, box(kuba, "cell_means", level="Empezado", criterion="Źródła"), "Brak źródeł")
    await expect(ana.page.get_by_text(ana.pattern("together_word_old", name="Ana Ruiz"))).to_be_visible()
    await expect(box(ana, "cell_means", level="Empezado", criterion="Źródła")).to_have_value("Brak źródeł")
    await ana.button("rubric_sign").press("Enter")
    await marek.button("rubric_sign_last").press("Enter")
    for one in everybody:
        await expect(one.page.get_by_text(one.pattern("rubric_sealed", number="1"))).to_be_visible()
        await expect(one.page.get_by_role("textbox")).to_have_count(0)
    await keep(marek, "sealed")
    await keep(lucia, "sealed", PHONE)
    assert [complaint for each in everybody for complaint in each.complaints] == []
