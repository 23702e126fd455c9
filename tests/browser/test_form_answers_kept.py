"""A form two teachers build at once; what a pupil writes outlives a dead network, a closed tab, a change of device."""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_forms import SPACE, add, answer
from tests.browser.test_forms_together import build, publish

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
FORM, FACE, WHY = "Our evening", "¿Cómo fue?", "Dlaczego?"
VOICE = """(() => {
  const voice = { name: 'Ours', lang: 'es-ES', localService: true, default: true, voiceURI: 'ours' };
  window.heard = [];
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, 'speechSynthesis', { value: {
    getVoices: () => [voice], addEventListener() {}, removeEventListener() {}, cancel() {},
    speak: ({ text, lang }) => window.heard.push([text, lang]),
  } });
})()"""
"""A device with a voice of its own: Chromium has none here."""


async def on_a_device(person: People, name: str) -> Person:
    lucia = await person(name, width=390, height=844)
    await lucia.page.add_init_script(VOICE)
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await lucia.enter(SPACE)
    await lucia.go("place_work")
    await lucia.open(FORM)
    await expect(lucia.page.get_by_role("heading", name=FORM, level=1)).to_be_visible()
    return lucia


async def test_what_was_written_is_there_again_whatever_happens(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await asyncio.gather(ana.enter(SPACE), marek.enter(SPACE))

    # Both schools' teachers build it at the same moment, each seeing the other's questions come.
    await build(ana, FORM)
    await marek.go("place_work")
    await marek.open(FORM)
    await marek.link("form_part_build").first.click()
    await add(ana, "faces", FACE)
    await expect(marek.page.get_by_role("listitem").get_by_text(FACE, exact=True)).to_be_visible()
    await add(marek, "long_text", WHY)
    await expect(ana.page.get_by_role("listitem").get_by_text(WHY, exact=True)).to_be_visible()
    await publish(ana)

    # It is read to who can't read yet, with the words of the faces, by the device's own voice.
    lucia = await on_a_device(person, "Lucía")
    await lucia.button("read_aloud").click()
    [[spoken, language]] = await lucia.page.evaluate("heard")
    assert language == "es-ES"
    for words in (FACE, lucia.words("face_1"), lucia.words("face_5")):
        assert words in spoken
    await answer(lucia, "radio", lucia.words("face_5")).focus()
    await lucia.page.keyboard.press("4")
    await lucia.button("question_next").click()
    why = answer(lucia, "textbox", WHY)
    await why.fill("Cantamos")
    await expect(lucia.page.get_by_text(lucia.words("answers_kept_at_hub"))).to_be_visible()

    # The network goes, she writes on, and the tab is closed: another one on this device has every letter.
    await lucia.page.context.set_offline(True)
    await why.press("End")
    await lucia.page.keyboard.type(" y bailamos")
    address = lucia.page.url
    await expect(lucia.page.get_by_text(lucia.words("answers_kept"))).to_be_visible()
    await lucia.page.close()
    await lucia.page.context.set_offline(False)
    again = await Person.at(await lucia.page.context.new_page(), "Lucía again")
    again.language = "es"
    await again.page.goto(address, wait_until="domcontentloaded")
    await expect(answer(again, "radio", again.words("face_4"))).to_be_checked()
    await again.button("question_next").click()
    await expect(answer(again, "textbox", WHY)).to_have_value("Cantamos y bailamos")
    await expect(again.page.get_by_text(again.words("answers_kept_at_hub"))).to_be_visible()

    # At home she goes on; back on the first device it is what she wrote last, not what this one remembers.
    home = await on_a_device(person, "Lucía at home")
    await home.button("question_next").click()
    await expect(answer(home, "textbox", WHY)).to_have_value("Cantamos y bailamos")
    await answer(home, "textbox", WHY).fill("Jugamos")
    await expect(home.page.get_by_text(home.words("answers_kept_at_hub"))).to_be_visible()
    await again.page.goto("about:blank")
    await again.page.goto(address, wait_until="domcontentloaded")
    await again.button("question_next").click()
    await expect(answer(again, "textbox", WHY)).to_have_value("Jugamos")
    await again.button("answers_send").click()
    await expect(again.page.get_by_text(again.words("answers_sent"))).to_be_visible()
    for one in (ana, marek, again, home):
        assert one.complaints == []
