"""Something goes wrong (S12): a pupil tells, both teachers see it, it is hidden and the author muted; with pictures."""

from __future__ import annotations

import zipfile

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.test_screens import LOOKS, Look, check, visit

SPACE = "Rivers that join us"
MEAN = "Nobody likes your bridge"


@pytest.mark.parametrize(
    "look", [look for look in LOOKS if look.name in ("light", "phone")], ids=lambda look: look.name
)
async def test_a_pupil_tells_and_the_teachers_act(person: People, look: Look) -> None:
    ana, marek = await person("Ana", width=look.width, height=look.height), await person("Marek")
    lucia, kuba = await person("Lucía", width=look.width, height=look.height), await person("Kuba")
    await ana.sign_in_as_teacher("teacher.es", "twinspace-demo", language="es")
    await marek.sign_in_as_teacher("teacher.pl", "twinspace-demo", language="pl")
    await lucia.sign_in_with_card("olive-wave-guitar", language="es")
    await kuba.sign_in_with_card("amber-snow-violin", language="pl")
    for pupil in (lucia, kuba):
        await pupil.enter(SPACE)
    await kuba.say(MEAN)

    await lucia.go("place_talk")
    message = lucia.page.get_by_role("article").filter(has_text=MEAN)
    await message.get_by_role("button", name=lucia.pattern("tell_about")).click()
    dialog = lucia.page.get_by_role("dialog", name=lucia.words("tell_title"))
    await dialog.get_by_text(lucia.words("reason_mean")).click()
    await dialog.get_by_label(lucia.words("tell_words")).fill("Siempre lo dice")
    faults = await check(lucia, f"{look.name}_tell", look)
    await dialog.get_by_role("button", name=lucia.words("tell_send")).click()
    await expect(dialog.get_by_text(lucia.words("tell_done"), exact=True)).to_be_visible()
    faults += await check(lucia, f"{look.name}_told", look)
    await lucia.page.keyboard.press("Escape")

    # Wherever the teachers of both schools are, it shows.
    for teacher in (marek, ana):
        waiting = teacher.page.get_by_role("link", name=teacher.pattern("safety_waiting", count="1"))
        await waiting.click()
        await expect(teacher.page.get_by_text("Siempre lo dice")).to_be_visible()
    faults += await check(ana, f"{look.name}_moderation", look)

    await ana.button("safety_hide").click()
    await expect(lucia.page.get_by_text(lucia.words("message_hidden"))).to_be_visible()
    await expect(lucia.page.get_by_text(MEAN)).to_have_count(0)
    await expect(kuba.page.get_by_text(MEAN)).to_have_count(0)

    await marek.page.get_by_role("button", name=marek.pattern("safety_mute_title", name="Kuba")).click()
    mute = marek.page.get_by_role("dialog", name=marek.pattern("safety_mute_title", name="Kuba"))
    await mute.get_by_text(marek.words("reason_mean")).click()
    faults += await check(marek, f"{look.name}_mute", LOOKS[0])
    await mute.get_by_role("button", name=marek.words("safety_mute_do")).click()
    await expect(kuba.page.get_by_text(kuba.words("chat_read_only"))).to_be_visible()
    await expect(kuba.page.get_by_text(kuba.words("own_mute_talk"))).to_be_visible()

    await marek.button("safety_answer").click()
    answer = marek.page.get_by_role("dialog", name=marek.words("safety_answer_title"))
    await answer.get_by_role("textbox").fill("Rozmawialiśmy")
    await answer.get_by_role("button", name=marek.words("safety_answer")).click()
    await expect(ana.page.get_by_text("Rozmawialiśmy")).to_be_visible()
    # On both pages nothing waits any more, and the log names who did what.
    await expect(ana.page.get_by_role("link", name=ana.pattern("safety_waiting", count="1"))).to_have_count(0)
    log = ana.page.get_by_role("region", name=ana.words("safety_log"))
    await expect(log.get_by_role("listitem")).to_have_count(4)

    # Hidden first, then erased for good: the words are gone from the page of the teachers, too.
    await ana.button("erase_do").click()
    sure = ana.page.get_by_role("dialog", name=ana.words("erase_thing_title"))
    await sure.get_by_role("button", name=ana.words("erase_do")).click()
    await expect(ana.page.get_by_text(MEAN)).to_have_count(0)

    await visit(ana, "/account")
    await ana.button("copy_make").click()
    fetch = ana.page.get_by_role("link", name=ana.pattern("copy_fetch"))
    await expect(fetch).to_be_visible()
    faults += await check(ana, f"{look.name}_copy", look)
    async with ana.page.expect_download() as downloading:
        await fetch.click()
    names = zipfile.ZipFile(await (await downloading.value).path()).namelist()
    assert "README.txt" in names and "data/account.json" in names
    await visit(ana, "/pupils")
    await ana.page.get_by_role("button", name=ana.pattern("data_of", name="Lucía")).click()
    data = ana.page.get_by_role("dialog", name=ana.pattern("data_of", name="Lucía"))
    erase = data.get_by_role("button", name=ana.words("erase_do"))
    await expect(erase).to_be_disabled()
    await data.get_by_label(ana.words("erase_confirm")).fill("Lucía")
    await expect(erase).to_be_enabled()
    faults += await check(ana, f"{look.name}_erasure", look)
    await erase.click()
    await expect(lucia.page.get_by_text(lucia.words("ended_removed"))).to_be_visible()
    await visit(ana, "/s/demo-rivers/people")
    await expect(ana.page.get_by_role("link", name=ana.words("title_moderation"))).to_be_visible()
    faults += await check(ana, f"{look.name}_people_safety", look)
    assert faults == [] and ana.complaints == marek.complaints == lucia.complaints == kuba.complaints == []
