"""Files on their way in: one folder on the disk for each upload, from its first byte to its last.

What `offset` says is on the disk for good; bytes beyond it are cut off when the sender comes back. So a hub may be
killed at any moment, and the machine lose its power: the sender goes on where the disk was.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from hub.errors import NotFound, TooLarge, TooMany, Unavailable

NOTE, DATA, OFFSET, LOCK = "upload.json", "data", "offset", "lock"
DURABLE_EVERY_BYTES = 4 * 1024 * 1024
"""After so many bytes the disk is waited for: what a killed hub loses of an upload is at most this."""
KEPT_MS = 24 * 60 * 60 * 1000
"""An upload of which nothing has come for so long is forgotten."""
OPEN_PER_USER = 20
ALGORITHMS = ("md5", "sha1", "sha256")
_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")


class ChecksumMismatch(Exception):
    """The part that came is not the part that was sent; nothing of it was kept."""


class WrongOffset(Exception):
    """The sender goes on somewhere else than where the upload is."""


class Locked(Exception):
    """Another request writes this upload."""


@dataclass(frozen=True, slots=True)
class Upload:
    id: str
    twinspace_id: str
    user_id: str
    length: int
    metadata: dict[str, str]
    created_at_ms: int


class Uploads:
    """In a folder that the hub's processes share. Disk errors come out as Unavailable."""

    def __init__(self, folder: Path, now_ms: Callable[[], int]) -> None:
        self._folder = folder
        self._now_ms = now_ms

    async def create(self, upload_for: tuple[str, str], length: int, metadata: dict[str, str]) -> Upload:
        """`upload_for`: TwinSpace and user. Raise TooMany when the user has too many of them open."""
        twinspace_id, user_id = upload_for
        if len([each for each in await self.open() if each.user_id == user_id]) >= OPEN_PER_USER:
            raise TooMany("Too many of your uploads are unfinished. End some of them first.", retry_after_ms=60_000)
        upload = Upload(secrets.token_urlsafe(12), twinspace_id, user_id, length, metadata, self._now_ms())
        with _disk_errors():
            await asyncio.to_thread(_make, self._folder / upload.id, upload)
        return upload

    async def get(self, upload_id: str) -> Upload:
        """Raise NotFound when there is none, or nothing of it came for a day."""
        if not _ID.fullmatch(upload_id):
            raise NotFound
        with _disk_errors():
            found = await asyncio.to_thread(_read, self._folder / upload_id)
        if found is None or self._now_ms() >= await self.expires_at_ms(found):
            raise NotFound
        return found

    async def offset(self, upload: Upload) -> int:
        """How many bytes are on the disk for good."""
        with _disk_errors():
            return await asyncio.to_thread(_read_offset, self._path(upload))

    async def expires_at_ms(self, upload: Upload) -> int:
        with _disk_errors():
            touched = await asyncio.to_thread(_touched_at_ms, self._path(upload))
        return (touched or upload.created_at_ms) + KEPT_MS

    async def append(
        self,
        upload: Upload,
        offset: int,
        parts: AsyncIterator[bytes],
        checksum: tuple[str, bytes] | None = None,
    ) -> int:
        """Write what comes and return the offset after it, all of it on the disk.

        Raise WrongOffset, Locked, ChecksumMismatch, or TooLarge when more comes than the length that was announced.
        When the sender's line breaks, what had come by then is kept; with a checksum only whole parts are.
        """
        path = self._path(upload)
        with _disk_errors(), _held(path):
            if offset != await asyncio.to_thread(_read_offset, path):
                raise WrongOffset
            digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
            written = noted = offset
            with (path / DATA).open("r+b") as file:
                await asyncio.to_thread(_cut, file, offset)
                try:
                    async for part in parts:
                        if written + len(part) > upload.length:
                            raise TooLarge("More bytes came than were announced.", field="Upload-Length")
                        if digest is not None:
                            digest.update(part)
                        await asyncio.to_thread(file.write, part)
                        written += len(part)
                        if digest is None and written - noted >= DURABLE_EVERY_BYTES:
                            await asyncio.to_thread(_note_offset, path, file, written, self._now_ms())
                            noted = written
                except BaseException:
                    if digest is None and written > noted:
                        _note_offset(path, file, written, self._now_ms())
                    raise
                if digest is not None and checksum is not None and digest.digest() != checksum[1]:
                    await asyncio.to_thread(_cut, file, offset)
                    raise ChecksumMismatch
                await asyncio.to_thread(_note_offset, path, file, written, self._now_ms())
        return written

    def data(self, upload: Upload) -> Path:
        return self._path(upload) / DATA

    async def finish(self, upload: Upload) -> None:
        """The bytes are kept elsewhere: only that the upload is whole is remembered, for who did not hear it."""
        with _disk_errors():
            await asyncio.to_thread(self.data(upload).unlink, missing_ok=True)

    def is_finished(self, upload: Upload) -> bool:
        return not self.data(upload).exists()

    async def remove(self, upload: Upload) -> None:
        with _disk_errors(), _held(self._path(upload)):
            await asyncio.to_thread(shutil.rmtree, self._path(upload), ignore_errors=True)

    async def open(self) -> list[Upload]:
        """Those that are not finished; what is forgotten is removed on the way."""
        found = []
        with _disk_errors():
            for path in await asyncio.to_thread(_folders, self._folder):
                upload = await asyncio.to_thread(_read, path)
                if upload is not None and self._now_ms() < await self.expires_at_ms(upload):
                    if not self.is_finished(upload):
                        found.append(upload)
                elif upload is not None or await asyncio.to_thread(_is_old, path, self._now_ms()):
                    await asyncio.to_thread(shutil.rmtree, path, ignore_errors=True)
        return found

    def _path(self, upload: Upload) -> Path:
        return self._folder / upload.id


