"""The pictures of what surrounds a lesson, from the desk to what was reported."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.project_life import API, SPACE, ask, bring_to_life
from tests.browser.test_founding import sign

HOME = f"/s/{SPACE}"
MEAN = "Your river is a puddle, and so are you."
TEXT = (
    "We bake the bread of the other country once a month and show each other how it went.",
    "Each school writes its recipes in its own language; both classes translate them.",
    "Nobody's surname leaves the school, and no picture of a pupil without a family's yes.",
)

SETTLED = {"consents": "Zoe", "people": "Kuba", "materials": "Wisła zimą", "timeline": "How we began"}
"""By page, what is there once it is whole."""

Keep = Callable[[Person, str], Awaitable[None]]


async def take(person: People, keep: Keep, read_english: Callable[[Person], Awaitable[None]]) -> None:
    ana, marek = await person("Ana"), await person("Marek")
    lucia, kuba = await person("Lucía"), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    await read_english(ana)
    await bring_to_life(ana, marek)
    await show_founding(ana, marek, keep)
    await show_cards(ana, keep)
    for name, there in SETTLED.items():
        await visit(ana, f"{HOME}/{name}")
        await expect(ana.page.get_by_text(there).first).to_be_visible()
        await keep(ana, name)
    await tell(kuba, lucia)
    await visit(ana, f"{HOME}/moderation")
    await expect(ana.page.get_by_text(MEAN).first).to_be_visible()
    await keep(ana, "moderation")
    await visit(ana, "/desk")
    await expect(ana.page.get_by_role("heading", name=ana.words("desk_waiting"))).to_be_visible()
    await keep(ana, "desk")


async def visit(person: Person, path: str) -> None:
    await person.page.goto(path)
    await expect(person.page.get_by_role("heading", level=1)).to_be_visible()


async def show_founding(ana: Person, marek: Person, keep: Keep) -> None:
    """Signed by one of the two."""
    proposed = {
        "partner": "teacher.pl",
        "title": "Breads of Europe",
        "programme": "etwinning",
        "stage": "lower_secondary",
    }
    proposed |= {"subjects": ["Science", "Cooking"], "languages": ["es", "pl", "en"], "room_title": "The bakery"}
    proposed |= {"starts_on": "2026-10-01", "ends_on": "2027-06-15", "outline": ["What we want", "What we promise"]}
    founding = await ask(ana, "POST", "/api/v1/foundings", proposed)
    for one in (ana, marek):
        await visit(one, f"/found/{founding['twinspace_id']}")
    sheet = marek.page.get_by_role("textbox", name=marek.words("founding_text"), exact=True)
    await sheet.locator("p").first.click()
    for paragraph in TEXT:
        await marek.page.keyboard.type(paragraph)
        await marek.page.keyboard.press("Enter")
    await expect(ana.page.get_by_text(TEXT[-1])).to_be_visible()
    await sign(marek)
    await expect(ana.page.get_by_text(ana.pattern("founding_signed_on"))).to_be_visible()
    await keep(ana, "founding")


async def show_cards(ana: Person, keep: Keep) -> None:
    await visit(ana, "/pupils")
    group = ana.page.get_by_role("button", name=ana.words("pupils_cards_for_class")).last
    await group.click()
    await ana.button("class_card_make").click()
    await expect(ana.page.get_by_role("dialog", name=ana.pattern("new_cards"))).to_be_visible()
    await keep(ana, "class_cards")
    await ana.button("done").click()


async def tell(kuba: Person, lucia: Person) -> None:
    """Kuba is mean, and Lucía tells the teachers."""
    for one in (kuba, lucia):
        await visit(one, f"{HOME}/chat")
    await kuba.page.get_by_label(kuba.words("your_message")).fill(MEAN)
    await kuba.button("send").click()
    await expect(lucia.page.get_by_role("article").filter(has_text=MEAN)).to_be_visible()
    newest = (await ask(lucia, "GET", f"{API}/messages"))["messages"]
    said = next(message for message in newest if message["text"] == MEAN)
    report = {"kind": "message", "subject_id": str(said["seq"]), "reason": "mean", "words": "He says it every day."}
    await ask(lucia, "POST", f"{API}/reports", report)
