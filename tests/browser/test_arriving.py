"""Somebody comes in while others work or the line breaks: nothing that happens meanwhile is missed."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Route, WebSocketRoute, expect

from tests.browser.conftest import People

SPACE = "Rivers that join us"
MAKE = """async (title) => {
  const [, , space] = location.pathname.split('/');
  const body = JSON.stringify({kind: 'wall', title});
  const headers = {'Content-Type': 'application/json'};
  const made = await fetch(`/api/v1/twinspaces/${space}/contents`, {method: 'POST', body, headers});
  if (!made.ok) throw new Error(await made.text());
}"""


async def test_what_is_made_before_the_announcements_come_is_there(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    line_is_up = asyncio.Event()

    async def hold(route: WebSocketRoute) -> None:
        await line_is_up.wait()
        route.connect_to_server()

    await marek.page.route_web_socket(re.compile("/socket.io/"), hold)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await ana.enter(SPACE)
    await marek.enter(SPACE)
    await marek.go("place_work")
    await expect(marek.page.get_by_role("link", name="River finds")).to_be_visible()

    # Marek has read what there is, and is not told yet of what is new.
    await ana.page.evaluate(MAKE, "Made meanwhile")
    line_is_up.set()
    await expect(marek.page.get_by_role("link", name="Made meanwhile")).to_be_visible()
    await ana.page.evaluate(MAKE, "Made afterwards")
    await expect(marek.page.get_by_role("link", name="Made afterwards")).to_be_visible()
    assert ana.complaints == marek.complaints == []


async def test_a_page_comes_although_its_parts_were_cut_off_once(person: People) -> None:
    """As when a laptop changes its network: the browser ends every request that is on its way."""
    ana = await person("Ana")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    cut: set[str] = set()

    async def cut_once(route: Route) -> None:
        if route.request.url in cut or route.request.method != "GET":
            await route.fallback()
        else:
            cut.add(route.request.url)
            await route.abort("internetdisconnected")

    await ana.page.route(re.compile("/assets/.*[.]js|/api/v1/"), cut_once)
    await ana.enter(SPACE)
    await ana.open("River finds")
    await expect(ana.page.locator("[data-card]").first).to_be_visible()
    assert any(url.endswith(".js") for url in cut) and any("/api/v1/" in url for url in cut)
    assert ana.complaints == []
