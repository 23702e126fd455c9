"""What a teacher opens and closes in a meeting, and how pupils meet it: locks, hands, one person's powers."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person

TWINSPACE = "Rivers that join us"
PASSWORD = "twinspace-demo"


def switch(person: Person, key: str) -> Locator:
    return person.page.get_by_role("switch", name=person.words(key), exact=True)


async def open_locks(person: Person) -> None:
    dock = person.page.get_by_role("toolbar", name=person.words("call_dock"))
    await dock.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.get_by_role("menuitem", name=person.words("room_locks")).click()


async def test_microphones_are_closed_a_hand_is_raised_and_called_on(person: People) -> None:
    ana, lucia = await asyncio.gather(person("Ana"), person("Lucía", width=360, height=740))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await lucia.sign_in_with_card("Olive wave GUITAR", language="es")
    for one in (ana, lucia):
        await one.enter(TWINSPACE)
        await one.join_meeting()
    await expect(ana.page.get_by_text(ana.words("call_connected"))).to_be_visible()

    await open_locks(ana)
    await expect(switch(ana, "room_may_microphone")).to_be_checked()
    await switch(ana, "room_may_microphone").click()
    await expect(ana.page.get_by_text(ana.words("room_microphone_to_teachers"))).to_be_visible()
    await expect(switch(ana, "room_may_microphone")).not_to_be_checked()
    assert await ana.axe() == []
    await ana.page.keyboard.press("Escape")

    closed = lucia.button("room_microphone_closed")
    await expect(closed).to_be_visible()
    reason = lucia.page.get_by_text(lucia.words("room_microphones_locked"))
    await expect(reason).to_be_visible()
    await lucia.button("call_fine").click()
    await expect(reason).to_have_count(0)
    await closed.click()
    await expect(reason).to_be_visible()
    await expect(closed).to_have_attribute("aria-pressed", "false")
    assert await lucia.axe() == []
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await lucia.page.keyboard.press("h")
    await expect(lucia.button("hand_lower")).to_be_visible()
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('hands')}")).click()
    queue = ana.page.get_by_role("list", name=ana.words("hands_order"))
    await expect(queue.get_by_text("Lucía", exact=True)).to_be_visible()
    assert await ana.axe() == []
    await ana.button("hand_call_next").click()
    await expect(ana.page.get_by_text(ana.words("hands_none"))).to_be_visible()

    await expect(lucia.page.get_by_text(lucia.words("hand_your_turn"))).to_be_visible()
    await lucia.button("room_turn_microphone_on").click()
    await expect(lucia.button("call_microphone_on")).to_be_visible()
    assert await lucia.axe() == []

    await ana.page.get_by_role("button", name=ana.pattern("call_people")).click()
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('person_more')}")).click()
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_label(ana.words("room_except_microphone"))).to_be_checked()
    assert await ana.axe() == []
    await dialog.get_by_label(ana.words("room_except_microphone")).click()
    await expect(dialog.get_by_label(ana.words("room_except_microphone"))).not_to_be_checked()
    await expect(lucia.button("room_microphone_closed")).to_be_visible()
    await dialog.get_by_label(ana.words("person_name")).fill("Lucía R.")
    await dialog.get_by_role("button", name=ana.words("person_name_correct")).click()
    await expect(ana.page.get_by_role("heading", name="Lucía R.")).to_be_visible()
    await dialog.get_by_role("button", name=ana.words("person_remove")).click()
    await dialog.get_by_role("button", name=ana.words("person_remove")).click()
    await expect(lucia.page.get_by_text(lucia.words("room_removed_hint"))).to_be_visible()
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('person_let_in')}")).click()
    await expect(ana.page.get_by_text(ana.words("people_removed"), exact=True)).to_have_count(0)

    await lucia.button("call_to_lobby").click()
    await expect(lucia.button("call_join")).to_be_enabled()
    await lucia.button("call_join").click()
    await expect(lucia.button("call_leave")).to_be_visible()
    await open_locks(ana)
    await ana.button("room_end").click()
    await ana.button("room_end_now").click()
    for one in (ana, lucia):
        await expect(one.page.get_by_text(one.words("room_ended_hint"))).to_be_visible()
        assert one.complaints == []