@contextmanager
def _disk_errors() -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise NotFound from None
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise Unavailable("The hub's disk is full. What has come so far is kept; try again later.") from error
        if isinstance(error, ConnectionError):
            raise
        raise Unavailable from error


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """One writer at a time, in whichever process. Raise Locked when there is one."""
    with (path / LOCK).open("a") as lock:
        if sys.platform != "win32":
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Locked from None
        yield


def _folders(folder: Path) -> list[Path]:
    return sorted(path for path in folder.iterdir() if path.is_dir()) if folder.is_dir() else []


def _make(path: Path, upload: Upload) -> None:
    path.mkdir(mode=0o700, parents=True)
    (path / DATA).touch(mode=0o600)
    (path / OFFSET).write_text(f"{0:020}{upload.created_at_ms:020}")
    with (path / ".new").open("w") as note:
        json.dump(asdict(upload), note)
        note.flush()
        os.fsync(note.fileno())
    os.replace(path / ".new", path / NOTE)


def _read(path: Path) -> Upload | None:
    try:
        return Upload(**json.loads((path / NOTE).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _read_offset(path: Path) -> int:
    return int((path / OFFSET).read_text()[:20])


def _touched_at_ms(path: Path) -> int:
    try:
        return int((path / OFFSET).read_text()[20:])
    except (OSError, ValueError):
        return 0


def _is_old(path: Path, now_ms: int) -> bool:
    return now_ms - path.stat().st_mtime_ns // 1_000_000 > KEPT_MS


def _note_offset(path: Path, file: IO[bytes], offset: int, now_ms: int) -> None:
    """The bytes first, then that they are there: forty digits, written at once."""
    file.flush()
    os.fsync(file.fileno())
    with (path / OFFSET).open("r+b") as note:
        note.write(f"{offset:020}{now_ms:020}".encode())
        note.flush()
        os.fsync(note.fileno())


def _cut(file: IO[bytes], offset: int) -> None:
    file.flush()
    file.truncate(offset)
    file.seek(offset)
