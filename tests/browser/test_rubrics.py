"""S8: two classes agree on what good work is, seal it, and assess by it. By keyboard alone, from a phone as well."""

from __future__ import annotations

import asyncio

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_forms import SPACE
from tests.browser.test_screens import Look, check

DESK, PHONE = Look("desk", 1280, 800, False), Look("phone", 360, 740, False)
RUBRIC, TALK, LUCIA = "What makes a good river page", "Lucía tells of the flood", "Lucía"
PAGE = "Our two rivers · Nuestros dos ríos · Nasze dwie rzeki"
MAKE = """async (title) => {
  const [, , space] = location.pathname.split('/');
  const body = JSON.stringify({kind: 'rubric', title});
  const headers = {'Content-Type': 'application/json'};
  const made = await fetch(`/api/v1/twinspaces/${space}/contents`, {method: 'POST', body, headers});
  if (!made.ok) throw new Error(await made.text());
}"""

MARKED = "(words) => [...(CSS.highlights.get('passage') ?? [])].join('').trim() === words"


async def keep(person: Person, name: str, look: Look = DESK) -> None:
    assert await check(person, f"rubric_{name}_{look.name}", look) == []


def box(person: Person, key: str, **given: str) -> Locator:
    return person.page.get_by_role("textbox", name=person.pattern(key, **given)).first


async def write(person: Person, field: Locator, words: str) -> None:
    await field.focus()
    await person.page.keyboard.type(words)


def talk_button(person: Person, criterion: str, count: int) -> Locator:
    return person.page.get_by_role("button", name=person.pattern("rubric_talk_of", what=criterion, count=str(count)))


async def say(person: Person, criterion: str, words: str, *, level: str | None = None) -> None:
    """Comment on a criterion, or on what a level means there, and leave the dialog open."""
    begin, go_on = (person.pattern(key, what=criterion) for key in ("rubric_talk_begin", "rubric_talk_of"))
    opener = person.page.get_by_role("button", name=begin).or_(person.page.get_by_role("button", name=go_on))
    await opener.press("Enter")
    dialog = person.page.get_by_role("dialog")
    if level is not None:
        await dialog.get_by_label(person.words("rubric_comment_on")).select_option(label=level)
    await write(person, dialog.get_by_label(person.words("comment_field")), words)
    await dialog.get_by_role("button", name=person.words("comment_say"), exact=True).press("Enter")
    await expect(dialog.get_by_text(words, exact=True)).to_be_visible()


