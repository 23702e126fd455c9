"""An interpreter is given a channel and speaks on it; who chooses the language hears it, and the others softly."""

from __future__ import annotations

import asyncio

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_powers import PASSWORD, TWINSPACE

VOLUMES = "() => [...document.querySelectorAll('audio')].filter((each) => each.srcObject).map((each) => each.volume)"


async def open_interpreters(person: Person) -> None:
    dock = person.page.get_by_role("toolbar", name=person.words("call_dock"))
    await dock.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.get_by_role("menuitem", name=person.words("interpreters")).click()


async def test_who_chooses_a_language_hears_its_interpreter_and_the_others_softly(person: People) -> None:
    ana, marek = await asyncio.gather(person("Ana"), person("Marek", width=360, height=740))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    for one in (ana, marek):
        await one.enter(TWINSPACE)
        await one.join_meeting()

    await open_interpreters(ana)
    dialog = ana.page.get_by_role("dialog", name=ana.words("interpreters"))
    await dialog.get_by_label(ana.pattern("interpreters_into", name="Marek Nowak")).select_option("es")
    given = marek.page.get_by_text(marek.pattern("interpreters_given"))
    await expect(given).to_be_visible()
    await marek.page.get_by_role("button", name=marek.pattern("interpreters_start")).press("Enter")
    await expect(marek.page.get_by_text(marek.pattern("interpreters_yours"))).to_be_visible()
    assert await marek.axe() == []
    assert await marek.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    choice = dialog.get_by_role("radio", name=ana.pattern("interpreters_channel"))
    await expect(choice).to_be_visible()
    await choice.press("Space")
    await expect(choice).to_be_checked()
    assert await ana.axe() == []
    await ana.page.keyboard.press("Escape")
    await expect(ana.page.get_by_text(ana.pattern("interpreters_you_hear"))).to_be_visible()

    async def hears_the_interpreter() -> bool:
        return sorted(await ana.page.evaluate(VOLUMES)) == [0.15, 1]

    await ana.until(hears_the_interpreter, lambda: "the interpreter in full, the floor softly")
    await ana.button("interpreters_back").click()

    async def hears_the_floor() -> bool:
        return bool(await ana.page.evaluate(VOLUMES) == [1])

    await ana.until(hears_the_floor, lambda: "the floor alone")

    # The teacher takes the channel back: the voice that was for it opens to nobody.
    speaks = marek.button("call_microphone_on")
    await expect(speaks).to_be_visible()
    await open_interpreters(ana)
    await dialog.get_by_label(ana.pattern("interpreters_into", name="Marek Nowak")).select_option("")
    await expect(given).to_have_count(0)
    await expect(speaks).to_have_count(0)
    await expect(marek.page.get_by_text(marek.pattern("interpreters_yours"))).to_have_count(0)
