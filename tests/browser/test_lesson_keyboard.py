"""A whole lesson without a mouse, a teacher's and a pupil's part of it; each state is looked at and held to WCAG."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.test_keyboard import Keys
from tests.browser.test_screens import LOOKS, check

LIGHT, DARK, PHONE = (next(look for look in LOOKS if look.name == name) for name in ("light", "dark", "phone"))
TWINSPACE = "Rivers that join us"
PLAN = """async members => {
  const reply = await fetch('/api/v1/twinspaces/demo-rivers/breakouts', {
    method: 'POST', headers: {'content-type': 'application/json'},
    body: JSON.stringify({room_id: 'demo-room', title: 'Pan', minutes: 20, groups: members.map((user_ids, at) => ({
      title: `Grupo ${at + 1}`, user_ids}))})});
  return reply.status;
}"""
MEMBERS = """async () => (await (await fetch('/api/v1/twinspaces/demo-rivers')).json())
  .members.filter(({kind}) => kind === 'pupil').map(({user_id}) => [user_id])"""


async def choose(keys: Keys, key: str) -> None:
    """From the menu at the end of the dock."""
    person = keys.person
    dock = keys.page.get_by_role("toolbar", name=person.words("call_dock"))
    await keys.use(dock.get_by_role("button", name=person.pattern("call_more")))
    item = keys.page.get_by_role("menu").get_by_text(person.words(key), exact=True)
    await walk_to(keys, item)
    await keys.press("Enter")


async def walk_to(keys: Keys, item: Locator) -> None:
    await expect(item).to_be_visible()
    for _ in range(20):
        if await item.evaluate("item => document.activeElement.contains(item)"):
            return
        await keys.press("ArrowDown")
    raise AssertionError(f"the arrows don't lead to {item}")


async def tick(keys: Keys, box: Locator) -> None:
    await keys.reach(box)
    await keys.press("Space")


async def to_tab(keys: Keys, title: str) -> None:
    """Of the panel beside the pictures, which is open."""
    wanted = keys.page.get_by_role("tab", name=keys.person.pattern(title))
    await keys.reach(keys.page.get_by_role("tab", selected=True))
    for _ in range(8):
        if await wanted.evaluate("tab => tab === document.activeElement"):
            break
        await keys.press("ArrowRight")
    await keys.press("Enter")
    await expect(wanted).to_have_attribute("aria-selected", "true")


async def come_in(keys: Keys) -> None:
    await keys.use(keys.page.get_by_role("link", name=re.compile(rf"^{re.escape(keys.person.words('join'))}")).last)
    await expect(keys.person.button("call_join")).to_be_enabled()


@pytest.mark.timeout(900)
async def test_a_lesson_by_keyboard(person: People) -> None:
    ana = await person("Ana")
    lucia = await person("Lucía", width=DARK.width, height=DARK.height, dark=True)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    assert await ana.page.evaluate(PLAN, await ana.page.evaluate(MEMBERS)) == 201
    teacher, pupil = Keys(ana), Keys(lucia)
    for one in (ana, lucia):
        await one.enter(TWINSPACE)

    # The teacher comes in and closes the door; the pupil waits and is admitted.
    await come_in(teacher)
    faults = await check(ana, "light_lesson_lobby", LIGHT)
    await teacher.use(ana.button("call_join"))
    await expect(ana.button("call_leave")).to_be_visible()
    await teacher.press("p")
    await tick(teacher, ana.page.get_by_label(ana.words("lobby_switch")))
    await come_in(pupil)
    await pupil.use(lucia.button("call_join"))
    await expect(lucia.page.get_by_role("heading", name=lucia.words("lobby_waiting"))).to_be_visible()
    faults += await check(lucia, "dark_lesson_waiting", DARK)
    await teacher.use(ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('lobby_admit')}.*Lucía")))
    await expect(lucia.button("call_leave")).to_be_visible()

    # She turns her microphone off and on, raises a hand, writes letter by letter, and in the chat.
    await pupil.look()
    was_on = await lucia.button("call_microphone_on").count() > 0
    for is_on in (not was_on, was_on):
        await pupil.press("m")
        await expect(lucia.button("call_microphone_on" if is_on else "call_microphone_off")).to_be_visible()
    await pupil.press("h")
    await expect(lucia.button("hand_lower")).to_be_visible()
    await teacher.use(ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('hands')}")))
    faults += await check(ana, "light_lesson_hands", LIGHT)
    await teacher.use(ana.button("hand_call_next"))
    await expect(lucia.page.get_by_text(lucia.words("hand_your_turn"))).to_be_visible()
    faults += await check(lucia, "dark_lesson_turn", DARK)
    await pupil.use(lucia.button("call_fine"))
    await lucia.button("call_leave").focus()
    await pupil.press("w")
    line = lucia.page.get_by_label(lucia.words("rtt_your_line"), exact=True)
    await pupil.reach(line)
    await pupil.write("El río crece")
    faults += await check(lucia, "dark_lesson_rtt", DARK)
    await pupil.press("Enter")
    await to_tab(pupil, "lesson_chat")
    await pupil.reach(lucia.page.get_by_role("tabpanel").get_by_label(lucia.words("your_message")))
    await pupil.write("Y tiene nutrias")
    await pupil.press("Enter")
    await expect(lucia.page.get_by_role("article").filter(has_text="Y tiene nutrias")).to_be_visible()
    faults += await check(lucia, "dark_lesson_chat", DARK)
    await to_tab(pupil, "captions")
    await pupil.use(lucia.button("captions_take"))
    await pupil.reach(lucia.page.get_by_role("tabpanel").get_by_role("textbox").first)
    await pupil.write("Subtítulos a mano")
    await pupil.press("Enter")

    # The teacher closes the microphones for all, and opens them again.
    await choose(teacher, "room_locks")
    switch = ana.page.get_by_role("switch", name=ana.words("room_may_microphone"), exact=True)
    await tick(teacher, switch)
    await expect(switch).not_to_be_checked()
    await expect(lucia.page.get_by_text(lucia.words("room_microphones_locked"))).to_be_visible()
    await tick(teacher, switch)
    await expect(switch).to_be_checked()
    await teacher.press("Escape")

    # A question is asked and answered.
    await choose(teacher, "poll_title")
    await teacher.use(ana.button("poll_new"))
    await teacher.reach(ana.page.get_by_label(ana.words("poll_question"), exact=True))
    await teacher.write("¿Qué río es más largo?")
    await teacher.reach(ana.page.get_by_label(ana.words("poll_options"), exact=True))
    await teacher.write("Wisła\nGuadalhorce")
    await teacher.use(ana.button("poll_ask"))
    await choose(pupil, "poll_title")
    await tick(pupil, lucia.page.get_by_label("Guadalhorce"))
    await pupil.use(lucia.button("poll_answer"))
    await expect(lucia.page.get_by_text(lucia.words("poll_answered"))).to_be_visible()
    faults += await check(lucia, "dark_lesson_poll", DARK)

    # Breakouts: opened, one is called from, and closed; then she leaves.
    await choose(teacher, "title_breakouts")
    await teacher.use(ana.button("breakouts_open"))
    await pupil.use(lucia.button("breakouts_call"))
    await expect(ana.button("breakouts_come").first).to_be_visible()
    faults += await check(ana, "light_lesson_overview", LIGHT)
    await teacher.use(ana.button("breakouts_close"))
    await expect(lucia.page.get_by_text(lucia.words("breakouts_soon"))).to_be_visible()
    await expect(lucia.page.get_by_label(lucia.words("breakouts_where"))).to_be_hidden(timeout=90_000)
    await lucia.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    faults += await check(lucia, "phone_lesson", PHONE)
    await pupil.use(lucia.button("call_leave"))
    await expect(lucia.button("call_leave")).to_be_hidden()
    complaints = ana.complaints + lucia.complaints
    assert not faults + complaints, "\n".join(faults + complaints)
