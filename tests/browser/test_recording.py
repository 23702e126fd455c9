"""A teacher records a meeting: everybody sees it before and inside, chooses, and what was kept plays."""

from __future__ import annotations

import asyncio
import re
from pathlib import Path

import pytest
from playwright.async_api import expect

from tests.browser.conftest import People
from tests.browser.person import Person
from tests.hub_process import HubProcess
from tests.webrtc.recorded_media import play

PASSWORD = "twinspace-demo"


async def to_lobby(person: Person) -> None:
    await person.go("place_home")
    await person.page.get_by_role("link", name=re.compile(rf"^{re.escape(person.words('join'))}")).last.click()
    await expect(person.button("call_join")).to_be_enabled()


def is_written(data_dir: Path) -> bool:
    """Ana's and Marek's file hold a second or so each."""
    return sum(path.stat().st_size > 20_000 for path in data_dir.glob("recordings/*/*.webm")) == 2


@pytest.mark.timeout(420)
async def test_who_is_recorded_sees_it_and_chooses(person: People, hub: HubProcess, tmp_path: Path) -> None:
    ana, marek = await person("Ana"), await person("Marek", width=360, height=740)
    await ana.sign_in_as_teacher("teacher.es", PASSWORD, language="es")
    await marek.sign_in_as_teacher("teacher.pl", PASSWORD, language="pl")
    for one in (ana, marek):
        await one.enter("Rivers that join us")
    await ana.join_meeting()

    await ana.button("recording_record").click()
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_role("checkbox")).to_be_checked()
    assert await ana.axe() == []
    await dialog.get_by_role("button", name=ana.words("recording_start"), exact=True).click()
    banner = ana.page.get_by_role("region", name=ana.words("recording"), exact=True)
    await expect(banner).to_contain_text(ana.pattern("recording_runs_with_you"))

    # Who wants to come in knows it before.
    await to_lobby(marek)
    await expect(marek.page.get_by_text(marek.pattern("recording_before"))).to_be_visible()
    await marek.button("call_join").click()
    his = marek.page.get_by_role("region", name=marek.words("recording"), exact=True)
    await expect(his).to_contain_text(marek.pattern("recording_runs_without_you"))
    spoken = marek.page.get_by_role("status").filter(has_text=marek.pattern("recording_runs_without_you"))
    await expect(spoken.first).to_be_attached()
    await marek.button("recording_with_me").click()
    await expect(his).to_contain_text(marek.pattern("recording_runs_with_you"))
    await expect(marek.button("recording_without_me")).to_be_visible()
    assert await marek.axe() == []
    overflow = await marek.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    # Away from the meeting it is said too.
    await marek.go("place_work")
    await expect(marek.page.get_by_text(marek.words("recording_here"), exact=True)).to_be_visible()

    await ana.until(lambda: asyncio.to_thread(is_written, hub.data_dir), lambda: "both files hold something")
    await ana.button("recording_stop").click()
    await expect(banner).to_be_hidden()
    await expect(marek.page.get_by_text(marek.words("recording_here"), exact=True)).to_be_hidden()
    await ana.button("call_leave").click()
    await to_lobby(ana)
    kept = ana.page.get_by_role("region", name=ana.words("recordings"), exact=True)
    await expect(kept.get_by_role("link")).to_have_count(2)
    async with ana.page.expect_download() as download:
        await kept.get_by_role("link", name="Ana").click()
    file = tmp_path / "ana.webm"
    await (await download.value).save_as(file)
    played = play(file)
    assert played.pictures > 0
    assert played.sounds > 0
    await kept.get_by_role("button", name=ana.pattern("recordings_erase_of")).click()
    await ana.page.get_by_role("dialog").get_by_role("button", name=ana.words("recordings_erase"), exact=True).click()
    await expect(kept).to_be_hidden()
    assert ana.complaints == marek.complaints == []
