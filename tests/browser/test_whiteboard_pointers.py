"""The whiteboard under a mouse and under fingers: nothing is drawn that nobody wanted, and everybody has all of it."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import CDPSession, Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_whiteboard import area, holds, open_board, table_button, take

pytestmark = pytest.mark.browser
Place = tuple[int, int]


async def corner(person: Person) -> Place:
    """Where the board begins in the window; its own places are counted from there."""
    box = await area(person).locator("canvas").last.bounding_box()
    assert box is not None
    return round(box["x"]), round(box["y"])


async def drag(person: Person, start: Place, end: Place) -> None:
    x, y = await corner(person)
    await person.page.mouse.move(x + start[0], y + start[1])
    await person.page.mouse.down()
    await person.page.mouse.move(x + end[0], y + end[1], steps=6)
    await person.page.mouse.up()


class Fingers:
    """Fingers on a person's board, as Chromium's own input pipeline sees them."""

    def __init__(self, session: CDPSession, person: Person) -> None:
        self._session = session
        self._person = person

    async def are(self, kind: str, *places: Place) -> None:
        x, y = await corner(self._person)
        points = [{"x": x + at[0], "y": y + at[1], "id": i} for i, at in enumerate(places)]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    async def draw(self, *places: Place) -> None:
        await self.are("touchStart", places[0])
        for place in places[1:]:
            await self.are("touchMove", place)
        await self.are("touchEnd")

    async def two(self, first: tuple[Place, Place], second: tuple[Place, Place]) -> None:
        """Two fingers, one put down after the other, go each from its first place to its second."""
        await self.are("touchStart", first[0])
        await self.are("touchMove", (first[0][0] + 4, first[0][1]))
        await self.are("touchMove", first[0])
        await self.are("touchStart", first[0], second[0])
        for part in (1, 2, 3, 4):
            await self.are("touchMove", *(between(*finger, part / 4) for finger in (first, second)))
        # Lifted one after the other: the one that stays must draw nothing.
        await self.are("touchEnd", first[1])
        await self.are("touchMove", (first[1][0] + 9, first[1][1] + 9))
        await self.are("touchEnd")


def between(start: Place, end: Place, part: float) -> Place:
    return round(start[0] + (end[0] - start[0]) * part), round(start[1] + (end[1] - start[1]) * part)


def chosen(person: Person) -> Locator:
    return person.button("board_change")


async def boxed(person: Person, left: int, top: int, width: int, height: int) -> None:
    """What is selected has this place and size, as its form says."""
    await chosen(person).click()
    for word, number in (("left", left), ("top", top), ("width", width), ("height", height)):
        await expect(person.page.get_by_label(person.words(f"board_{word}"), exact=True)).to_have_value(str(number))
    await person.button("cancel").click()
    await expect(person.button("cancel")).to_have_count(0)


async def sizes(person: Person) -> list[str]:
    await table_button(person).click()
    rows = await person.page.locator("tbody tr").all_inner_texts()
    await table_button(person).click()
    return sorted(found for row in rows for found in re.findall(r"\d+ × \d+", row))


async def test_mouse_and_fingers_do_what_is_meant(person: People) -> None:
    ana, kuba = await person("Ana"), await person("Kuba", width=390, height=844)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    await open_board(ana, kuba)
    fingers = Fingers(await kuba.page.context.new_cdp_session(kuba.page), kuba)

    # The mouse draws a rectangle, lets it go, takes it by its line, moves it, and pulls its corner.
    await take(ana, "board_rectangle")
    await drag(ana, (100, 80), (220, 160))
    await boxed(ana, 100, 80, 120, 80)
    await take(ana, "board_select")
    await drag(ana, (400, 250), (400, 250))
    await expect(chosen(ana)).to_have_count(0)
    await drag(ana, (100, 120), (140, 150))
    await boxed(ana, 140, 110, 120, 80)
    await drag(ana, (260, 190), (310, 220))
    await boxed(ana, 140, 110, 170, 110)
    await ana.button("board_undo").click()
    await boxed(ana, 140, 110, 120, 80)
    await holds(kuba, 1)
    assert await sizes(kuba) == ["120 × 80"]

    # One finger draws; two enlarge and move the board, and what was under them goes with them:
    # (80, 190) is then to be taken at (150 - 70 * 2 + 30, 150 + 40 * 2 + 40).
    await fingers.draw((60, 200), (80, 190), (100, 210))
    zoomed = kuba.page.get_by_text(kuba.pattern("board_zoom_now", percent="200"))
    await fingers.two(((100, 150), (50, 150)), ((200, 150), (250, 150)))
    await expect(zoomed).to_have_count(1)
    await fingers.two(((100, 100), (130, 140)), ((200, 100), (230, 140)))
    await take(kuba, "board_select")
    await fingers.draw((40, 270))
    await expect(chosen(kuba)).to_have_count(1)
    await expect(zoomed).to_have_count(1)

    # They left no stroke, and no step to undo.
    for one in (ana, kuba):
        await holds(one, 2)
    await kuba.button("board_undo").click()
    await holds(ana, 1)
    await kuba.button("board_redo").click()
    await holds(ana, 2)

    # A sticky note isn't asked for by two fingers, only by one.
    await take(kuba, "board_note")
    await fingers.two(((100, 100), (100, 120)), ((200, 100), (200, 120)))
    await holds(kuba, 2)
    await expect(kuba.page.get_by_label(kuba.words("board_words"))).to_have_count(0)
    await fingers.draw((150, 220))
    await kuba.page.get_by_label(kuba.words("board_words")).fill("Bobry")
    await kuba.button("board_keep").click()
    for one in (ana, kuba):
        await holds(one, 3)

    # Kuba draws while Ana has not lifted her pen.
    await take(ana, "board_pen")
    await take(kuba, "board_pen")
    x, y = await corner(ana)
    await ana.page.mouse.move(x + 300, y + 50)
    await ana.page.mouse.down()
    await ana.page.mouse.move(x + 400, y + 90, steps=5)
    await fingers.are("touchStart", (60, 220))
    await fingers.are("touchMove", (120, 250))
    await ana.page.mouse.move(x + 500, y + 50, steps=5)
    await fingers.are("touchMove", (180, 220))
    await fingers.are("touchEnd")
    await ana.page.mouse.up()
    for one in (ana, kuba):
        await holds(one, 5)
    await expect(area(ana)).to_be_visible()
    assert "200 × 40" in await sizes(ana)
    assert await sizes(ana) == await sizes(kuba)
    assert ana.complaints + kuba.complaints == []
