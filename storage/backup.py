"""A backup: one tar file with all rows, all blobs and the hub's keys, and a manifest that names every byte of it.

Written while hubs serve. Blobs come first, then the rows as they stand by then, then the blobs that came meanwhile:
every blob that the rows name is there, since a blob is kept before it is named.
"""

from __future__ import annotations

import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, TypedDict

from storage.folders import sync_folder
from storage.ports import Unavailable
from storage.sql.dump import dump_postgres, dump_sqlite

FORMAT = 1
MANIFEST = "manifest.json"
SQLITE_ROWS, POSTGRES_ROWS = "rows.sqlite3", "rows.pgdump"
BLOBS = "blobs"


class Named(TypedDict):
    """A file, as the manifest says it."""

    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Written:
    blob_count: int
    size_bytes: int
    damaged: tuple[str, ...]
    """Blobs that are not what their names say; they are in it as they are."""


def write_backup(
    target: Path | IO[bytes], *, data_dir: Path, database_url: str, keys: Sequence[str], made_by: str, now_ms: int
) -> Written:
    """Write one, to a stream or to a file that is not there yet. `keys` are files of the data folder, where they exist.

    A file appears under its name when it is whole and on the disk. Raise Unavailable or OSError.
    """
    if not isinstance(target, Path):
        return _write(target, data_dir, database_url, keys, made_by, now_ms)
    if target.exists():
        raise FileExistsError(f"There is a file {target} already.")
    draft = target.with_name(f"{target.name}.part")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            written = _write(file, data_dir, database_url, keys, made_by, now_ms)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(target)
        sync_folder(target.absolute().parent)
    finally:
        draft.unlink(missing_ok=True)
    return written


def _write(
    stream: IO[bytes], data_dir: Path, database_url: str, keys: Sequence[str], made_by: str, now_ms: int
) -> Written:
    files: dict[str, Named] = {}
    # Beside the data: a copy of a class's work does not belong in a folder that everybody on the machine reads.
    with (
        tempfile.TemporaryDirectory(prefix="backup-", dir=data_dir) as folder,
        tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):

        def add(name: str, path: Path) -> None:
            if name not in files and (named := _add(archive, name, path)) is not None:
                files[name] = named

        def add_blobs() -> None:
            for name, path in _blobs(data_dir / BLOBS):
                add(name, path)

        for key in keys:
            add(key, data_dir / key)
        add_blobs()
        if database_url:
            dump_postgres(database_url, rows := Path(folder) / POSTGRES_ROWS)
        else:
            dump_sqlite(data_dir / "hub.sqlite3", rows := Path(folder) / SQLITE_ROWS)
        add(rows.name, rows)
        add_blobs()
        manifest = {"format": FORMAT, "made_by": made_by, "made_at_ms": now_ms, "files": files}
        text = json.dumps(manifest, indent=1).encode()
        archive.addfile(_entry(MANIFEST, len(text)), io.BytesIO(text))
    blobs = [name for name in files if name.startswith(f"{BLOBS}/")]
    damaged = tuple(name for name in blobs if files[name]["sha256"] != _hash_in(name))
    return Written(len(blobs), sum(each["size"] for each in files.values()), damaged)


def _hash_in(blob_name: str) -> str:
    return "".join(blob_name.split("/")[1:])


def _blobs(folder: Path) -> Iterator[tuple[str, Path]]:
    for shelf in sorted(path for path in folder.iterdir() if len(path.name) == 2):
        for path in sorted(shelf.iterdir()):
            if len(path.name) == 62:
                yield f"{BLOBS}/{shelf.name}/{path.name}", path


def _add(archive: tarfile.TarFile, name: str, path: Path) -> Named | None:
    """None: it is not there, or was erased since the folder was read."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return None
    with file:
        size = os.fstat(file.fileno()).st_size
        hashing = _Hashing(file)
        try:
            archive.addfile(_entry(name, size), hashing)
        except OSError as error:
            raise Unavailable(f"Can't copy {path}: {error}.") from error
    return Named(size=size, sha256=hashing.digest.hexdigest())


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    return entry


class _Hashing:
    """A file that is read once, and its digest then."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.digest = sha256()

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.digest.update(data)
        return data
