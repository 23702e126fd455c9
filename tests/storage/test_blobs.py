"""Blobs as files: where they lie, and what a refusing disk leaves behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.blobs import open_blobs
from storage.ports import NotFound, Unavailable
from storage.snapshots import hash_blob
from tests.storage.disk import files_no_longer_than

DATA = b"x" * 100_000


async def test_a_blob_lies_where_its_path_says(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path / "blobs")
    name = await blobs.put(DATA)
    assert name == hash_blob(DATA)
    file = tmp_path / "blobs" / name[:2] / name[2:]
    assert blobs.path(name) == str(file)
    assert file.read_bytes() == DATA


async def test_a_refused_blob_leaves_nothing_and_can_be_put_later(tmp_path: Path) -> None:
    blobs = open_blobs(tmp_path / "blobs")
    with files_no_longer_than(1000):
        with pytest.raises(Unavailable):
            await blobs.put(DATA)
    assert [path for path in (tmp_path / "blobs").rglob("*") if path.is_file()] == []
    with pytest.raises(NotFound):
        await blobs.get(hash_blob(DATA))
    assert await blobs.get(await blobs.put(DATA)) == DATA


@pytest.mark.parametrize("name", ["", "..", "../../hub.sqlite3", "0" * 63, "0" * 65, "A" * 64, "0" * 64 + "\n"])
async def test_a_name_that_is_no_hash_is_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(NotFound):
        await open_blobs(tmp_path / "blobs").get(name)
