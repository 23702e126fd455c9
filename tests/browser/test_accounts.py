"""How people come in: a class by its cards (S2), teachers by registering, staff by a second factor; with pictures."""

from __future__ import annotations

import base64
import email
import email.policy
import re
import time

import pytest
from playwright.async_api import expect
from pypdf import PdfReader

from hub.one_time_codes import STEP_S, code_at
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_screens import LOOKS, Look, check, visit
from tests.hub_process import HubProcess

SIZES = [look for look in LOOKS if look.name in ("light", "phone")]
PASSWORD = "correct horse battery"
NAMES = "1. Inés\n2. Martín\n3. Olmo\n4. Zoe"


@pytest.mark.parametrize(
    "look", [look for look in LOOKS if look.name in ("light", "phone")], ids=lambda look: look.name
)
async def test_a_class_gets_its_cards_and_comes_in(person: People, look: Look) -> None:
    ana = await person("Ana", width=look.width, height=look.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await ana.page.locator("[popovertarget=account]").click()
    await ana.link("title_pupils").click()
    await expect(ana.page.get_by_role("heading", level=1, name=ana.words("title_pupils"))).to_be_visible()
    faults = await check(ana, f"{look.name}_pupils", look)

    await ana.button("pupils_make").click()
    dialog = ana.page.get_by_role("dialog", name=ana.words("pupils_make"))
    await dialog.get_by_label(ana.words("pupils_names")).fill(NAMES)
    await dialog.get_by_label(ana.words("pupils_class"), exact=True).fill("6A")
    await dialog.get_by_label(ana.words("pupils_twinspace")).select_option("demo-rivers")
    await expect(dialog.get_by_text(ana.pattern("pupils_found", count="4"))).to_be_visible()
    faults += await check(ana, f"{look.name}_pupils_make", look)
    await dialog.get_by_role("button", name=ana.words("pupils_make_them")).click()

    cards = ana.page.get_by_role("dialog", name=ana.pattern("new_cards", count="4"))
    await expect(cards.get_by_role("row")).to_have_count(5)
    words = await cards.get_by_role("row", name="Zoe").get_by_role("cell").inner_text()
    faults += await check(ana, f"{look.name}_new_cards", look)
    async with ana.page.expect_download() as downloading:
        await cards.get_by_role("button", name=ana.words("new_cards_print")).click()
    downloaded = await downloading.value
    assert downloaded.suggested_filename == ana.words("class_cards_file")
    text = PdfReader(await downloaded.path()).pages[0].extract_text()
    assert "Zoe" in text and all(word in text for word in words.split())
    await cards.get_by_role("button", name=ana.words("done")).click()

    zoe = await person("Zoe", width=look.width, height=look.height)
    first, *rest = words.split()
    await zoe.sign_in_with_card(" ".join([first[1:].upper(), *rest]), language="es")
    await zoe.page.locator("[popovertarget=account]").click()
    await zoe.link("title_account").click()
    await zoe.button("card_wish").click()
    await expect(zoe.page.get_by_text(zoe.words("card_wished"))).to_be_visible()
    await expect(zoe.page.get_by_text(zoe.words("purpose_live_camera"))).to_be_visible()
    faults += await check(zoe, f"{look.name}_pupil_account", look)
    await ana.page.reload()
    await expect(ana.page.get_by_text(ana.words("pupil_asks_for_card"))).to_be_visible()

    row = ana.page.get_by_role("listitem").filter(has_text="Zoe")
    await row.get_by_role("button", name=ana.words("pupil_new_card")).click()
    await ana.button("class_card_make").click()
    await expect(zoe.page.get_by_text(zoe.words("ended_key_reset"))).to_be_visible()
    renewed = ana.page.get_by_role("dialog", name=ana.pattern("new_cards", count="1"))
    await expect(renewed.get_by_role("row", name="Zoe").get_by_role("cell")).not_to_have_text(words)
    await renewed.get_by_role("button", name=ana.words("done")).click()
    await zoe.page.get_by_label(zoe.words("card_words")).fill(words)
    card_door = zoe.page.get_by_role("region", name=zoe.words("door_card"))
    await card_door.get_by_role("button", name=zoe.words("come_in")).click()
    await expect(zoe.page.get_by_text(zoe.words("problem_wrong_card"))).to_be_visible()
    await visit(ana, "/desk")
    assert faults == [] and ana.complaints == zoe.complaints == []


def link_in(hub: HubProcess, address: str) -> str:
    """The newest letter to this address brings one here."""
    letters = [path.read_bytes() for path in sorted((hub.data_dir / "outbox").glob("*.eml"))]
    parsed = [email.message_from_bytes(letter, policy=email.policy.default) for letter in letters]
    newest = [letter for letter in parsed if letter["To"] == address][-1]
    found = re.search(r"http://[^/]+(/\S+#secret=\S+)", newest.get_content())
    assert found, newest.get_content()
    return found[1]


async def come_in(person: Person, name: str) -> None:
    await person.page.goto("/sign-in")
    await person.page.get_by_label(person.words("user_name"), exact=True).fill(name)
    await person.page.get_by_label(person.words("password"), exact=True).fill(PASSWORD)
    await person.button("sign_in").click()


def code_of(secret: str) -> str:
    """What an authenticator app shows now."""
    return code_at(base64.b32decode(secret + "=" * (-len(secret) % 8)), int(time.time()) // STEP_S)


async def give_code(person: Person, code: str) -> None:
    await person.page.get_by_label(person.words("factor_code")).fill(code)
    await person.button("factor_prove").click()


@pytest.mark.parametrize(
    "look", [look for look in LOOKS if look.name in ("light", "phone")], ids=lambda look: look.name
)
async def test_a_teacher_registers_and_the_national_service_lets_in(
    person: People, hub: HubProcess, look: Look
) -> None:
    address = "eva@ies.example"
    eva = await person("Eva", width=look.width, height=look.height)
    await eva.page.goto("/sign-in")
    await eva.link("register_link").click()
    faults = []
    await eva.page.get_by_label(eva.words("register_country")).select_option("ES")
    await eva.page.get_by_label(eva.words("register_school"), exact=True).select_option("other")
    await eva.page.get_by_label(eva.words("register_school_name")).fill("IES Nuevo")
    await eva.page.get_by_label(eva.words("register_city")).fill("Ronda")
    await eva.page.get_by_label(eva.words("register_name")).fill("Eva Gil")
    await eva.page.get_by_label(eva.words("email")).fill(address)
    await eva.page.get_by_label(eva.words("password"), exact=True).fill(PASSWORD)
    await eva.page.get_by_label(eva.words("register_message")).fill("I teach music.")
    faults += await check(eva, f"{look.name}_register", look)
    await eva.button("register_do").click()
    await expect(eva.page.get_by_role("heading", level=1, name=eva.words("mailbox_title"))).to_be_visible()
    faults += await check(eva, f"{look.name}_register_sent", look)

    await eva.page.goto(link_in(hub, address))
    await eva.page.get_by_label(eva.words("password")).fill(PASSWORD)
    faults += await check(eva, f"{look.name}_confirm", look)
    await eva.button("confirm_do").click()
    await expect(eva.page.get_by_role("heading", level=1, name=eva.words("title_waiting"))).to_be_visible()
    await expect(eva.page.get_by_text(eva.words("waiting_for_nobody"))).to_be_visible()

    service = await person("Service", width=look.width, height=look.height)
    link = await hub.run("staff", "sna@sna.example", "--level", "national", "--country", "ES", "--service", "SNA")
    await service.page.goto(re.sub(r"^http://[^/]+", "", link))
    await service.page.get_by_label(service.words("new_password")).fill(PASSWORD)
    faults += await check(service, f"{look.name}_new_password", look)
    await service.button("new_password_keep").click()
    await expect(service.page.get_by_text(service.words("new_password_done"))).to_be_visible()
    await come_in(service, "sna@sna.example")
    await expect(service.page.get_by_text(service.words("factor_needed"))).to_be_visible()
    await service.button("factor_start").click()
    await service.page.get_by_text(service.words("factor_no_camera")).click()
    faults += await check(service, f"{look.name}_factor_set_up", look)
    secret = "".join((await service.page.locator("details .code").inner_text()).split())
    recovery = await service.page.locator(".codes .code").all_inner_texts()
    await give_code(service, code_of(secret))
    await expect(service.page.get_by_role("heading", level=1)).to_have_text(service.pattern("desk_hello"))
    await eva.page.reload()
    await expect(eva.page.get_by_text(eva.pattern("waiting_for", service="SNA"))).to_be_visible()
    faults += await check(eva, f"{look.name}_waiting", look)

    await service.page.locator("[popovertarget=account]").click()
    await service.link("title_registrations").click()
    await expect(service.page.get_by_text("I teach music.")).to_be_visible()
    faults += await check(service, f"{look.name}_registrations", look)
    dialog = service.page.get_by_role("dialog")
    await service.page.get_by_role("button", name=service.words("registrations_refuse")).click()
    await dialog.get_by_label(service.words("registrations_reason")).fill("Who are you?")
    await dialog.get_by_role("button", name=service.words("registrations_refuse")).click()
    await expect(eva.page.get_by_text("Who are you?")).to_be_visible()
    await eva.page.get_by_label(eva.words("ask_again_message")).fill("Ask the head teacher.")
    faults += await check(eva, f"{look.name}_refused", look)
    await eva.button("ask_again_do").click()
    await expect(eva.page.get_by_role("heading", level=1, name=eva.words("title_waiting"))).to_be_visible()
    await service.page.reload()
    await expect(service.page.get_by_text("Ask the head teacher.")).to_be_visible()
    await expect(service.page.get_by_text(service.pattern("registrations_refused_before"))).to_be_visible()
    await service.page.get_by_role("button", name=service.words("registrations_accept")).click()
    await dialog.get_by_label(service.words("registrations_welcome")).fill("Welcome, Eva!")
    faults += await check(service, f"{look.name}_registrations_accept", look)
    await dialog.get_by_role("button", name=service.words("registrations_accept")).click()
    await expect(service.page.get_by_text(service.words("registrations_empty"))).to_be_visible()
    await service.page.get_by_label(service.words("email")).fill(address)
    await service.page.get_by_label(service.words("lost_factor_reason")).fill("She called from the school.")
    await service.button("lost_factor_do").click()
    await expect(service.page.get_by_text(service.words("lost_factor_none"))).to_be_visible()
    faults += await check(service, f"{look.name}_lost_factor", look)
    # Eva's page hears of it by itself.
    await expect(eva.page.get_by_role("heading", level=1, name=eva.words("waiting_over"))).to_be_visible()
    await expect(eva.page.get_by_text("Welcome, Eva!")).to_be_visible()
    await eva.page.get_by_role("link", name=eva.words("to_my_desk"), exact=True).click()

    phone = await person("Service's phone", width=look.width, height=look.height)
    await come_in(phone, "sna@sna.example")
    await expect(phone.page.get_by_label(phone.words("factor_code"))).to_be_visible()
    faults += await check(phone, f"{look.name}_factor_ask", look)
    await give_code(phone, recovery[0])
    await phone.page.locator("[popovertarget=account]").click()
    await phone.link("title_account").click()
    await expect(phone.page.get_by_text(phone.words("account_here"))).to_be_visible()
    faults += await check(phone, f"{look.name}_account", look)
    await phone.page.get_by_role("button", name=phone.words("account_end")).first.click()
    await expect(service.page.get_by_text(service.words("ended_signed_out"))).to_be_visible()
    await eva.page.locator("[popovertarget=account]").click()
    await expect(eva.link("title_pupils")).to_be_visible()
    assert faults == [] and eva.complaints == service.complaints == []


@pytest.mark.parametrize("look", SIZES, ids=lambda look: look.name)
async def test_a_guest_comes_by_a_link_and_is_let_in(person: People, look: Look) -> None:
    ana = await person("Ana", width=look.width, height=look.height)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await ana.enter("Rivers that join us")
    await ana.go("place_people")
    await ana.button("guest_link_make").click()
    dialog = ana.page.get_by_role("dialog", name=ana.words("guest_link_make"))
    await dialog.get_by_label(ana.words("guest_link_for")).fill("Familias de 5B")
    faults = await check(ana, f"{look.name}_guest_link", look)
    await dialog.get_by_role("button", name=ana.words("make"), exact=True).click()
    address = await dialog.get_by_label(ana.words("guest_link_address")).input_value()
    faults += await check(ana, f"{look.name}_guest_link_made", look)
    await dialog.get_by_role("button", name=ana.words("done")).click()

    guest = await person("Abuela", width=look.width, height=look.height)
    await guest.page.goto(re.sub(r"^http://[^/]+", "", address))
    await guest.page.get_by_label(guest.words("guest_name")).fill("Abuela")
    faults += await check(guest, f"{look.name}_guest", look)
    await guest.button("guest_ask").click()
    await expect(guest.page.get_by_role("heading", level=1, name=guest.words("guest_waiting"))).to_be_visible()
    faults += await check(guest, f"{look.name}_guest_waiting", look)

    row = ana.page.get_by_role("listitem").filter(has_text="Abuela").last
    await expect(row.get_by_text(ana.words("guest_waits"))).to_be_visible()
    faults += await check(ana, f"{look.name}_guests", look)
    await row.get_by_role("button", name=ana.words("registrations_accept")).click()
    await guest.page.get_by_role("link", name=guest.words("to_my_desk"), exact=True).click()
    await guest.enter("Rivers that join us")
    await ana.page.get_by_role("button", name=ana.words("guest_link_revoke")).click()
    await expect(guest.page.get_by_text(guest.words("ended_removed"))).to_be_visible()
    await guest.page.goto(re.sub(r"^http://[^/]+", "", address))
    await guest.page.get_by_label(guest.words("guest_name")).fill("Abuela")
    await guest.button("guest_ask").click()
    await expect(guest.page.get_by_text(guest.words("guest_link_is_over"))).to_be_visible()
    assert faults == [] and ana.complaints == guest.complaints == []
