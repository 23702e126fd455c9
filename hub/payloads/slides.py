"""Pages of PDFs, alone or under a whiteboard."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from hub.payloads.materials import VersionRef


class PageRef(VersionRef):
    page: Annotated[int, Field(ge=1, le=10_000)] = 1
