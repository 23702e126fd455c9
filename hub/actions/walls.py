"""Cards on a wall. Only the hub writes walls, so that everybody can change what is theirs and nothing else.

What pupils make or change waits before the gate (`hub/gate.py`); moving and taking off one's own card does not.
"""

from __future__ import annotations

from typing import Any

from crdt_docs.content import wall, wall_layout
from crdt_docs.content.wall_card import check_body, check_places
from crdt_docs.errors import Absent
from hub import gate
from hub.access import Access, Act, access_content
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.names import outward
from hub.payloads.walls import Card, CardRef, ChangeCard, ChangeWall, MoveCard, PlaceCard, PostCard, WallLayout
from hub.wall_cards import FIELDS, read_change, read_new_card
from storage.records import Content, ContentId, Held, User

KIND = wall.KIND.name


async def post_card(context: Context, session: Session, payload: PostCard) -> Card:
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    user, fields = await outward(context, session.user), await read_new_card(context, session, content, payload)
    check_body(fields)
    check_places(fields)
    if not gate.must_wait(access):

        def add(doc: Any) -> wall.Card:
            return wall.add_card(
                doc,
                card_id=payload.client_card_id,
                author_id=user.id,
                author_name=user.display_name,
                school_id=user.school_id,
                at_ms=context.now_ms(),
                **fields,
            )

        return Card(**await context.live_docs.edit(content.id, KIND, add, user_id=user.id))
    # Sent again: it may have been let through meanwhile, changed, or refused.
    held = await gate.find(context, content, "card", payload.client_card_id)
    there = await read_card(context, content, payload.client_card_id)
    if there is not None or (held is not None and held.author_id != user.id):
        if there is not None and there["author_id"] == user.id:
            return Card(**there)
        raise Invalid("There is another card with this id.", field="client_card_id")
    if held is None:
        card_id = payload.client_card_id
        held = await gate.hold(context, content, user, "card", card_id, card_id=card_id, fields=fields, is_new=True)
    return shown_card(held, user, None)


async def change_card(context: Context, session: Session, payload: ChangeCard) -> Card:
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    given = await read_change(context, session, content, payload)
    if not gate.must_wait(access):
        at_ms = context.now_ms()
        changed = await context.live_docs.edit(
            content.id,
            KIND,
            lambda doc: wall.change_card(doc, payload.card_id, **given, at_ms=at_ms),
            user_id=session.user.id,
        )
        return Card(**changed)
    there, held = await _own_card(context, session, content, payload.card_id)
    fields: dict[str, Any]
    if there is None:
        assert held is not None
        fields = {**held.fields, **given}
        check_body(fields)
    else:
        wished: dict[str, Any] = {**(held.fields if held else {}), **given}
        fields = {name: value for name, value in wished.items() if value != there[name]}
        check_body({**there, **fields})
        if not fields:
            if held is not None:
                await _take_back(context, held)
            return Card(**there)
    held = await gate.hold(
        context,
        content,
        session.user,
        "card",
        payload.card_id,
        card_id=payload.card_id,
        fields=fields,
        is_new=there is None,
    )
    return shown_card(held, await outward(context, session.user), there)


async def move_card(context: Context, session: Session, payload: MoveCard) -> Card:
    """A place says nothing, so it needs nobody's leave. A card that waits goes there when it is let through."""
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    if (held := await _own_new(context, session, content, payload.card_id)) is not None:
        return await _place_held(context, session, content, held, {"after_card_id": payload.after_card_id})

    def move(doc: Any) -> wall.Card:
        _check_may_move(doc, access, session, payload.card_id)
        return wall.move_card(doc, payload.card_id, payload.after_card_id, at_ms=context.now_ms())

    return Card(**await context.live_docs.edit(content.id, KIND, move, user_id=session.user.id))


async def place_card(context: Context, session: Session, payload: PlaceCard) -> Card:
    """In a column, in time, on the map, on the canvas: like moving."""
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    places = payload.places()
    if (held := await _own_new(context, session, content, payload.card_id)) is not None:
        return await _place_held(context, session, content, held, places)

    def place(doc: Any) -> wall.Card:
        _check_may_move(doc, access, session, payload.card_id)
        return wall.place_card(doc, payload.card_id, places, at_ms=context.now_ms())

    return Card(**await context.live_docs.edit(content.id, KIND, place, user_id=session.user.id))