async def assess(person: Person, levels: list[int], words: str) -> None:
    """The level of each criterion, counted from 0; words at the first one."""
    for place, level in enumerate(levels):
        criterion = person.page.locator("[data-criterion]").nth(place)
        await criterion.get_by_role("radio").first.focus()
        await person.page.keyboard.press("Space")
        for _ in range(level):
            await person.page.keyboard.press("ArrowRight")
        await expect(criterion.get_by_role("radio").nth(level)).to_be_checked()
    await write(person, person.page.get_by_role("textbox", name=person.words("assess_words")).first, words)
    await person.page.get_by_role("button", name=person.words("assess_send"), exact=True).press("Enter")


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

    # They talk about it: a pupil's words wait for their own teacher, then everybody has them.
    await say(lucia, "Źródła", "¿También las fotos?", level="Logrado")
    await expect(lucia.page.get_by_role("dialog").get_by_text(lucia.words("held_waits"))).to_be_visible()
    await keep(lucia, "talk", PHONE)
    await lucia.page.keyboard.press("Escape")
    await expect(talk_button(kuba, "Źródła", 1)).to_have_count(0)
    waiting = ana.page.locator("summary").filter(has_text=ana.pattern("rubric_comments_wait", count="1"))
    await waiting.press("Enter")
    approve = ana.pattern("gate_approve_this", title="Źródła · Logrado", name="Lucía")
    await ana.page.get_by_role("button", name=approve).press("Enter")
    await talk_button(kuba, "Źródła", 1).press("Enter")
    await expect(kuba.page.get_by_role("dialog").get_by_text("¿También las fotos?")).to_be_visible()
    await kuba.page.keyboard.press("Escape")
    await say(marek, "Źródła", "Tak, zdjęcia też.")
    await expect(marek.page.get_by_role("dialog").get_by_role("listitem")).to_have_count(2)
    await keep(marek, "talk")
    await marek.page.keyboard.press("Escape")
    await expect(talk_button(lucia, "Źródła", 2)).to_be_visible()

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

    # Ana has Lucía's talk assessed: by Lucía, a classmate of the other school, and herself.
    await ana.button("assess_begin").press("Enter")
    dialog = ana.page.get_by_role("dialog")
    which = dialog.get_by_label(ana.words("assess_which"))
    await which.select_option(label=LUCIA)
    await dialog.get_by_label(ana.words("assess_title")).fill(TALK)
    await dialog.get_by_role("group", name=ana.words("assess_who")).get_by_role("checkbox", name="Kuba").press("Space")
    await keep(ana, "begin")
    await ana.button("assess_begin_now").press("Enter")
    # Who is to assess was told, and has it on the desk; so has Ana, for her class.
    await kuba.page.goto("/desk")
    await kuba.page.get_by_role("link", name=kuba.pattern("waits_assess_one", count="1")).press("Enter")
    await expect(kuba.page.get_by_role("heading", level=1, name=kuba.words("title_assessments"))).to_be_visible()
    for one in (ana, lucia, kuba):
        await one.page.get_by_role("link", name=TALK).press("Enter")
        await expect(one.page.get_by_role("heading", level=1, name=TALK)).to_be_visible()
    await expect(marek.page.get_by_role("link", name=TALK)).to_have_count(0)

    # Ana, one of the founders, gives them a last day; everybody sees it.
    await ana.button("reveal_move").press("Enter")
    await dialog.get_by_label(ana.words("assess_day")).fill("2099-05-20")
    await keep(ana, "reveal")
    await ana.button("reveal_move_now").press("Enter")
    await expect(lucia.page.get_by_role("main").get_by_text("2099")).to_be_visible()

    # Each chooses by the arrow keys, and sees nothing of the others.
    await assess(lucia, [1, 2], "Estaba nerviosa")
    await assess(kuba, [2, 2], "Dobrze słychać")
    await expect(lucia.page.get_by_text("Dobrze słychać")).to_have_count(0)
    await expect(ana.page.get_by_text(ana.pattern("assess_progress_peer", sent="1", of="1"))).to_be_visible()
    await keep(lucia, "assess", PHONE)
    pin = ana.page.get_by_role("button", name=ana.pattern("evidence_add_to", criterion="Źródła"))
    await pin.press("Enter")
    await dialog.get_by_label(ana.words("evidence_kind")).select_option("content")
    await dialog.get_by_label(ana.words("evidence_which"), exact=True).select_option(label=PAGE)
    sentence = dialog.get_by_label(ana.words("evidence_sentence"))
    await expect(sentence.locator("option").nth(1)).to_be_attached()
    words = (await sentence.locator("option").nth(1).text_content() or "").strip()
    await sentence.select_option(index=1)
    await keep(ana, "evidence")
    await ana.button("evidence_pin").press("Enter")
    await expect(ana.page.get_by_role("link", name=PAGE)).to_be_visible()
    await expect(ana.page.get_by_role("blockquote")).to_have_text(words)
    await keep(ana, "assess")
    await assess(ana, [2, 1], "Muy claro")

    # All are in: side by side, the classmate without a name for Lucía, with it for Ana.
    for one in (ana, lucia):
        await expect(one.page.get_by_role("heading", name=one.words("assess_side_by_side"))).to_be_visible()
        await expect(one.page.get_by_text("Dobrze słychać")).to_be_visible()
    await expect(lucia.page.get_by_text(lucia.pattern("assess_by_classmate", number="1")).first).to_be_visible()
    await expect(lucia.page.get_by_text("Kuba")).to_have_count(0)
    await expect(ana.page.get_by_role("columnheader", name="Kuba")).to_be_visible()
    await expect(kuba.page.get_by_text(kuba.words("assess_over"))).to_be_visible()
    await keep(ana, "side_by_side")
    await keep(lucia, "side_by_side", PHONE)
    await lucia.page.get_by_role("link", name=PAGE).press("Enter")
    await expect(lucia.page.get_by_role("heading", level=1, name=PAGE)).to_be_visible()
    # The sentence is marked where it stands, and the caret waits before it.
    await lucia.page.wait_for_function(MARKED, arg=words)
    assert [complaint for each in everybody for complaint in each.complaints] == []
