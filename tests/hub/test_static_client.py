"""The built client as files: the page for people, hashed assets for ever, nothing outside the folder."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    built = tmp_path / "static"
    (built / "assets").mkdir(parents=True)
    (built / "index.html").write_text("<!doctype html><title>the page</title>")
    (built / "mark.svg").write_text("<svg/>")
    (built / "assets" / "index-abc.js").write_text("plain")
    (built / "assets" / "index-abc.js.gz").write_bytes(gzip.compress(b"packed"))
    (tmp_path / "outside.txt").write_text("secret")
    (built / "link.txt").symlink_to(tmp_path / "outside.txt")
    monkeypatch.setattr("hub.static_client.FOLDER", built)
    return built


@pytest.mark.parametrize("path", ["/", "/desk", "/twinspaces/abc/walls/def", "/sign-in", "/search/v1.2"])
async def test_every_address_of_the_app_gives_the_page_and_never_an_old_one(
    world: World, folder: Path, path: str
) -> None:
    answer = await world.nobody.call("GET", path)
    assert answer.status == 200 and b"the page" in answer.body
    assert answer.headers["Cache-Control"] == "no-cache"
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in answer.headers["Server"]


async def test_assets_are_kept_for_ever_and_sent_packed_to_who_can_unpack(world: World, folder: Path) -> None:
    plain = await world.nobody.call("GET", "/assets/index-abc.js", headers={"Accept-Encoding": "identity"})
    assert plain.body == b"plain" and "immutable" in plain.headers["Cache-Control"]
    assert "javascript" in plain.headers["Content-Type"]
    packed = await world.nobody.call("GET", "/assets/index-abc.js", headers={"Accept-Encoding": "gzip"})
    assert packed.body == b"packed" and packed.headers["Content-Encoding"] == "gzip"


async def test_other_files_are_asked_for_again(world: World, folder: Path) -> None:
    answer = await world.nobody.call("GET", "/mark.svg")
    assert answer.body == b"<svg/>" and answer.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    "path", ["/outside.txt", "/assets/..%2f..%2foutside.txt", "/..%2foutside.txt", "/link.txt", "/assets/", "/assets"]
)
async def test_nothing_outside_the_folder_is_sent(world: World, folder: Path, path: str) -> None:
    answer = await world.nobody.call("GET", path)
    assert (answer.status, answer.code) == (404, "not_found")


async def test_a_client_that_was_not_built_says_so(world: World, folder: Path) -> None:
    (folder / "index.html").unlink()
    answer = await world.nobody.call("GET", "/")
    assert answer.status == 503 and b"make client" in answer.body


async def test_metrics_carry_numbers_and_no_names(world: World) -> None:
    socket = await world.pupil.socket()
    await socket.enter(world.twinspace_id)
    text = (await world.nobody.call("GET", "/metrics")).body.decode()
    names = {
        "hub_http_requests_total",
        "hub_sockets",
        "hub_twinspaces_open",
        "hub_docs_open_docs",
        "hub_doc_commit_seconds_bucket",
        "hub_open_rooms",
        "hub_peers",
        "hub_media_connections",
        "hub_media_sent_packets_total",
        "hub_event_loop_lag_seconds",
    }
    samples = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert names <= {sample.partition("{")[0] for sample in samples}
    assert samples["hub_media_up"] == "1.0" and float(samples["hub_twinspaces_open"]) >= 1
    for secret in (world.pupil.user.id, world.pupil.user.display_name, world.twinspace_id, world.pupil.token):
        assert secret not in text
