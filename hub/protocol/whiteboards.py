"""Whiteboards: what their documents don't say by themselves."""

from __future__ import annotations

from hub.access import Act
from hub.actions import board_exports, whiteboards
from hub.payloads import contents as content_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import whiteboards as payloads
from hub.protocol.paths import RARE, WHITEBOARD
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
    Route("GET", f"{WHITEBOARD}/export", board_exports.export_board, payloads.ExportBoard, operation_payloads.Download,
          "The whiteboard as a drawing, a picture or on paper.", Act.READ, limit=RARE),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("whiteboard:locked", payloads.BoardLocked, "A whiteboard was locked or opened, for all or for some."),
)
# fmt: on
