"""One recording on the disk while it runs: the files that the media process writes, and a note of whose they are.

The note is written before the first file is: whatever ends a hub, the next one knows what it finds.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from hub.data_folder import hold_data_dir

NOTE = "recording.json"
SUFFIXES = (".webm", ".mkv")


@dataclass(slots=True)
class Note:
    recording_id: str
    twinspace_id: str
    room_id: str
    started_by: str
    started_at_ms: int
    owners: dict[str, dict[str, str]] = field(default_factory=dict)
    """By file id: `user_id`, `display_name`, `source`."""
    began_at_ms: dict[str, int] = field(default_factory=dict)
    """By file name."""


class RecordingFolder:
    """Held by this process until `remove` or `let_go`. Methods block: call them in a thread; all raise OSError."""

    def __init__(self, path: Path, note: Note, hold: ExitStack) -> None:
        self.path = path
        self.note = note
        self._hold = hold

    @classmethod
    def create(cls, parent: Path, note: Note) -> RecordingFolder:
        path = parent / note.recording_id
        path.mkdir(mode=0o700, parents=True)
        folder = cls(path, note, _hold(path))
        folder.write_note()
        return folder

    def write_note(self) -> None:
        temporary = self.path / ".new-note"
        with temporary.open("w") as file:
            json.dump(asdict(self.note), file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, self.path / NOTE)

    def files(self) -> list[tuple[Path, dict[str, Any]]]:
        """Every file that holds anything, with what is known of it."""
        found = []
        for path in sorted(path for path in self.path.iterdir() if path.suffix in SUFFIXES):
            owner = self.note.owners.get(path.stem) or self.note.owners.get(path.stem.rpartition("-")[0])
            size_bytes = path.stat().st_size
            if owner is not None and size_bytes:
                began_at_ms = self.note.began_at_ms.get(path.name)
                about = {"file_id": path.stem, **owner, "began_at_ms": began_at_ms, "size_bytes": size_bytes}
                about["suffix"] = path.suffix
                found.append((path, about))
        return found

    def remove(self) -> None:
        """The files are kept elsewhere now, or nobody wants them."""
        shutil.rmtree(self.path)
        self.let_go()

    def let_go(self) -> None:
        self._hold.close()


def find_abandoned(parent: Path) -> Iterator[RecordingFolder]:
    """What hubs left behind that do not run any more; each is held by this process now."""
    for path in sorted(parent.iterdir()) if parent.is_dir() else ():
        try:
            hold = _hold(path)
        except OSError:
            continue  # another hub records there
        try:
            note = Note(**json.loads((path / NOTE).read_text()))
        except (OSError, ValueError, TypeError):
            # It ended before its note was written, so before its first file.
            hold.close()
            continue
        yield RecordingFolder(path, note, hold)


def _hold(path: Path) -> ExitStack:
    hold = ExitStack()
    hold.enter_context(hold_data_dir(path))
    return hold
