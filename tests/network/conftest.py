"""A meeting of two real Chromiums in a real hub, one of them behind a line that the test shapes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Playwright, async_playwright

from tests.browser.conftest import CHROMIUM_FLAGS
from tests.browser.person import Inbound, Person
from tests.hub_process import ROOT, HubProcess, free_port
from tests.network.link import Link
from tests.network.turn_server import SECRET, turn_server

TWINSPACE = "Rivers that join us"
PASSWORD = "twinspace-demo"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(180))
            # Scenarios share one meeting; so they share its event loop.
            item.add_marker(pytest.mark.asyncio(loop_scope="module"), append=False)


@dataclass
class Meeting:
    """Ana sits beside the hub, Marek behind `link`."""

    hub: HubProcess
    link: Link
    ana: Person
    marek: Person

    async def join(self) -> None:
        await self.ana.join_meeting()
        await self.marek.join_meeting()

    async def leave(self) -> None:
        for person in (self.marek, self.ana):
            await person.button("call_leave").click()

    async def picture_and_sound(self, person: Person) -> None:
        """Return once the other's picture and sound have moved on since the call."""
        await moved_on(person, await person.inbound())

    async def both_see_and_hear(self) -> None:
        await self.picture_and_sound(self.marek)
        await self.picture_and_sound(self.ana)


async def moved_on(person: Person, since: list[Inbound], *, kinds: tuple[str, ...] = ("video", "audio")) -> None:
    """Return once streams of these kinds have more to show than in `since`; streams that are new count too."""
    before = {stream.id: stream for stream in since}
    now: list[Inbound] = []

    def moves(kind: str) -> bool:
        for stream in now:
            former = before.get(stream.id)
            if stream.kind != kind:
                continue
            if kind == "video" and stream.frames > (former.frames if former else 0) + 5:
                return True
            if kind == "audio" and stream.energy > (former.energy if former else 0):
                return True
        return False

    async def all_move() -> bool:
        nonlocal now
        now = await person.inbound()
        return all(map(moves, kinds))

    await person.until(all_move, lambda: f"{kinds} moved on: {since} then {now}", timeout_s=60)


@asynccontextmanager
async def open_person(
    playwright: Playwright, name: str, url: str, executable: Path, language: str, login: str
) -> AsyncIterator[Person]:
    # A camera wants a secure context, which plain HTTP to another host is not.
    flags = [*CHROMIUM_FLAGS, f"--unsafely-treat-insecure-origin-as-secure={url}"]
    browser = await playwright.chromium.launch(executable_path=str(executable), args=flags)
    try:
        context = await browser.new_context(base_url=url, locale="en-GB", reduced_motion="reduce")
        await context.grant_permissions(["camera", "microphone"], origin=url)
        person = await Person.at(await context.new_page(), name)
        await person.sign_in_as_teacher(login, PASSWORD, language=language)
        await person.enter(TWINSPACE)
        yield person
    finally:
        await browser.close()


@pytest.fixture(scope="module")
def client_built() -> None:
    subprocess.run([sys.executable, "web_client/build.py", "build"], cwd=ROOT, check=True)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def meeting(client_built: None, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Meeting]:
    folder = tmp_path_factory.mktemp("line")
    found = shutil.which("chromium")
    assert found, "The tests need Chromium: sh tests/install_services.sh"
    async with Link() as link:
        turn_port = free_port()
        hub = HubProcess(
            folder / "data",
            HUB_HOST="0.0.0.0",
            HUB_MEDIA_ADDRESS=f"{link.near},127.0.0.1",
            HUB_PUBLIC_URL="",
            HUB_TURN_URLS=f"turn:{link.near}:{turn_port}?transport=udp,turn:{link.near}:{turn_port}?transport=tcp",
            HUB_TURN_SECRET=SECRET,
        )
        turn = turn_server(link.near, turn_port, folder, allowed=(link.near,))
        async with turn, hub, async_playwright() as playwright:
            near, far = Path(found), link.wrap(found, folder)
            far_url = f"http://{link.near}:{hub.port}"
            async with (
                open_person(playwright, "Ana", hub.url, near, "es", "teacher.es") as ana,
                open_person(playwright, "Marek", far_url, far, "pl", "teacher.pl") as marek,
            ):
                yield Meeting(hub, link, ana, marek)
                assert ana.complaints + marek.complaints == []
