"""The contract of recordings, over every implementation, and files that become blobs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from storage import Storage
from storage.blobs import open_blobs
from storage.ports import Conflict, NotFound, Unavailable
from storage.records import Recording, RecordingId, RoomId, TwinspaceId, UserId
from storage.snapshots import hash_blob
from tests.storage.people import ANA, OTHER_SPACE, ROOM, SPACE, settle

RECORDING = Recording(
    RecordingId("one"), SPACE.id, ROOM.id, ANA.id, 100, 200, "stopped", [{"file_id": "a", "display_name": "Lucía"}]
)
DATA = b"cluster" * 10_000


async def test_a_recording_is_kept_listed_and_removed(storage: Storage) -> None:
    await settle(storage)
    later = replace(RECORDING, id=RecordingId("two"), started_at_ms=300, files=[])
    await storage.recordings.add(RECORDING)
    await storage.recordings.add(later)
    assert await storage.recordings.get(RECORDING.id) == RECORDING
    assert await storage.recordings.of_twinspace(SPACE.id) == [later, RECORDING]
    assert await storage.recordings.of_twinspace(OTHER_SPACE.id) == []
    with pytest.raises(Conflict):
        await storage.recordings.add(RECORDING)
    await storage.recordings.remove(RECORDING.id)
    assert await storage.recordings.of_twinspace(SPACE.id) == [later]
    for gone in (RECORDING.id, RecordingId("absent")):
        with pytest.raises(NotFound):
            await storage.recordings.get(gone)
        with pytest.raises(NotFound):
            await storage.recordings.remove(gone)


@pytest.mark.parametrize(
    "recording",
    [
        replace(RECORDING, twinspace_id=TwinspaceId("absent")),
        replace(RECORDING, room_id=RoomId("absent")),
        replace(RECORDING, started_by=UserId("absent")),
    ],
)
async def test_a_recording_of_nothing_is_not_kept(storage: Storage, recording: Recording) -> None:
    await settle(storage)
    with pytest.raises(NotFound):
        await storage.recordings.add(recording)


async def test_a_file_becomes_a_blob_and_is_forgotten(storage: Storage, tmp_path: Path) -> None:
    source = tmp_path / "a.webm"
    source.write_bytes(DATA)
    name = await storage.blobs.put_file(source)
    assert name == hash_blob(DATA) == await storage.blobs.put_file(source)
    assert source.read_bytes() == DATA == await storage.blobs.get(name)
    await storage.blobs.remove(name)
    await storage.blobs.remove(name)
    with pytest.raises(NotFound):
        await storage.blobs.get(name)


async def test_a_folder_without_links_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(1, "no links here")

    monkeypatch.setattr("os.link", refuse)
    source = tmp_path / "a.webm"
    source.write_bytes(DATA)
    blobs = open_blobs(tmp_path / "blobs")
    name = await blobs.put_file(source)
    source.unlink()
    assert await blobs.get(name) == DATA
    assert [path.name for path in (tmp_path / "blobs" / name[:2]).iterdir()] == [name[2:]]


async def test_a_file_that_is_not_there_is_no_blob(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await open_blobs(tmp_path / "blobs").put_file(tmp_path / "absent")
