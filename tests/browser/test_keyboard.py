"""A pupil does a lesson's work without ever touching a mouse, and always sees where she is."""

from __future__ import annotations

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import HubProcess

SPACE = "Rivers that join us"
MOST_STOPS = 60

# What holds the focus, or null when nothing does. A ring may be drawn by what surrounds a control: a choice, a sheet.
# What the page itself gives the focus to, a heading after a change of place, is no control and needs no ring.
FOCUS = """() => {
  const focused = document.activeElement;
  if (!focused || focused === document.body || focused === document.documentElement) return null;
  const ringed = (element) => {
    const style = getComputedStyle(element);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  let seen = focused.getAttribute('tabindex') === '-1';
  for (let element = focused, i = 0; element && i < 3; element = element.parentElement, i++) seen ||= ringed(element);
  const box = focused.getBoundingClientRect();
  return {
    name: `${focused.tagName} "${(focused.ariaLabel || focused.textContent).trim().slice(0, 40)}"`,
    seen,
    onScreen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
  };
}"""

PRECEDES = """(target) => {
  const place = document.activeElement.compareDocumentPosition(target);
  return Boolean(place & Node.DOCUMENT_POSITION_PRECEDING) && !(place & Node.DOCUMENT_POSITION_CONTAINS);
}"""


class Keys:
    """A person's keyboard: each stop on the way is looked at."""

    def __init__(self, person: Person) -> None:
        self.person = person
        self.page = person.page

    async def look(self) -> str:
        """The name of what has the focus, which must be there, on the screen and marked."""
        await self.person.until(self._has_focus, lambda: "anything has the focus", timeout_s=10)
        focus = await self.page.evaluate(FOCUS)
        assert focus["seen"], f"no ring around {focus['name']}"
        assert focus["onScreen"], f"{focus['name']} has the focus outside the screen"
        return str(focus["name"])

    async def _has_focus(self) -> bool:
        return await self.page.evaluate(FOCUS) is not None

    async def reach(self, target: Locator) -> None:
        """Tab, or Shift+Tab when it lies behind, until the target has the focus."""
        await expect(target).to_be_visible()
        back = await target.evaluate(PRECEDES)
        passed: list[str] = []
        for _ in range(MOST_STOPS):
            if await target.evaluate("target => target === document.activeElement"):
                return
            await self.press("Shift+Tab" if back else "Tab")
            passed.append(await self.look())
        raise AssertionError(f"Tab does not lead to {target}; it went by {passed}")

    async def press(self, key: str) -> None:
        await self.page.keyboard.press(key)

    async def write(self, text: str) -> None:
        await self.page.keyboard.type(text)

    async def use(self, target: Locator) -> None:
        await self.reach(target)
        await self.press("Enter")

    async def arrive(self, heading: str | re.Pattern[str]) -> str:
        """After a change of place the focus is on its heading. Returns the page's title."""
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)
        await expect(self.page.get_by_role("heading", level=1)).to_be_focused()
        return await self.page.title()

    async def go(self, place: str) -> str:
        rail = self.page.get_by_role("navigation", name=self.person.words("places"))
        await self.use(rail.get_by_role("link", name=self.person.words(place)))
        return await self.arrive(SPACE if place == "place_home" else self.person.words(place.replace("place", "title")))


async def test_a_pupil_does_everything_by_keyboard(person: People, hub: HubProcess) -> None:
    lucia = await person("Lucía")
    keys, page = Keys(lucia), lucia.page
    asked: set[str] = set()
    page.on("request", lambda request: asked.add(request.url))
    titles: dict[str, str] = {}

    await page.goto("/", wait_until="domcontentloaded")
    await expect(lucia.button("come_in")).to_be_visible()
    titles["sign in"] = await page.title()
    await page.keyboard.press("Tab")
    await keys.reach(page.get_by_label(lucia.words("card_words")))
    await keys.write("olive wave guitar")
    await keys.press("Enter")
    await page.wait_for_url("**/desk")
    lucia.language = "es"
    titles["desk"] = await keys.arrive(lucia.pattern("desk_hello"))

    await keys.use(page.get_by_role("link", name=SPACE).first)
    titles["home"] = await keys.arrive(SPACE)

    titles["work"] = await keys.go("place_work")
    await keys.use(page.get_by_role("link", name="Our two rivers"))
    titles["document"] = await keys.arrive(re.compile("Our two rivers"))
    await write_in_the_document(keys)

    await keys.use(page.get_by_role("link", name=lucia.words("to_all_work")))
    await keys.arrive(lucia.words("title_work"))
    await keys.use(page.get_by_role("link", name="River finds"))
    titles["wall"] = await keys.arrive("River finds")
    await pin_and_move_a_card(keys)

    await keys.use(page.get_by_role("link", name=lucia.words("to_all_work")))
    await keys.arrive(lucia.words("title_work"))
    await keys.use(page.get_by_role("link", name="How was our first meeting?"))
    titles["form"] = await keys.arrive("How was our first meeting?")
    await answer_with_a_face(keys)

    titles["talk"] = await keys.go("place_talk")
    await keys.reach(page.get_by_label(lucia.words("your_message")))
    await keys.write("Hola desde el teclado")
    await keys.press("Enter")
    await expect(page.get_by_role("article").filter(has_text="Hola desde el teclado")).to_be_visible()
    await keys.look()

    titles["timeline"] = await keys.go("place_timeline")
    titles["people"] = await keys.go("place_people")
    await keys.go("place_home")
    titles["meeting"] = await meet(keys)

    assert len(set(titles.values())) == len(titles), titles
    strangers = {url for url in asked if not url.startswith((hub.url, "blob:", "data:"))}
    assert strangers == set(), strangers
    assert lucia.complaints == []


