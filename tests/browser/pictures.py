"""Takes the pictures of docs/pictures/ from the demo: `python -m tests.browser.pictures`, or some of them:
`… pictures lesson`, `… pictures project`.

They are 1280 × 800 and below 250 kB. A lesson at drawn cameras is in `lesson_pictures.py`.
"""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.async_api import async_playwright, expect

from tests.browser import project_pictures
from tests.browser.conftest import CHROMIUM_FLAGS, People
from tests.browser.person import Person
from tests.hub_process import ROOT, HubProcess

PICTURES = ROOT / "docs" / "pictures"
SPACE = "Rivers that join us"
CARDS = {
    "Kuba": (("Most z drewna", "Nasz dziadek pamięta stary most. Był z drewna."), ("Lód", "W lutym Wisła zamarzła.")),
    "Lucía": (("Huellas", "Huellas de nutria en el barro, muy cerca del puente."), ("El mar", "Aquí acaba el río.")),
}


async def read_english(person: Person) -> None:
    await person.page.locator("[popovertarget=account]").click()
    await person.page.get_by_label(person.words("language"), exact=True).select_option("en")
    person.language = "en"
    await expect(person.page.get_by_label(person.words("language"), exact=True)).to_be_visible()
    await person.page.keyboard.press("Escape")


async def keep(person: Person, name: str) -> None:
    await person.page.evaluate("document.fonts.ready")
    await person.page.mouse.move(0, 0)
    await person.page.screenshot(path=PICTURES / f"{name}.png")


async def take_lesson(person: People) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    lucia, kuba = await person("Lucía"), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    everybody = (marek, lucia, kuba, ana)
    await read_english(ana)
    for one in everybody:
        await one.enter(SPACE)

    for one in (kuba, lucia):
        await one.open("River finds")
        for title, text in CARDS[one.name]:
            await one.pin_card(title, text)
            await expect(one.page.locator("[data-card]").filter(has_text=text)).to_be_visible()
    await ana.open("River finds")
    await marek.open("River finds")
    await ana.let_through(*(title for title, _ in CARDS["Lucía"]))
    await marek.let_through(*(title for title, _ in CARDS["Kuba"]))
    await expect(ana.page.locator("[data-card]")).to_have_count(9)
    await expect(ana.page.get_by_text("4 people here")).to_be_visible()
    await keep(ana, "wall")

    for one in everybody:
        await one.open("Our two rivers")
        await expect(one.sheet).to_contain_text("Guadalhorce")
    for one, after, words in (
        (lucia, "puede crecer en una sola noche.", " Mi abuela aprendió a nadar allí."),
        (kuba, "z Tatr.", " Latem pływamy kajakiem."),
    ):
        await one.sheet.get_by_text(after).click()
        await one.page.keyboard.press("End")
        await one.page.keyboard.type(words)
    await expect(ana.sheet).to_contain_text("kajakiem.")
    await expect(ana.page.locator("[data-state=saved]")).to_be_visible()
    await keep(ana, "document")

    for one in everybody:
        await one.join_meeting()
    await ana.button("call_leave").click()
    await expect(ana.page.get_by_text(ana.pattern("people_inside", count="3"))).to_be_visible()
    await keep(ana, "home")


async def take_project(person: People) -> None:
    await project_pictures.take(person, keep, read_english)


SETS = {"lesson": take_lesson, "project": take_project}


async def main(names: list[str]) -> None:
    """Each set begins with a demo of its own."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium")
    assert chromium, "the pictures are taken by Chromium: sh tests/install_services.sh"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
        for name in names or SETS:
            with TemporaryDirectory() as folder:
                async with HubProcess(Path(folder) / "data") as hub:
                    await SETS[name](People(browser, hub))
        await browser.close()


if __name__ == "__main__":
    subprocess.run([sys.executable, "web_client/build.py", "build"], cwd=ROOT, check=True)
    asyncio.run(main(sys.argv[1:]))
