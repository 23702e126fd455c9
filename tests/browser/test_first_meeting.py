"""S3: the first meeting of two classes, each before one device; who waits, whose turn it is, and what stays of it.

Time zones of invitations, consents of tracks and lines without UDP have tests of their own (test_plan, test_consents,
tests/network).
"""

from __future__ import annotations

import asyncio
import re

import pytest
from playwright.async_api import expect

from tests.browser.classes import POLISH, ROOM, SPACE, SPANISH, make_class
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_screens import LOOKS
from tests.browser.test_staff_room import look_at
from tests.browser.test_text_beside_voice import show
from tests.hub.world import Socket
from tests.hub_process import HubProcess

LIGHT = next(look for look in LOOKS if look.name == "light")
TWINSPACE = "Rivers that join us"
SIZES = {"Ana": 28, "Marek": 24}


def names(first: tuple[str, ...], size: int) -> tuple[str, ...]:
    return tuple(f"{name} {letter}" for letter in "ABC" for name in first)[:size]


async def to_the_door(person: Person) -> None:
    await person.go("place_home")
    await person.page.get_by_role("link", name=re.compile(rf"^{re.escape(person.words('join'))}")).last.click()
    await expect(person.button("call_join")).to_be_visible()


async def join_with_class(teacher: Person) -> None:
    await to_the_door(teacher)
    await teacher.page.get_by_label(teacher.words("seat_class_here")).check()
    await teacher.page.get_by_label(teacher.pattern("seat_all_of", name="1A")).check()
    chosen = teacher.pattern("seat_chosen", count=str(SIZES[teacher.name]))
    await expect(teacher.page.get_by_text(chosen)).to_be_visible()
    await teacher.button("call_join").click()


async def raise_hands(teacher: Person, pupils: tuple[str, ...]) -> None:
    await teacher.button("call_leave").focus()
    await teacher.page.keyboard.press("h")
    dialog = teacher.page.get_by_role("dialog")
    for name in pupils:
        await dialog.get_by_role("button", name=name, exact=True).click()
        await expect(dialog.get_by_role("button", name=name, exact=True)).to_have_attribute("aria-pressed", "true")
    await teacher.page.keyboard.press("Escape")


async def are_in(person: Person, count: int) -> bool:
    url = f"/api/v1/twinspaces/{SPACE}/rooms"
    answer = await person.page.evaluate("url => fetch(url).then(reply => reply.json(), () => ({rooms: []}))", url)
    return any(room["id"] == ROOM and room["peer_count"] == count for room in answer["rooms"])


@pytest.mark.timeout(900)
async def test_two_classes_meet(person: People, hub: HubProcess) -> None:
    ana, marek = await asyncio.gather(person("Ana"), person("Marek"))
    lucia = await person("Lucía", width=360, height=740)
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    spanish, polish = names(SPANISH, SIZES["Ana"]), names(POLISH, SIZES["Marek"])
    await make_class(ana, spanish)
    await make_class(marek, polish)
    for one in (ana, marek, lucia):
        await one.enter(TWINSPACE)
    await join_with_class(ana)
    await expect(ana.button("call_leave")).to_be_visible()

    # A pupil waits, is let in, sent back, and let in again; the other class waits as well.
    await ana.page.get_by_role("button", name=ana.pattern("call_people")).click()
    await ana.page.get_by_label(ana.words("lobby_switch")).check()
    await to_the_door(lucia)
    await lucia.button("call_join").click()
    admit = ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('lobby_admit')}.*Lucía"))
    waits = lucia.page.get_by_role("heading", name=lucia.words("lobby_waiting"))
    await expect(waits).to_be_visible()
    await admit.click()
    await expect(lucia.button("call_leave")).to_be_visible()
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('person_more')}.*Lucía")).click()
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("person_to_lobby")).click()
    await expect(waits).to_be_visible()
    await admit.click()
    await expect(lucia.button("call_leave")).to_be_visible()
    await join_with_class(marek)
    await expect(marek.page.get_by_role("heading", name=marek.words("lobby_waiting"))).to_be_visible()
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('lobby_admit')}.*Marek")).click()
    await expect(marek.button("call_leave")).to_be_visible()
    await expect(ana.page.get_by_text(ana.pattern("seat_named", name="1A", count="24")).first).to_be_visible()

    # Five hands of one school, then two of the other: the schools take turns.
    await raise_hands(ana, spanish[:5])
    await raise_hands(marek, polish[:2])
    await ana.page.get_by_role("button", name=re.compile(rf"^{ana.words('hands')}")).click()
    queue = ana.page.get_by_role("list", name=ana.words("hands_order")).get_by_role("listitem")
    await expect(queue).to_have_count(7)
    turns = [any(name in said for name in spanish[:5]) for said in await queue.all_inner_texts()]
    assert turns == [True, False, True, False, True, True, True]
    faults = await look_at(ana, "lesson_class_seats", LIGHT)

    # A deaf pupil writes; letters come with her name while voices go on.
    await show(marek, "w", "rtt_heading")
    await show(lucia, "w", "rtt_heading")
    await lucia.page.get_by_label(lucia.words("rtt_your_line"), exact=True).press_sequentially("Os leo")
    lines = marek.page.get_by_role("list", name=marek.words("rtt_lines"), exact=True)
    await expect(lines).to_contain_text("Os leo")
    await expect(lines).to_contain_text("Lucía")
    assert any(each.kind == "audio" and each.samples > 0 for each in await marek.inbound())

    # Without a teacher pupils' voices wait, and go on when one is back.
    for teacher in (ana, marek):
        await teacher.button("call_leave").click()
        await expect(teacher.button("call_leave")).to_be_hidden()
    paused = lucia.page.get_by_text(lucia.words("room_paused"))
    await expect(paused.first).to_be_visible()
    await ana.join_meeting()
    await expect(paused).to_have_count(0)

    # After a crash of the hub the attendance has all 52 pupils at two devices, with their minutes.
    await hub.kill()
    await hub.start()
    # Who comes back after the end would begin another meeting.
    await ana.until(lambda: are_in(ana, 2), lambda: "both are in the meeting again", timeout_s=120)
    leader = await Socket.connect(hub.url, {"token": await hub.token("teacher.es")})
    ended = await leader.call("room:end", {"room_id": ROOM})
    assert ended["ok"], ended
    await leader.close()
    await ana.page.goto(f"/s/{SPACE}/held-meetings")
    await ana.page.get_by_role("main").get_by_role("listitem").get_by_role("link").first.click()
    attendance = ana.page.get_by_role("region", name=ana.words("attendance"), exact=True)
    await expect(attendance.get_by_role("rowheader")).to_have_count(sum(SIZES.values()) + 3)
    for name in spanish:
        row = attendance.get_by_role("row").filter(has_text=name)
        assert int(await row.get_by_role("cell").nth(2).inner_text()) >= 1
    faults += await look_at(ana, "lesson_record")
    complaints = ana.complaints + marek.complaints + lucia.complaints
    assert not faults + complaints, "\n".join(faults + complaints)
