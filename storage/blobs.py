"""Blobs as files in a local folder: `ab/cdef…`, named by their SHA-256."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import Callable
from hashlib import file_digest, sha256
from pathlib import Path
from typing import BinaryIO

from storage.folders import sync_folder
from storage.ports import NotFound, Unavailable

_HASH = re.compile(r"[0-9a-f]{64}")


class FileBlobs:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def put(self, data: bytes) -> str:
        blob_hash = sha256(data).hexdigest()
        try:
            await asyncio.to_thread(_write, self._path(blob_hash), data)
        except OSError as error:
            raise Unavailable(f"Can't write {self.path(blob_hash)}: {error.strerror}.") from error
        return blob_hash

    async def put_file(self, path: Path) -> str:
        try:
            blob_hash = await asyncio.to_thread(_hash_file, path)
            await asyncio.to_thread(_link, path, self._path(blob_hash))
        except OSError as error:
            raise Unavailable(f"Can't keep {path}: {error.strerror}.") from error
        return blob_hash

    async def remove(self, blob_hash: str) -> None:
        if not _HASH.fullmatch(blob_hash):
            return
        try:
            await asyncio.to_thread(self._path(blob_hash).unlink, missing_ok=True)
        except OSError as error:
            raise Unavailable(f"Can't remove {self.path(blob_hash)}: {error.strerror}.") from error

    async def get(self, blob_hash: str) -> bytes:
        if not _HASH.fullmatch(blob_hash):
            raise NotFound(blob_hash)
        try:
            return await asyncio.to_thread(self._path(blob_hash).read_bytes)
        except FileNotFoundError as error:
            raise NotFound(blob_hash) from error
        except OSError as error:
            raise Unavailable(f"Can't read {self.path(blob_hash)}: {error.strerror}.") from error

    def path(self, blob_hash: str) -> str:
        return str(self._path(blob_hash))

    def _path(self, blob_hash: str) -> Path:
        return self._folder / blob_hash[:2] / blob_hash[2:]


def open_blobs(folder: Path) -> FileBlobs:
    """Make the folder, durably."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sync_folder(folder.parent)
    return FileBlobs(folder)


def _hash_file(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def _link(source: Path, path: Path) -> None:
    """A second name for the file: it needs no space, and a crash leaves at least one of the two."""
    path.parent.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        try:
            os.link(source, path)
        except FileExistsError:
            pass  # another process was quicker with the same content
        except OSError:
            # Some file systems have no links.
            _copy(source, path)
    sync_folder(path.parent)
    sync_folder(path.parent.parent)


def _copy(source: Path, path: Path) -> None:
    with source.open("rb") as whole:
        _make(path, lambda file: shutil.copyfileobj(whole, file))


def _write(path: Path, data: bytes) -> None:
    folder = path.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    if not path.exists():
        _make(path, lambda file: file.write(data))
    # Also when file and folder were there: who made them may not have got to these lines yet.
    sync_folder(folder)
    sync_folder(folder.parent)


def _make(path: Path, fill: Callable[[BinaryIO], object]) -> None:
    """The file is there whole and durable, or not at all; its folder's entry is the caller's to sync."""
    # A name of its own: two writers of the same blob don't meet in one file.
    descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    try:
        with open(descriptor, "wb") as file:
            fill(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise
