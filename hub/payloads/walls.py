"""Cards on a wall, and what is said to them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from hub.payloads.fields import STORABLE, CardText, CardTitle, Id, Payload, Reply, Tint

CommentText = Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]


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


class PostCard(Payload):
    content_id: Id
    client_card_id: Id
    """Made by the client and kept as the card's id; the same id sent again is answered with the card that is there."""
    title: CardTitle = ""
    text: CardText = ""
    tint: Tint = 1

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.title.strip() and not self.text.strip():
            raise ValueError("needs a title or a text")
        return self


class ChangeCard(Payload):
    content_id: Id
    card_id: Id
    title: CardTitle | None = None
    text: CardText | None = None
    tint: Tint | None = None


class MoveCard(Payload):
    content_id: Id
    card_id: Id
    after_card_id: Id | None
    """The card goes behind this one; null puts it first."""


class ExportWall(Payload):
    content_id: Id
    format: Literal["csv", "xlsx", "json", "html"] = "csv"


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
