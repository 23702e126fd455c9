"""S4: mixed groups. Two classes are planned into eight breakouts, moved, watched, called, and find all of it again."""

from __future__ import annotations

import asyncio
import re
import time

import aiohttp
import pytest
from playwright.async_api import expect

from tests.browser.classes import POLISH, ROOM, SPANISH, Pupil, come_back, make_class, say, sign_in, write_into
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_screens import LOOKS, Look
from tests.browser.test_staff_room import look_at
from tests.hub.script import Script
from tests.hub.world import Socket
from tests.hub_process import HubProcess

LIGHT = next(look for look in LOOKS if look.name == "light")
PHONE = next(look for look in LOOKS if look.name == "phone")
LYING = Look("lying", 740, 360, False)
SPACE = "/s/demo-rivers"
API = "/api/v1/twinspaces/demo-rivers"
GROUPS = 8
FORBIDDEN: dict[str, dict[str, object]] = {
    "room:lock": {"part": "microphone", "locked": True},
    "room:hold": {"user_id": "demo-teacher.es", "part": "microphone", "held": True},
    "room:remove": {"user_id": "demo-teacher.es"},
    "room:end": {},
    "hand:call": {},
}
PLAN_MEETING = """async () => (await fetch('/api/v1/twinspaces/demo-rivers/meetings', {
  method: 'POST', headers: {'content-type': 'application/json'},
  body: JSON.stringify({room_id: 'demo-room', title: 'Segundo encuentro', agenda: '', starts_at: '2031-05-05T10:00',
    ends_at: '2031-05-05T10:45', time_zone: 'Europe/Madrid', invited: {everybody: true}}),
})).status"""


async def plan_for_a_meeting(ana: Person) -> list[str]:
    """A stored plan is opened, called otherwise, and used again for another day."""
    page = ana.page
    assert await page.evaluate(PLAN_MEETING) == 201
    await page.get_by_role("button", name=ana.pattern("breakouts_change_of", title="Panes")).click()
    await page.get_by_label(ana.words("breakouts_change"), exact=True).fill("Pan y sal")
    await expect(page.get_by_label(ana.pattern("breakouts_group_name", number="2"))).to_have_value("Grupo 2")
    await ana.button("breakouts_keep").click()
    await expect(page.get_by_role("heading", name="Panes")).to_be_hidden()
    await page.get_by_role("button", name=ana.pattern("breakouts_reuse_of", title="Pan y sal")).click()
    await page.get_by_label(ana.words("breakouts_new"), exact=True).fill("Otro día")
    meeting = page.get_by_role("combobox", name=ana.words("breakouts_meeting"))
    await meeting.select_option(label=await meeting.get_by_role("option").filter(has_text="Segundo").inner_text())
    await ana.button("breakouts_keep").click()
    again = page.get_by_role("listitem").filter(has_text="Otro día")
    await expect(again).to_contain_text("Segundo encuentro")
    faults = await look_at(ana, "breakouts_plans", LIGHT, PHONE)
    await again.get_by_role("button", name=ana.words("breakouts_remove")).click()
    await expect(again).to_be_hidden()
    return faults


async def covers_nothing(person: Person) -> None:
    """On a phone a group's bar lies above the meeting's dock, not on it."""
    await person.page.set_viewport_size({"width": PHONE.width, "height": PHONE.height})
    bar = await person.page.get_by_label(person.words("breakouts_where")).bounding_box()
    dock = await person.page.get_by_role("toolbar", name=person.words("call_dock")).bounding_box()
    assert bar is not None and dock is not None
    assert bar["y"] + bar["height"] <= dock["y"], (bar, dock)


async def open_breakouts(person: Person) -> None:
    """Out of the meeting, which goes on in its corner."""
    dock = person.page.get_by_role("toolbar", name=person.words("call_dock"))
    await dock.get_by_role("button", name=person.pattern("call_more")).click()
    await person.page.get_by_role("menuitem", name=person.words("title_breakouts")).click()
    await expect(person.page.get_by_role("heading", level=1, name=person.words("title_breakouts"))).to_be_visible()


async def end_one_group(leader: Socket, lucia: Person) -> None:
    """Who was in it is told so, is in the meeting again, and goes back when they want to."""
    # Her page is in the group as soon as she is sent there, the hub lets her in a moment later.
    await expect(lucia.page.get_by_text(lucia.words("call_connected"))).to_be_visible()
    group = lucia.page.url.rsplit("/", 1)[1]
    ended = await leader.call("room:end", {"room_id": group})
    assert ended["ok"], ended
    await expect(lucia.page.get_by_text(lucia.words("breakouts_ended_here"))).to_be_visible()
    await expect(lucia.button("call_leave")).to_be_visible()
    await lucia.button("breakouts_go").click()
    await expect(lucia.button("breakouts_call")).to_be_visible()


