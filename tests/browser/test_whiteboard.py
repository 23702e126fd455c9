"""Two schools draw on one whiteboard: by hand, by keys, without a network for a while, behind a teacher's lock."""

from __future__ import annotations

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import ROOT

pytestmark = pytest.mark.browser
PICTURES = ROOT / "tests" / "pictures"
SPACE = "Rivers that join us"
KEEP = """async () => {
  const [, , space, , content] = location.pathname.split('/');
  const headers = {'Content-Type': 'application/json'};
  const body = JSON.stringify({title: 'With the board'});
  const made = await fetch(`/api/v1/twinspaces/${space}/snapshots`, {method: 'POST', body, headers});
  if (!made.ok) throw new Error(await made.text());
  return `/s/${space}/timeline/${(await made.json()).id}/${content}`;
}"""


def area(person: Person) -> Locator:
    return person.page.get_by_role("application", name=person.words("board_area"))


def table_button(person: Person) -> Locator:
    return person.button("look_table")


async def holds(person: Person, count: int) -> None:
    """The board's table says that so many things are there."""
    await table_button(person).click()
    await expect(person.page.locator("tbody tr")).to_have_count(count)
    await table_button(person).click()
    await expect(area(person)).to_be_visible()


async def draw(person: Person, *places: tuple[float, float]) -> None:
    """A stroke through these places, counted in parts of the board's width and height."""
    box = await area(person).bounding_box()
    assert box is not None
    points = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in places]
    await person.page.mouse.move(*points[0])
    await person.page.mouse.down()
    for x, y in points[1:]:
        await person.page.mouse.move(x, y, steps=8)
    await person.page.mouse.up()


async def open_board(teacher: Person, other: Person) -> None:
    """A new board of the teacher's, before both."""
    await teacher.enter(SPACE)
    twinspace = teacher.page.url.split("/s/")[1].split("/")[0]
    made = await teacher.page.evaluate(
        "async (path) => (await fetch(path, {method: 'POST', headers: {'Content-Type': 'application/json'},"
        " body: JSON.stringify({kind: 'whiteboard', title: 'Our river'})})).json()",
        f"/api/v1/twinspaces/{twinspace}/contents",
    )
    for one in (teacher, other):
        await one.page.goto(f"/s/{twinspace}/board/{made['id']}", wait_until="domcontentloaded")
        await expect(area(one)).to_be_visible()


async def take(person: Person, tool: str) -> None:
    await person.page.get_by_role("radio", name=person.words(tool), exact=True).check(force=True)


async def keep(person: Person, name: str) -> None:
    """Nothing in the page's way for anybody, and a picture of it."""
    assert await person.axe() == [], name
    await person.page.evaluate("document.fonts.ready")
    await person.page.mouse.move(0, 0)
    await person.page.screenshot(path=PICTURES / f"board_{name}.png")


async def test_two_schools_draw_on_one_board(person: People) -> None:
    ana, kuba = await person("Ana"), await person("Kuba", width=390, height=844)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    await open_board(ana, kuba)

    # Both draw at once; each sees the other's, and whose it is.
    await draw(ana, (0.1, 0.6), (0.3, 0.4), (0.5, 0.6), (0.7, 0.45), (0.9, 0.6))
    await take(ana, "board_note")
    await draw(ana, (0.15, 0.12))
    await ana.page.get_by_label(ana.words("board_words")).fill("Aquí viven las nutrias")
    await ana.button("board_keep").click()
    await draw(kuba, (0.2, 0.8), (0.5, 0.7), (0.8, 0.8))
    for one in (ana, kuba):
        await holds(one, 3)
    await table_button(kuba).click()
    await expect(kuba.page.locator("tbody tr").filter(has_text="Aquí viven las nutrias")).to_contain_text("Ana")
    await keep(kuba, "phone_table")
    await table_button(kuba).click()

    # Kuba's network goes; both go on; it comes back, and nothing is lost.
    await kuba.page.context.set_offline(True)
    await draw(kuba, (0.3, 0.3), (0.6, 0.3))
    await take(ana, "board_ellipse")
    await draw(ana, (0.6, 0.1), (0.8, 0.3))
    await holds(ana, 4)
    await holds(kuba, 4)
    await kuba.page.context.set_offline(False)
    for one in (ana, kuba):
        await holds(one, 5)

    # Keys alone: a rectangle is drawn, picked, moved, made larger, opened, taken off and brought back.
    await area(ana).focus()
    keyboard = ana.page.keyboard
    said = ana.page.get_by_role("status")
    await keyboard.press("r")
    await keyboard.press("Space")
    for key in ("ArrowRight", "ArrowRight", "ArrowDown", "ArrowDown"):
        await keyboard.press(f"Shift+{key}")
    await keyboard.press("Space")
    await holds(ana, 6)
    await area(ana).focus()
    await keyboard.press("PageUp")
    await keyboard.press("PageDown")
    await expect(said.filter(has_text=ana.words("board_rectangle"))).to_have_count(1)
    await keyboard.press("ArrowRight")
    await expect(said.filter(has_text=ana.pattern("board_place_said"))).to_have_count(1)
    await keyboard.press("Shift+ArrowRight")
    await expect(said.filter(has_text=ana.pattern("board_size_said", width="210"))).to_have_count(1)
    await keyboard.press("Enter")
    await expect(ana.page.get_by_label(ana.words("board_width"))).to_have_value("210")
    await keyboard.press("Escape")
    await keep(ana, "desktop")
    await keep(kuba, "phone")
    await area(ana).focus()
    await keyboard.press("Delete")
    await holds(kuba, 5)
    await area(ana).focus()
    await keyboard.press("Control+z")
    await holds(kuba, 6)

    # A teacher closes it: the pupil's tools go at once, and what a page drew all the same comes to nobody.
    await ana.button("board_lock").click()
    await ana.page.get_by_label(ana.words("board_lock_all")).check()
    await expect(kuba.page.get_by_text(kuba.words("board_locked"))).to_be_visible()
    await expect(kuba.page.get_by_role("radio", name=kuba.words("board_pen"), exact=True)).to_have_count(0)
    await keep(ana, "lock")
    await draw(kuba, (0.2, 0.2), (0.4, 0.4))
    await holds(kuba, 6)
    await ana.page.get_by_label(ana.words("board_lock_all")).uncheck()
    await expect(kuba.page.get_by_role("radio", name=kuba.words("board_pen"), exact=True)).to_have_count(1)

    # What was kept shows the drawing as it was then, with nothing to draw with.
    await ana.page.goto(await ana.page.evaluate(KEEP))
    await expect(ana.page.get_by_role("img", name=ana.words("kind_whiteboard"))).to_be_visible()
    await expect(ana.page.locator("figure svg > :is(path, rect, ellipse, line)")).to_have_count(6)
    await keep(ana, "kept")
    assert ana.complaints + kuba.complaints == []
