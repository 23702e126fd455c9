"""The pages of PDFs as pictures and words; drawn in a process of their own, with limits, and once for a whole class."""

from __future__ import annotations

import asyncio
import json
import sys
from collections import OrderedDict
from pathlib import Path
from typing import Any

from hub.errors import Invalid, NotFound
from hub.previews import AT_ONCE, TIMEOUT_S, run_contained

KEPT_BYTES = 32 << 20


class PdfPages:
    """Keeps what was drawn last in memory: nothing lies on the disk that would outlive its PDF."""

    def __init__(self, timeout_s: float = TIMEOUT_S, kept_bytes: int = KEPT_BYTES) -> None:
        self._timeout_s = timeout_s
        self._kept_bytes = kept_bytes
        self._free = asyncio.Semaphore(AT_ONCE)
        self._kept: OrderedDict[tuple[Path, int], bytes] = OrderedDict()
        self._turns: dict[tuple[Path, int], asyncio.Lock] = {}

    async def read(self, path: Path) -> list[dict[str, Any]]:
        """Width, height and words of each page. Raise Invalid, saying why, for what can't be shown page by page."""
        written = await self._ask(str(path))
        said: dict[str, Any] = (
            json.loads(written) if written is not None else {"refused": "This PDF is broken, or too much to open."}
        )
        if "refused" in said:
            raise Invalid(str(said["refused"]), field="material_id")
        pages: list[dict[str, Any]] = said["pages"]
        return pages

    async def draw(self, path: Path, page: int) -> bytes:
        """A WebP. Raise NotFound for a page that isn't there or can't be drawn."""
        key = (path, page)
        # Thirty pupils whose teacher turns a page ask at the same moment: the first one's drawing is everybody's.
        turn = self._turns.setdefault(key, asyncio.Lock())
        try:
            async with turn:
                drawn = self._kept.get(key)
                if drawn is None:
                    drawn = await self._ask(str(path), str(page))
                    if not drawn:
                        raise NotFound
                    self._keep(key, drawn)
        finally:
            if not turn.locked():
                self._turns.pop(key, None)
        self._kept.move_to_end(key)
        return drawn

    def _keep(self, key: tuple[Path, int], drawn: bytes) -> None:
        self._kept[key] = drawn
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > self._kept_bytes:
            self._kept.popitem(last=False)

    async def _ask(self, *asked: str) -> bytes | None:
        async with self._free:
            return await run_contained((sys.executable, "-m", "hub.page_worker", *asked), self._timeout_s)
