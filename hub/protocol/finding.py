"""Finding things and people: search."""

from __future__ import annotations

from hub.actions import search
from hub.payloads import search as search_payloads
from hub.protocol.paths import API
from hub.table import Announcement, Event, Limit, Route

# Somebody who types asks again at every pause.
SEARCHING = Limit(per_minute=120, burst=30)

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{API}/search", search.find, search_payloads.Find, search_payloads.Found,
          "What I may see, by its words.", None, limit=SEARCHING),
)

EVENTS: tuple[Event, ...] = ()

ANNOUNCEMENTS: tuple[Announcement, ...] = ()
# fmt: on
