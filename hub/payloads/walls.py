"""Cards on a wall, and what is said to them."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, Field, StringConstraints, field_validator, model_validator

from hub.payloads.fields import ONE_LINE, STORABLE, CardText, CardTitle, Drawing, Id, Payload, Reply, Tint
from hub.payloads.form_results import Count
from hub.payloads.materials import Alt, WebAddress

CommentText = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]

CardKind = Literal["text", "image", "file", "audio", "drawing", "link", "pointer", "poll"]
TargetKind = Literal["content", "material"]
View = Literal["wall", "columns", "timeline", "map", "canvas"]
Option = Annotated[str, StringConstraints(min_length=1, max_length=120, strip_whitespace=True), STORABLE, ONE_LINE]
Country = Annotated[str, StringConstraints(pattern=r"^([A-Z]{2})?$")]
Day = Annotated[str, StringConstraints(pattern=r"^([0-9]{4}-[0-9]{2}-[0-9]{2})?$")]
East = Annotated[int, Field(ge=-180_000, le=180_000)]
North = Annotated[int, Field(ge=-90_000, le=90_000)]
OnCanvas = Annotated[int, Field(ge=0, le=20_000)]
Layer = Annotated[int, Field(ge=0, le=2**31 - 1)]


class CardPlaces(BaseModel):
    """Where a card stands in each view. What is not given stays; null takes it from there."""

    section: Id | Literal[""] | None = None
    begins_on: Day | None = None
    ends_on: Day | None = None
    country: Country | None = None
    east: East | None = None
    """Thousandths of a degree."""
    north: North | None = None
    x: OnCanvas | None = None
    y: OnCanvas | None = None
    z: Layer | None = None
    """Cards with a greater one lie over the others."""

    def places(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in CardPlaces.model_fields if name in self.model_fields_set}


class Card(Reply):
    id: str
    title: str
    text: str
    tint: int
    author_id: str
    author_name: str
    school_id: str
    position: str
    """Empty of a card that is not on the wall yet."""
    created_at_ms: int
    changed_at_ms: int
    waits: bool = False
    """It is not on the wall like this: a teacher of the author's school has to let it through."""
    kind: CardKind = "text"
    file_id: str = ""
    """Of a picture, a file, a recording: `GET /walls/{content_id}/files/{file_id}`."""
    file_name: str = ""
    media_type: str = ""
    size_bytes: int = 0
    width: int = 0
    height: int = 0
    has_preview: bool = False
    nobody_pictured: bool = False
    """Nobody can be recognised in the picture: people outside may see it."""
    alt: str = ""
    url: str = ""
    drawing: Drawing | None = None
    target_kind: str = ""
    target_id: str = ""
    """What the card points to; its title is told by its own routes, to those who see it."""
    options: list[str] = []
    section: str = ""
    begins_on: str = ""
    ends_on: str = ""
    country: str = ""
    east: int | None = None
    north: int | None = None
    x: int | None = None
    y: int | None = None
    z: int = 0

    @field_validator("drawing", mode="before")
    @classmethod
    def _read_drawing(cls, value: Any) -> Any:
        """In the wall's document it is text."""
        return (json.loads(value) if value else None) if isinstance(value, str) else value


class Comment(Reply):
    id: str
    card_id: str
    text: str
    author_id: str
    author_name: str
    school_id: str
    created_at_ms: int
    changed_at_ms: int
    waits: bool = False


class PostCard(CardPlaces, Payload):
    content_id: Id
    client_card_id: Id
    """Made by the client and kept as the card's id; the same id sent again is answered with the card that is there."""
    title: CardTitle = ""
    text: CardText = ""
    tint: Tint = 1
    kind: CardKind = "text"
    file_id: Id | None = None
    """An upload of mine to this wall."""
    alt: Alt = ""
    url: WebAddress | Literal[""] = ""
    drawing: Drawing | None = None
    target_kind: TargetKind | None = None
    target_id: Id | None = None
    options: Annotated[list[Option], Field(max_length=8)] = []
    nobody_pictured: bool = False

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.kind == "text" and not self.title.strip() and not self.text.strip():
            raise ValueError("needs a title or a text")
        return self


class ChangeCard(Payload):
    content_id: Id
    card_id: Id
    title: CardTitle | None = None
    text: CardText | None = None
    tint: Tint | None = None
    alt: Alt | None = None
    url: WebAddress | None = None
    drawing: Drawing | None = None
    target_kind: TargetKind | None = None
    target_id: Id | None = None
    nobody_pictured: bool | None = None


class PlaceCard(CardPlaces, Payload):
    content_id: Id
    card_id: Id


class Section(BaseModel):
    id: Id
    title: Annotated[str, StringConstraints(min_length=1, max_length=80, strip_whitespace=True), STORABLE, ONE_LINE]


class ChangeWall(Payload):
    """What is not given stays."""

    content_id: Id
    view: View | None = None
    all_move: bool | None = None
    sections: Annotated[list[Section], Field(max_length=20)] | None = None
    """All columns, in their order."""


class WallLayout(Reply):
    view: View
    """That the wall opens with."""
    all_move: bool
    """Whether everybody who writes here moves all cards, not only their own."""
    sections: list[Section]


class CardFileRef(Payload):
    content_id: Id
    file_id: Id


class ChooseOption(Payload):
    content_id: Id
    card_id: Id
    option: Annotated[int, Field(ge=0, le=7)] | None
    """Its place in the list, from 0; null takes my choice back."""


class CardPoll(Reply):
    card_id: str
    mine: int | None
    counts: list[Count]
    """Of each option: all of it, and by school; cells under five are hidden."""


class CardPolls(Reply):
    polls: list[CardPoll]


class WallVoted(Reply):
    """Announced to who sees the wall: look again."""

    twinspace_id: str
    content_id: str


class MoveCard(Payload):
    content_id: Id
    card_id: Id
    after_card_id: Id | None
    """The card goes behind this one; null puts it first."""


class ExportWall(Payload):
    content_id: Id
    format: Literal["csv", "xlsx", "json", "html", "pdf"] = "csv"


class CardRef(Payload):
    content_id: Id
    card_id: Id


class PostComment(CardRef):
    client_comment_id: Id
    """As a card's."""
    text: CommentText


class CommentRef(Payload):
    content_id: Id
    comment_id: Id


class ChangeComment(CommentRef):
    text: CommentText


class MarkCard(CardRef):
    """What is not given stays; `""`, 0 and false take it back."""

    reaction: Literal["", "heart", "clap", "laugh", "wow", "think", "thanks"] | None = None
    stars: Annotated[int, Field(ge=0, le=5)] | None = None
    vote: bool | None = None


class Mark(Reply):
    card_id: str
    user_id: str
    reaction: str
    stars: int
    vote: bool
    choice: str
