"""A page that nobody touches leaves the laptop alone."""

from __future__ import annotations

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import HubProcess

LOOKED_AT_MS = 1_000
MOST_SCRIPT = 0.1
"""The share of the time in which a page at rest may run code. One that calls itself again and again takes half."""


async def script_share(person: Person) -> float:
    """The least of three looks: the machine may be busy with something else, a page that spins spins in all of them."""
    cdp = await person.page.context.new_cdp_session(person.page)
    await cdp.send("Performance.enable")

    async def read() -> dict[str, float]:
        metrics = await cdp.send("Performance.getMetrics")
        return {metric["name"]: metric["value"] for metric in metrics["metrics"]}

    shares = []
    for _ in range(3):
        before = await read()
        await person.page.wait_for_timeout(LOOKED_AT_MS)
        after = await read()
        shares.append((after["ScriptDuration"] - before["ScriptDuration"]) / (after["Timestamp"] - before["Timestamp"]))
    await cdp.detach()
    return min(shares)


async def test_no_page_works_while_nobody_does(person: People, hub: HubProcess) -> None:
    ana = await person("Ana")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    shares = {"desk": await script_share(ana)}
    await ana.enter("Rivers that join us")
    shares["home"] = await script_share(ana)
    for title in ("Our two rivers", "River finds", "How was our first meeting?"):
        await ana.open(title)
        shares[title] = await script_share(ana)
    for place in ("place_talk", "place_people", "place_timeline"):
        await ana.go(place)
        shares[place] = await script_share(ana)
    assert {name: share for name, share in shares.items() if share > MOST_SCRIPT} == {}
