"""A lesson of two schools as it is shown in docs/pictures/: `python -m tests.browser.lesson_pictures`.

Eight people at drawn cameras, four more of both classes by stock Socket.IO clients. It wants a quiet machine: on a busy
one the meeting does what it is for, keeps the voices, and shows no pictures.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import aiohttp
from playwright.async_api import ViewportSize, async_playwright, expect

from tests.browser.classes import POLISH, ROOM, SPACE, SPANISH, Pupil, make_class, say, sign_in
from tests.browser.conftest import CHROMIUM_FLAGS, People
from tests.browser.person import Person
from tests.hub_process import ROOT, HubProcess

PICTURES = ROOT / "docs" / "pictures"
TITLE = "Rivers that join us"
PASSWORD = "twinspace-demo"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 390, "height": 844}
SHADES: tuple[tuple[Literal["light", "dark"], str], ...] = (("light", ""), ("dark", "_dark"))
CAMERA = (Path(__file__).parent / "drawn_camera.js").read_text("utf-8")
HAIR = ("#4a3428", "#211c1a", "#b8763a", "#d9b36a", "#6b4a35", "#35506b")
LOOKS: dict[str, dict[str, str | bool]] = {
    "Ana": {"wall": "#dcc9ae", "room": "shelf", "hair": "long", "hairColour": HAIR[0], "skin": "#e3b48f",
            "shirt": "#2f6f7e", "glasses": True},
    "Marek": {"wall": "#b7c6c4", "room": "picture", "hair": "short", "hairColour": HAIR[3], "skin": "#f0c9a8",
              "shirt": "#384a63", "glasses": True},
    "Lucía": {"wall": "#e8b98d", "room": "window", "hair": "curls", "hairColour": HAIR[1], "skin": "#c98f66",
              "shirt": "#b5402a"},
    "Kuba": {"wall": "#9db3a0", "room": "shelf", "hair": "short", "hairColour": HAIR[2], "skin": "#f2cfb3",
             "shirt": "#c8932f"},
    "Nerea": {"wall": "#c6b5d0", "room": "picture", "hair": "bun", "hairColour": HAIR[4], "skin": "#dba77e",
              "shirt": "#4b7b52"},
    "Iker": {"wall": "#8fb0bf", "room": "window", "hair": "curls", "hairColour": HAIR[0], "skin": "#8a5a3c",
             "shirt": "#e7d9b8"},
    "Zofia": {"wall": "#efd9c8", "room": "window", "hair": "long", "hairColour": HAIR[3], "skin": "#f4d6bf",
              "shirt": "#6d4a7a"},
    "Hania": {"wall": "#a8a58f", "room": "shelf", "hair": "scarf", "hairColour": HAIR[5], "skin": "#e0b693",
              "shirt": "#9a4d5d"},
}  # fmt: skip
ALLOW = """async ([space, user_ids]) => {
  const purposes = ['live_voice', 'live_camera', 'first_name_to_partner'];
  const body = {user_ids, purposes, granted: true, given_by: 'guardian', how: 'paper', given_on: '2026-09-01'};
  const reply = await fetch(`/api/v1/twinspaces/${space}/consents`, {
    method: 'POST', headers: {'content-type': 'application/json'}, body: JSON.stringify(body)});
  return reply.status;
}"""


async def keep(person: Person, name: str) -> None:
    """Small enough for a page on the web: two hundred colours are as good as all of them here."""
    await person.page.evaluate("document.fonts.ready")
    await person.page.mouse.move(0, 0)
    whole = await person.page.screenshot()
    palette = "split[a][b];[a]palettegen=max_colors=200[p];[b][p]paletteuse=dither=none"
    kept = str(PICTURES / f"{name}.png")
    shrink = await asyncio.create_subprocess_exec(
        "ffmpeg", "-v", "error", "-y", "-f", "png_pipe", "-i", "-", "-vf", palette, kept, stdin=asyncio.subprocess.PIPE
    )
    await shrink.communicate(whole)
    assert shrink.returncode == 0, kept


async def keep_looks(person: Person, name: str) -> None:
    """On a desktop and a phone, light and dark."""
    for scheme, shade in SHADES:
        await person.page.emulate_media(color_scheme=scheme)
        for size, place in ((DESKTOP, ""), (PHONE, "_phone")):
            await person.page.set_viewport_size(size)
            await settled(person)
            await keep(person, f"{name}{place}{shade}")
    await person.page.emulate_media(color_scheme="light")
    await person.page.set_viewport_size(DESKTOP)
    await settled(person)


async def settled(person: Person) -> None:
    """Two frames after the last change of size."""
    await person.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


async def at_camera(people: People, name: str) -> Person:
    person = await people(name)
    await person.page.add_init_script(f"({CAMERA})({json.dumps(LOOKS[name])})")
    return person


async def join(person: Person) -> None:
    await person.page.goto(f"/s/{SPACE}/room/{ROOM}")
    await person.button("call_join").click()
    await expect(person.button("call_leave")).to_be_visible()


async def layout(person: Person, key: str) -> None:
    chosen = person.page.get_by_label(person.words("layout"), exact=True)
    await chosen.select_option(label=person.words(key))
    await expect(chosen).to_have_value(key.removeprefix("layout_"))


async def panel(person: Person, key: str, title: str) -> None:
    await person.button("call_leave").focus()
    await person.page.keyboard.press(key)
    await expect(person.page.get_by_role("heading", name=person.words(title), exact=True)).to_be_visible()


async def take_lesson(people: People, hub: HubProcess) -> None:
    everybody = {name: await at_camera(people, name) for name in LOOKS}
    ana, marek, kuba, lucia = (everybody[name] for name in ("Ana", "Marek", "Kuba", "Lucía"))
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    classes = []
    for teacher, names in ((ana, SPANISH), (marek, POLISH)):
        cards = await make_class(teacher, names)
        assert await teacher.page.evaluate(ALLOW, [SPACE, [card["user_id"] for card in cards]]) == 200
        for card in cards:
            if card["display_name"] in everybody:
                await everybody[card["display_name"]].sign_in_with_card(card["words"], language=teacher.language)
        classes.append(cards)
    await ana.page.locator("[popovertarget=account]").click()
    await ana.page.get_by_label(ana.words("language"), exact=True).select_option("en")
    ana.language = "en"
    await expect(ana.page.get_by_label(ana.words("language"), exact=True)).to_be_visible()

    await ana.page.goto(f"/s/{SPACE}/room/{ROOM}")
    await expect(ana.button("call_join")).to_be_enabled()
    await expect(ana.page.locator("video")).to_be_visible()
    await keep_looks(ana, "lesson_lobby")

    for name, one in everybody.items():
        await join(one)
        # Two cores draw eight people and show them on one page: on all others the meeting is in its corner.
        if name in ("Marek", "Iker", "Hania"):
            await one.go("place_people")
    for name in LOOKS:
        if name != "Kuba":
            await everybody[name].page.evaluate("window.__speaks = false")
    await kuba.page.evaluate("window.__speaks = true")
    for name in ("Zofia", "Nerea"):
        await everybody[name].button("hand_raise").click()
        await everybody[name].go("place_people")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        there = [await sign_in(hub, http, cards[3:]) for cards in classes]
        try:
            await take_room(ana, everybody, there)
        finally:
            for pupil in (*there[0], *there[1]):
                await pupil.socket.close()


async def take_room(ana: Person, everybody: dict[str, Person], there: list[list[Pupil]]) -> None:
    for name in ("Lucía", "Kuba"):
        await layout(everybody[name], "layout_text")
    await expect(ana.page.locator(".speaking").first).to_be_visible()
    await keep_looks(ana, "lesson_grid")
    await panel(ana, "t", "lesson_chat")
    talking = (there[0][0], there[1][0], there[0][1], there[1][1])
    for pupil in talking:
        await pupil.ask("room:join", room_id=ROOM)
    for pupil, text in zip(
        talking,
        ("¡Hola desde Málaga!", "Cześć! U nas pada śnieg.", "¿Se puede patinar en el río?", "W lutym tak!"),
        strict=True,
    ):
        await say(pupil, text)
        await expect(ana.page.get_by_role("log").get_by_text(text)).to_be_visible()
    await layout(ana, "layout_speaker")
    await keep_looks(ana, "lesson_speaker")
    await layout(ana, "layout_grid")
    await panel(ana, "w", "rtt_heading")
    for name, text in (("Lucía", "El Guadalhorce nace en Alazor"), ("Kuba", "A Wisła w Beskid")):
        one = everybody[name]
        await panel(one, "w", "rtt_heading")
        await one.page.get_by_label(one.words("rtt_your_line"), exact=True).press_sequentially(text)
        await expect(ana.page.get_by_role("list", name=ana.words("rtt_lines"), exact=True)).to_contain_text(text)
    await keep_looks(ana, "lesson_live_text")
    await ana.page.get_by_role("button", name=ana.words("close"), exact=True).first.click()


async def main() -> None:
    chromium = shutil.which("chromium")
    assert chromium, "the pictures are taken by Chromium: sh tests/install_services.sh"
    with TemporaryDirectory() as folder:
        async with HubProcess(Path(folder) / "data") as hub, async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium, args=list(CHROMIUM_FLAGS))
            await take_lesson(People(browser, hub), hub)
            await browser.close()


if __name__ == "__main__":
    subprocess.run([sys.executable, "web_client/build.py", "build"], cwd=ROOT, check=True)
    asyncio.run(main())
