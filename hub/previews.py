"""Has uploaded pictures, films and PDFs opened in a process of their own, with limits: a bomb costs that process."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from hub.errors import Invalid
from hub.file_types import FILMS, PICTURES, UNKNOWN

TIMEOUT_S = 30.0
AT_ONCE = 2
CLEANED = PICTURES | FILMS
OPENED = CLEANED | {"application/pdf"}


@dataclass(frozen=True, slots=True)
class Looked:
    media_type: str
    """UNKNOWN when the file is not what its first bytes promised: it is kept, and never shown."""
    file: Path
    """The file to keep: without what a camera wrote beside picture or film."""
    preview: Path | None = None
    width: int = 0
    height: int = 0


class Previews:
    def __init__(self, timeout_s: float = TIMEOUT_S) -> None:
        self._timeout_s = timeout_s
        self._free = asyncio.Semaphore(AT_ONCE)

    async def look(self, folder: Path, media_type: str) -> Looked:
        """Open `folder/data`. Raise Invalid for a picture of too many pixels."""
        if media_type not in OPENED:
            return Looked(media_type, folder / "data")
        async with self._free:
            said = await self._ask(folder, media_type)
        if said is None:
            return Looked(UNKNOWN if media_type in CLEANED else media_type, folder / "data")
        if "refused" in said:
            raise Invalid(str(said["refused"]), field="file")
        clean, preview = folder / "clean", folder / "preview"
        return Looked(
            media_type if said.get("has_pictures", True) else media_type.replace("video/", "audio/"),
            clean if clean.exists() else folder / "data",
            preview if preview.exists() else None,
            int(said["width"]),
            int(said["height"]),
        )

    async def _ask(self, folder: Path, media_type: str) -> dict[str, int] | None:
        """None: the file is broken, or made to break what opens it."""
        for left in ("clean", "preview"):
            (folder / left).unlink(missing_ok=True)
        said = await run_contained(
            (sys.executable, "-m", "hub.preview_worker", str(folder), media_type), self._timeout_s
        )
        if said is None:
            return None
        answer: dict[str, int] = json.loads(said)
        return answer


async def run_contained(command: Sequence[str], timeout_s: float) -> bytes | None:
    """What a worker that holds itself to limits wrote; None when it died, or was too slow and was ended."""
    process = await asyncio.create_subprocess_exec(
        *command,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(timeout_s):
            said, _ = await process.communicate()
    except BaseException as error:
        if process.returncode is None:
            process.kill()
        await process.communicate()
        if isinstance(error, TimeoutError):
            return None
        raise
    return said if process.returncode == 0 else None
