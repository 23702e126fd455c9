"""What a class looks at together in a meeting: something opened for everybody, a timer, who is large, words first."""

from __future__ import annotations

import asyncio
import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub.cases.slides import written
from tests.hub_process import ROOT

PICTURES = ROOT / "tests" / "pictures"
TWINSPACE = "Rivers that join us"
PASSWORD = "twinspace-demo"


async def choose_tool(person: Person, key: str) -> None:
    dock = person.page.get_by_role("toolbar", name=person.words("call_dock"))
    await dock.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.locator("[role^=menuitem]").get_by_text(person.words(key), exact=True).click()


def opened(person: Person) -> Locator:
    return person.page.get_by_role("region", name=person.words("together_on_screen"))


async def reads_at(person: Person, *, least_px: int, most_px: int = 100_000) -> None:
    """Until this is how far down the person is in what is open."""

    async def holds() -> bool:
        return least_px <= await opened(person).locator(".scroller").evaluate("box => box.scrollTop") <= most_px

    await person.until(holds, lambda: f"{least_px} to {most_px} px down")


async def expect_small_window(person: Person) -> None:
    async def is_open() -> bool:
        found = "documentPictureInPicture.window?.document.querySelector('.tile') != null"
        return bool(await person.page.evaluate(found))

    await person.until(is_open, lambda: "no small window with a person in it")


async def make_slides(person: Person) -> None:
    """Of a PDF of three pages, which the person brings."""
    pdf = written("The Vistula and the Ebro", "Otters are back", "What we do next")
    await person.page.goto("/s/demo-rivers/materials", wait_until="domcontentloaded")
    await person.page.get_by_label(person.words("material_upload")).set_input_files(
        {"name": "rivers.pdf", "mimeType": "application/pdf", "buffer": pdf}
    )
    await person.page.get_by_role("button", name="rivers.pdf", exact=True).click()
    await person.button("slides_make").click()
    await shows_page(person, 1)


async def shows_page(person: Person, number: int) -> None:
    await expect(person.page.locator(f"[data-slide='{number}']")).to_contain_text(f"{number}")


async def looks_at_slides(ana: Person, lucia: Person) -> None:
    """The teacher turns pages and draws; the pupil follows, looks around, draws, and follows again."""
    await choose_tool(ana, "together_open")
    await ana.page.get_by_role("dialog").get_by_role("button", name=re.compile("^rivers.pdf")).click()
    for one in (ana, lucia):
        await shows_page(one, 1)
    await ana.button("slides_after").click()
    for one in (ana, lucia):
        await shows_page(one, 2)
    await opened(lucia).get_by_text(lucia.words("slides_words")).click()
    await expect(opened(lucia).get_by_text("Otters are back")).to_be_visible()
    await opened(lucia).get_by_text(lucia.words("slides_words")).click()
    for one in (ana, lucia):
        await stroke(one)
        assert await one.axe() == []
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for one, name in ((ana, "slides"), (lucia, "phone_slides")):
        await one.page.evaluate("document.fonts.ready")
        await one.page.screenshot(path=PICTURES / f"together_{name}.png")

    await ana.page.get_by_role("application", name=ana.words("board_area")).focus()
    await ana.page.keyboard.press("PageDown")
    await shows_page(lucia, 3)
    await lucia.button("slides_before").click()
    await expect(opened(lucia).get_by_role("button", name=lucia.words("together_follow_again"))).to_be_visible()
    await shows_page(lucia, 2)
    await opened(lucia).get_by_role("button", name=lucia.words("together_follow_again")).click()
    await shows_page(lucia, 3)

    # Whoever comes back, presenter or not, is where the presenter was; what both drew lies on its page.
    await ana.button("look_table").click()
    await expect(opened(ana).get_by_role("row").filter(has_text=ana.pattern("slides_page", number="2"))).to_have_count(
        2
    )
    await ana.button("look_table").click()
    for one in (ana, lucia):
        await shows_page(one, 3)
        await one.page.reload()
        await one.join_meeting()
        await shows_page(one, 3)
    await opened(ana).get_by_role("button", name=ana.words("together_close")).click()
    await expect(opened(lucia)).to_have_count(0)


async def stroke(person: Person) -> None:
    area = person.page.get_by_role("application", name=person.words("board_area"))
    await area.scroll_into_view_if_needed()
    box = await area.bounding_box()
    assert box is not None
    await person.page.mouse.move(box["x"] + box["width"] * 0.2, box["y"] + box["height"] * 0.1)
    await person.page.mouse.down()
    await person.page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.2, steps=8)
    await person.page.mouse.up()


