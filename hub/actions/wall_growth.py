"""How a wall grew, for who reads it."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import wall, wall_talk
from hub.access import Act
from hub.actions.walls import KIND, access_wall
from hub.context import Context, Session
from hub.names import read_people
from hub.payloads.contents import ContentRef
from hub.payloads.wall_growth import GrowthStep, WallGrowth
from hub.wall_growth import steps
from storage.records import UserId


async def read_growth(context: Context, session: Session, payload: ContentRef) -> WallGrowth:
    """With the names that the asker may read."""
    _, content = await access_wall(context, session, payload.content_id, Act.READ)

    def read(doc: Any) -> tuple[list[wall.Card], list[wall_talk.Comment]]:
        return wall.cards(doc), wall_talk.comments(doc)

    found = steps(*await context.live_docs.read(content.id, KIND, read))
    people = await read_people(context, session.user, {UserId(step.author_id) for step in found if step.author_id})
    return WallGrowth(
        steps=[
            GrowthStep(
                at_ms=step.at_ms,
                card_id=step.card_id,
                author_id=step.author_id,
                author_name=people[UserId(step.author_id)].display_name if step.author_id else "",
                school_id=step.school_id,
                cards=step.cards,
                comments=step.comments,
            )
            for step in found
        ]
    )
