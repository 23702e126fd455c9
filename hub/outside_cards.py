"""What of a wall's cards is seen outside beside their words: pictures in which nobody can be recognised, and of polls
the numbers that may be told, of all schools together.

Sounds and files stay inside: no consent is asked for voices, and nobody says of a file whom it shows.
"""

from __future__ import annotations

from typing import Any

from crdt_docs.content import wall
from hub.card_choices import count_choices, votes_by_card
from hub.context import Context
from hub.file_types import PICTURES
from storage.records import CardFile, Content, ContentId, TwinspaceId


async def open_pictures(context: Context, content: Content) -> dict[str, CardFile]:
    """By their cards' ids; asked anew each time: what is said otherwise, hidden or taken off is closed at once."""
    cards = await context.live_docs.read(content.id, content.kind, wall.cards)
    shown = {card["file_id"]: card["id"] for card in cards if card["kind"] == "image" and card["nobody_pictured"]}
    files = await context.storage.cards.files(content.id) if shown else []
    return {shown[file.id]: file for file in files if file.id in shown and file.media_type in PICTURES}


async def with_choices(context: Context, content_id: ContentId, cards: list[Any]) -> list[Any]:
    """No school is named: whose pupils chose what is nobody's business outside."""
    votes = await votes_by_card(context, content_id) if any(card["options"] for card in cards) else {}

    def told(card: Any) -> Any:
        counts = count_choices(card["options"], votes.get(card["id"], ()))
        return card | {"counts": [count.model_copy(update={"by_school": {}}).model_dump() for count in counts]}

    return [told(card) if card["options"] else card for card in cards]


async def without_hidden(
    context: Context, twinspace_id: TwinspaceId, content_id: str, cards: list[Any]
) -> tuple[list[Any], int]:
    """Of a wall as it was sealed: without what somebody hid since; and how many cards that were."""
    taken = await context.storage.safety.hidden_ids(twinspace_id, "card")
    silent = await context.storage.safety.hidden_ids(twinspace_id, "comment")
    left = [
        card | {"comments": [each for each in card.get("comments") or () if f"{content_id}:{each['id']}" not in silent]}
        for card in cards
        if f"{content_id}:{card['id']}" not in taken
    ]
    return left, len(cards) - len(left)
