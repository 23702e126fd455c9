"""What everybody in a room looks at together."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from storage.records import ContentId, Opening, RoomId, SharedView


class SharedViews(Protocol):
    async def get(self, room_id: RoomId) -> SharedView:
        """An empty one of revision 0 where nothing was ever shared."""
        ...

    async def change(self, room_id: RoomId, change: Callable[[SharedView], SharedView]) -> SharedView:
        """A function of what is stored, run while nobody else can change it; it may be called more than once.

        The revision is counted here; what changes nothing is not written. What is opened anew becomes an Opening.
        """
        ...

    async def showing(self, content_id: ContentId) -> list[RoomId]:
        """The rooms in which this is open for all now."""
        ...

    async def openings(self, room_id: RoomId, since_ms: int, until_ms: int) -> list[Opening]:
        """What was opened in that time, both ends included, in its order."""
        ...
