"""A caret stays where its owner put it, whatever a partner writes meanwhile."""

from __future__ import annotations

import asyncio

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import HubProcess

SPACE = "Rivers that join us"
DOCUMENT = "Our two rivers"
PLACES = ("Wisła płynie", "Which birds", "El Guadalhorce nace")

BLOCK_OF_CARET = """() => {
  const node = getSelection().anchorNode;
  return (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.('p, h1, h2')?.textContent ?? '';
}"""


async def keeps_writing(person: Person, until: asyncio.Event) -> None:
    while not until.is_set():
        await person.page.keyboard.type("la ", delay=8)


async def test_a_click_puts_the_caret_where_it_points_while_a_partner_writes(person: People, hub: HubProcess) -> None:
    ana, marek = await asyncio.gather(person("Ana"), person("Marek"))
    await asyncio.gather(
        ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es"),
        marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl"),
    )
    for one in (ana, marek):
        await one.enter(SPACE)
        await one.open(DOCUMENT)
    await ana.sheet.get_by_text("Write below").click()
    await ana.page.keyboard.press("End")
    enough = asyncio.Event()
    writing = asyncio.ensure_future(keeps_writing(ana, enough))
    try:
        for place in PLACES * 4:
            before = len(await marek.sheet.get_by_text("la la").inner_text())
            await marek.sheet.get_by_text(place).click()

            # The caret is looked at after more of the partner's text has been drawn around it.
            async def more_was_drawn(before: int = before) -> bool:
                return len(await marek.sheet.get_by_text("la la").inner_text()) > before + 6

            await marek.until(more_was_drawn, lambda: "more of the partner's text")
            assert place in await marek.page.evaluate(BLOCK_OF_CARET)
    finally:
        enough.set()
        await writing
