"""Documents, walls and forms as they are listed; what is inside them lives in their own protocols."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import StringConstraints

from hub.payloads.fields import Id, Payload, Reply, Title
from storage import records
from storage.records import Rung

Kind = Annotated[str, StringConstraints(min_length=1, max_length=40, pattern=r"^[a-z_]+$")]


class Content(Reply):
    id: str
    twinspace_id: str
    kind: str
    title: str
    created_by: str
    created_at_ms: int
    changed_at_ms: int
    visibility: Rung
    team_id: str | None
    is_slides: bool = False
    """A whiteboard with the pages of a PDF under it."""

    @classmethod
    def of(cls, content: records.Content) -> Self:
        return cls(
            id=content.id,
            twinspace_id=content.twinspace_id,
            kind=content.kind,
            title=content.title,
            created_by=content.created_by,
            created_at_ms=content.created_at_ms,
            changed_at_ms=content.changed_at_ms,
            visibility=content.visibility,
            team_id=content.team_id,
            is_slides=content.is_slides,
        )


class Contents(Reply):
    contents: list[Content]


class ContentRef(Payload):
    content_id: Id


class CreateContent(Payload):
    twinspace_id: Id
    kind: Kind
    title: Title


class RenameContent(Payload):
    content_id: Id
    title: Title


class ChangeVisibility(Payload):
    """Of any item; the models of other kinds add their own id."""

    visibility: Rung
    team_id: Id | None = None


class ChangeContentVisibility(ChangeVisibility):
    content_id: Id


class ItemHidden(Reply):
    twinspace_id: str
    item_id: str
