"""Founding, life and consents in the browsers of two teachers and a pupil (story S1), with a picture of each screen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Inbound, Person
from tests.browser.test_screens import LOOKS, SPACE, Look, check, visit

TITLE = "Breads of Europe"
PHONE = next(look for look in LOOKS if look.name == "phone")
LIGHT = next(look for look in LOOKS if look.name == "light")
DARK = next(look for look in LOOKS if look.name == "dark")


def agreement(person: Person) -> object:
    return person.page.get_by_role("textbox", name=person.words("founding_text"), exact=True)


async def look_at(person: Person, name: str, look: Look) -> list[str]:
    await person.page.set_viewport_size({"width": look.width, "height": look.height})
    return await check(person, f"{look.name}_{name}", look)


async def propose(ana: Person) -> None:
    await ana.page.get_by_role("link", name=ana.words("founding_found")).click()
    await ana.page.get_by_label(ana.words("founding_partner"), exact=True).fill("Teacher.PL ")
    await ana.page.get_by_label(ana.words("founding_title"), exact=True).fill(TITLE)
    await ana.page.get_by_label(ana.words("founding_subjects"), exact=True).fill("Cocina, Ciencias")
    await ana.page.get_by_role("checkbox", name="Polski").check()


async def write(person: Person, text: str) -> None:
    sheet = person.page.get_by_role("textbox", name=person.words("founding_text"), exact=True)
    await sheet.locator("p").first.click()
    await person.page.keyboard.type(text)


async def sign(person: Person) -> None:
    """The button does nothing while the page looks at the text again, which another's signature makes it do, too."""
    button = person.button("founding_sign")
    press = "found => found.filter(each => each.ariaDisabled !== 'true').forEach(each => each.click())"

    async def is_signed() -> bool:
        await button.evaluate_all(press)
        return await button.count() == 0

    await expect(button).to_be_visible()
    await person.until(is_signed, lambda: "signed")


