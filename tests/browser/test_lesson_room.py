"""A class before one device, reactions, push-to-talk and who speaks in words, in two browsers."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_screens import LOOKS, check

TWINSPACE = "Rivers that join us"
PASSWORD = "twinspace-demo"
NAMES = ["Alba", "Bruno", "Carla", "Diego", "Elena", "Fátima", "Gael", "Hugo", "Irene", "Javier", "Kenia", "Leo"]
LIGHT = next(look for look in LOOKS if look.name == "light")
PHONE = next(look for look in LOOKS if look.name == "phone")
MAKE_CLASS = """names => fetch('/api/v1/pupils', {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ class_name: '4b', first_names: names, language: 'es', twinspace_id: 'demo-rivers' }),
}).then(answer => answer.status)"""


async def open_tool(person: Person, key: str) -> None:
    dock = person.page.get_by_role("toolbar", name=person.words("call_dock"))
    await dock.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.get_by_role("menuitem", name=person.words(key)).click()


async def one_row(person: Person) -> None:
    """A phone's dock is one row, as wide as the screen allows."""
    tops = await person.page.get_by_role("toolbar", name=person.words("call_dock")).evaluate(
        "dock => [...dock.querySelectorAll('.btn')].map(each => Math.round(each.getBoundingClientRect().bottom))"
    )
    assert len(tops) >= 5
    assert len(set(tops)) == 1, tops
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_class_meets_another_one_at_one_device(person: People) -> None:
    ana, marek = await asyncio.gather(person("Ana"), person("Marek", width=360, height=740))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    assert await ana.page.evaluate(MAKE_CLASS, NAMES) == 201
    for one in (ana, marek):
        await one.enter(TWINSPACE)
    await marek.join_meeting()

    await ana.page.get_by_role("link", name=re.compile(rf"^{re.escape(ana.words('join'))}")).last.click()
    await ana.page.get_by_label(ana.words("seat_class_here")).check()
    await expect(ana.page.get_by_text(ana.pattern("seat_bounds"))).to_be_visible()
    await expect(ana.button("call_join")).to_be_disabled()
    await ana.page.get_by_label(ana.pattern("seat_all_of", name="4b")).check()
    await ana.page.get_by_label("Leo", exact=True).uncheck()
    await expect(ana.page.get_by_text(ana.pattern("seat_chosen", count="11"))).to_be_visible()
    assert await check(ana, "light_class_seat_lobby", LIGHT) == []
    await expect(ana.button("call_join")).to_be_enabled()
    await ana.button("call_join").click()
    await expect(ana.button("call_leave")).to_be_visible()

    tile = marek.page.locator(".tile", has_text=marek.pattern("seat_named", name="4b", count="11"))
    await expect(tile).to_be_visible()
    await ana.page.keyboard.press("h")
    await ana.page.get_by_role("dialog").get_by_role("button", name="Irene").click()
    await expect(ana.page.get_by_role("dialog").get_by_role("button", name="Irene")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert await ana.axe() == []
    await ana.page.keyboard.press("Escape")

    await open_tool(ana, "seat_title")
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Carla", exact=True)).to_be_checked()
    await dialog.get_by_label("Leo", exact=True).check()
    await dialog.get_by_role("button", name=ana.words("seat_save")).click()
    await expect(dialog).to_have_count(0)
    # Two teachers and twelve pupils, before two devices.
    await ana.page.get_by_role("button", name=ana.pattern("call_people", count="14")).click()
    own = ana.page.locator("details", has_text=ana.pattern("seat_named", name="4b", count="12"))
    await own.locator("summary").click()
    await expect(own.get_by_text("Leo", exact=True)).to_be_visible()
    assert await ana.axe() == []

    await marek.page.get_by_role("button", name=re.compile(rf"^{marek.words('hands')}")).click()
    queue = marek.page.get_by_role("list", name=marek.words("hands_order"))
    await expect(queue.locator("bdi")).not_to_be_empty()
    assert await marek.axe() == []
    await marek.button("hand_call_next").click()
    await expect(ana.page.get_by_text(ana.pattern("hand_their_turn", name="Irene"))).to_be_visible()

    class_words = marek.pattern("seat_named", name="4b", count="12")
    await expect(marek.page.locator(".who_speaks p", has_text=class_words)).to_be_visible()
    await expect(marek.page.locator(".who_speaks [role=status]", has_text=class_words)).to_be_attached()

    # On a phone a panel takes the meeting's place, leaves the dock, and gives the focus back to it.
    await expect(marek.page.locator(".stage")).to_be_hidden()
    await expect(marek.button("call_leave")).to_be_in_viewport(ratio=1)
    await marek.page.get_by_role("button", name=marek.words("close")).click()
    await expect(marek.page.get_by_role("button", name=re.compile(rf"^{marek.words('hands')}"))).to_be_focused()

    # The first clap is the class's; a key opens the reactions, arrows choose.
    await ana.page.get_by_role("button", name=ana.words("call_fine")).first.click()
    await ana.page.keyboard.press("r")
    await expect(ana.page.get_by_role("menuitem", name=ana.words("meet_clap"))).to_be_focused()
    assert await ana.axe() == []
    await ana.page.keyboard.press("Enter")
    await open_tool(marek, "meet_clap")
    await one_row(marek)
    together = marek.page.locator(".stage li").get_by_text(marek.pattern("reacts_clap_more", count="1"))
    await expect(together).to_be_attached()
    assert await check(marek, "phone_class_seat", PHONE) == []
    assert await check(ana, "light_class_seat", LIGHT) == []

    await ana.page.get_by_role("button", name=ana.words("call_devices")).click()
    await ana.page.get_by_label(ana.words("ptt_wanted")).check()
    assert await ana.axe() == []
    await ana.page.keyboard.press("Escape")
    held = ana.button("ptt_off")
    await expect(held).to_have_attribute("aria-pressed", "false")
    await ana.page.locator("h1").click()
    await ana.page.keyboard.down("Space")
    await expect(ana.button("ptt_talking")).to_be_visible()
    await ana.page.keyboard.up("Space")
    await expect(held).to_be_visible()
    # Held with a pointer, it is open as long; also when the browser takes the finger away.
    for ending in ("pointerup", "pointercancel", "pointerleave"):
        await held.dispatch_event("pointerdown", {"button": 0})
        await expect(ana.button("ptt_talking")).to_be_visible()
        await ana.button("ptt_talking").dispatch_event(ending)
        await expect(held).to_be_visible()
    await held.click()
    await expect(held).to_be_visible()
    await ana.page.get_by_role("button", name=ana.pattern("lesson_chat")).first.click()
    message = ana.page.get_by_label(ana.words("your_message"))
    await message.fill("a")
    await message.press("Space")
    await expect(message).to_have_value("a ")
    await expect(held).to_be_visible()
    for one in (ana, marek):
        assert one.complaints == []
