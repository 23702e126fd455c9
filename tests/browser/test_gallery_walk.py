"""A gallery walk: a wall in a meeting, card by card, with everybody at the presenter's."""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.test_together import PASSWORD, PICTURES, TWINSPACE, choose_tool, opened

pytestmark = pytest.mark.timeout(600)


async def test_a_class_walks_along_a_wall_together(person: People) -> None:
    """The teacher leads by button and keys; the pupil hears which card it is, reacts, steps out and comes back."""
    ana, lucia = await asyncio.gather(person("Ana"), person("Lucía", width=360, height=740, dark=True))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await lucia.sign_in_with_card("Olive wave GUITAR", language="es")
    for one in (ana, lucia):
        await one.enter(TWINSPACE)
        await one.join_meeting()
    await expect(ana.page.get_by_text(ana.words("call_connected"))).to_be_visible()
    await choose_tool(ana, "together_open")
    await ana.page.get_by_role("dialog").get_by_role("button", name=re.compile("^River finds")).click()
    await expect(opened(ana).get_by_text("Kaczki").first).to_be_visible()
    await ana.button("walk_begin").click()
    walk = ana.page.get_by_role("region", name=ana.words("walk"), exact=True)
    theirs = lucia.page.get_by_role("region", name=lucia.words("walk"), exact=True)
    titles = []
    for number in (1, 2):
        for region in (walk, theirs):
            status = region.get_by_role("status").first
            await expect(status).to_have_text(re.compile(f".*{number}.*"))
            await expect(region.get_by_role("article")).to_have_count(1)
        titles.append(await walk.get_by_role("article").inner_text())
        if number == 1:
            await expect(walk).to_be_focused()
            await ana.page.keyboard.press("ArrowRight")
            await expect(theirs.get_by_text(re.compile(r"^2 / \d+$"))).to_be_visible()
    assert titles[0] != titles[1]
    await theirs.get_by_role("button", name=lucia.pattern("reaction_clap")).click()
    await expect(walk.get_by_role("button", name=re.compile(f"{ana.words('reaction_clap')} 1"))).to_be_visible()
    for one, name in ((ana, "walk"), (lucia, "phone_walk")):
        assert await one.axe() == []
        await one.page.screenshot(path=PICTURES / f"together_{name}.png")
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    draft = theirs.get_by_label(lucia.words("comment_field"))
    await draft.fill("¿Son patos?")
    await theirs.get_by_role("button", name=lucia.words("walk_step_out")).click()
    await expect(theirs).to_have_count(0)
    await expect(opened(lucia).locator("[data-card]").first).to_be_visible()
    await ana.button("walk_before").click()
    await expect(walk.get_by_text(re.compile(r"^1 / \d+$"))).to_be_visible()
    await expect(theirs).to_have_count(0)
    await opened(lucia).get_by_role("button", name=lucia.words("together_follow_again")).click()
    await expect(theirs.get_by_text(re.compile(r"^1 / \d+$"))).to_be_visible()
    await ana.page.keyboard.press("ArrowRight")
    await expect(draft).to_have_value("¿Son patos?")
    await ana.button("walk_end").click()
    await expect(theirs).to_have_count(0)
    await expect(opened(lucia).locator("[data-card]").first).to_be_visible()
    await opened(ana).get_by_role("button", name=ana.words("together_close")).click()
    await expect(opened(lucia)).to_have_count(0)
    for one in (ana, lucia):
        assert one.complaints == []
