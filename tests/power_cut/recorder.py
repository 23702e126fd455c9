"""What a program changed in its folder, in order, as `recorder.c` wrote it down."""

from __future__ import annotations

import enum
import os
import posixpath
import struct
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from hub.native_build import FLAGS, compiler

SOURCE = Path(__file__).with_name("recorder.c")
_HEAD = struct.Struct("<IIQqQ")


class Kind(enum.IntEnum):
    CREATE = 1
    WRITE = 2
    TRUNCATE = 3
    SYNC_BEGIN = 4
    SYNC_END = 5
    RENAME = 6
    UNLINK = 7
    LINK = 8
    MAKE_FOLDER = 9
    REMOVE_FOLDER = 10
    NOT_UNDERSTOOD = 11


@dataclass(frozen=True, slots=True)
class Change:
    kind: Kind
    end: int
    """How long the log is with it."""
    path: str = ""
    """Relative to the folder; `.` is the folder itself."""
    new_path: str = ""
    inode: int = 0
    offset: int = 0
    """Of a write; the size after a truncation; the number of a sync."""
    data: bytes = b""


class Recorder:
    """Compiled when made; give `environment` to the program."""

    def __init__(self, folder: Path, place: Path) -> None:
        self.folder = folder
        self._log = place / "changes.log"
        library = place / "recorder.so"
        subprocess.run([*compiler(), *FLAGS, "-pthread", "-o", str(library), str(SOURCE)], check=True)
        self.environment = {
            "LD_PRELOAD": str(library),
            "POWER_CUT_FOLDER": str(folder),
            "POWER_CUT_LOG": str(self._log),
        }

    def now(self) -> int:
        """How long the log is; whatever somebody was told before has happened up to here."""
        return os.stat(self._log).st_size

    def changes(self) -> Iterator[Change]:
        """Raise AssertionError at a change that can't be simulated."""
        log = self._log.read_bytes()
        at = 0
        while at < len(log):
            kind, path_size, inode, offset, data_size = _HEAD.unpack_from(log, at)
            at += _HEAD.size
            paths = os.fsdecode(log[at : at + path_size]).split("\0")
            at += path_size
            data = log[at : at + data_size]
            at += data_size
            assert kind != Kind.NOT_UNDERSTOOD, f"the recorder does not know how to keep {paths[0]}"
            path, new_path = (self._inside(path) for path in (paths[0], paths[-1]))
            yield Change(Kind(kind), at, path, new_path, inode, offset, data)

    def _inside(self, path: str) -> str:
        return posixpath.relpath(path, self.folder) if path else ""
