"""Cards under a mouse and under a finger: they go where they are let go, for everybody, and a swipe still scrolls."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import CDPSession, Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_keyboard import SPACE
from tests.browser.test_wall_views import WALL, card

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
Place = tuple[float, float]
HERON, DUCKS, LEVEL = "Una garza", "Kaczki", "Level on Monday"


def ghost(person: Person) -> Locator:
    """What is dragged, beside the pointer."""
    return person.page.locator(".ghost")


def column(person: Person, title: str) -> Locator:
    return person.page.locator("section[data-section]").filter(
        has=person.page.get_by_role("heading", level=2, name=re.compile(f"^{title}"))
    )


async def box_of(found: Locator) -> dict[str, float]:
    box = await found.bounding_box()
    assert box is not None
    return dict(box)


async def hold_of(found: Locator) -> Place:
    """A place in its head, beside its buttons."""
    await found.scroll_into_view_if_needed()
    box = await box_of(found)
    return box["x"] + 30, box["y"] + 24


async def lies_by(person: Person, place: Place) -> None:
    """The ghost is held where the card was taken."""

    async def holds() -> bool:
        box = await box_of(ghost(person))
        return abs(box["x"] + 30 - place[0]) < 25 and abs(box["y"] + 24 - place[1]) < 25

    await person.until(holds, lambda: f"the ghost is by {place}")


class Finger:
    """A finger on a person's page, as Chromium's own input pipeline sees it."""

    def __init__(self, session: CDPSession, person: Person) -> None:
        self._session = session
        self._person = person
        self._at: Place = (0, 0)

    async def _is(self, kind: str, *places: Place) -> None:
        points = [{"x": x, "y": y, "id": 1} for x, y in places]
        await self._session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    async def put_down(self, at: Place) -> None:
        self._at = at
        await self._is("touchStart", at)

    async def lift_card(self, at: Place) -> None:
        """It rests on a card until the card comes along."""
        await self.put_down(at)
        await expect(ghost(self._person)).to_be_visible()

    async def go(self, to: Place, steps: int = 6) -> None:
        (x, y), self._at = self._at, to
        for step in range(1, steps + 1):
            await self._is("touchMove", (x + (to[0] - x) * step / steps, y + (to[1] - y) * step / steps))

    async def let_go(self) -> None:
        await self._is("touchEnd")
        await expect(ghost(self._person)).to_have_count(0)


async def order(person: Person) -> list[str]:
    return [await title.inner_text() for title in await person.page.locator("[data-card] h2").all()]


async def comes_before(person: Person, first: str, second: str) -> None:
    async def holds() -> bool:
        titles = await order(person)
        return titles.index(first) < titles.index(second)

    await person.until(holds, lambda: f"{first} comes before {second}")


async def test_cards_go_where_a_mouse_or_a_finger_lets_them_go(person: People) -> None:
    ana, kuba = await person("Ana"), await person("Kuba", width=390, height=780)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for one in (ana, kuba):
        await one.enter(SPACE)
        await one.open(WALL)
        await expect(card(one, DUCKS)).to_be_visible()
    finger = Finger(await kuba.page.context.new_cdp_session(kuba.page), kuba)

    # Two columns more, by Ana.
    await ana.button("arrange_wall").click()
    dialog = ana.page.get_by_role("dialog")
    for number, title in enumerate(("Orilla", "Puente"), 1):
        await dialog.get_by_role("button", name=ana.words("column_add")).click()
        await dialog.get_by_label(ana.pattern("column_number", number=str(number))).fill(title)
    await dialog.get_by_role("button", name=ana.words("arrange_keep"), exact=True).click()
    await expect(dialog).to_have_count(0)

    # The mouse, on the canvas: the card hangs by the pointer, and lies where it was let go; Kuba has it there.
    for one in (ana, kuba):
        await one.button("look_canvas").click()
        await expect(card(one, HERON)).to_be_visible()
    x, y = await hold_of(card(ana, HERON))
    before = await card(ana, HERON).get_attribute("style")
    await ana.page.mouse.move(x, y)
    await ana.page.mouse.down()
    await ana.page.mouse.move(x + 60, y + 90, steps=5)
    await expect(ghost(ana)).to_have_count(1)
    await lies_by(ana, (x + 60, y + 90))
    await ana.page.mouse.up()
    await expect(ghost(ana)).to_have_count(0)
    box = await box_of(card(ana, HERON))
    assert (round(box["x"] - x - 30), round(box["y"] - y - 66)) == (0, 0)
    after = str(await card(ana, HERON).get_attribute("style"))
    assert after != before
    await expect(card(kuba, HERON)).to_have_attribute("style", after)
    # Called off with Escape, it stays.
    x, y = await hold_of(card(ana, HERON))
    await ana.page.mouse.move(x, y)
    await ana.page.mouse.down()
    await ana.page.mouse.move(x + 40, y + 40, steps=4)
    await expect(ghost(ana)).to_have_count(1)
    await ana.page.keyboard.press("Escape")
    await expect(ghost(ana)).to_have_count(0)
    await ana.page.mouse.up()
    assert await card(ana, HERON).get_attribute("style") == after

    # The mouse, from column to column.
    for one in (ana, kuba):
        await one.button("look_columns").click()
        await expect(card(one, HERON)).to_be_attached()
    x, y = await hold_of(card(ana, HERON))
    target = await box_of(column(ana, "Puente"))
    await ana.page.mouse.move(x, y)
    await ana.page.mouse.down()
    await ana.page.mouse.move(target["x"] + 60, target["y"] + 60, steps=8)
    await expect(ghost(ana)).to_have_count(1)
    await ana.page.mouse.up()
    for one in (ana, kuba):
        await expect(column(one, "Puente")).to_contain_text(HERON)

    # A finger on a phone: the next column is out of sight, so the row goes on while the card is held at its edge.
    place = await hold_of(card(kuba, DUCKS))
    await finger.lift_card(place)
    await finger.go((382, place[1]))

    async def seen_whole() -> bool:
        box = await box_of(column(kuba, "Puente"))
        return 0 <= box["x"] and box["x"] + box["width"] <= 391

    await kuba.until(seen_whole, lambda: "the last column has come by")
    await finger.go((200, place[1]))
    await finger.let_go()
    for one in (kuba, ana):
        await expect(column(one, "Puente")).to_contain_text(DUCKS)
    await expect(card(kuba, DUCKS).locator("article.waiting")).to_have_count(0)

    # A finger in the wall's own order; a swipe scrolls and moves nothing.
    for one in (ana, kuba):
        await one.button("look_wall").click()
        await expect(card(one, DUCKS)).to_be_visible()
    await comes_before(ana, DUCKS, LEVEL)
    titles = await order(kuba)
    await card(kuba, titles[0]).scroll_into_view_if_needed()
    await kuba.page.evaluate("scrollTo(0, 0)")
    start = await hold_of(card(kuba, DUCKS))
    at = await kuba.page.evaluate("scrollY")
    await finger.put_down(start)
    await finger.go((start[0], start[1] - 200), steps=4)
    await finger.let_go()
    await kuba.until(
        lambda: kuba.page.evaluate("at => scrollY > at + 40", at), lambda: "the page scrolled under the finger"
    )
    assert await order(kuba) == titles

    place = await hold_of(card(kuba, DUCKS))
    await finger.lift_card(place)
    box = await box_of(card(kuba, LEVEL))
    await finger.go((box["x"] + 40, box["y"] + box["height"] * 0.8))
    await comes_before(kuba, LEVEL, DUCKS)
    await finger.let_go()
    for one in (kuba, ana):
        await comes_before(one, LEVEL, DUCKS)
    for one in (ana, kuba):
        assert one.complaints == []
