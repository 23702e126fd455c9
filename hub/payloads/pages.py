"""Documents as pages: a tree that teachers arrange."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from hub.payloads.fields import Id, Payload, Reply
from storage.records import Rung

MOST_PAGES = 300


class Page(Reply):
    content_id: str
    parent_id: str | None
    """A page before it in the list."""
    title: str
    visibility: Rung
    changed_at_ms: int


class Pages(Reply):
    pages: list[Page]
    """In reading order: every page, then those below it. The first is the TwinSpace's home page."""
    revision: str


class FrontPage(Reply):
    """What a home shows of its first page."""

    page: Page | None
    """None as long as there is none that I see."""
    blocks: list[Any]
    """As in snapshots; the first of them, if there are many."""
    more: bool


class PlacedPage(Payload):
    content_id: Id
    parent_id: Id | None = None


class ArrangePages(Payload):
    twinspace_id: Id
    pages: Annotated[list[PlacedPage], Field(max_length=MOST_PAGES)]
    revision: Annotated[str, StringConstraints(max_length=64)]
    """Of the tree that one has seen."""


class PagesArranged(Reply):
    twinspace_id: str
