"""Everything in one file, made while the hub serves, and put back whole or not at all."""

from __future__ import annotations

import io
import json
import os
import tarfile
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path

import aiohttp
import pytest

from hub.__main__ import main
from hub.demo import PASSWORD
from tests.hub.test_materials import picture
from tests.hub_process import HubProcess
from tests.services import Postgres

SPACE = "/api/v1/twinspaces/demo-rivers"


@pytest.fixture(autouse=True, scope="module")
def no_settings_of_this_shell() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as monkeypatch:
        for name in [name for name in os.environ if name.startswith("HUB_")]:
            monkeypatch.delenv(name)
        yield


def run(*arguments: str | Path) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*map(str, arguments)])
    return int(ended.value.code or 0)


async def look(hub: HubProcess) -> tuple[list[str], list[str]]:
    """Titles of the contents and the newest snapshots, as a pupil with a class card of before sees them."""
    async with aiohttp.ClientSession(hub.url, cookie_jar=aiohttp.CookieJar(unsafe=True)) as http:
        async with http.post("/api/v1/login", json={"class_key": "olive-wave-guitar"}) as reply:
            assert reply.status == 200, "the key of the class cards came along"
        async with http.get(f"{SPACE}/contents") as reply:
            titles = [content["title"] for content in (await reply.json())["contents"]]
        async with http.get(f"{SPACE}/snapshots") as reply:
            return sorted(titles), [each["title"] for each in (await reply.json())["snapshots"]]


async def change(hub: HubProcess, title: str) -> None:
    jar = aiohttp.CookieJar(unsafe=True)
    async with aiohttp.ClientSession(hub.url, cookie_jar=jar, headers={"Origin": hub.url}) as http:
        async with http.post("/api/v1/login", json={"name": "teacher.es", "password": PASSWORD}) as reply:
            assert reply.status == 200
        for path, body in (("contents", {"kind": "wall", "title": title}), ("snapshots", {"title": title})):
            async with http.post(f"{SPACE}/{path}", json=body) as reply:
                assert reply.status == 201, await reply.text()


async def story(tmp_path: Path, *, first_url: str = "", second_url: str = "") -> None:
    file = tmp_path / "monday.tar"
    async with HubProcess(tmp_path / "data", HUB_DATABASE_URL=first_url) as hub:
        await change(hub, "Before the backup")
        await hub.run("backup", str(file))
        before = await look(hub)
        await change(hub, "After the backup")
        with pytest.raises(AssertionError, match="already"):
            await hub.run("backup", str(file))
    again = HubProcess(tmp_path / "again", HUB_DATABASE_URL=second_url)
    said = await again.run("restore", str(file))
    assert "0 damaged" in said
    async with again:
        assert await look(again) == before
        assert "Before the backup" in before[0] and "After the backup" not in before[0]
        await change(again, "It goes on")
    with pytest.raises(AssertionError, match="not empty"):
        await again.run("restore", str(file))


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_hub_comes_back_as_it_was_when_the_backup_was_made(tmp_path: Path) -> None:
    await story(tmp_path)


@pytest.mark.services
@pytest.mark.timeout(600)
async def test_a_hub_on_postgres_comes_back_too(tmp_path: Path, postgres: Postgres) -> None:
    await story(tmp_path, first_url=postgres.new_database(), second_url=postgres.new_database())


def make_folder(folder: Path) -> Path:
    """As a hub leaves it, as far as a backup asks."""
    data_dir = folder / "data"
    assert run("token", "nobody", "--data-dir", data_dir) == 1, "there is no folder yet"
    data_dir.mkdir()
    assert run("verify", "--data-dir", data_dir) == 0
    (data_dir / "secret").write_bytes(b"s" * 32)
    return data_dir


def put_blob(data_dir: Path, data: bytes) -> Path:
    name = sha256(data).hexdigest()
    path = data_dir / "blobs" / name[:2] / name[2:]
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return path


