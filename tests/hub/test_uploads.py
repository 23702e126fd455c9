"""Uploads by the tus protocol: how they begin and break off, and what is on the disk after a power cut."""

from __future__ import annotations

import base64
import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from hub.errors import NotFound
from hub.uploads import KEPT_MS, Locked, Uploads, WrongOffset
from tests.hub.cases.materials import TUS, metadata
from tests.hub.test_materials import begin, go_on
from tests.hub.world import World

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_options_say_what_uploads_may_be(world: World) -> None:
    answer = await world.nobody.call("OPTIONS", f"{world.path}/uploads")
    assert (answer.status, answer.headers["Tus-Version"]) == (204, "1.0.0")
    assert answer.headers["Tus-Extension"] == "creation,expiration,checksum,termination"
    assert "sha1" in answer.headers["Tus-Checksum-Algorithm"]
    assert answer.headers["Tus-Max-Size"] == str(world.hub.context.settings.file_limit_bytes)


async def test_what_breaks_the_protocol_is_named_and_changes_nothing(world: World) -> None:
    url = (await begin(world.founder, world, 8)).headers["Location"]
    old = await world.founder.call("HEAD", url, headers={"Tus-Resumable": "0.2.2"})
    assert (old.status, old.headers["Tus-Version"]) == (412, "1.0.0")
    assert (await go_on(world.founder, url, 4, b"four")).status == 409
    wrong_type = await world.founder.call(
        "PATCH", url, data=b"four", headers={**TUS, "Upload-Offset": "0", "Content-Type": "text/plain"}
    )
    assert wrong_type.status == 415
    wrong_sum = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": "sha1 Kq5sNclPz7QV2+lfQIuc6R7oRu0="})
    assert (wrong_sum.status, wrong_sum.code) == (460, "wrong_checksum")
    for checksum in ("crc32 AAAA", "sha1 §", "sha1"):
        refused = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": checksum})
        assert (refused.status, refused.body["field"]) == (400, "Upload-Checksum")
    assert (await world.founder.call("HEAD", url, headers=TUS)).headers["Upload-Offset"] == "0"
    digest = base64.b64encode(hashlib.sha256(b"four").digest()).decode()
    fits = await go_on(world.founder, url, 0, b"four", **{"Upload-Checksum": f"sha256 {digest}"})
    assert (fits.status, fits.headers["Upload-Offset"]) == (204, "4")
    # Uploads are everybody's own.
    assert (await world.teacher.call("HEAD", url, headers=TUS)).status == 404
    assert (await world.founder.call("DELETE", url, headers=TUS)).status == 204
    assert (await world.founder.call("HEAD", url, headers=TUS)).status == 404


async def test_more_bytes_than_announced_are_refused(world: World) -> None:
    url = (await begin(world.founder, world, 4)).headers["Location"]
    assert (await go_on(world.founder, url, 0, b"too many")).status == 413
    assert (await world.founder.get(f"{world.path}/materials"))["materials"] == []


@pytest.mark.parametrize(
    ("headers", "field"),
    [
        ({"Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "-1", "Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "0", "Upload-Metadata": metadata(filename="a")}, "Upload-Length"),
        ({"Upload-Length": "4"}, "metadata"),
        ({"Upload-Length": "4", "Upload-Metadata": "filename %%%"}, "Upload-Metadata"),
        ({"Upload-Length": "4", "Upload-Metadata": metadata(filename="a", title="t" * 121)}, "metadata"),
        ({"Upload-Length": "4", "Upload-Defer-Length": "1"}, "metadata"),
    ],
)
async def test_a_wrong_beginning_names_the_field(world: World, headers: dict[str, str], field: str) -> None:
    refused = await world.founder.call("POST", f"{world.path}/uploads", headers={**TUS, **headers})
    assert (refused.status, refused.body["field"]) == (400, field), refused


async def test_an_upload_whose_hub_was_killed_before_it_was_kept_is_kept_once(world: World) -> None:
    begun = await begin(world.founder, world, 4, filename="late.txt")
    url, uploads = begun.headers["Location"], world.hub.context.uploads
    found = await uploads.get(url.rpartition("/")[2])

    async def bytes_of() -> Any:
        yield b"four"

    # All bytes are on the disk, and the hub dies before it makes anything of them.
    assert await uploads.append(found, 0, bytes_of()) == 4
    for _ in range(2):
        asked = await world.founder.call("HEAD", url, headers=TUS)
        assert (asked.status, asked.headers["Upload-Offset"]) == (200, "4")
    listed = (await world.founder.get(f"{world.path}/materials"))["materials"]
    assert [each["title"] for each in listed] == ["late.txt"]


class Clock:
    now_ms = 1_000

    def __call__(self) -> int:
        return self.now_ms


async def parts(*data: bytes) -> Any:
    for part in data:
        yield part


async def test_what_is_on_the_disk_counts_after_a_power_cut(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})
    await uploads.append(upload_, 0, parts(b"12345"))
    # The bytes of the next part had been written, but nobody had waited for the disk.
    with uploads.data(upload_).open("ab") as file:
        file.write(b"garbage")
    assert await uploads.offset(upload_) == 5
    assert await uploads.append(upload_, 5, parts(b"67890")) == 10
    assert uploads.data(upload_).read_bytes() == b"1234567890"


async def test_what_came_before_the_line_broke_is_kept(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})

    async def breaking() -> Any:
        yield b"1234567"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await uploads.append(upload_, 0, breaking())
    assert await uploads.offset(upload_) == 7
    with pytest.raises(WrongOffset):
        await uploads.append(upload_, 0, parts(b"1"))


async def test_two_writers_of_one_upload_are_one_too_many(tmp_path: Path) -> None:
    uploads = Uploads(tmp_path, Clock())
    upload_ = await uploads.create(("space", "ana"), 10, {})

    async def while_another_comes() -> Any:
        yield b"12"
        with pytest.raises(Locked):
            await uploads.append(upload_, 0, parts(b"1"))
        yield b"34"

    assert await uploads.append(upload_, 0, while_another_comes()) == 4


async def test_a_forgotten_upload_is_removed(tmp_path: Path) -> None:
    clock = Clock()
    uploads = Uploads(tmp_path, clock)
    upload_ = await uploads.create(("space", "ana"), 10, {})
    clock.now_ms += KEPT_MS - 1
    assert await uploads.open() == [upload_] and await uploads.get(upload_.id) == upload_
    clock.now_ms += 1
    with pytest.raises(NotFound):
        await uploads.get(upload_.id)
    assert await uploads.open() == [] and os.listdir(tmp_path) == []
