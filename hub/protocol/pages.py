"""The tree of pages."""

from __future__ import annotations

from hub.access import Act
from hub.actions import pages
from hub.payloads import pages as page_payloads
from hub.payloads import twinspaces as twinspace_payloads
from hub.protocol.paths import TWINSPACE
from hub.table import WRITING, Announcement, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("GET", f"{TWINSPACE}/pages", pages.read_pages, twinspace_payloads.TwinspaceRef, page_payloads.Pages,
          "The pages that I see, in reading order; the first is the home page.", Act.READ),
    Route("GET", f"{TWINSPACE}/front_page", pages.read_front_page, twinspace_payloads.TwinspaceRef,
          page_payloads.FrontPage, "What a home shows of its first page.", Act.READ),
    Route("PUT", f"{TWINSPACE}/pages", pages.arrange_pages, page_payloads.ArrangePages, page_payloads.Pages,
          "Put documents in this order and below one another.", Act.ARRANGE, limit=WRITING),
)

ANNOUNCEMENTS: tuple[Announcement, ...] = (
    Announcement("pages:arranged", page_payloads.PagesArranged, "The pages have another order: read them again."),
)
# fmt: on
