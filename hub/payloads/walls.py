"""Cards on a wall."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from hub.payloads.fields import CardText, CardTitle, Id, Payload, Reply, Tint


class Card(Reply):
    id: str
    title: str
    text: str
    tint: int
    author_id: str
    author_name: str
    school_id: str
    position: str
    created_at_ms: int
    changed_at_ms: int


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


class CardRef(Payload):
    content_id: Id
    card_id: Id
