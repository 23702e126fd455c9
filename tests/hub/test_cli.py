"""The command line, as a person and as a script use it."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from hub import __version__
from hub.__main__ import main
from hub.app import start
from hub.settings import Settings
from storage import open_storage
from storage.records import SearchScope, Sight, TwinspaceId, UserId
from tests.hub_process import ROOT, HubProcess

COMMANDS = (
    "serve",
    "demo",
    "token",
    "role",
    "staff",
    "factor",
    "verify",
    "backup",
    "restore",
    "reindex",
    "settings",
)


@pytest.fixture(autouse=True)
def no_settings_of_this_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in os.environ if name.startswith("HUB_")]:
        monkeypatch.delenv(name)


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    return int(ended.value.code or 0)


def test_version_and_help_teach(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out.strip() == f"hub {__version__}"
    assert run("--help") == 0
    shown = capsys.readouterr().out
    for command in COMMANDS:
        assert f"hub {command}" in shown, command


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_own_help(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(command, "--help") == 0
    assert f"usage: hub {command}" in capsys.readouterr().out


def test_settings_lists_each_with_its_value_and_meaning(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUB_PORT", "9999")
    assert run("settings") == 0
    shown = capsys.readouterr().out
    for name, field in Settings.model_fields.items():
        assert f"HUB_{name.upper()}=" in shown and field.description is not None and field.description in shown
    assert "HUB_PORT=9999" in shown and "(default: 8080)" in shown


def test_what_operators_are_told_to_set_is_a_setting() -> None:
    told = [ROOT / "README.md", *(path for path in (ROOT / "deploy").rglob("*") if path.is_file())]
    named = {name for path in told for name in re.findall(r"HUB_([A-Z_]+[A-Z])", path.read_text("utf-8"))}
    assert named and named <= {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        (["settings"], {"HUB_PORT": "eighty"}, "HUB_PORT"),
        (["serve", "--port", "70000"], {}, "HUB_PORT"),
        (["serve", "--port", "many"], {}, "--port"),
        (["token", "somebody", "--data-dir", "/nowhere/at/all"], {}, "/nowhere/at/all"),
        (["verify", "--data-dir", "/nowhere/at/all"], {}, "/nowhere/at/all"),
        (["role", "pupil.es", "demo-rivers", "king"], {}, "king"),
        (["fly"], {}, "fly"),
        ([], {}, "COMMAND"),
    ],
)
def test_mistakes_are_named(
    arguments: list[str],
    environment: dict[str, str],
    said: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert run(*arguments) in (1, 2)
    assert said in capsys.readouterr().err


@pytest.mark.slow
def test_staff_accounts_are_made_with_their_service(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = ("staff", "Ana@SNA.example", "--country", "es", "--data-dir", str(tmp_path))
    assert run(*made, "--level", "national", "--service", "SNA") == 0
    assert re.search(r"/new-password#secret=\S{40,}$", capsys.readouterr().out.strip())
    assert run(*made, "--level", "national") == 1
    assert "ana@sna.example has an account already" in capsys.readouterr().err
    assert run("staff", "eva@sna.example", "--country", "es", "--data-dir", str(tmp_path), "--level", "national") == 0

    async def look() -> tuple[str, str, int]:
        storage = await open_storage(data_dir=tmp_path)
        try:
            user = await storage.users.find_by_email("ana@sna.example")
            service = await storage.users.get_school(user.school_id)
            return user.kind, service.name, len(await storage.services.find("national", "ES"))
        finally:
            await storage.close()

    assert asyncio.run(look()) == ("staff", "SNA", 1)


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--level", "national", "--country", "XX"), "XX is not in the table"),
        (("--level", "regional", "--country", "ES"), "needs --region"),
        (("--level", "national", "--country", "ES", "--region", "Galicia"), "needs --region"),
    ],
)
def test_staff_without_a_place_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], options: tuple[str, ...], told: str
) -> None:
    assert run("staff", "ana@sna.example", "--data-dir", str(tmp_path), *options) == 1
    assert told in capsys.readouterr().err


@pytest.mark.slow
async def test_a_hub_in_its_own_process(tmp_path: Path) -> None:
    """One story, since each start costs seconds: what is printed, tokens, roles, one hub per folder, a quick end."""
    async with HubProcess(tmp_path / "data") as hub:
        greeting = hub.log.read_text()
        for words in (str(hub.port), "teacher.es", "teacher.pl", "twinspace-demo", "olive-wave-guitar", "not for your"):
            assert words in greeting
        token = await hub.token("teacher.es")
        assert len(token) > 40 and " " not in token
        with pytest.raises(AssertionError, match="no user"):
            await hub.token("nobody.at.all")
        assert (await hub.run("role", "pupil.es", "demo-rivers", "visitor")) == ""
        with pytest.raises(AssertionError, match="not a member"):
            await hub.run("role", "pupil.es", "elsewhere", "visitor")
        assert "1 snapshots" in await hub.run("verify")
        with pytest.raises(AssertionError, match="Another hub"):
            await hub.run("serve", "--port", "0")
        started_s = time.monotonic()
        await hub.stop()
        assert time.monotonic() - started_s < 5


@pytest.mark.slow
async def test_verify_names_the_damaged_file(tmp_path: Path) -> None:
    async with HubProcess(tmp_path / "data") as hub:
        pass
    assert "0 damaged" in await hub.run("verify")
    blob = max((path for path in (hub.data_dir / "blobs").rglob("*") if path.is_file()), key=lambda p: p.stat().st_size)
    flip_one_bit(blob)
    with pytest.raises(AssertionError, match=re.escape(str(blob))):
        await hub.run("verify")


def flip_one_bit(path: Path) -> None:
    path.chmod(0o600)
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


@pytest.mark.slow
def test_demo_needs_nothing_and_leaves_nothing(tmp_path: Path) -> None:
    with running("demo", "--port", "0", TMPDIR=str(tmp_path)) as lines:
        for line in lines:
            if "not for your pupils" in line:
                break
        assert list(tmp_path.iterdir())
    assert not list(tmp_path.iterdir())


class running:
    """A `hub` that prints; ended by SIGTERM."""

    def __init__(self, *arguments: str, **environment: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "hub", *arguments],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )

    def __enter__(self) -> Iterator[str]:
        assert self._process.stdout is not None
        return iter(self._process.stdout)

    def __exit__(self, *_: Any) -> None:
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=10) == 0
        assert self._process.stdout is not None
        self._process.stdout.close()


def test_reindex_makes_the_search_index_again(tmp_path: Path) -> None:
    async def found() -> list[str]:
        storage = await open_storage(data_dir=tmp_path)
        sight = Sight(frozenset({"twinspace"}))
        scope = SearchScope(UserId("demo-teacher.es"), 1, {TwinspaceId("demo-rivers"): sight})
        try:
            hits = await storage.search.find("guadalhorce", scope, "content", limit=5)
            await storage.search.clear()
            return [hit.id for hit in hits]
        finally:
            await storage.close()

    async def fill() -> None:
        running = await start(Settings(data_dir=tmp_path, port=0, host="127.0.0.1", demo=True))
        await running.stop()

    asyncio.run(fill())
    asyncio.run(found())
    assert run("reindex", "--data-dir", str(tmp_path)) == 0
    assert "demo-document" in asyncio.run(found())
