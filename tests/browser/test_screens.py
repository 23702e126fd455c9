"""Each screen as teachers and pupils meet it: no accessibility violation, nothing too wide, a picture to look at.

The pictures land in tests/pictures/ (ignored by git).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import ROOT

PICTURES = ROOT / "tests" / "pictures"
SPACE = "/s/demo-rivers"

Settled = Callable[[Person], Awaitable[None]]


@dataclass(frozen=True)
class Look:
    name: str
    width: int
    height: int
    dark: bool


LOOKS = (
    Look("light", 1280, 800, False),
    Look("dark", 1280, 800, True),
    Look("phone", 360, 740, False),
    Look("projector", 1920, 1080, False),
)


async def heading(person: Person) -> None:
    """The new page is there: it gives the focus to its heading."""
    await expect(person.page.get_by_role("heading", level=1)).to_be_focused()


async def news(person: Person) -> None:
    await expect(person.page.get_by_role("heading", name=person.words("desk_soon"))).to_be_visible()


async def cards(person: Person) -> None:
    await expect(person.page.get_by_role("listitem").filter(has_text="Kaczki")).to_be_visible()


async def sheet(person: Person) -> None:
    await expect(person.sheet).to_contain_text("Guadalhorce")
    await expect(person.page.locator("[data-state=saved]")).to_be_visible()


async def messages(person: Person) -> None:
    await expect(person.page.get_by_role("log").get_by_role("article").first).to_be_visible()


async def snapshots(person: Person) -> None:
    await expect(person.page.locator(f'a[href^="{SPACE}/timeline/"]').first).to_be_visible()


async def first_snapshot(person: Person) -> None:
    await snapshots(person)
    await person.page.locator(f'a[href^="{SPACE}/timeline/"]').first.click()
    await heading(person)
    await expect(person.page.locator('a[href$="/demo-document"]').first).to_be_visible()


async def kept_content(person: Person) -> None:
    await first_snapshot(person)
    await person.page.locator('a[href$="/demo-document"]').first.click()
    await expect(person.page.get_by_text("Guadalhorce").first).to_be_visible()


async def card_dialog(person: Person) -> None:
    await cards(person)
    await person.page.get_by_role("button", name=person.words("card_add")).click()
    await expect(person.page.get_by_role("dialog")).to_be_visible()


async def questions(person: Person) -> None:
    await expect(person.page.locator("[data-entry]").first).to_be_visible()


async def tables(person: Person) -> None:
    await expect(person.page.get_by_role("table").first).to_be_visible()


async def lobby(person: Person) -> None:
    await expect(person.button("call_join")).to_be_enabled()


async def meeting(person: Person) -> None:
    await lobby(person)
    await person.button("call_join").click()
    await expect(person.button("call_leave")).to_be_visible()
    await expect(person.page.locator("video").first).to_be_visible()


async def corner(person: Person) -> None:
    await expect(person.page.get_by_role("region", name=person.words("call_corner"))).to_be_visible()


# Each starts where the one before it ended; the meeting comes last, for it goes along.
SCREENS: dict[str, tuple[str, Settled]] = {
    "desk": ("/desk", news),
    "home": (SPACE, heading),
    "work": (f"{SPACE}/work", heading),
    "document": (f"{SPACE}/doc/demo-document", sheet),
    "wall": (f"{SPACE}/wall/demo-wall", cards),
    "card": (f"{SPACE}/wall/demo-wall", card_dialog),
    "form": (f"{SPACE}/form/demo-form", heading),
    "talk": (f"{SPACE}/chat", messages),
    "people": (f"{SPACE}/people", heading),
    "timeline": (f"{SPACE}/timeline", snapshots),
    "snapshot": (f"{SPACE}/timeline", first_snapshot),
    "kept": (f"{SPACE}/timeline", kept_content),
    "nothing": ("/nowhere", heading),
    "lobby": (f"{SPACE}/room/demo-room", lobby),
    "meeting": (f"{SPACE}/room/demo-room", meeting),
    "corner": (f"{SPACE}/work", corner),
}
FOR_TEACHERS = {
    "form_build": (f"{SPACE}/form/demo-form/build", questions),
    "form_results": (f"{SPACE}/form/demo-form/results", tables),
}
# What a pupil sees otherwise than a teacher.
FOR_PUPILS = {name: SCREENS[name] for name in ("desk", "home", "work", "wall", "form", "people", "timeline", "meeting")}


async def visit(person: Person, path: str) -> None:
    """Go there without loading the page anew, as the browser's own buttons do."""
    if await person.page.evaluate("path => location.pathname === path", path):
        return
    await person.page.evaluate(
        """path => {
          document.activeElement.blur();
          history.pushState(null, '', path);
          dispatchEvent(new PopStateEvent('popstate'));
        }""",
        path,
    )
    await heading(person)


async def check(person: Person, name: str, look: Look) -> list[str]:
    await person.page.evaluate("document.fonts.ready")
    PICTURES.mkdir(exist_ok=True)
    await person.page.screenshot(path=PICTURES / f"{name}.png")
    # The whole page at once: what a bar at the edge happens to cover can be scrolled free.
    height = await person.page.evaluate("document.documentElement.scrollHeight")
    if height > look.height:
        await person.page.set_viewport_size({"width": look.width, "height": height})
    faults = [f"{name}: {violation}" for violation in await person.axe()]
    await person.page.set_viewport_size({"width": look.width, "height": look.height})
    too_wide = await person.page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    if too_wide > 0:
        faults.append(f"{name}: {too_wide} px wider than the screen")
    return faults


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: look.name)
async def test_every_screen_is_accessible_and_fits(person: People, look: Look) -> None:
    faults = []
    stranger = await person("Stranger", width=look.width, height=look.height, dark=look.dark)
    await stranger.page.goto("/", wait_until="domcontentloaded")
    await expect(stranger.button("sign_in")).to_be_visible()
    faults += await check(stranger, f"{look.name}_sign_in", look)
    await stranger.page.get_by_label(stranger.words("card_words")).fill("wrong wrong wrong")
    await stranger.button("come_in").click()
    await expect(stranger.page.get_by_text(stranger.words("problem_wrong_card"))).to_be_visible()
    faults += await check(stranger, f"{look.name}_sign_in_refused", look)

    ana = await person("Ana", width=look.width, height=look.height, dark=look.dark)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    lucia = await person("Lucía", width=look.width, height=look.height, dark=look.dark)
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    for who, role, screens in ((ana, "teacher", FOR_TEACHERS | SCREENS), (lucia, "pupil", FOR_PUPILS)):
        for name, (path, settled) in screens.items():
            await visit(who, path)
            await settled(who)
            faults += await check(who, f"{look.name}_{role}_{name}", look)
        assert who.complaints == []
    assert faults == []
