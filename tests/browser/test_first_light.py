"""The main job, end to end: two classes meet, write and talk in one TwinSpace, and all of it is kept.

Three browser profiles, a teacher in Málaga, a teacher in Kraków and a pupil with a class card, each in their own
language; then the hub is killed and comes back.
"""

from __future__ import annotations

import asyncio

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Inbound, Person
from tests.hub_process import HubProcess

TWINSPACE = "Rivers that join us"
DOCUMENT = "Our two rivers"
WALL = "River finds"
FORM = "How was our first meeting?"
PASSWORD = "twinspace-demo"
SNAPSHOT = "After the first light"


async def sees_and_hears(person: Person, *, sees: int = 2, hears: int = 2) -> None:
    """The others' streams move: pictures are decoded and sound has energy."""
    before: dict[str, Inbound] = {}
    now: dict[str, Inbound] = {}

    async def moves() -> bool:
        nonlocal now
        now = {stream.id: stream for stream in await person.inbound()}
        videos = [
            stream
            for stream in now.values()
            if stream.kind == "video" and stream.width > 0 and stream.id in before
            if stream.frames > before[stream.id].frames + 10
        ]
        audios = [
            stream
            for stream in now.values()
            if stream.kind == "audio" and stream.id in before
            if stream.energy > before[stream.id].energy and stream.samples > before[stream.id].samples + 24_000
        ]
        if len(videos) >= sees and len(audios) >= hears:
            return True
        for name, stream in now.items():
            before.setdefault(name, stream)
        return False

    def what() -> str:
        return (
            f"moving pictures of {sees} and sound of {hears} others: {list(before.values())} then {list(now.values())}"
        )

    await person.until(moves, what, timeout_s=60)


async def writes(person: Person, place: str, text: str) -> None:
    await person.sheet.get_by_text(place).click()
    await person.page.keyboard.press("End")
    await person.page.keyboard.type(text, delay=15)


async def text_of(person: Person) -> str:
    """The document as the person reads it, without the others' carets."""
    text: str = await person.sheet.evaluate("""sheet => {
        const copy = sheet.cloneNode(true);
        copy.querySelectorAll('.their_caret').forEach(caret => caret.remove());
        return [...copy.querySelectorAll('p, h1, h2, h3')].map(block => block.textContent).join('\\n');
    }""")
    return text


