"""Slides: pages of PDFs, alone or under a whiteboard."""

from __future__ import annotations

from hub.access import Act
from hub.actions import slides
from hub.payloads import contents as content_payloads
from hub.payloads import materials as material_payloads
from hub.payloads import operations as operation_payloads
from hub.payloads import slides as payloads
from hub.protocol.materials import FILES, MATERIAL
from hub.table import WRITING, Route

# fmt: off
ROUTES: tuple[Route, ...] = (
    Route("POST", f"{MATERIAL}/slides", slides.make_slides, material_payloads.MaterialRef, content_payloads.Content,
          "Make a whiteboard of a PDF, with its pages under it.", Act.CREATE, status=201, limit=WRITING),
    Route("GET", f"{MATERIAL}/page", slides.fetch_page, payloads.PageRef, operation_payloads.Download,
          "A page of a PDF as a picture.", Act.READ, limit=FILES),
)
# fmt: on
