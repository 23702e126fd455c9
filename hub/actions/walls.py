"""Cards on a wall. Only the hub writes walls, so that everybody can change what is theirs and nothing else."""

from __future__ import annotations

from typing import Any

from crdt_docs.content import wall
from hub.access import Access, Act, access_content
from hub.context import Context, Session
from hub.errors import NotFound
from hub.names import outward
from hub.payloads.walls import Card, CardRef, ChangeCard, MoveCard, PostCard
from storage.records import ContentId

KIND = wall.KIND.name


async def post_card(context: Context, session: Session, payload: PostCard) -> Card:
    _, content_id = await _access_wall(context, session, payload.content_id)
    user, called = session.user, await outward(context, session.user)

    def add(doc: Any) -> wall.Card:
        return wall.add_card(
            doc,
            card_id=payload.client_card_id,
            title=payload.title,
            text=payload.text,
            tint=payload.tint,
            author_id=user.id,
            author_name=called.display_name,
            school_id=user.school_id,
            at_ms=context.now_ms(),
        )

    return Card(**await context.live_docs.edit(content_id, KIND, add, user_id=user.id))


async def change_card(context: Context, session: Session, payload: ChangeCard) -> Card:
    access, content_id = await _access_wall(context, session, payload.content_id)

    def change(doc: Any) -> wall.Card:
        _check_may_change(doc, access, session, payload.card_id)
        return wall.change_card(
            doc, payload.card_id, title=payload.title, text=payload.text, tint=payload.tint, at_ms=context.now_ms()
        )

    return Card(**await context.live_docs.edit(content_id, KIND, change, user_id=session.user.id))


async def move_card(context: Context, session: Session, payload: MoveCard) -> Card:
    access, content_id = await _access_wall(context, session, payload.content_id)

    def move(doc: Any) -> wall.Card:
        _check_may_change(doc, access, session, payload.card_id)
        return wall.move_card(doc, payload.card_id, payload.after_card_id, at_ms=context.now_ms())

    return Card(**await context.live_docs.edit(content_id, KIND, move, user_id=session.user.id))


async def remove_card(context: Context, session: Session, payload: CardRef) -> None:
    access, content_id = await _access_wall(context, session, payload.content_id)

    def remove(doc: Any) -> None:
        _check_may_change(doc, access, session, payload.card_id)
        wall.remove_card(doc, payload.card_id)

    await context.live_docs.edit(content_id, KIND, remove, user_id=session.user.id)


async def _access_wall(context: Context, session: Session, content_id: str) -> tuple[Access, ContentId]:
    access, content = await access_content(context, session.user, ContentId(content_id), Act.WRITE)
    if content.kind != KIND:
        raise NotFound
    return access, content.id


def _check_may_change(doc: Any, access: Access, session: Session, card_id: str) -> None:
    """Runs inside the edit, so that nothing can happen between the look and the change."""
    if wall.get_card(doc, card_id)["author_id"] != session.user.id and not access.may(Act.MODERATE):
        raise NotFound