@pytest.mark.timeout(420)
async def test_two_classes_meet_write_and_talk_and_all_of_it_is_kept(person: People, hub: HubProcess) -> None:
    ana, marek, lucia = await asyncio.gather(person("Ana"), person("Marek"), person("Lucía"))
    everybody = (ana, marek, lucia)
    await asyncio.gather(
        ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es"),
        marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl"),
        lucia.sign_in_with_card("Olive wave GUITAR", language="es"),
    )
    await asyncio.gather(*(one.enter(TWINSPACE) for one in everybody))

    # They meet.
    for one in everybody:
        await one.join_meeting()
    await asyncio.gather(*(sees_and_hears(one) for one in everybody))

    # They write in the same document at the same time, while the meeting goes on in its corner.
    await asyncio.gather(*(one.open(DOCUMENT) for one in everybody))
    texts = {
        ana: ("El Guadalhorce nace", " Hola desde Málaga."),
        marek: ("Wisła płynie", " Dzień dobry z Krakowa."),
        lucia: ("Write below", " ¡Soy Lucía!"),
    }
    await asyncio.gather(*(writes(one, place, text) for one, (place, text) in texts.items()))

    async def converged() -> bool:
        seen = {await text_of(one) for one in everybody}
        return len(seen) == 1 and all(text in next(iter(seen)) for _, text in texts.values())

    await ana.until(converged, lambda: "the same text, with all three additions, in all three browsers")
    for one, others in (
        (ana, ("Marek Nowak", "Lucía")),
        (marek, ("Ana Ruiz", "Lucía")),
        (lucia, ("Ana Ruiz", "Marek Nowak")),
    ):
        for other in others:
            await expect(one.sheet.locator(".their_flag", has_text=other)).to_have_count(1)
    for one in everybody:
        await expect(one.page.locator("[data-state=saved]")).to_be_visible()
    written = await text_of(ana)

    # They chat.
    await asyncio.gather(*(one.go("place_talk") for one in everybody))
    for one, text in ((ana, "¿Nos oís bien?"), (marek, "Słyszymy was!"), (lucia, "Hola Kraków 👋")):
        await one.say(text)
    for one in everybody:
        for text in ("¿Nos oís bien?", "Słyszymy was!", "Hola Kraków 👋"):
            await expect(one.page.get_by_role("log").get_by_text(text)).to_be_visible()

    # They put cards on the wall.
    await asyncio.gather(*(one.open(WALL) for one in everybody))
    for one, title in ((ana, "Un puente romano"), (marek, "Wianki"), (lucia, "Una tortuga")):
        await one.pin_card(title, "…")
    await ana.let_through("Una tortuga")
    for one in everybody:
        for title in ("Un puente romano", "Wianki", "Una tortuga"):
            await expect(one.page.get_by_role("listitem").filter(has_text=title)).to_be_visible()

    # The meeting went on all the time; its corner shows who speaks and plays everybody.
    await asyncio.gather(*(sees_and_hears(one, sees=1) for one in everybody))

    # They answer a form, and the teacher sees the result arrive.
    await ana.open(FORM)
    await ana.link("form_part_results").click()
    await marek.open(FORM)
    answers = marek.page.get_by_role("radiogroup")
    await answers.nth(0).get_by_role("radio", name=marek.words("face_5")).check()
    await answers.nth(1).get_by_role("radio", name="4").check()
    await answers.nth(2).get_by_role("radio", name="English").check()
    await marek.page.get_by_role("textbox", name="A new word you learned").fill("acequia")
    await marek.button("answers_send").click()
    await expect(marek.page.get_by_text(marek.words("answers_sent"))).to_be_visible()
    await lucia.open(FORM)
    await lucia.button("answers_change").click()
    for _ in range(4):
        await lucia.button("question_next").click()
    await lucia.page.get_by_role("textbox", name="A new word you learned").fill("żółw")
    await lucia.button("question_next").click()
    await lucia.button("answers_send").click()
    for word in ("acequia", "żółw"):
        await expect(ana.page.get_by_role("listitem").get_by_text(word, exact=True)).to_be_visible()

    # A snapshot is taken.
    await ana.go("place_timeline")
    await ana.button("take_snapshot").first.click()
    await ana.page.get_by_label(ana.words("snapshot_name")).fill(SNAPSHOT)
    await ana.button("keep_it").click()
    await expect(ana.page.get_by_role("link", name=SNAPSHOT)).to_be_visible()

    # The hub dies without a word and comes back; nobody loads a page.
    await marek.go("place_talk")
    for one in everybody:
        await one.page.evaluate("window.__not_reloaded = true")
    await hub.kill()
    await expect(
        marek.page.get_by_text(marek.words("connecting_bar")).or_(marek.page.get_by_text(marek.words("offline_bar")))
    ).to_be_visible()
    await hub.start()
    await asyncio.gather(*(sees_and_hears(one, sees=1) for one in everybody))
    await lucia.link("call_back").click()
    await sees_and_hears(lucia)
    assert [await one.page.evaluate("window.__not_reloaded") for one in everybody] == [True] * 3

    await ana.open(DOCUMENT)
    await expect(ana.sheet).to_contain_text("Guadalhorce")
    assert await text_of(ana) == written
    await ana.open(WALL)
    for title in ("Un puente romano", "Wianki", "Una tortuga"):
        await expect(ana.page.get_by_role("listitem").filter(has_text=title)).to_be_visible()
    await marek.say("Jesteśmy z powrotem")
    for text in ("¿Nos oís bien?", "Hola Kraków 👋", "Jesteśmy z powrotem"):
        await expect(marek.page.get_by_role("log").get_by_text(text)).to_be_visible()
    await ana.open(FORM)
    await ana.link("form_part_results").click()
    await expect(ana.page.get_by_role("listitem").get_by_text("żółw", exact=True)).to_be_visible()
    await ana.go("place_timeline")
    await expect(ana.page.get_by_role("link", name=SNAPSHOT)).to_be_visible()
    assert [complaint for one in everybody for complaint in one.complaints] == []
    await hub.stop()
    assert await hub.run("verify")
