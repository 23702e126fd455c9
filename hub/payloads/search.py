"""Searching by words."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import Id, Payload, Reply
from storage.records import SearchKind

Query = Annotated[str, StringConstraints(max_length=200)]
"""Any text: what means nothing finds nothing."""
Offset = Annotated[int, Field(ge=0, le=1_000)]


class Find(Payload):
    q: Query = ""
    kind: SearchKind | None = None
    """Only these, more of them, from `offset` on."""
    twinspace_id: Id | None = None
    offset: Offset = 0


class Piece(Reply):
    text: str
    hit: bool
    """Whether it was looked for."""


class Hit(Reply):
    kind: SearchKind
    id: str
    twinspace_id: str | None
    twinspace_title: str | None
    place: str
    """What leads to it beside the id: the kind of a content, the verb of a journal entry, the thread of a post."""
    title: list[Piece]
    snippet: list[Piece]
    display_name: str
    at_ms: int


class HitGroup(Reply):
    kind: SearchKind
    hits: list[Hit]
    more: bool


class Found(Reply):
    groups: list[HitGroup]
    """Those in which something was found."""
