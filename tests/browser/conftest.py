"""Real Chromium with fake cameras and microphones, and a real hub with the demo project."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.person import Person
from tests.hub_process import ROOT, HubProcess

CHROMIUM_FLAGS = (
    # Root can't use Chromium's sandbox; the pages are ours.
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
    "--auto-select-desktop-capture-source=Entire screen",
)

# Three browsers and a hub on a two-core machine: slow is not wrong.
expect.set_options(timeout=30_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in Path(item.path).parents:
            item.add_marker(pytest.mark.browser)
            if item.get_closest_marker("timeout") is None:
                item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def client_built() -> None:
    subprocess.run([sys.executable, "web_client/build.py", "build"], cwd=ROOT, check=True)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a hub that has made its demo project and ended: making it takes longer than copying it."""
    folder = tmp_path_factory.mktemp("demo") / "data"
    async with HubProcess(folder):
        return folder


@pytest_asyncio.fixture
async def hub(client_built: None, demo_folder: Path, tmp_path: Path) -> AsyncIterator[HubProcess]:
    async with HubProcess(Path(shutil.copytree(demo_folder, tmp_path / "data"))) as process:
        yield process


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    executable = shutil.which("chromium")
    assert executable, "The browser tests need Chromium: sh tests/install_services.sh"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=list(CHROMIUM_FLAGS))
        yield browser
        await browser.close()


class People:
    """Opens a browser profile for each person."""

    def __init__(self, browser: Browser, hub: HubProcess) -> None:
        self._browser = browser
        self._hub = hub

    async def __call__(
        self, name: str, *, width: int = 1280, height: int = 800, dark: bool = False, keeps_page: bool = False
    ) -> Person:
        """`keeps_page`: the browser may keep the page for when the hub is away; else each load asks the hub."""
        context = await self._browser.new_context(
            base_url=self._hub.url,
            locale="en-GB",
            timezone_id="Europe/Madrid",
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            service_workers="allow" if keeps_page else "block",
        )
        await context.grant_permissions(["camera", "microphone"])
        page = await context.new_page()
        return await Person.at(page, name)


@pytest.fixture
def person(browser: Browser, hub: HubProcess) -> People:
    return People(browser, hub)
