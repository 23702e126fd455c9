"""What the processes of one hub tell each other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol


class Bus(Protocol):
    """Carries bytes between the processes of one hub; keeps nothing."""

    async def publish(self, channel: str, data: bytes) -> None:
        """Raise Unavailable when the bus is down, ValueError over 4 MiB."""
        ...

    def subscribe(self, channel: str) -> AsyncIterator[bytes]:
        """Everything published on the channel from now on, by this process too; ends when the bus is closed.

        Through Redis "now" is not sharp: what was published a moment before may come too, and what other processes
        publish before Redis has confirmed may not.
        Raise Missed, once and as the end, when something may have been lost on the way.
        """
        ...

    def has_others(self, channel: str) -> bool:
        """Whether anybody but the one who asks, and listens too, may hear what is published on the channel."""
        ...

    async def close(self) -> None: ...
