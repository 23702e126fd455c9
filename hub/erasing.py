"""Wakes the work on erasures as soon as something is asked for, and knows when none is left."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field


@dataclass(slots=True)
class Erasing:
    asked: asyncio.Event = field(default_factory=asyncio.Event)
    _idle: asyncio.Event = field(default_factory=asyncio.Event)

    def wake(self) -> None:
        self._idle.clear()
        self.asked.set()

    def rest(self) -> None:
        """Nothing is left to do, unless it was asked for in this moment."""
        if not self.asked.is_set():
            self._idle.set()

    async def until_idle(self) -> None:
        """What was asked for in this process so far is done."""
        await self._idle.wait()
