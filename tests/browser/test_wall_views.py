"""S6 with more than words: a picture and a sound pass the gate; five views of the same cards, by keys alone."""

from __future__ import annotations

import asyncio
import io
import re
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_keyboard import SPACE, Keys
from tests.hub_process import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PICTURES = ROOT / "tests" / "pictures"
WALL = "River finds"
VIEWS = ("wall", "columns", "timeline", "map", "canvas")


def card(person: Person, words: str) -> Locator:
    return person.page.locator("[data-card]").filter(has_text=words)


def menu(person: Person, words: str) -> Locator:
    return card(person, words).get_by_role("button", name=person.pattern("card_menu"))


async def keep(person: Person, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    assert await person.axe() == [], name
    await person.page.screenshot(path=PICTURES / f"wall-{name}.png")


def photo() -> bytes:
    image = Image.new("RGB", (800, 500), "#8fc1d4")
    draw = ImageDraw.Draw(image)
    draw.ellipse((560, 60, 680, 180), fill="#f6d365")
    draw.polygon([(0, 500), (0, 260), (260, 120), (520, 300), (800, 220), (800, 500)], fill="#5b7a52")
    draw.polygon([(300, 500), (380, 330), (470, 330), (620, 500)], fill="#0f4c5c")
    written = io.BytesIO()
    image.save(written, "JPEG", quality=85)
    return written.getvalue()


async def choose_kind(person: Person, word: str) -> Locator:
    await person.page.get_by_role("button", name=person.words("card_add")).first.click()
    dialog = person.page.get_by_role("dialog")
    await dialog.get_by_role("radio", name=person.words(word), exact=True).check(force=True)
    return dialog


async def takes_pictures(person: Person) -> None:
    """Of every view as a drawing, with the photo in it; of one as pixels."""
    for view in VIEWS:
        await person.button(f"look_{view}").click()
        svg = (await take(person, "board_as_svg")).decode()
        assert "Nuestro río" in svg and "Kaczki" in svg and svg.count("<image ") == 1, view
        assert "data:image/webp;base64," in svg and "<script" not in svg
        assert 'href="http' not in svg, "nothing in it is fetched"
    with Image.open(io.BytesIO(await take(person, "board_as_png"))) as image:
        assert image.format == "PNG" and min(image.size) > 400
        assert len(image.convert("RGB").resize((200, 200)).getcolors(40_000) or ()) > 50, "something is drawn"


async def take(person: Person, word: str) -> bytes:
    await person.button("export_wall").click()
    async with person.page.expect_download() as coming:
        await person.button(word).click()
    path = Path(await (await coming.value).path())
    return await asyncio.to_thread(path.read_bytes)


async def plays_how_it_grew(person: Person) -> None:
    """By keys: from the empty wall to what hangs there now, in whatever view."""
    keys = Keys(person)
    await person.page.goto(person.page.url, wait_until="domcontentloaded")
    await expect(card(person, "Nuestro río")).to_be_visible()
    whole = await person.page.locator("[data-card]").count()
    await keys.use(person.button("growth_begin"))
    player = person.page.get_by_role("region", name=person.words("growth"), exact=True)
    await expect(player.get_by_role("button", name=person.words("growth_play"), exact=True)).to_be_focused()
    await expect(person.page.locator("[data-card]")).to_have_count(whole)
    slider = player.get_by_role("slider", name=person.words("growth_moment"))
    await keys.reach(slider)
    await keys.press("Home")
    await expect(slider).to_have_attribute("aria-valuetext", person.words("growth_empty"))
    await expect(person.page.locator("[data-card]")).to_have_count(0)
    await keys.press("ArrowRight")
    await expect(person.page.locator("[data-card]")).to_have_count(1)
    await expect(player.get_by_role("status")).to_contain_text(person.pattern("cards_count", count="1"))
    for view in ("columns", "table", "wall"):
        await person.button(f"look_{view}").click()
        await expect(card(person, "Nuestro río")).to_have_count(0)
    await player.get_by_label(person.words("growth_speed")).select_option("4 ×")
    await keys.use(player.get_by_role("button", name=person.words("growth_play"), exact=True))
    await expect(card(person, "Nuestro río")).to_be_visible()
    await expect(player.get_by_role("button", name=person.words("growth_play"), exact=True)).to_be_visible()
    await expect(person.page.locator("[data-card]")).to_have_count(whole)
    await keep(person, "growth")
    await keys.use(player.get_by_role("button", name=person.words("growth_close")))
    await expect(player).to_have_count(0)
    await expect(person.button("growth_begin")).to_be_focused()


async def test_pictures_and_sounds_in_five_views(person: People) -> None:
    ana, lucia, kuba = await person("Ana"), await person("Lucía"), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for one in (ana, lucia, kuba):
        await one.enter(SPACE)
        await one.open(WALL)
        await expect(card(one, "Kaczki")).to_be_visible()

    # A picture, with what is to be seen on it.
    dialog = await choose_kind(lucia, "card_of_image")
    await dialog.get_by_role("button", name=lucia.words("card_pin")).click()
    await expect(dialog.get_by_text(lucia.words("card_file_missing"))).to_be_visible()
    file = {"name": "rio.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    await dialog.get_by_label(lucia.words("card_picture")).set_input_files([file])  # type: ignore[list-item]
    await expect(dialog.get_by_text(lucia.words("file_there"))).to_be_visible()
    await dialog.get_by_label(lucia.words("card_alt")).fill("El río al amanecer, entre dos montes")
    await dialog.get_by_label(lucia.words("card_title")).fill("Nuestro río")
    await keep(lucia, "picture-dialog")
    await dialog.get_by_role("button", name=lucia.words("card_pin")).click()
    await expect(card(lucia, "Nuestro río").get_by_text(lucia.words("held_waits"))).to_be_visible()
    await expect(card(lucia, "Nuestro río").get_by_role("img").first).to_be_visible()

    # A sound, recorded in the page and heard before it is pinned.
    dialog = await choose_kind(lucia, "card_of_audio")
    await dialog.get_by_role("button", name=lucia.words("sound_record")).click()
    await expect(dialog.get_by_role("timer")).to_contain_text(re.compile("0:0[1-9]"))
    await keep(lucia, "recording")
    await dialog.get_by_role("button", name=lucia.words("sound_stop")).click()
    await expect(dialog.get_by_text(lucia.words("file_there"))).to_be_visible()
    await expect(dialog.locator("audio")).to_be_visible()
    await dialog.get_by_label(lucia.words("card_title")).fill("Buenos días")
    await dialog.get_by_role("button", name=lucia.words("card_pin")).click()
    await expect(card(lucia, "Buenos días").get_by_text(lucia.words("held_waits"))).to_be_visible()
    await expect(card(kuba, "Nuestro río")).to_have_count(0)
    await ana.page.locator(".waiting_here summary").click()
    await keep(ana, "picture-waits")
    await ana.let_through("Nuestro río", "Buenos días")

    # It is there for the partner school, and plays.
    seen = card(kuba, "Nuestro río").get_by_role("img", name="El río al amanecer")
    await expect(seen).to_be_visible()
    await expect(seen).to_have_js_property("complete", True)
    assert await seen.evaluate("image => image.naturalWidth") > 100
    sound = card(kuba, "Buenos días").locator("audio")
    await sound.evaluate(
        "sound => new Promise((ready, failed) => {"
        "sound.oncanplay = ready; sound.onerror = () => failed(sound.error.message); sound.load() })"
    )

    # Ana gives the wall two columns, by keys.
    keys = Keys(ana)
    await keys.use(ana.button("arrange_wall"))
    dialog = ana.page.get_by_role("dialog")
    for number, title in enumerate(("Mañana", "Tarde"), 1):
        await keys.use(dialog.get_by_role("button", name=ana.words("column_add")))
        await expect(dialog.get_by_label(ana.pattern("column_number", number=str(number)))).to_be_focused()
        await keys.write(title)
    await keep(ana, "arranging")
    await keys.use(dialog.get_by_role("button", name=ana.words("arrange_keep"), exact=True))
    await expect(dialog).to_have_count(0)

    # Lucía goes through all views and gives her picture a place in each, without a mouse.
    keys = Keys(lucia)
    said = lucia.page.locator(".wall > [role=status]")
    mine = menu(lucia, "Nuestro río")
    place: dict[str, str] = {}
    await keys.use(lucia.button("look_columns"))
    await keys.reach(mine)
    await keys.press("Alt+ArrowRight")
    await expect(lucia.page.locator("section[data-section]").nth(1)).to_contain_text("Nuestro río")
    await expect(said).to_have_text(lucia.pattern("placed_in_column", title="Nuestro río", column="Mañana"))
    await expect(mine).to_be_focused()
    await expect(kuba.page.locator("[data-card]").filter(has_text="Nuestro río")).to_be_visible()
    await keep(lucia, "columns")

    await keys.use(lucia.button("look_timeline"))
    await keys.use(mine)
    await keys.press("ArrowDown")
    await keys.press("Enter")
    dialog = lucia.page.get_by_role("dialog")
    await dialog.get_by_label(lucia.words("place_day"), exact=True).fill("2026-05-09")
    await keys.reach(dialog.get_by_label(lucia.words("place_country")))
    await keys.write("España")
    await dialog.get_by_label(lucia.words("place_town")).select_option("Málaga")
    await keep(lucia, "placing")
    await keys.use(dialog.get_by_role("button", name=lucia.words("place_keep")))
    await expect(lucia.page.locator("[data-day='2026-05-09']")).to_contain_text("Nuestro río")
    await keys.reach(mine)
    await keys.press("Alt+ArrowRight")
    await expect(lucia.page.locator("[data-day='2026-05-10']")).to_contain_text("Nuestro río")
    await keep(lucia, "timeline")

    await keys.use(lucia.button("look_map"))
    pin = lucia.page.get_by_role("button", name=lucia.pattern("map_pin", number="1", title="Nuestro río"))
    await expect(pin).to_be_visible()
    await keys.reach(pin)
    await keys.press("Alt+ArrowUp")
    await expect(said).to_have_text(lucia.pattern("placed_on_map", title="Nuestro río"))
    await expect(pin).to_be_focused()
    await keep(lucia, "map")
    place["map"] = str(await pin.locator("..").get_attribute("style"))

    await keys.use(lucia.button("look_canvas"))
    await keys.reach(mine)
    await keys.press("Alt+ArrowDown")
    await expect(said).to_have_text(lucia.pattern("placed_at", title="Nuestro río"))
    await keys.press("Alt+ArrowRight")
    await keys.press("Alt+PageUp")
    await expect(said).to_have_text(lucia.pattern("placed_above", title="Nuestro río"))
    # What the hub has said is what stays.
    await expect(card(lucia, "Nuestro río").locator("article.waiting")).to_have_count(0)
    await keep(lucia, "canvas")
    place["canvas"] = str(await card(lucia, "Nuestro río").get_attribute("style"))
    # Others' cards are others': no menu, and keys do nothing.
    await expect(menu(lucia, "Kaczki")).to_have_count(0)

    # Back through all of them: nothing was lost, and the partner sees the same.
    for one in (lucia, kuba):
        for view in VIEWS:
            await one.button(f"look_{view}").click()
            await expect(card(one, "Nuestro río")).to_be_visible()
            if view == "columns":
                await expect(one.page.locator("section[data-section]").nth(1)).to_contain_text("Nuestro río")
            if view == "timeline":
                await expect(one.page.locator("[data-day='2026-05-10']")).to_contain_text("Nuestro río")
            if view == "map":
                there = one.page.get_by_role("button", name=one.pattern("map_pin", number="1", title="Nuestro río"))
                assert await there.locator("..").get_attribute("style") == place["map"]
            if view == "canvas":
                assert await card(one, "Nuestro río").get_attribute("style") == place["canvas"]
    # Each view on a phone; nothing scrolls sideways but what says so.
    await kuba.page.set_viewport_size({"width": 360, "height": 740})
    for view in VIEWS:
        await kuba.button(f"look_{view}").click()
        await expect(card(kuba, "Nuestro río")).to_be_attached()
        assert await kuba.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), view
        await keep(kuba, f"phone-{view}")
    await plays_how_it_grew(ana)
    await takes_pictures(ana)
    # Nothing was asked of anybody but our own hub.
    for one in (ana, lucia, kuba):
        assert one.complaints == []
