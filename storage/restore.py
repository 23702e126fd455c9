"""What a backup holds becomes a data folder, or nothing does: every byte is compared with the manifest before."""

from __future__ import annotations

import json
import os
import re
import shutil
import tarfile
from collections.abc import Collection
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

from storage.backup import BLOBS, FORMAT, MANIFEST, POSTGRES_ROWS, SQLITE_ROWS
from storage.folders import sync_folder
from storage.ports import StorageError
from storage.sql.dump import restore_postgres

_BLOB = re.compile(rf"{BLOBS}/[0-9a-f]{{2}}/[0-9a-f]{{62}}")
_CHUNK_BYTES = 1 << 20
_MANIFEST_BYTES = 1 << 30


class Damaged(StorageError):
    """A file that is no backup, not a whole one, or a changed one."""


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A folder with all that a data folder has but rows of PostgreSQL; `take_place` or `discard` it."""

    folder: Path
    made_at_ms: int
    rows: str

    def restore_rows(self, database_url: str) -> None:
        """Into an empty database. Raise Damaged when the backup has rows of the other kind, or Unavailable."""
        if self.rows == POSTGRES_ROWS and not database_url:
            raise Damaged("This is a backup of a hub on PostgreSQL: name an empty database by HUB_DATABASE_URL.")
        if self.rows == SQLITE_ROWS and database_url:
            raise Damaged("This is a backup of a hub on SQLite: leave HUB_DATABASE_URL empty.")
        if database_url:
            restore_postgres(database_url, self.folder / POSTGRES_ROWS)
            (self.folder / POSTGRES_ROWS).unlink()
        else:
            (self.folder / SQLITE_ROWS).rename(self.folder / "hub.sqlite3")

    def take_place(self, data_dir: Path) -> None:
        if data_dir.exists():
            data_dir.rmdir()
        self.folder.rename(data_dir)
        sync_folder(data_dir.absolute().parent)

    def discard(self) -> None:
        shutil.rmtree(self.folder)


def unpack_backup(source: IO[bytes], data_dir: Path, keys: Collection[str]) -> Unpacked:
    """Into a folder beside `data_dir`, which must not be there or be empty. Raise Damaged or OSError."""
    if data_dir.exists() and (not data_dir.is_dir() or any(data_dir.iterdir())):
        raise FileExistsError(f"{data_dir} is not empty. A backup is put back where nothing is.")
    folder = data_dir.absolute().with_name(f"{data_dir.absolute().name}.restoring")
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(mode=0o700, parents=True)
    try:
        manifest, found = _unpack(source, folder, frozenset(keys))
        _compare(manifest["files"], found)
        rows = [name for name in (SQLITE_ROWS, POSTGRES_ROWS) if name in found]
        if len(rows) != 1:
            raise Damaged("The backup holds no rows of a database.")
        (folder / BLOBS).mkdir(mode=0o700, exist_ok=True)
        _sync(folder)
        return Unpacked(folder, int(manifest["made_at_ms"]), rows[0])
    except BaseException:
        shutil.rmtree(folder)
        raise


def _unpack(source: IO[bytes], folder: Path, keys: frozenset[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The manifest, and the digests of all else. Names are a stranger's: only those that a backup can have are made."""
    found: dict[str, str] = {}
    try:
        with tarfile.open(fileobj=source, mode="r|") as archive:
            for entry in archive:
                data = archive.extractfile(entry) if entry.isreg() else None
                if data is None or entry.name in found:
                    raise Damaged(f"{entry.name} is not what a backup holds.")
                if entry.name == MANIFEST:
                    return _read_manifest(data.read(_MANIFEST_BYTES)), found
                if entry.name not in {SQLITE_ROWS, POSTGRES_ROWS, *keys} and not _BLOB.fullmatch(entry.name):
                    raise Damaged(f"{entry.name} is not what a backup holds.")
                found[entry.name] = _copy(data, folder / entry.name)
    except (tarfile.TarError, EOFError) as error:
        raise Damaged(f"This is not a whole backup: {error}.") from error
    raise Damaged("This is not a whole backup: its end is missing.")


def _read_manifest(text: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(text)
        is_known = manifest["format"] == FORMAT
        sound = isinstance(manifest["files"], dict) and isinstance(manifest["made_at_ms"], int)
    except (ValueError, KeyError, TypeError):
        raise Damaged(f"{MANIFEST} can't be read.") from None
    if not is_known:
        raise Damaged(f"The backup is of format {manifest['format']}, and this hub reads {FORMAT}: use a newer one.")
    if not sound:
        raise Damaged(f"{MANIFEST} can't be read.")
    found: dict[str, Any] = manifest
    return found


def _copy(data: IO[bytes], target: Path) -> str:
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = sha256()
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while chunk := data.read(_CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _compare(named: dict[str, Any], found: dict[str, str]) -> None:
    for name in sorted({*named} | {*found}):
        if name not in found:
            raise Damaged(f"{name} is missing in the backup.")
        if not isinstance(named.get(name), dict) or named[name].get("sha256") != found[name]:
            raise Damaged(f"{name} is not as it was when the backup was made.")


def _sync(folder: Path) -> None:
    for parent, _, _ in os.walk(folder):
        sync_folder(Path(parent))