async def test_two_teachers_found_a_project_in_their_browsers(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek", dark=True)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    faults = await look_at(ana, "teacher_desk_founding", LIGHT)
    await propose(ana)
    faults += await look_at(ana, "propose", LIGHT) + await look_at(ana, "propose", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await ana.button("founding_propose").click()
    await expect(ana.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    # Marek's desk shows it without being asked again.
    await marek.page.get_by_role("link", name=TITLE).first.click()
    await write(marek, "Pieczemy chleb razem.")
    await expect(ana.page.get_by_text("Pieczemy chleb razem.")).to_be_visible()
    await sign(ana)
    await expect(marek.page.get_by_text(marek.pattern("founding_signed_on"))).to_be_visible()
    await write(marek, "I jeszcze jedno. ")
    for one in (ana, marek):
        await expect(one.page.get_by_text(one.words("founding_signed_before"))).to_be_visible()
    faults += await look_at(ana, "founding", LIGHT) + await look_at(ana, "founding", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await sign(marek)
    await expect(ana.page.get_by_text(ana.pattern("founding_signed_on"))).to_be_visible()
    await sign(ana)
    for one in (ana, marek):
        await expect(one.page.get_by_text(one.words("founding_state_open"))).to_be_visible()
    faults += await look_at(marek, "founding_open", DARK)
    await marek.page.get_by_role("link", name=marek.words("founding_enter")).click()
    await expect(marek.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    await marek.go("place_timeline")
    await marek.page.get_by_role("link", name=marek.words("snapshot_of_agreement")).click()
    await expect(marek.page.get_by_text(marek.words("first_link"))).to_be_visible()
    assert faults == []
    assert ana.complaints == [] and marek.complaints == []


async def test_a_teacher_declines_a_proposal(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await propose(ana)
    await ana.button("founding_propose").click()
    await expect(ana.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    await marek.page.get_by_role("link", name=TITLE).first.click()
    await marek.button("founding_withdraw").click()
    faults = await look_at(marek, "founding_decline", PHONE)
    await marek.page.get_by_role("dialog").get_by_role("button", name=marek.words("founding_withdraw")).click()
    await expect(marek.page.get_by_role("heading", level=1)).to_have_text(marek.pattern("desk_hello"))
    await expect(ana.page.get_by_text(ana.words("founding_gone"))).to_be_visible()
    await expect(marek.page.get_by_role("link", name=TITLE)).to_have_count(0)
    assert faults == []
    assert ana.complaints == [] and marek.complaints == []


async def test_a_project_is_closed_under_an_open_document_and_opened_again(person: People) -> None:
    ana, marek, kuba = await person("Ana"), await person("Marek"), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    await visit(kuba, f"{SPACE}/doc/demo-document")
    await expect(kuba.sheet).to_have_attribute("contenteditable", "true")
    await ana.enter("Rivers that join us")
    await ana.page.get_by_role("link", name=ana.words("phase_see")).click()
    current = ana.page.locator("[aria-current=step]")
    await expect(current).to_contain_text(ana.words("phase_during"))
    faults = await look_at(ana, "life", LIGHT) + await look_at(ana, "life", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    move = ana.pattern("phase_move")
    for phase in ("phase_after", "phase_closed"):
        await ana.page.get_by_role("button", name=move).click()
        if phase == "phase_closed":
            faults += await look_at(ana, "life_closing", LIGHT)
        await ana.page.get_by_role("dialog").get_by_role("button", name=move).click()
        await expect(current).to_contain_text(ana.words(phase))
        # The page hears of the move before its own request is answered, which closes the dialog.
        await expect(ana.page.get_by_role("dialog")).to_be_hidden()
    await expect(kuba.sheet).to_have_attribute("contenteditable", "false")
    faults += await look_at(ana, "life_closed", DARK)
    await ana.button("reopen_ask").click()
    await expect(ana.page.get_by_text(ana.pattern("reopen_asked"))).to_be_visible()
    await visit(marek, f"{SPACE}")
    await expect(marek.page.get_by_text(marek.words("phase_is_closed"))).to_be_visible()
    faults += await look_at(marek, "home_closed", LIGHT)
    await visit(marek, f"{SPACE}/life")
    await marek.button("reopen_ask").click()
    for one in (ana, marek):
        await expect(one.page.locator("[aria-current=step]")).to_contain_text(one.words("phase_after"))
    await expect(kuba.sheet).to_have_attribute("contenteditable", "true")
    assert faults == []
    assert ana.complaints == [] and marek.complaints == [] and kuba.complaints == []


async def test_a_teacher_writes_consents_down_and_a_withdrawal_ends_the_camera(person: People) -> None:
    ana, lucia, marek = await person("Ana"), await person("Lucía"), await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    for one in (lucia, marek):
        await one.enter("Rivers that join us")
        await one.join_meeting()

    told: list[Inbound] = []

    async def pictures() -> int:
        told[:] = [stream for stream in await marek.inbound() if stream.kind == "video"]
        return max((stream.frames for stream in told), default=0)

    async def seen() -> bool:
        return await pictures() > 10

    await marek.until(seen, lambda: f"Lucía is seen: {told}", timeout_s=60)
    await visit(ana, f"{SPACE}/consents")
    camera = ana.words("purpose_live_camera")
    cell = ana.page.get_by_role("button", name=re.compile(rf"^Lucía, {re.escape(camera)}"))
    await expect(cell).to_contain_text(ana.words("consents_yes"))
    faults = await look_at(ana, "consents", LIGHT) + await look_at(ana, "consents", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    # By keyboard alone.
    await cell.focus()
    await ana.page.keyboard.press("Enter")
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_role("radio", name=ana.words("consents_no"), exact=True)).to_be_checked()
    faults += await look_at(ana, "consents_dialog", LIGHT) + await look_at(ana, "consents_dialog", PHONE)
    await ana.page.set_viewport_size({"width": 1280, "height": 800})
    await dialog.get_by_role("button", name=ana.words("consents_keep")).focus()
    await ana.page.keyboard.press("Enter")
    await expect(cell).to_contain_text(ana.words("consents_no"))
    await expect(ana.page.get_by_text(ana.words("consents_saved"))).to_be_visible()
    stopped_at = await pictures()

    async def stopped() -> bool:
        nonlocal stopped_at
        before, stopped_at = stopped_at, await pictures()
        return stopped_at == before

    await marek.until(stopped, lambda: f"Lucía is seen no more: {told}")
    # What she does next makes no difference: the hub has no such track any more.
    await lucia.button("call_leave").click()
    await lucia.join_meeting()
    await ana.page.get_by_role("button", name=re.compile(rf"^{re.escape(ana.words('consents_history'))}")).click()
    await expect(dialog.get_by_text(re.compile(rf"{re.escape(camera)}: {ana.words('consents_no')}"))).to_be_visible()
    faults += await look_at(ana, "consents_history", LIGHT)
    await ana.page.keyboard.press("Escape")
    await lucia.button("call_leave").click()
    await visit(lucia, f"{SPACE}/room/demo-room")
    await expect(lucia.page.get_by_text(lucia.words("no_camera_consent"))).to_be_visible()
    faults += await look_at(lucia, "lobby_without_camera", LIGHT)
    assert faults == []
    assert ana.complaints == [] and lucia.complaints == []


pytestmark = pytest.mark.asyncio