async def write_in_the_document(keys: Keys) -> None:
    person = keys.person
    await expect(person.sheet).to_contain_text("Guadalhorce")
    await keys.reach(person.sheet)
    await keys.press("Control+End")
    await keys.write(" Hoy el agua está clara.")
    await expect(person.sheet).to_contain_text("Hoy el agua está clara.")
    await expect(keys.page.locator("[data-state=saved]")).to_be_visible()
    await keys.press("Escape")
    tools = keys.page.get_by_role("toolbar", name=person.words("tools"))
    await expect(tools.locator(":focus")).to_have_count(1)
    first = await keys.look()
    await keys.press("ArrowRight")
    assert await keys.look() != first


async def pin_and_move_a_card(keys: Keys) -> None:
    page, person = keys.page, keys.person
    add = page.get_by_role("button", name=person.words("card_add"))
    dialog = page.get_by_role("dialog")
    await keys.use(add)
    await expect(dialog.get_by_label(person.words("card_title"))).to_be_focused()
    await keys.press("Escape")
    await expect(dialog).to_be_hidden()
    await expect(add).to_be_focused()

    await keys.press("Enter")
    await expect(dialog.get_by_label(person.words("card_title"))).to_be_focused()
    await keys.write("Nutria")
    await keys.press("Tab")
    await keys.write("Vi una nutria al amanecer.")
    await keys.use(dialog.get_by_role("button", name=person.words("card_pin")))
    await expect(dialog).to_be_hidden()
    await expect(add).to_be_focused()

    cards = page.locator("[data-card]")
    mine = cards.filter(has_text="Nutria")
    handle = mine.get_by_role("button")
    await keys.reach(handle)
    await expect(cards.last).to_contain_text("Nutria")
    await keys.press("Alt+ArrowLeft")
    await expect(cards.nth(-2)).to_contain_text("Nutria")
    await expect(handle).to_be_focused()
    await expect(page.get_by_role("status").filter(has_text="Nutria")).to_have_text(
        person.pattern("moved_to", title="Nutria")
    )
    await keys.press("Enter")
    await expect(page.get_by_role("menu")).to_be_visible()
    await keys.press("ArrowDown")
    await keys.look()
    await keys.press("Escape")
    await expect(page.get_by_role("menu")).to_be_hidden()
    await expect(handle).to_be_focused()


async def answer_with_a_face(keys: Keys) -> None:
    page, person = keys.page, keys.person
    await keys.use(person.button("answers_change"))
    await keys.look()
    faces = page.get_by_role("radio")
    await expect(faces).to_have_count(5)
    await keys.reach(page.locator("input[type=radio]:checked"))
    await keys.press("4")
    good = page.get_by_role("radio", name=person.words("face_4"), exact=True)
    await expect(good).to_be_checked()
    await expect(good).to_be_focused()
    await keys.press("ArrowRight")
    await expect(page.get_by_role("radio", name=person.words("face_5"), exact=True)).to_be_checked()
    await keys.press("4")
    await keys.use(person.button("question_next"))
    await keys.look()
    await expect(page.get_by_text(person.pattern("question_of", number="2"))).to_be_visible()


async def meet(keys: Keys) -> str:
    page, person = keys.page, keys.person
    await keys.use(page.get_by_role("link", name=re.compile(rf"^{re.escape(person.words('join'))}")).last)
    title = await keys.arrive("Our meeting room")
    join = person.button("call_join")
    await expect(join).to_be_enabled()
    await keys.use(join)
    leave = person.button("call_leave")
    await expect(leave).to_be_visible()
    await keys.look()
    await keys.use(person.button("call_devices"))
    await expect(page.get_by_role("dialog")).to_be_visible()
    await keys.look()
    await keys.press("Escape")
    await expect(person.button("call_devices")).to_be_focused()
    await keys.use(leave)
    await keys.arrive(SPACE)
    return title
