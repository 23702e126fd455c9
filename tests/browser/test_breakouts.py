"""S4: mixed groups. Ana plans and opens rooms, Lucía is moved and calls, Ana sees all, and everybody comes back."""

from __future__ import annotations

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.test_screens import LOOKS
from tests.browser.test_staff_room import look_at
from tests.hub.world import Socket
from tests.hub_process import HubProcess

LIGHT = next(look for look in LOOKS if look.name == "light")
PHONE = next(look for look in LOOKS if look.name == "phone")
SPACE = "/s/demo-rivers"


@pytest.mark.timeout(900)
async def test_mixed_groups(person: People, hub: HubProcess) -> None:
    ana, lucia = await person("Ana"), await person("Lucía")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")

    # Planned by the group maker, and put right by keyboard.
    await ana.page.goto(f"{SPACE}/breakouts")
    await ana.button("breakouts_new").click()
    await ana.page.get_by_label(ana.words("breakouts_new"), exact=True).fill("Panes")
    await ana.page.get_by_label(ana.words("breakouts_count")).fill("2")
    await ana.button("breakouts_make").click()
    await expect(ana.page.get_by_label(ana.pattern("breakouts_group_name", number="2"))).to_be_visible()
    faults = await look_at(ana, "breakouts_plan", LIGHT, PHONE)
    await ana.button("breakouts_keep").click()
    await expect(ana.page.get_by_role("heading", name="Panes")).to_be_visible()

    # Lucía is in the meeting when the rooms open, and is moved into hers.
    await lucia.page.goto(f"{SPACE}/room/demo-room")
    await lucia.button("call_join").click()
    await expect(lucia.button("call_leave")).to_be_visible()
    await ana.button("breakouts_open").click()
    await expect(lucia.button("breakouts_call")).to_be_visible()
    await expect(ana.page.get_by_role("listitem").filter(has_text="Lucía").first).to_be_visible()

    # Kuba has no browser: a stock client is enough to be moved and to come in.
    async with aiohttp.ClientSession():
        kuba = await Socket.connect(hub.url, {"token": await hub.token("pupil.pl")})
        await kuba.enter("demo-rivers")
        place = (await kuba.call("breakouts:place", {"room_id": "demo-room"}))["place"]
        assert (await kuba.call("room:join", {"room_id": place["room_id"]}))["ok"]
        await expect(ana.page.get_by_role("listitem").filter(has_text="Kuba").first).to_be_visible()

    # Ana says a sentence to all, listens, is called wherever she is, and comes.
    await ana.page.get_by_label(ana.words("breakouts_say"), exact=True).fill("Quedan cinco minutos")
    await ana.page.keyboard.press("Enter")
    await expect(lucia.page.get_by_text("Quedan cinco minutos")).to_be_visible()
    for number in (1, 2):
        listen = ana.pattern("breakouts_listen", group=f"Grupo {number}")
        await ana.page.get_by_role("button", name=listen).click()
    told = await kuba.expect("room:peer_joined", lambda told: told["peer"]["listens"])
    assert told["peer"]["display_name"] == "Ana Ruiz"
    await lucia.button("breakouts_call").click()
    await expect(lucia.button("breakouts_called")).to_be_disabled()
    faults += await look_at(ana, "breakouts_overview", LIGHT, PHONE)
    faults += await look_at(lucia, "breakouts_pupil", LIGHT, PHONE)
    await ana.page.goto("/desk")
    await expect(ana.page.get_by_role("heading", level=1)).to_be_visible()
    await lucia.page.get_by_role("link", name=lucia.words("breakouts_document"), exact=True).click()
    await expect(lucia.page.get_by_role("heading", level=1)).to_be_visible()

    # The rooms close: whoever writes goes on writing, and is in the room of all again.
    await ana.page.goto(f"{SPACE}/breakouts")
    await ana.button("breakouts_close").click()
    await expect(lucia.page.get_by_text(lucia.words("breakouts_soon"))).to_be_visible()
    await kuba.expect("breakouts:changed", lambda told: told["closes_at_ms"] is not None)
    await expect(lucia.page.get_by_label(lucia.words("breakouts_where"))).to_be_hidden(timeout=60_000)
    await kuba.close()

    # Afterwards there is a record with everybody's minutes.
    await ana.page.goto(f"{SPACE}/held-meetings")
    await ana.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    await expect(ana.page.get_by_role("cell", name="1", exact=True).first).to_be_visible()
    faults += await look_at(ana, "record", LIGHT, PHONE)
    assert not faults + ana.complaints + lucia.complaints, "\n".join(faults + ana.complaints + lucia.complaints)