async def change_wall(context: Context, session: Session, payload: ChangeWall) -> WallLayout:
    """Its view, its columns, and who moves cards."""
    _, content = await access_wall(context, session, payload.content_id, Act.MODERATE)
    sections = None if payload.sections is None else [section.model_dump() for section in payload.sections]

    def change(doc: Any) -> dict[str, Any]:
        wall_layout.set_layout(doc, view=payload.view, all_move=payload.all_move, sections=sections)
        return wall_layout.read_layout(doc)

    return WallLayout(**await context.live_docs.edit(content.id, KIND, change, user_id=session.user.id))


async def remove_card(context: Context, session: Session, payload: CardRef) -> None:
    """With what waits for it. Of one that is not on the wall yet only its author can say so."""
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    held = await gate.find(context, content, "card", payload.card_id)

    def remove(doc: Any) -> None:
        _check_may_change(doc, access, session, payload.card_id)
        wall.remove_card(doc, payload.card_id)

    try:
        await context.live_docs.edit(content.id, KIND, remove, user_id=session.user.id)
    except Absent:
        if held is None or held.author_id != session.user.id:
            raise
    await gate.tell(context, await context.storage.gate.remove_of_card(content.id, payload.card_id))


async def access_wall(context: Context, session: Session, content_id: str, act: Act) -> tuple[Access, Content]:
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if content.kind != KIND:
        raise NotFound
    return access, content


async def read_card(context: Context, content: Content, card_id: str) -> wall.Card | None:
    try:
        return await context.live_docs.read(content.id, KIND, lambda doc: wall.get_card(doc, card_id))
    except Absent:
        return None


def shown_card(held: Held, author: User, there: wall.Card | None) -> Card:
    """As the card will be once it is let through."""
    # What was taken away from where it stood is null there.
    fields = {name: value for name, value in held.fields.items() if name in FIELDS and value is not None}
    base: wall.Card = there or {
        "id": held.id,
        "author_id": author.id,
        "author_name": author.display_name,
        "school_id": held.school_id,
        "position": "",
        "created_at_ms": held.held_at_ms,
        "changed_at_ms": held.held_at_ms,
    }
    return Card(**{**base, **fields}, waits=True)


async def _own_new(context: Context, session: Session, content: Content, card_id: str) -> Held | None:
    """One's own card that is not on the wall yet."""
    held = await gate.find(context, content, "card", card_id)
    if held is None or not held.is_new or held.author_id != session.user.id:
        return None
    return held if await read_card(context, content, card_id) is None else None


async def _place_held(context: Context, session: Session, content: Content, held: Held, places: dict[str, Any]) -> Card:
    fields = {**held.fields, **places}
    check_places(fields)
    held = await gate.hold(context, content, session.user, "card", held.id, card_id=held.id, fields=fields, is_new=True)
    return shown_card(held, await outward(context, session.user), None)


async def _own_card(
    context: Context, session: Session, content: Content, card_id: str
) -> tuple[wall.Card | None, Held | None]:
    """One's own card as everybody sees it, and what waits of it; one of them at least. Raise NotFound."""
    held = await gate.find(context, content, "card", card_id)
    there = await read_card(context, content, card_id)
    if held is not None and held.author_id != session.user.id:
        held = None
    if there is not None and there["author_id"] != session.user.id:
        raise NotFound
    if there is None and (held is None or not held.is_new):
        raise NotFound
    return there, held


async def _take_back(context: Context, held: Held) -> None:
    await context.storage.gate.remove(held.content_id, held.kind, held.id)
    await gate.tell(context, [held])


def _check_may_change(doc: Any, access: Access, session: Session, card_id: str) -> None:
    """Runs inside the edit, so that nothing can happen between the look and the change."""
    if wall.get_card(doc, card_id)["author_id"] != session.user.id and not access.may(Act.MODERATE):
        raise NotFound


def _check_may_move(doc: Any, access: Access, session: Session, card_id: str) -> None:
    if not wall_layout.read_layout(doc)["all_move"]:
        _check_may_change(doc, access, session, card_id)
