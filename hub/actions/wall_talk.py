"""Comments on cards, which wait before the gate as cards do; reactions, stars and votes, which need not.

What is said to rubrics goes the same way (`access_talk`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crdt_docs.content import KINDS, wall, wall_talk
from crdt_docs.errors import Absent
from hub import gate
from hub.access import Access, Act, access_content
from hub.actions.walls import KIND, access_wall
from hub.context import Context, Session
from hub.errors import Conflict, Invalid, NotFound
from hub.names import outward
from hub.payloads.walls import ChangeComment, Comment, CommentRef, CommentText, Mark, MarkCard, PostComment
from hub.rubric_talk import is_closed
from storage.records import Content, ContentId, Held, User


async def post_comment(context: Context, session: Session, payload: PostComment) -> Comment:
    access, content = await access_wall(context, session, payload.content_id, Act.WRITE)
    return await say(
        context,
        access,
        content,
        comment_id=payload.client_comment_id,
        card_id=payload.card_id,
        text=payload.text,
        check=lambda doc: wall.get_card(doc, payload.card_id),
    )


async def say(
    context: Context,
    access: Access,
    content: Content,
    *,
    comment_id: str,
    card_id: str,
    text: CommentText,
    check: Callable[[Any], Any] = lambda doc: None,
) -> Comment:
    """Add a comment, or let it wait; `check(doc)` raises when there is nothing that it could be on."""
    user = await outward(context, access.user)
    if not gate.must_wait(access):

        def add(doc: Any) -> wall_talk.Comment:
            check(doc)
            return wall_talk.add_comment(
                doc,
                comment_id=comment_id,
                card_id=card_id,
                text=text,
                author_id=user.id,
                author_name=user.display_name,
                school_id=user.school_id,
                at_ms=context.now_ms(),
            )

        return Comment(**await context.live_docs.edit(content.id, content.kind, add, user_id=user.id))
    held = await gate.find(context, content, "comment", comment_id)
    there = await read_comment(context, content, comment_id)
    if there is not None or (held is not None and held.author_id != user.id):
        if there is not None and there["author_id"] == user.id:
            return Comment(**there)
        raise Invalid("There is another comment with this id.", field="client_comment_id")
    await context.live_docs.read(content.id, content.kind, check)
    if held is None:
        held = await gate.hold(
            context,
            content,
            user,
            "comment",
            comment_id,
            card_id=card_id,
            fields={"text": text},
            is_new=True,
        )
    return shown_comment(held, user, None)


async def change_comment(context: Context, session: Session, payload: ChangeComment) -> Comment:
    """One's own: nobody puts words into others' mouths, teachers take them off."""
    access, content = await access_talk(context, session, payload.content_id, Act.WRITE)
    if await is_closed(context, content):
        raise Conflict("This rubric is sealed, and what was said to it stays as it is.")
    there, held = await _own_comment(context, session, content, payload.comment_id)
    if there is not None and not gate.must_wait(access):
        at_ms = context.now_ms()
        changed = await context.live_docs.edit(
            content.id,
            content.kind,
            lambda doc: wall_talk.change_comment(doc, payload.comment_id, text=payload.text, at_ms=at_ms),
            user_id=session.user.id,
        )
        return Comment(**changed)
    if there is not None and there["text"] == payload.text:
        if held is not None:
            await context.storage.gate.remove(content.id, "comment", held.id)
            await gate.tell(context, [held])
        return Comment(**there)
    held = await gate.hold(
        context,
        content,
        session.user,
        "comment",
        payload.comment_id,
        card_id=there["card_id"] if there is not None else held.card_id if held is not None else "",
        fields={"text": payload.text},
        is_new=there is None,
    )
    return shown_comment(held, await outward(context, session.user), there)


async def remove_comment(context: Context, session: Session, payload: CommentRef) -> None:
    """One's own, or any with `moderate`; one that waits, its author alone."""
    access, content = await access_talk(context, session, payload.content_id, Act.WRITE)
    held = await gate.find(context, content, "comment", payload.comment_id)

    def remove(doc: Any) -> None:
        _check_may_remove(doc, access, session, payload.comment_id)
        wall_talk.remove_comment(doc, payload.comment_id)

    try:
        await context.live_docs.edit(content.id, content.kind, remove, user_id=session.user.id)
    except Absent:
        if held is None or held.author_id != session.user.id:
            raise
    if held is not None:
        await context.storage.gate.remove(content.id, "comment", held.id)
        await gate.tell(context, [held])


async def mark_card(context: Context, session: Session, payload: MarkCard) -> Mark:
    """A reaction, stars, a vote: one of each kind from everybody, for everybody to see."""
    _, content = await access_wall(context, session, payload.content_id, Act.WRITE)

    def mark(doc: Any) -> wall_talk.Mark:
        wall.get_card(doc, payload.card_id)
        return wall_talk.set_mark(
            doc,
            payload.card_id,
            session.user.id,
            reaction=payload.reaction,
            stars=payload.stars,
            vote=payload.vote,
        )

    return Mark(**await context.live_docs.edit(content.id, KIND, mark, user_id=session.user.id))


async def access_talk(context: Context, session: Session, content_id: str, act: Act) -> tuple[Access, Content]:
    """A wall, or what is said to a rubric."""
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if not KINDS[content.kind].has_talk:
        raise NotFound
    return access, content


async def read_comment(context: Context, content: Content, comment_id: str) -> wall_talk.Comment | None:
    try:
        return await context.live_docs.read(
            content.id, content.kind, lambda doc: wall_talk.get_comment(doc, comment_id)
        )
    except Absent:
        return None


def shown_comment(held: Held, author: User, there: wall_talk.Comment | None) -> Comment:
    """As it will be once it is let through."""
    base: wall_talk.Comment = there or {
        "id": held.id,
        "card_id": held.card_id,
        "author_id": author.id,
        "author_name": author.display_name,
        "school_id": held.school_id,
        "created_at_ms": held.held_at_ms,
        "changed_at_ms": held.held_at_ms,
    }
    return Comment(**{**base, "text": held.fields["text"]}, waits=True)


async def _own_comment(
    context: Context, session: Session, content: Content, comment_id: str
) -> tuple[wall_talk.Comment | None, Held | None]:
    held = await gate.find(context, content, "comment", comment_id)
    there = await read_comment(context, content, comment_id)
    if there is not None and there["author_id"] != session.user.id:
        raise NotFound
    if held is not None and held.author_id != session.user.id:
        held = None
    if there is None and (held is None or not held.is_new):
        raise NotFound
    return there, held


def _check_may_remove(doc: Any, access: Access, session: Session, comment_id: str) -> None:
    comment = wall_talk.get_comment(doc, comment_id)
    if comment["author_id"] != session.user.id and not access.may(Act.MODERATE):
        raise NotFound
