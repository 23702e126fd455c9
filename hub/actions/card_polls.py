"""Polls on cards: one question, one choice for each person. Who chose what is in no document; others see counts."""

from __future__ import annotations

from crdt_docs.content import wall
from hub.access import Act
from hub.actions.walls import KIND, access_wall
from hub.audience import tell
from hub.card_choices import count_choices, votes_by_card
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.payloads.contents import ContentRef
from hub.payloads.walls import CardPoll, CardPolls, ChooseOption, WallVoted
from storage.records import CardVote


async def choose_option(context: Context, session: Session, payload: ChooseOption) -> None:
    _, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    card = await context.live_docs.read(content.id, KIND, lambda doc: wall.get_card(doc, payload.card_id))
    if card["kind"] != "poll":
        raise NotFound
    user, cards = session.user, context.storage.cards
    if payload.option is None:
        await cards.take_vote_back(content.id, card["id"], user.id)
    elif payload.option >= len(card["options"]):
        raise Invalid(f"This poll has {len(card['options'])} options.", field="option")
    else:
        vote = CardVote(content.id, card["id"], user.id, user.school_id, payload.option, context.now_ms())
        await cards.vote(vote)
    event = WallVoted(twinspace_id=content.twinspace_id, content_id=content.id)
    await tell(context, content.twinspace_id, content, "wall:voted", event)


async def read_polls(context: Context, session: Session, payload: ContentRef) -> CardPolls:
    """Of the cards that are on the wall."""
    _, content = await access_wall(context, session, payload.content_id, Act.READ)
    found = await context.live_docs.read(content.id, KIND, wall.cards)
    given = await votes_by_card(context, content.id)
    return CardPolls(
        polls=[
            CardPoll(
                card_id=card["id"],
                mine=next((each.option for each in given.get(card["id"], ()) if each.user_id == session.user.id), None),
                counts=count_choices(card["options"], given.get(card["id"], ())),
            )
            for card in found
            if card["kind"] == "poll"
        ]
    )