async def end_while_apart(leader: Socket, lucia: Person, late: Pupil, plan: dict[str, str]) -> None:
    """The meeting ends for all while the groups are apart: everybody is told so, and nobody begins another."""
    await lucia.page.get_by_role("link", name=lucia.words("call_back")).click()
    await expect(lucia.button("call_leave")).to_be_visible()
    opened = await leader.call("breakouts:open", {"breakouts_id": plan["id"], "minutes": 30})
    assert opened["ok"], opened
    await expect(lucia.button("breakouts_call")).to_be_visible()
    await expect(lucia.page.get_by_role("link", name=lucia.words("breakouts_board"), exact=True)).to_be_visible()
    await end_one_group(leader, lucia)
    moved = await late.socket.expect("breakouts:moved")
    joined = await late.ask("room:join", room_id=moved["room_id"])
    ended = await leader.call("room:end", {"room_id": ROOM})
    assert ended["ok"], ended
    await late.socket.expect("room:ended", lambda told: told["room_id"] == moved["room_id"])
    again = await late.socket.call("room:join", {"room_id": ROOM, "meeting": joined["meeting"]})
    assert again["error"]["code"] == "room_ended", again
    await expect(lucia.page.get_by_text(lucia.words("room_ended"), exact=True)).to_be_visible()


@pytest.mark.timeout(900)
async def test_mixed_groups(person: People, hub: HubProcess) -> None:
    ana, lucia = await asyncio.gather(person("Ana"), person("Lucía"))
    marek = await person("Marek")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as http:
        spanish = await sign_in(hub, http, await make_class(ana, SPANISH))
        polish = await sign_in(hub, http, await make_class(marek, POLISH))
        try:
            await walk(ana, lucia, marek, hub, http, spanish, polish)
        finally:
            for pupil in (*spanish, *polish):
                await pupil.socket.close()


