"""The wheel carries the built client and gives a working `hub` command where nothing of ours is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import aiohttp
import pytest

from tests.hub_process import ROOT, HubProcess

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def run(*command: str | Path, cwd: Path = ROOT) -> str:
    done = subprocess.run([*map(str, command)], cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}: {done.stdout[-2000:]}{done.stderr[-4000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--wheel-dir", folder, ".")
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_the_client_and_the_data_files(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert "hub/static/index.html" in names
    assert any(name.startswith("hub/static/assets/") and name.endswith(".js") for name in names)
    data = ("roles.toml", "countries.toml", "phrases.toml", "class_words/pl.txt", "fonts/commissioner_bold.ttf")
    assert {f"hub/{name}" for name in data} <= names
    compiled = {name.rpartition("-")[0] for name in names if name.endswith(".so")}
    assert {"webrtc/fan_in", "webrtc/fan_out"} <= compiled, "`make test` has installed a compiler"
    assert not any(name.startswith(("tests/", "web_client/")) for name in names)


async def test_the_wheel_works_in_a_clean_environment(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "clean"
    run(sys.executable, "-m", "venv", "--without-pip", environment)
    install = (sys.executable, "-m", "pip", "--python", environment / "bin" / "python", "install", "--quiet")
    # Only what the hub imports is compiled, when it does.
    run(*install, "--no-compile", "--require-hashes", "--requirement", ROOT / "requirements.lock")
    run(*install, "--no-deps", wheel)
    command = environment / "bin" / "hub"

    assert run(command, "--version", cwd=tmp_path).strip().startswith("hub ")
    async with HubProcess(tmp_path / "data", command=(str(command),), folder=tmp_path) as hub:
        async with aiohttp.ClientSession(hub.url) as http:
            async with http.get("/") as page:
                assert page.status == 200
                assert "<html" in await page.text()
            token = await hub.token("teacher.es")
            async with http.get("/api/v1/twinspaces", headers={"Authorization": f"Bearer {token}"}) as reply:
                assert reply.status == 200
                assert [space["title"] for space in (await reply.json())["twinspaces"]] == ["Rivers that join us"]
    assert await hub.run("verify")
