"""Two classes meet end-to-end encrypted: they see, hear and compare; the hub forwards what it can't read."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from hub.demo import ROOM_ID
from tests.browser.conftest import People
from tests.browser.person import Person
from tests.browser.test_first_light import PASSWORD, TWINSPACE, sees_and_hears
from tests.browser.test_screens import LOOKS, Look, check
from tests.hub_process import HubProcess
from tests.webrtc.keyholder import Keyholder, open_frame

LIGHT, PHONE = [look for name in ("light", "phone") for look in LOOKS if look.name == name]


async def to_lobby(person: Person) -> None:
    await person.go("place_home")
    await person.page.get_by_role("link", name=re.compile(rf"^{re.escape(person.words('join'))}")).last.click()
    await expect(person.button("call_join")).to_be_enabled()


async def number_of(person: Person, look: Look) -> str:
    """As it stands in the dialog, once there is one."""
    await person.button("encryption_badge").click()
    dialog = person.page.get_by_role("dialog", name=person.words("encryption_title"))
    number = dialog.get_by_role("group", name=person.words("encryption_number"))
    await expect(number).to_have_text(re.compile(r"^(\d{4}\s*){5}$"))
    found = "".join(re.findall(r"\d", await number.inner_text()))
    assert await check(person, f"{look.name}_encryption", look) == []
    await dialog.get_by_role("button", name=person.words("call_fine")).click()
    return found


@pytest.mark.timeout(420)
async def test_two_classes_meet_and_the_hub_reads_nothing(person: People, hub: HubProcess) -> None:
    ana = await person("Ana", width=LIGHT.width, height=LIGHT.height)
    marek = await person("Marek", width=PHONE.width, height=PHONE.height)
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    for one in (ana, marek):
        await one.enter(TWINSPACE)
        await to_lobby(one)
    await ana.page.get_by_label(ana.words("encryption_switch")).click()
    for one, look in ((ana, LIGHT), (marek, PHONE)):
        await expect(one.page.get_by_text(one.words("encryption_lobby"))).to_be_visible()
        await expect(one.page.get_by_label(one.words("encryption_switch"))).to_be_checked()
        assert await check(one, f"{look.name}_lobby_encrypted", look) == []
        await one.button("call_join").click()
    for one in (ana, marek):
        await sees_and_hears(one, sees=1, hears=1)
    assert await number_of(ana, LIGHT) == await number_of(marek, PHONE)

    # Whose browser can't encrypt is told before, and not let in in clear.
    old = await person("Old")
    await old.page.add_init_script("delete window.RTCRtpScriptTransform")
    await old.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await old.enter(TWINSPACE)
    await old.go("place_home")
    await old.page.get_by_role("link", name=re.compile(rf"^{re.escape(old.words('join'))}")).last.click()
    await expect(old.page.get_by_text(old.words("encryption_unsupported"))).to_be_visible()
    for way_in in ("call_join", "call_join_listening"):
        await expect(old.button(way_in)).to_be_disabled()
    await old.page.context.close()

    # Why there is no recording is said where one would begin it.
    await ana.button("recording_record").click()
    await expect(ana.page.get_by_role("dialog")).to_contain_text(ana.words("encryption_no_recording"))
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("call_fine")).click()

    # A third one, of another make, is forwarded the same packets: without keys they are noise, with them they open.
    third, peers = await Keyholder.join(hub.url, await hub.token("pupil.pl"), ROOM_ID)
    peer = next(peer for peer in peers if peer["display_name"].startswith("Ana"))
    await third.watch(peer)
    key = await third.key_of(peer)

    async def opens() -> bool:
        return all([open_frame(frame, key) is not None for frame in await third.hear(10)])

    await ana.until(opens, lambda: "ten frames in a row open with the key that was sent")

    async def comes() -> bool:
        return len(third.picture) > 100

    await ana.until(comes, lambda: f"a picture is forwarded: {len(third.picture)} packets")
    # None of it can be decoded.
    assert third.client.frames["video"] == 0
    await third.leave()

    # Who left has no key of what comes after; who stayed notices nothing.
    fourth, peers = await Keyholder.join(hub.url, await hub.token("pupil.es"), ROOM_ID)
    await fourth.watch(next(peer for peer in peers if peer["display_name"].startswith("Ana")))
    new_key = await fourth.key_of(peer)

    async def is_locked_out() -> bool:
        frames = await fourth.hear(10)
        return all([open_frame(frame, new_key) is not None and open_frame(frame, key) is None for frame in frames])

    await ana.until(is_locked_out, lambda: "ten frames in a row open with the new key and not with the former")
    await fourth.leave()
    for one in (ana, marek):
        await sees_and_hears(one, sees=1, hears=1)
    assert await number_of(ana, LIGHT) == await number_of(marek, PHONE)
    assert ana.complaints == marek.complaints == []