def layout(person: Person) -> Locator:
    return person.page.get_by_label(person.words("layout"), exact=True)


async def test_a_teacher_shows_something_to_all_times_it_and_each_sees_it_their_way(person: People) -> None:
    ana, lucia = await asyncio.gather(person("Ana"), person("Lucía", width=360, height=740, dark=True))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await lucia.sign_in_with_card("Olive wave GUITAR", language="es")
    await ana.enter(TWINSPACE)
    await make_slides(ana)
    await lucia.enter(TWINSPACE)
    for one in (ana, lucia):
        await one.join_meeting()
    await expect(ana.page.get_by_text(ana.words("call_connected"))).to_be_visible()

    await choose_tool(ana, "together_open")
    dialog = ana.page.get_by_role("dialog")
    assert await ana.axe() == []
    await dialog.get_by_role("list").get_by_role("button", name=re.compile("^Our two rivers")).click()
    await expect(dialog).to_be_hidden()
    for one in (ana, lucia):
        await expect(opened(one)).to_be_visible()
        await expect(opened(one).get_by_role("heading", level=1)).to_be_visible()
        # A wheel that turns before the text is there moves nothing, and turns once.
        await expect(opened(one)).to_contain_text("Guadalhorce")
    await expect(opened(lucia).get_by_text(lucia.pattern("together_follows"))).to_be_visible()
    assert await ana.axe() == []
    assert await lucia.axe() == []
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")

    await opened(ana).locator(".scroller").hover()
    await ana.page.mouse.wheel(0, 900)
    await reads_at(lucia, least_px=50)
    await opened(lucia).locator(".scroller").hover()
    await lucia.page.mouse.wheel(0, -2_000)
    await expect(opened(lucia).get_by_role("button", name=lucia.words("together_follow_again"))).to_be_visible()
    await reads_at(lucia, least_px=0, most_px=0)
    await opened(lucia).get_by_role("button", name=lucia.words("together_follow_again")).click()
    await reads_at(lucia, least_px=50)

    await choose_tool(ana, "timer")
    await dialog.get_by_role("button", name=re.compile("^5 ")).click()
    for one in (ana, lucia):
        await expect(one.page.get_by_role("timer")).to_have_text(re.compile(r"[45]:\d\d"))
    await ana.button("timer_pause").click()
    await expect(lucia.page.get_by_role("timer")).to_contain_text(lucia.words("timer_stands"))
    await ana.button("timer_add_short").click()
    await expect(lucia.page.get_by_role("timer")).to_have_text(re.compile(r"[56]:\d\d"))
    assert await ana.axe() == []
    assert await lucia.axe() == []
    await ana.page.reload()
    await ana.join_meeting()
    await expect(opened(ana)).to_be_visible()
    await expect(ana.page.get_by_role("timer")).to_contain_text(ana.words("timer_stands"))
    await ana.button("timer_end").click()
    await expect(lucia.page.get_by_role("timer")).to_have_count(0)
    await opened(ana).get_by_role("button", name=ana.words("together_close")).click()
    await expect(opened(lucia)).to_have_count(0)

    await looks_at_slides(ana, lucia)

    await layout(ana).select_option("speaker")
    await expect(ana.page.locator(".people li")).not_to_have_count(0)
    assert await ana.axe() == []
    await ana.page.get_by_role("heading", level=1).click()
    await ana.page.keyboard.press("v")
    await expect(layout(ana)).to_have_value("text")
    await expect(ana.page.get_by_role("heading", name=ana.words("rtt_heading"))).to_be_visible()
    assert await ana.axe() == []
    await layout(lucia).select_option("text")
    assert await lucia.axe() == []
    assert await lucia.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await lucia.page.reload()
    await lucia.join_meeting()
    await expect(layout(lucia)).to_have_value("text")
    await layout(lucia).select_option("grid")
    await layout(ana).select_option("grid")

    await choose_tool(ana, "spotlight")
    await dialog.get_by_role("checkbox", name=re.compile("Lucía")).click()
    await expect(dialog.get_by_role("checkbox", name=re.compile("Lucía"))).to_be_checked()
    assert await ana.axe() == []
    await ana.page.keyboard.press("Escape")
    for one in (ana, lucia):
        await expect(one.page.locator(".people > ul > li")).to_have_count(1)
    await choose_tool(ana, "picture_in_picture")
    await expect_small_window(ana)
    for one in (ana, lucia):
        assert one.complaints == []
