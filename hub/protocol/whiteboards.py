"""Whiteboards: what their documents don't say by themselves."""

from __future__ import annotations

from hub.access import Act
from hub.actions import whiteboards
from hub.payloads import contents as content_payloads
from hub.payloads import whiteboards as payloads
from hub.protocol.paths import WHITEBOARD
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{WHITEBOARD}/drawers", whiteboards.read_drawers, content_payloads.ContentRef, payloads.Drawers,
          "Whose Yjs client ids draw on a whiteboard.", Act.READ),
    Route("GET", f"{WHITEBOARD}/lock", whiteboards.read_lock, content_payloads.ContentRef, payloads.BoardLock,
          "Who only reads a whiteboard for now.", Act.READ),
    Route("PATCH", f"{WHITEBOARD}/lock", whiteboards.change_lock, payloads.ChangeBoardLock, payloads.BoardLock,
          "Lock a whiteboard for those who don't moderate, or for single members, or open it again.", Act.MODERATE,
          limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("whiteboard:locked", payloads.BoardLocked, "A whiteboard was locked or opened, for all or for some."),
)
# fmt: on