async def walk(
    ana: Person,
    lucia: Person,
    marek: Person,
    hub: HubProcess,
    http: aiohttp.ClientSession,
    spanish: list[Pupil],
    polish: list[Pupil],
) -> None:
    # Planned the day before by the group maker, in eight groups, each with both countries.
    await ana.page.goto(f"{SPACE}/breakouts")
    await ana.button("breakouts_new").click()
    await ana.page.get_by_label(ana.words("breakouts_new"), exact=True).fill("Panes")
    await ana.page.get_by_label(ana.words("breakouts_count")).fill(str(GROUPS))
    await ana.button("breakouts_make").click()
    await expect(ana.page.get_by_label(ana.pattern("breakouts_group_name", number=str(GROUPS)))).to_be_visible()
    faults = await look_at(ana, "breakouts_plan", LIGHT, PHONE)
    await ana.button("breakouts_keep").click()
    await expect(ana.page.get_by_role("heading", name="Panes")).to_be_visible()
    faults += await plan_for_a_meeting(ana)

    # Everybody meets, but for one who is late; some write in the chat.
    for one in (ana, lucia):
        await one.page.goto(f"{SPACE}/room/{ROOM}")
        await one.button("call_join").click()
        await expect(one.button("call_leave")).to_be_visible()
    late = polish[-1]
    there = [*spanish, *polish[:-1]]
    for pupil in there:
        await pupil.ask("room:join", room_id=ROOM)
    for pupil in (*spanish[:6], *polish[:6]):
        await say(pupil, "Cześć, hola")

    # One action opens the rooms: everybody is moved, and who is late lands in the right one.
    await open_breakouts(ana)
    await ana.button("breakouts_open").click()
    await expect(lucia.button("breakouts_call")).to_be_visible()
    await late.ask("room:join", room_id=ROOM)
    places = {}
    for pupil in (*there, late):
        places[pupil.user_id] = place = await pupil.socket.expect("breakouts:moved")
        await pupil.ask("room:join", room_id=place["room_id"])
        again = await pupil.ask("breakouts:place", room_id=ROOM)
        assert again["place"]["group_id"] == place["group_id"]
    script = Script(hub, http, await hub.token("teacher.es"))
    (plan,) = (await script.call("GET", f"{API}/breakouts"))["breakouts"]
    school_of = {each["user_id"]: each["school_id"] for each in (await script.call("GET", API))["members"]}
    sizes = [len(group["user_ids"]) for group in plan["groups"]]
    assert (len(sizes), max(sizes) - min(sizes) <= 1) == (GROUPS, True)
    assert all(len({school_of[user_id] for user_id in group["user_ids"]}) == 2 for group in plan["groups"])
    cards = ana.page.get_by_role("listitem").filter(has=ana.page.get_by_role("heading", level=3))
    await expect(cards).to_have_count(GROUPS)
    for name in ("Lucía", "Nerea", "Gael"):
        await expect(cards.filter(has_text=name)).to_have_count(1)

    # A pupil has no power over a room, whatever their program sends.
    for event, payload in FORBIDDEN.items():
        reply = await late.socket.call(event, {**payload, "room_id": ROOM})
        assert not reply["ok"], (event, reply)

    # Ana says a sentence to all, listens to two rooms without leaving hers, and is called.
    await ana.page.get_by_label(ana.words("breakouts_say"), exact=True).fill("Quedan cinco minutos")
    await ana.page.keyboard.press("Enter")
    await expect(lucia.page.get_by_text("Quedan cinco minutos")).to_be_visible()
    await late.socket.expect("breakouts:told", lambda told: told["note"]["text"] == "Quedan cinco minutos")
    for number in (1, 2):
        listen = ana.pattern("breakouts_listen", group=f"Grupo {number}")
        await ana.page.get_by_role("button", name=re.compile(f"^(?:{listen.pattern})$")).click()
    await expect(cards.filter(has_text=ana.words("breakouts_listener"))).to_have_count(2)
    assert await ana.page.evaluate("window.__connections.some(({connectionState}) => connectionState !== 'closed')")
    await lucia.button("breakouts_call").click()
    await expect(lucia.button("breakouts_called")).to_be_disabled()
    for teacher in (ana, marek):
        await expect(teacher.button("breakouts_come").first).to_be_visible()
    faults += await look_at(ana, "breakouts_overview", PHONE, LYING, LIGHT)
    assert await ana.page.evaluate("document.documentElement.scrollHeight") <= LIGHT.height
    faults += await look_at(lucia, "breakouts_pupil", LIGHT, PHONE)
    await covers_nothing(lucia)

    # Each group writes in its own document; Lucía by hand, and the meeting goes on in its corner.
    for pupil in spanish:
        await write_into(hub, http, pupil, places[pupil.user_id]["document_id"], f"Pan de {pupil.name}")
    await lucia.page.get_by_role("link", name=lucia.words("breakouts_document"), exact=True).click()
    await expect(lucia.sheet).to_be_visible()
    await expect(lucia.page.get_by_label(lucia.words("breakouts_where"))).to_be_in_viewport(ratio=1)
    await lucia.sheet.click()
    await lucia.page.keyboard.type("Harina de centeno")
    await expect(lucia.page.locator("[data-state=saved]")).to_be_visible()

    # The hub is killed one second before the rooms close. Nothing of it is lost, and nothing has to be copied.
    leader = await Socket.connect(hub.url, {"token": script.token})
    closing = await leader.call("breakouts:close", {"breakouts_id": plan["id"], "in_s": 8})
    assert closing["ok"], closing
    await expect(lucia.page.get_by_text(lucia.words("breakouts_soon"))).to_be_visible()
    await write_into(hub, http, late, places[late.user_id]["document_id"], "The last words")
    left_s = closing["closes_at_ms"] / 1000 - time.time() - 1
    await asyncio.wait([asyncio.ensure_future(late.socket.disconnected.wait())], timeout=max(left_s, 0))
    await hub.kill()
    for socket in (leader, *(pupil.socket for pupil in (*spanish, *polish))):
        await socket.close()
    await hub.start()
    await expect(lucia.page.get_by_label(lucia.words("breakouts_where"))).to_be_hidden(timeout=120_000)
    await expect(lucia.sheet).to_contain_text("Harina de centeno")
    written = ""
    for group in plan["groups"]:
        found = await script.call("GET", f"/api/v1/contents/{group['document_id']}/authorship")
        inside = {run["user_id"] for run in found["runs"] if run["text"].strip()}
        assert inside & set(group["user_ids"]), group["title"]
        written += "".join(run["text"] for run in found["runs"])
    for words in ("The last words", "Harina de centeno", *(f"Pan de {pupil.name}" for pupil in spanish)):
        assert words in written

    # Those who come back go on in the room of all; afterwards there is a record, with a picture of both classes.
    await come_back(hub, late)
    assert (await late.ask("breakouts:place", room_id=ROOM))["place"] is None
    await late.ask("room:join", room_id=ROOM)
    leader = await Socket.connect(hub.url, {"token": script.token})
    held = (await script.call("GET", f"{API}/held-meetings"))["meetings"][0]["id"]
    await end_while_apart(leader, lucia, late, plan)
    await leader.close()
    await ana.page.goto(f"{SPACE}/held-meetings")
    await ana.page.get_by_role("main").locator(f'a[href$="{held}"]').click()
    await expect(ana.page.get_by_role("heading", name=ana.words("picture"))).to_be_visible()
    for place in range(1, GROUPS + 1):
        await expect(ana.page.get_by_role("link", name=f"Grupo {place} · Pan y sal").first).to_be_visible()
    await expect(ana.page.get_by_text(ana.pattern("picture_lines", count="6")).first).to_be_visible()
    await expect(ana.page.get_by_role("rowheader").filter(has_text="Nerea")).to_have_count(1)
    assert (await script.call("GET", f"{API}/held-meetings"))["meetings"][0]["id"] == held
    await ana.page.get_by_role("heading", name=ana.words("picture")).scroll_into_view_if_needed()
    faults += await look_at(ana, "record", LIGHT, PHONE)
    complaints = ana.complaints + lucia.complaints + marek.complaints
    assert not faults + complaints, "\n".join(faults + complaints)
