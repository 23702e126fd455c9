"""Coming in by the school's own sign-in, with a real OpenID provider: a new teacher, and the account's page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_accounts import SIZES
from tests.browser.test_passkeys import at_its_name, authenticator, make
from tests.browser.test_screens import Look, check
from tests.hub.identity_provider import IdentityProvider
from tests.hub_process import HubProcess, free_port

SCHOOL = "demo-malaga"


@pytest_asyncio.fixture
async def hub(client_built: None, tmp_path: Path) -> AsyncIterator[HubProcess]:
    """A hub whose demo school in Málaga has a sign-in of its own."""
    port, file = free_port(), tmp_path / "providers.toml"
    async with IdentityProvider(f"http://localhost:{port}/sign-in/provider") as provider:
        file.write_text(provider.described(name="Mar de Alborán", schools=[SCHOOL]))
        async with HubProcess(tmp_path / "data", port=port, HUB_IDENTITY_PROVIDERS_FILE=str(file)) as process:
            yield process


@pytest.fixture
def person(browser: Browser, hub: HubProcess) -> People:
    return People(browser, hub)


async def sign_in_there(ida: Person) -> None:
    """At the provider's own pages."""
    await ida.page.locator("input[name=login]").fill("ida")
    await ida.page.locator("input[name=password]").fill("any")
    await ida.page.locator("button[type=submit]").click()
    await ida.page.locator("button[type=submit]").click()


async def let_in(hub: HubProcess) -> None:
    """The national service accepts everybody who waits."""
    await hub.run("staff", "sna@sna.example", "--level", "national", "--country", "ES", "--service", "SNA")
    headers = {"Authorization": f"Bearer {await hub.token('sna@sna.example')}"}
    async with aiohttp.ClientSession(hub.url, headers=headers) as service:
        async with service.get("/api/v1/registrations") as answer:
            (waiting,) = (await answer.json())["registrations"]
        path = f"/api/v1/registrations/{waiting['user_id']}/decision"
        async with service.post(path, json={"decision": "accepted"}) as answer:
            assert answer.status == 204


async def open_account(ida: Person) -> None:
    await ida.page.locator("[popovertarget=account]").click()
    await ida.link("title_account").click()
    await expect(ida.page.get_by_role("heading", level=1, name=ida.words("title_account"))).to_be_visible()


@pytest.mark.parametrize("look", SIZES, ids=lambda look: look.name)
async def test_a_teacher_comes_in_by_the_schools_own_sign_in(person: People, hub: HubProcess, look: Look) -> None:
    ida = await person("Ida", width=look.width, height=look.height)
    by_school = ida.page.get_by_role("button", name=ida.pattern("provider_go", name="Mar de Alborán"))
    async with authenticator(ida):
        await ida.page.goto(at_its_name(hub, "/sign-in"))
        await expect(by_school).to_be_visible()
        faults = await check(ida, f"{look.name}_sign_in_with_school", look)
        await by_school.click()
        await sign_in_there(ida)
        await expect(ida.page.get_by_role("heading", level=1, name=ida.pattern("provider_unknown"))).to_be_visible()
        assert "code=" not in ida.page.url
        faults += await check(ida, f"{look.name}_provider_unknown", look)
        await ida.button("register_do").click()
        await expect(ida.page.get_by_role("heading", level=1, name=ida.words("title_waiting"))).to_be_visible()
        await let_in(hub)
        await expect(ida.page.get_by_role("heading", level=1, name=ida.words("waiting_over"))).to_be_visible()
        await ida.page.get_by_role("link", name=ida.words("to_my_desk"), exact=True).click()

        # Nothing else opens the account; with a passkey the school's sign-in can go, and come back.
        await open_account(ida)
        unlink = ida.page.get_by_role("button", name=ida.words("provider_unlink"))
        await unlink.click()
        await expect(ida.page.get_by_text(ida.words("provider_not_linked"))).to_be_visible()
        await make(ida, "My phone")
        await expect(ida.page.get_by_text(ida.words("passkey_never_used"))).to_be_visible()
        await unlink.click()
        await expect(by_school).to_be_visible()
        await by_school.click()
        await expect(ida.page.get_by_text(ida.pattern("provider_linked", name="Mar de Alborán"))).to_be_visible()
        faults += await check(ida, f"{look.name}_provider_linked", look)
        await unlink.click()
        await expect(by_school).to_be_visible()

        # Signed out: the account is linked once its owner has signed in another way.
        await ida.page.locator("[popovertarget=account]").click()
        await ida.button("sign_out").click()
        await by_school.click()
        await ida.page.get_by_role("button", name=ida.words("sign_in"), exact=True).click()
        await ida.button("passkey_sign_in").click()
        await expect(ida.page.get_by_text(ida.pattern("provider_linked", name="Mar de Alborán"))).to_be_visible()

        # Who came by the school signs out there too.
        await ida.page.locator("[popovertarget=account]").click()
        await ida.button("sign_out").click()
        await by_school.click()
        await expect(ida.page.get_by_role("heading", level=1)).to_have_text(ida.pattern("desk_hello"))
        await ida.page.locator("[popovertarget=account]").click()
        await ida.button("sign_out").click()
        await ida.page.locator("button[name=logout]").click()
        await expect(by_school).to_be_visible()
        await by_school.click()
        await expect(ida.page.locator("input[name=login]")).to_be_visible()
        await ida.page.goto(at_its_name(hub, "/sign-in/provider?error=access_denied&state=none"))
        await expect(ida.page.get_by_text(ida.words("provider_declined"))).to_be_visible()
        faults += await check(ida, f"{look.name}_provider_declined", look)
    assert faults == []
