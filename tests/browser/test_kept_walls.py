"""A wall as it was: with its pictures, sounds and polls for members; and what families may see of one outside."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_keyboard import SPACE
from tests.browser.test_wall_views import WALL, card, choose_kind, photo
from tests.hub_process import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
PICTURES = ROOT / "tests" / "pictures"

ASK = """async ([method, path, body]) => {
  const answer = await fetch('/api/v1' + path, {
    method, body: JSON.stringify(body), headers: {'Content-Type': 'application/json'},
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return answer.status === 204 ? null : answer.json();
}"""


async def ask(person: Person, method: str, path: str, body: dict[str, Any]) -> Any:
    return await person.page.evaluate(ASK, [method, path, body])


async def keep(person: Person, name: str) -> None:
    PICTURES.mkdir(exist_ok=True)
    assert await person.axe() == [], name
    assert await person.page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
    await person.page.screenshot(path=PICTURES / f"kept-wall-{name}.png", full_page=True)


def kept(person: Person, words: str) -> Locator:
    return person.page.locator(".wall > li").filter(has_text=words)


async def is_drawn(picture: Locator) -> None:
    await picture.scroll_into_view_if_needed()
    assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


async def test_a_kept_wall_is_looked_at_by_members_and_what_may_be_outside_by_families(person: People) -> None:
    ana, kuba = await person("Ana"), await person("Kuba", width=390, height=844)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await ana.enter(SPACE)
    await ana.open(WALL)
    await expect(card(ana, "Kaczki")).to_be_visible()

    # A picture of nobody, one that nobody said this of, a sound, and a poll.
    for title, of_nobody in (("Nuestro río", True), ("La clase", False)):
        dialog = await choose_kind(ana, "card_of_image")
        file: Any = {"name": "rio.jpg", "mimeType": "image/jpeg", "buffer": photo()}
        await dialog.get_by_label(ana.words("card_picture")).set_input_files([file])
        await expect(dialog.get_by_text(ana.words("file_there"))).to_be_visible()
        await dialog.get_by_label(ana.words("card_alt")).fill(f"{title} al amanecer")
        await dialog.get_by_label(ana.words("card_title")).fill(title)
        if of_nobody:
            await dialog.get_by_label(ana.words("card_nobody")).check()
        await dialog.get_by_role("button", name=ana.words("card_pin")).click()
        await is_drawn(card(ana, title).get_by_role("img", name=f"{title} al amanecer"))
    dialog = await choose_kind(ana, "card_of_audio")
    await dialog.get_by_role("button", name=ana.words("sound_record")).click()
    await expect(dialog.get_by_role("timer")).to_contain_text(re.compile("0:0[1-9]"))
    await dialog.get_by_role("button", name=ana.words("sound_stop")).click()
    await expect(dialog.get_by_text(ana.words("file_there"))).to_be_visible()
    await dialog.get_by_label(ana.words("card_title")).fill("Buenos días")
    await dialog.get_by_role("button", name=ana.words("card_pin")).click()
    await expect(card(ana, "Buenos días").locator("audio")).to_be_visible()
    wall_path, wall_id = ana.page.url, ana.page.url.rpartition("/")[2]
    poll = {"client_card_id": "poll", "kind": "poll", "title": "¿Qué pan?", "options": ["Blanco", "Moreno"]}
    await ask(ana, "POST", f"/walls/{wall_id}/cards", poll)
    duck = str(await card(ana, "Kaczki").get_attribute("data-card"))
    await ask(
        ana,
        "POST",
        f"/walls/{wall_id}/cards/{duck}/comments",
        {"client_comment_id": "said", "text": "¡Qué patos!"},
    )
    snapshot = await ask(ana, "POST", "/twinspaces/demo-rivers/snapshots", {"title": "Aquel día"})

    # What is taken off afterwards is still there as it was; Kuba looks at it on a phone.
    for title in ("Nuestro río", "Buenos días"):
        card_id = await card(ana, title).get_attribute("data-card")
        await ask(ana, "DELETE", f"/walls/{wall_id}/cards/{card_id}", {})
        await expect(card(ana, title)).to_have_count(0)
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    await kuba.enter(SPACE)
    for one in (ana, kuba):
        await one.page.goto(f"/s/demo-rivers/timeline/{snapshot['id']}/{wall_id}", wait_until="domcontentloaded")
        await expect(one.page.get_by_role("heading", level=1, name=WALL)).to_be_visible()
        for title in ("Nuestro río", "La clase"):
            await is_drawn(kept(one, title).get_by_role("img", name=f"{title} al amanecer"))
        await (
            kept(one, "Buenos días")
            .locator("audio")
            .evaluate(
                "sound => new Promise((ready, failed) => {"
                "sound.oncanplay = ready; sound.onerror = () => failed(sound.error.message); sound.load() })"
            )
        )
        await expect(kept(one, "Moreno").get_by_text(one.words("choice_hidden"))).to_be_visible()
        await expect(kept(one, "Kaczki").get_by_role("list", name=one.words("comments_kept"))).to_contain_text(
            "¡Qué patos!"
        )
        await keep(one, one.name)

    # Families see the picture of nobody, no other, hear nobody, and read no name.
    await ana.page.goto(wall_path, wait_until="domcontentloaded")
    await ask(ana, "PUT", f"/contents/{wall_id}/visibility", {"visibility": "families"})
    again = await choose_kind(ana, "card_of_image")
    await again.get_by_label(ana.words("card_picture")).set_input_files([file])
    await expect(again.get_by_text(ana.words("file_there"))).to_be_visible()
    await again.get_by_label(ana.words("card_alt")).fill("Otra vez el río")
    await again.get_by_label(ana.words("card_nobody")).check()
    await again.get_by_role("button", name=ana.words("card_pin")).click()
    await expect(ana.page.get_by_role("img", name="Otra vez el río")).to_be_visible()
    share = await ask(ana, "POST", "/twinspaces/demo-rivers/shares", {"audience": "families", "title": "Familias"})
    mother = await person("Mother", width=390, height=844)
    await mother.page.goto(share["url"], wait_until="domcontentloaded")
    await expect(mother.page.get_by_role("heading", name=WALL)).to_be_visible()
    await is_drawn(mother.page.get_by_role("img", name="Otra vez el río"))
    await expect(mother.page.get_by_text("La clase al amanecer")).to_be_visible()
    await expect(mother.page.get_by_role("img", name="La clase al amanecer")).to_have_count(0)
    told = await mother.page.inner_text("body")
    assert not any(name in told for name in ("Ana", "Lucía", "Kuba"))
    await keep(mother, "families")
    for one in (ana, kuba, mother):
        assert one.complaints == []
