"""A founder leaves for good: somebody follows in the project, then the account is erased; a picture of each screen."""

from __future__ import annotations

import re
import time

import pytest
from argon2 import PasswordHasher
from playwright.async_api import expect

from storage import open_storage
from storage.records import SchoolId, User, UserId
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_founding import LIGHT, PHONE, TITLE, propose, sign
from tests.browser.test_screens import SPACE, check, visit
from tests.hub_process import HubProcess

PASSWORD = "twinspace-demo"


async def add_rosa(hub: HubProcess) -> None:
    """Another teacher of Ana's school, whom its service has let in long ago."""
    rosa = User(
        UserId("rosa"), "rosa.es", "Rosa Gil", "teacher", SchoolId("demo-malaga"), "es", time.time_ns() // 10**6
    )
    storage = await open_storage(data_dir=hub.data_dir)
    try:
        await storage.users.add_user(rosa, password_hash=PasswordHasher(memory_cost=8 * 1024).hash(PASSWORD))
    finally:
        await storage.close()


async def look_at(person: Person, name: str) -> list[str]:
    faults = []
    for look in (PHONE, LIGHT):
        await person.page.set_viewport_size({"width": look.width, "height": look.height})
        faults += await check(person, f"{look.name}_{name}", look)
    return faults


async def agree(person: Person) -> None:
    """It waits on the desk of whoever is asked."""
    await person.page.get_by_role("link", name=person.pattern("waits_succession")).click()
    await person.button("succession_agree").click()
    await expect(person.button("succession_agree")).to_have_count(0)


@pytest.mark.timeout(600)
async def test_a_founder_is_followed_and_leaves_for_good(person: People, hub: HubProcess) -> None:
    await add_rosa(hub)
    ana, marek, rosa = await person("Ana"), await person("Marek"), await person("Rosa")
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    await propose(ana)
    await ana.button("founding_propose").click()
    await expect(ana.page.get_by_role("heading", level=1, name=TITLE)).to_be_visible()
    await marek.page.get_by_role("link", name=TITLE).first.click()
    for one in (ana, marek):
        await sign(one)
    await expect(ana.page.get_by_text(ana.words("founding_state_open"))).to_be_visible()

    # Who founds a project that goes on is told where somebody has to follow, and gets there by one step.
    await visit(ana, "/account")
    await ana.button("own_erasure_ask").click()
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_text(ana.words("own_erasure_founder"))).to_be_visible()
    faults = await look_at(ana, "leaving_founder")
    await dialog.get_by_role("link", name=TITLE).click()
    await ana.button("succession_propose").click()
    await dialog.get_by_role("radio", name=re.compile("Ana Ruiz")).check()
    await dialog.get_by_label(ana.words("succession_successor")).fill("nobody.es")
    await dialog.get_by_role("button", name=ana.words("succession_send")).click()
    await expect(dialog.get_by_text(ana.words("succession_unfit"))).to_be_visible()
    await dialog.get_by_label(ana.words("succession_successor")).fill("Rosa.ES")
    await dialog.get_by_label(ana.words("succession_stay")).uncheck()
    faults += await look_at(ana, "succession_dialog")
    await dialog.get_by_role("button", name=ana.words("succession_send")).click()
    await expect(ana.page.get_by_role("heading", name=ana.words("succession_title"))).to_be_visible()
    faults += await look_at(ana, "succession")

    # Whoever stays agrees, then whoever follows; the pages of both say so on their own.
    await visit(marek, "/desk")
    await agree(marek)
    await expect(ana.page.get_by_text(ana.pattern("succession_agreed", name="Marek Nowak"))).to_be_visible()
    await rosa.sign_in_as_teacher("rosa.es", PASSWORD, language="es")
    await agree(rosa)
    await expect(rosa.page.get_by_text(rosa.words("founding_state_changed"))).to_be_visible()
    for one in (marek, rosa):
        await sign(one)
    await expect(rosa.page.get_by_text(rosa.words("founding_state_open"))).to_be_visible()

    # What one is told about is kept as it was chosen.
    await visit(ana, "/account")
    told = ana.page.get_by_role("region", name=ana.words("told_title"))
    first = told.get_by_role("checkbox").first
    await expect(first).to_be_checked()
    await first.uncheck()
    await told.get_by_role("button", name=ana.words("plan_keep")).click()
    await expect(told.get_by_text(ana.words("told_kept"))).to_be_visible()
    await visit(ana, "/desk")
    await visit(ana, "/account")
    await expect(told.get_by_role("checkbox").first).not_to_be_checked()

    # Nothing holds her any more: the account goes, for good, as soon as she has typed its name.
    await ana.button("own_erasure_ask").click()
    typed = dialog.get_by_label(ana.words("own_erasure_confirm"))
    erase = dialog.get_by_role("button", name=ana.words("erase_do"))
    await typed.fill("teacher.pl")
    await expect(erase).to_be_disabled()
    await typed.fill("Teacher.ES")
    faults += await look_at(ana, "leaving")
    await erase.click()
    await expect(ana.page.get_by_role("heading", level=1, name=ana.words("title_erased"))).to_be_visible()
    await expect(ana.page.get_by_text(ana.words("erasure_done"))).to_be_visible()
    faults += await look_at(ana, "erased")
    await visit(marek, f"{SPACE}/people")
    await expect(marek.page.get_by_text("Lucía").first).to_be_visible()
    await expect(marek.page.get_by_text("Ana Ruiz")).to_have_count(0)
    await ana.page.goto("/sign-in")
    await ana.page.get_by_label(ana.words("user_name"), exact=True).fill("teacher.es")
    password = ana.page.get_by_label(ana.words("password"), exact=True)
    await password.fill(PASSWORD)
    await password.press("Enter")
    await expect(ana.page.get_by_text(ana.words("problem_wrong_secret"))).to_be_visible()
    assert faults == []
    for each in (ana, marek, rosa):
        assert each.complaints == []
