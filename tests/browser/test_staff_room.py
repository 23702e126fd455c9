"""Two teachers find each other, write, found, search, debate: in their browsers, with a picture of each screen."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_accounts import PASSWORD, code_of, come_in, give_code
from tests.browser.test_screens import LOOKS, Look, check
from tests.hub_process import HubProcess

PHONE = next(look for look in LOOKS if look.name == "phone")
LIGHT = next(look for look in LOOKS if look.name == "light")
TITLE = "Panes de Europa"
LETTER = "Cześć! Może zrobimy to razem?"


async def look_at(person: Person, name: str, *looks: Look) -> list[str]:
    faults = []
    for look in looks or (LIGHT, PHONE):
        await person.page.set_viewport_size({"width": look.width, "height": look.height})
        faults += await check(person, f"{look.name}_{name}", look)
    await person.page.set_viewport_size({"width": 1280, "height": 800})
    return faults


async def offer_idea(ana: Person) -> None:
    page = ana.page
    await page.get_by_role("link", name=ana.words("staff_room")).click()
    await ana.button("idea_new").click()
    await page.get_by_label(ana.words("founding_title"), exact=True).fill(TITLE)
    await page.get_by_label(ana.words("idea_text"), exact=True).fill("Cada clase hornea el pan de la otra y lo cuenta.")
    await page.get_by_label(ana.words("founding_subjects"), exact=True).fill("Cocina, Ciencias")
    await page.get_by_role("dialog").get_by_role("button", name=ana.words("keep_it")).click()
    await expect(page.get_by_role("heading", name=TITLE)).to_be_visible()
    await ana.button("profile_title").click()
    about = page.get_by_label(ana.words("profile_about"), exact=True)
    await about.fill("Enseño ciencias junto al mar. Busco una clase que escriba cartas largas.")
    await page.get_by_label(ana.words("profile_listed")).check()
    await page.get_by_role("dialog").get_by_role("button", name=ana.words("keep_it")).click()
    await expect(about).to_be_hidden()


@pytest.mark.timeout(900)
async def test_teachers_meet_in_the_staff_room(person: People, hub: HubProcess) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await offer_idea(ana)

    # Marek finds the idea by a word without its accents, and writes.
    await marek.page.get_by_role("link", name=marek.words("staff_room")).click()
    await marek.page.get_by_label(marek.words("filter_words"), exact=True).fill("hornea")
    await marek.page.get_by_label(marek.words("filter_country"), exact=True).select_option("ES")
    await expect(marek.page.get_by_role("heading", name=TITLE)).to_be_visible()
    faults = await look_at(marek, "partners")
    await marek.page.get_by_role("link", name=marek.pattern("write_to", name="Ana Ruiz")).click()
    await marek.page.get_by_label(marek.words("your_message")).fill(LETTER)
    await marek.page.keyboard.press("Enter")
    # Ana's page says so without being asked again, and she answers.
    await ana.page.get_by_role("link", name=ana.pattern("letters_unread_one", count="1")).first.click()
    await ana.page.get_by_role("link", name="Marek Nowak").click()
    await expect(ana.page.get_by_role("log")).to_contain_text(LETTER)
    await ana.page.get_by_label(ana.words("your_message")).fill("¡Claro que sí!")
    await ana.page.keyboard.press("Enter")
    await expect(marek.page.get_by_role("log")).to_contain_text("¡Claro que sí!")
    faults += await look_at(ana, "letters")

    # From the idea to the founding, with everything in its place.
    await marek.page.goto("/partners")
    await marek.page.get_by_role("link", name=marek.words("idea_propose")).click()
    await expect(marek.page.get_by_label(marek.words("founding_title"), exact=True)).to_have_value(TITLE)
    await expect(marek.page.get_by_text("Ana Ruiz", exact=False).first).to_be_visible()
    await marek.button("founding_propose").click()
    await expect(marek.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()

    faults += await search(ana)
    faults += await talk(ana, marek)
    faults += await home(ana)
    await ana.page.goto("/partners")
    rooms = ana.page.get_by_role("navigation", name=ana.words("staff_room"))
    for word, name in (("staff_shelf", "shelf"), ("staff_help", "help"), ("title_numbers", "numbers")):
        await rooms.get_by_role("link", name=ana.words(word), exact=True).click()
        await expect(ana.page.get_by_role("heading", level=1, name=ana.words(f"title_{name}"))).to_be_visible()
        faults += await look_at(ana, name)
    faults += await service(person, hub, ana, marek)
    assert not faults + ana.complaints + marek.complaints, "\n".join(faults + ana.complaints + marek.complaints)


async def search(ana: Person) -> list[str]:
    page = ana.page
    await page.goto("/desk")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await page.keyboard.press("/")
    field = page.get_by_role("searchbox", name=ana.words("search_field")).first
    await expect(field).to_be_focused()
    await page.keyboard.type("guadalhorce")
    await page.keyboard.press("Enter")
    hit = page.get_by_role("link", name="Our two rivers").first
    await expect(hit).to_be_visible()
    await expect(hit.locator("mark").first).to_have_text("Guadalhorce")
    faults = await look_at(ana, "search")
    await hit.focus()
    await page.keyboard.press("Enter")
    await expect(page).to_have_url("/s/demo-rivers/doc/demo-document")
    await page.goto("/search/xyzzy")
    await expect(page.get_by_text(ana.words("search_nothing"))).to_be_visible()
    return faults + await look_at(ana, "search_nothing", PHONE)


async def talk(ana: Person, marek: Person) -> list[str]:
    """A thread in the TwinSpace, and a debate whose clock both see."""
    for one in (ana, marek):
        await one.page.goto("/s/demo-rivers/forum")
        await expect(one.page.get_by_role("heading", level=1, name=one.words("talk_forum"))).to_be_visible()
    await ana.button("thread_start").click()
    await ana.page.get_by_label(ana.words("thread_title"), exact=True).fill("¿Qué pan primero?")
    await ana.page.get_by_label(ana.words("thread_text"), exact=True).fill("Propongo el de centeno.")
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("thread_start")).click()
    await marek.page.get_by_role("link", name="¿Qué pan primero?").click()
    await marek.page.get_by_label(marek.words("post_answer"), exact=True).fill("Zgoda, żytni!")
    await marek.page.get_by_role("button", name=marek.words("send")).click()
    await expect(ana.page.get_by_text("Zgoda, żytni!")).to_be_visible()
    faults = await look_at(ana, "thread")
    # Ana's desk says that there is an answer, at once and without being asked again.
    await ana.page.goto("/desk")
    await expect(ana.page.get_by_role("heading", level=1)).to_be_visible()
    await marek.page.get_by_label(marek.words("post_answer"), exact=True).fill("A może razowy?")
    await marek.page.get_by_role("button", name=marek.words("send")).click()
    await ana.page.get_by_role("link", name=ana.pattern("posts_unread_one", count="1")).click()
    await ana.page.get_by_role("link", name="¿Qué pan primero?").click()
    await expect(ana.page.get_by_text("A może razowy?")).to_be_visible()

    await ana.page.goto("/s/demo-rivers/debates")
    await ana.button("debate_new").click()
    await ana.page.get_by_label(ana.words("debate_motion"), exact=True).fill("El pan es mejor que la pizza")
    await ana.button("debate_open").click()
    await ana.button("debate_for").click()
    await expect(ana.button("debate_for")).to_have_attribute("aria-pressed", "true")
    faults += await look_at(ana, "debate_vote", PHONE)
    await marek.page.goto("/s/demo-rivers/debates")
    await marek.page.get_by_role("link", name="El pan es mejor que la pizza").click()
    await expect(marek.page.get_by_role("heading", name=marek.words("debate_vote_before"))).to_be_visible()
    await marek.button("debate_against").click()
    await expect(marek.button("debate_against")).to_have_attribute("aria-pressed", "true")
    await ana.button("debate_to_speaking").click()
    # Nobody has to look again: Marek's page goes on with the debate.
    await marek.button("debate_speak_against").click()
    await ana.page.get_by_role("button", name=ana.words("debate_give_floor")).click()
    for one in (ana, marek):
        await expect(one.page.get_by_role("timer")).to_contain_text("1:")
    faults += await look_at(ana, "debate")
    before = await marek.page.get_by_role("timer").inner_text()
    await expect(marek.page.get_by_role("timer")).not_to_have_text(before)
    await ana.button("debate_to_after").click()
    for one, choice in ((marek, "debate_for"), (ana, "debate_undecided")):
        await expect(one.page.get_by_role("heading", name=one.words("debate_vote_after"))).to_be_visible()
        await one.button(choice).click()
        await expect(one.button(choice)).to_have_attribute("aria-pressed", "true")
    await ana.button("debate_to_closed").click()
    # One vote shows nothing of whose it was.
    await expect(marek.page.get_by_role("cell", name=marek.words("under_five"))).to_have_count(8)
    return faults


async def home(ana: Person) -> list[str]:
    """The first page, what comes next and what changed; on a phone every kind of work is two presses away."""
    page = ana.page
    await page.goto("/s/demo-rivers/pages")
    await page.get_by_label(ana.words("page_which")).select_option("demo-document")
    async with page.expect_response(lambda reply: reply.request.method == "PUT" and "/pages" in reply.url) as added:
        await ana.button("page_add").click()
    assert (await added.value).ok
    await expect(page.get_by_text(ana.words("page_home"))).to_be_visible()
    await page.goto("/s/demo-rivers")
    await expect(page.get_by_role("link", name=ana.words("front_open"))).to_be_visible()
    await expect(page.get_by_role("heading", name=ana.words("what_changed"))).to_be_visible()
    faults = await look_at(ana, "home")
    await page.set_viewport_size({"width": 360, "height": 640})
    for address in ("doc/demo-document", "wall/demo-wall", "form/demo-form"):
        await page.goto("/s/demo-rivers")
        places = page.get_by_role("navigation", name=ana.words("places"))
        await places.get_by_role("link", name=ana.words("place_work")).click()
        await page.locator(f"a[href$='{address}']").first.click()
        await expect(page).to_have_url(f"/s/demo-rivers/{address}")
    await page.set_viewport_size({"width": 1280, "height": 800})
    return faults


async def service(person: People, hub: HubProcess, ana: Person, marek: Person) -> list[str]:
    """Ana reports a letter; her country's service hides it from both at once, and erases it."""
    for one in (ana, marek):
        await one.page.goto("/letters")
        await one.page.get_by_role("link", name="Marek Nowak" if one is ana else "Ana Ruiz").click()
        await expect(one.page.get_by_role("log")).to_contain_text(LETTER)
    await ana.page.get_by_role("button", name=ana.words("letter_report")).first.click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_label(ana.words("letter_report_reason")).fill("No le conozco.")
    await dialog.get_by_role("button", name=ana.words("letter_report")).click()
    await expect(dialog).to_be_hidden()

    staff = await person("Service")
    link = await hub.run("staff", "sna@sna.example", "--level", "national", "--country", "ES", "--service", "SNA")
    await staff.page.goto(re.sub(r"^http://[^/]+", "", link))
    await staff.page.get_by_label(staff.words("new_password")).fill(PASSWORD)
    await staff.button("new_password_keep").click()
    await expect(staff.page.get_by_text(staff.words("new_password_done"))).to_be_visible()
    await come_in(staff, "sna@sna.example")
    await staff.button("factor_start").click()
    await staff.page.get_by_text(staff.words("factor_no_camera")).click()
    secret = "".join((await staff.page.locator("details .code").inner_text()).split())
    await give_code(staff, code_of(secret))
    await expect(staff.page.get_by_role("heading", level=1)).to_have_text(staff.pattern("desk_hello"))
    await staff.page.goto("/help")
    await staff.page.get_by_role("link", name="Se denuncia un mensaje entre docentes").click()
    await staff.button("help_take").click()
    await staff.button("safety_hide").click()
    for one in (ana, marek):
        await expect(one.page.get_by_role("log").get_by_text(one.words("letter_hidden"))).to_be_visible()
        await expect(one.page.get_by_role("log").get_by_text(LETTER)).to_have_count(0)
    faults = await look_at(staff, "brought")
    await staff.button("brought_erase").click()
    await staff.page.get_by_role("dialog").get_by_role("button", name=staff.words("brought_erase")).click()
    await expect(staff.page.get_by_text(staff.words("brought_erased"))).to_be_visible()
    return faults + staff.complaints
