"""Passkeys with Chromium's own authenticator: a teacher comes in by one, a service takes one as its second factor."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import CDPSession, Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_accounts import PASSWORD, SIZES
from tests.browser.test_screens import Look, check
from tests.hub_process import HubProcess


class Authenticator:
    """The one that Chromium keeps for tests (Chrome DevTools Protocol, WebAuthn)."""

    def __init__(self, session: CDPSession, number: str) -> None:
        self._session = session
        self._number = number

    async def credentials(self) -> list[Any]:
        answer = await self._session.send("WebAuthn.getCredentials", {"authenticatorId": self._number})
        return list(answer["credentials"])

    async def turn_back(self, former: Any) -> None:
        """As the credential was some uses ago."""
        which = {"authenticatorId": self._number, "credentialId": former["credentialId"]}
        await self._session.send("WebAuthn.removeCredential", which)
        await self._session.send("WebAuthn.addCredential", {"authenticatorId": self._number, "credential": former})

    async def recognise(self, yes: bool) -> None:
        """Whether it finds that its owner is at it."""
        await self._session.send("WebAuthn.setUserVerified", {"authenticatorId": self._number, "isUserVerified": yes})


@asynccontextmanager
async def authenticator(person: Person) -> AsyncIterator[Authenticator]:
    session = await person.page.context.new_cdp_session(person.page)
    await session.send("WebAuthn.enable", {"enableUI": False})
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    added = await session.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield Authenticator(session, added["authenticatorId"])
    await session.detach()


def at_its_name(hub: HubProcess, path: str) -> str:
    """Passkeys belong to a name; browsers give none to a bare address."""
    return f"http://localhost:{hub.port}{path}"


async def make(person: Person, title: str) -> None:
    await person.page.get_by_label(person.words("passkey_title")).fill(title)
    await person.button("passkey_make").click()


def teachers_door(person: Person) -> Locator:
    return person.page.get_by_role("region", name=person.words("door_teacher"))


@pytest.mark.parametrize("look", SIZES, ids=lambda look: look.name)
async def test_a_teacher_makes_a_passkey_and_comes_in_by_it(person: People, hub: HubProcess, look: Look) -> None:
    ana = await person("Ana", width=look.width, height=look.height)
    async with authenticator(ana) as device:
        await ana.page.goto(at_its_name(hub, "/sign-in"))
        await ana.button("passkey_sign_in").click()
        await expect(ana.page.get_by_text(ana.words("passkey_none"))).to_be_visible()
        await ana.page.get_by_label(ana.words("user_name"), exact=True).fill("teacher.es")
        await ana.page.get_by_label(ana.words("password"), exact=True).fill("twinspace-demo")
        await teachers_door(ana).get_by_role("button", name=ana.words("sign_in"), exact=True).click()
        await ana.page.wait_for_url("**/desk")
        ana.language = "es"
        await ana.page.locator("[popovertarget=account]").click()
        await ana.link("title_account").click()
        await make(ana, "Mi móvil")
        row = ana.page.get_by_role("listitem").filter(has_text="Mi móvil")
        await expect(row.get_by_text(ana.words("passkey_never_used"))).to_be_visible()
        await make(ana, "Otra vez")
        await expect(ana.page.get_by_text(ana.words("passkey_is_there"))).to_be_visible()
        faults = await check(ana, f"{look.name}_passkeys", look)
        (copied,) = await device.credentials()

        async def come_in() -> None:
            await ana.page.locator("[popovertarget=account]").click()
            await ana.button("sign_out").click()
            await ana.button("passkey_sign_in").click()
            await expect(ana.page.get_by_role("heading", level=1)).to_have_text(ana.pattern("desk_hello"))

        await come_in()
        await ana.page.locator("[popovertarget=account]").click()
        await ana.link("title_account").click()
        await expect(ana.page.get_by_text(ana.words("way_passkey")).first).to_be_visible()
        await row.get_by_role("button", name=ana.pattern("passkey_rename_name", name="Mi móvil")).click()
        dialog = ana.page.get_by_role("dialog")
        await dialog.get_by_label(ana.words("passkey_title")).fill("Tableta")
        await dialog.get_by_role("button", name=ana.words("passkey_rename"), exact=True).click()
        renamed = ana.page.get_by_role("listitem").filter(has_text="Tableta")
        await expect(renamed).to_be_visible()

        # Somebody has copied the device before its last use: its counter is behind.
        assert (await device.credentials())[0]["signCount"] > copied["signCount"]
        await device.turn_back(copied)
        await ana.page.locator("[popovertarget=account]").click()
        await ana.button("sign_out").click()
        await ana.button("passkey_sign_in").click()
        await expect(ana.page.get_by_text(ana.words("passkey_refused"))).to_be_visible()
        await ana.page.get_by_label(ana.words("user_name"), exact=True).fill("teacher.es")
        await ana.page.get_by_label(ana.words("password"), exact=True).fill("twinspace-demo")
        await teachers_door(ana).get_by_role("button", name=ana.words("sign_in"), exact=True).click()
        await ana.page.locator("[popovertarget=account]").click()
        await ana.link("title_account").click()
        await expect(renamed.get_by_text(ana.words("passkey_copied"))).to_be_visible()
        faults += await check(ana, f"{look.name}_passkey_copied", look)
        await renamed.get_by_role("button", name=ana.pattern("passkey_remove_name", name="Tableta")).click()
        faults += await check(ana, f"{look.name}_passkey_remove", look)
        await dialog.get_by_role("button", name=ana.words("passkey_remove"), exact=True).click()
        await expect(renamed).to_be_hidden()
        assert faults == [] and ana.complaints == []


@pytest.mark.parametrize("look", SIZES, ids=lambda look: look.name)
async def test_a_service_takes_a_passkey_for_its_second_factor(person: People, hub: HubProcess, look: Look) -> None:
    link = await hub.run("staff", "sna@sna.example", "--level", "national", "--country", "ES", "--service", "SNA")
    service = await person("Service", width=look.width, height=look.height)
    async with authenticator(service) as device:
        await service.page.goto(at_its_name(hub, re.sub(r"^http://[^/]+", "", link)))
        await service.page.get_by_label(service.words("new_password")).fill(PASSWORD)
        await service.button("new_password_keep").click()
        await expect(service.page.get_by_text(service.words("new_password_done"))).to_be_visible()

        async def type_password() -> None:
            await service.page.get_by_label(service.words("user_name"), exact=True).fill("sna@sna.example")
            await service.page.get_by_label(service.words("password"), exact=True).fill(PASSWORD)
            await service.button("sign_in").click()

        await service.page.goto(at_its_name(hub, "/sign-in"))
        await type_password()
        await expect(service.page.get_by_text(service.words("factor_or_passkey"))).to_be_visible()
        faults = await check(service, f"{look.name}_factor_or_passkey", look)
        await make(service, "Office")
        await expect(service.page.get_by_role("heading", level=1)).to_have_text(service.pattern("desk_hello"))
        await service.page.locator("[popovertarget=account]").click()
        await service.button("sign_out").click()

        await type_password()
        await expect(service.page.get_by_label(service.words("factor_code"))).to_be_hidden()
        await expect(service.button("passkey_sign_in")).to_be_visible()
        faults += await check(service, f"{look.name}_factor_passkey", look)
        await device.recognise(False)
        await service.button("passkey_sign_in").click()
        await expect(service.page.get_by_text(service.words("passkey_none"))).to_be_visible()
        await device.recognise(True)
        await service.button("passkey_sign_in").click()
        await expect(service.page.get_by_role("heading", level=1)).to_have_text(service.pattern("desk_hello"))
        assert faults == [] and service.complaints == []