@pytest.fixture(scope="module")
def backup(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("backup")
    data_dir = make_folder(folder)
    put_blob(data_dir, picture((9, 9)))
    (data_dir / "uploads").mkdir()
    (data_dir / "uploads" / "half").write_bytes(b"not finished")
    assert run("backup", folder / "whole.tar", "--data-dir", data_dir) == 0
    return folder / "whole.tar"


def entries(file: Path) -> dict[str, bytes]:
    with tarfile.open(file) as archive:
        found = {}
        for entry in archive:
            data = archive.extractfile(entry)
            found[entry.name] = data.read() if data else b""
        return found


def write(file: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(file, "w") as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))


def test_only_what_a_hub_needs_is_in_it_and_all_of_that_comes_back(backup: Path, tmp_path: Path) -> None:
    names = [*entries(backup)]
    assert backup.stat().st_mode & 0o077 == 0, "nobody else on the machine reads it"
    assert sorted(path.name for path in backup.parent.iterdir()) == ["data", "whole.tar"]
    assert [name for name in names if not name.startswith("blobs/")] == ["secret", "rows.sqlite3", "manifest.json"]
    assert run("restore", backup, "--data-dir", tmp_path / "again") == 0
    assert (tmp_path / "again" / "secret").read_bytes() == b"s" * 32
    blob = next(name for name in names if name.startswith("blobs/"))
    assert (tmp_path / "again" / blob).read_bytes() == picture((9, 9))


def flip(members: dict[str, bytes]) -> dict[str, bytes]:
    return {**members, "rows.sqlite3": members["rows.sqlite3"][:-1] + b"\xff"}


def lose_blob(members: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in members.items() if not name.startswith("blobs/")}


def add_foreign(name: str) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {name: b"x", **members}


def with_manifest(text: bytes) -> Callable[[dict[str, bytes]], dict[str, bytes]]:
    return lambda members: {**members, "manifest.json": text}


BAD = {
    "a flipped byte": (flip, "rows.sqlite3 is not as it was"),
    "a lost file": (lose_blob, "is missing in the backup"),
    "a way out of the folder": (add_foreign("../outside"), "../outside is not what a backup holds"),
    "an absolute path": (add_foreign("/tmp/outside"), "outside is not what a backup holds"),
    "a file of another kind": (add_foreign("hub.lock"), "hub.lock is not what a backup holds"),
    "an unnamed blob": (add_foreign(f"blobs/ab/{'0' * 62}"), "is not as it was"),
    "a newer format": (with_manifest(json.dumps({"format": 2, "files": {}, "made_at_ms": 1}).encode()), "format 2"),
    "a broken manifest": (with_manifest(b"{"), "manifest.json can't be read"),
    "a manifest of something else": (with_manifest(b"[]"), "manifest.json can't be read"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_changed_backup_is_refused_and_leaves_nothing(
    backup: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    spoil, said = BAD[name]
    write(tmp_path / "spoilt.tar", spoil(entries(backup)))
    before = sorted(tmp_path.iterdir())
    assert run("restore", tmp_path / "spoilt.tar", "--data-dir", tmp_path / "again") == 1
    assert said in capsys.readouterr().err
    assert sorted(tmp_path.iterdir()) == before and not Path("/tmp/outside").exists()


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_a_backup_that_was_cut_off_is_refused(
    backup: Path, tmp_path: Path, share: float, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = backup.read_bytes()
    end = whole.rstrip(b"\x00")
    (tmp_path / "cut.tar").write_bytes(whole[: int(len(end) * share)])
    assert run("restore", tmp_path / "cut.tar", "--data-dir", tmp_path / "again") == 1
    assert "not a whole backup" in capsys.readouterr().err or share > 0.99
    assert not (tmp_path / "again").exists() and not (tmp_path / "again.restoring").exists()


def test_what_was_damaged_before_is_named_and_the_rest_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data_dir = make_folder(tmp_path)
    path = put_blob(data_dir, b"as it was")
    path.write_bytes(b"as it is")
    assert run("backup", tmp_path / "file.tar", "--data-dir", data_dir) == 1
    assert f"blobs/{path.parent.name}/{path.name} was damaged before" in capsys.readouterr().err
    assert run("restore", tmp_path / "file.tar", "--data-dir", tmp_path / "again") == 0
    assert (tmp_path / "again" / path.relative_to(data_dir)).read_bytes() == b"as it is"
