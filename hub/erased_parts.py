"""What erasing a person or a thing takes out of one document, and of blocks that were read from one."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from crdt_docs.content import wall, wall_talk, whiteboard
from crdt_docs.erasure import delete_text
from crdt_docs.limits import Limits
from crdt_docs.makers import makers
from hub.redaction import Change
from storage.records import UserId


def but_cards(card_ids: Collection[str]) -> Callable[[list[Any]], list[Any]]:
    """Of a wall's blocks, those of other cards."""
    return lambda cards: [card for card in cards if card["id"] not in card_ids]


def but_comments(comment_ids: Collection[str]) -> Callable[[list[Any]], list[Any]]:
    """A wall's blocks without these comments."""

    def left(cards: list[Any]) -> list[Any]:
        return [
            {**card, "comments": [each for each in card["comments"] if each["id"] not in comment_ids]} for card in cards
        ]

    return left


def cards_of(user_id: UserId, name: str | None) -> Change:
    """Takes their cards, comments and marks off a wall; with a name, puts it in place of theirs."""

    def change(doc: Any) -> int:
        own = [card["id"] for card in wall.cards(doc) if card["author_id"] == user_id]
        for card_id in own:
            if name is None:
                wall.remove_card(doc, card_id)
            else:
                wall.rename_author(doc, card_id, name)
        said = [comment["id"] for comment in wall_talk.comments(doc) if comment["author_id"] == user_id]
        for comment_id in said:
            if name is None:
                wall_talk.remove_comment(doc, comment_id)
            else:
                wall_talk.rename_commenter(doc, comment_id, name)
        marked = wall_talk.remove_marks(doc, user_id) if name is None else 0
        return len(own) + len(said) + marked

    return change


def renamed(said: dict[str, Any], user_id: UserId, name: str | None) -> dict[str, Any]:
    """What somebody said, under another name if it was this person."""
    return said if said["author_id"] != user_id or name is None else {**said, "author_name": name}


def text_of(clients: set[int], limits: Limits) -> Change:
    """Deletes what they wrote in texts."""
    return lambda doc: delete_text(doc, clients, limits)


def drawn_by(clients: set[int], limits: Limits) -> Change:
    """Takes what they put on a whiteboard off it, and what they wrote on others' things."""
    delete = text_of(clients, limits)

    def change(doc: Any) -> int:
        made = makers(doc.get_update(), whiteboard.OBJECTS, limits)
        own = [object_id for object_id, client in made.items() if client in clients]
        written: int = delete(doc)
        return written + whiteboard.remove_objects(doc, own)

    return change
