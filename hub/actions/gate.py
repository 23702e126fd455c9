"""What waits before walls and before what is said to rubrics: see one's own and, as a teacher, one's school's; let
through, refuse, take back."""

from __future__ import annotations

from collections.abc import Iterable

from crdt_docs.content import KINDS, wall, wall_talk
from crdt_docs.content.kind import Doc
from hub import gate
from hub.access import Access, Act, access_twinspace, read_sight
from hub.actions.wall_talk import access_talk, shown_comment
from hub.actions.walls import shown_card
from hub.content_parts import whole_id
from hub.context import Context, Session
from hub.errors import Conflict, HubError, NotFound
from hub.payloads.contents import ContentRef
from hub.payloads.gate import Approve, ApproveAll, ApprovedAll, HeldRef, HeldThing, HeldThings, Refuse
from hub.payloads.twinspaces import TwinspaceRef
from hub.payloads.walls import Card, Comment
from hub.roster import read_users
from hub.rubric_talk import read_places
from storage import ports
from storage.records import Content, Held, TwinspaceId, User, UserId


async def list_held(context: Context, session: Session, payload: ContentRef) -> HeldThings:
    """On one wall: my own, and what waits for me to decide; the refused of my school's pupils too."""
    access, content = await access_talk(context, session, payload.content_id, Act.READ)
    found = await gate.finish_all(context, await context.storage.gate.of_content(content.id))
    return HeldThings(held=await _describe(context, content, [held for held in found if gate.may_see(access, held)]))


async def read_queue(context: Context, session: Session, payload: TwinspaceRef) -> HeldThings:
    """What waits for me to decide, on all walls of the TwinSpace that I see."""
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.GATE)
    waiting = await gate.finish_all(
        context, await context.storage.gate.of_school([access.twinspace.id], session.user.school_id)
    )
    hidden = await context.storage.safety.hidden_ids(access.twinspace.id, "content")
    seen = await context.storage.contents.of_twinspace(access.twinspace.id, await read_sight(context, access))
    shown: list[HeldThing] = []
    for content in seen:
        if not {content.id, whole_id(content.id)} & hidden and (
            here := [held for held in waiting if held.content_id == content.id]
        ):
            shown += await _describe(context, content, here)
    return HeldThings(held=sorted(shown, key=lambda thing: (thing.held_at_ms, thing.kind, thing.id)))


async def approve(context: Context, session: Session, payload: Approve) -> None:
    """Raise Conflict when it was changed since, or decided."""
    _, held = await _deciding(context, session, payload)
    await gate.approve(context, session.user, held, payload.revision)


async def approve_all(context: Context, session: Session, payload: ApproveAll) -> ApprovedAll:
    """Those that are still as they were seen; the others are left where they are."""
    await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.GATE)
    approved = 0
    for each in payload.held:
        try:
            _, held = await _deciding(context, session, each)
            if held.twinspace_id == payload.twinspace_id:
                await gate.approve(context, session.user, held, each.revision)
                approved += 1
        except (Conflict, NotFound):
            continue
        except HubError:
            # The wall is full: the rest of that wall waits, the others go on.
            continue
    return ApprovedAll(approved=approved, left=len(payload.held) - approved)


async def refuse(context: Context, session: Session, payload: Refuse) -> None:
    _, held = await _deciding(context, session, payload)
    await gate.refuse(context, session.user, held, payload.revision, payload.reason)


async def take_back(context: Context, session: Session, payload: HeldRef) -> None:
    """What I made: a new card or comment is gone, of one that is there everybody's version stays."""
    _, content = await access_talk(context, session, payload.content_id, Act.WRITE)
    held = await gate.find(context, content, payload.kind, payload.held_id)
    if held is None or held.author_id != session.user.id:
        raise NotFound
    await context.storage.gate.remove(content.id, held.kind, held.id)
    await gate.tell(context, [held])


async def _deciding(context: Context, session: Session, payload: HeldRef) -> tuple[Access, Held]:
    access, content = await access_talk(context, session, payload.content_id, Act.GATE)
    try:
        held = await context.storage.gate.get(content.id, payload.kind, payload.held_id)
    except ports.NotFound:
        raise NotFound from None
    if not gate.may_decide(access, held):
        raise NotFound
    return access, held


async def _describe(context: Context, content: Content, found: Iterable[Held]) -> list[HeldThing]:
    """Without comments on cards, and changes of things, that are gone from the wall."""
    found = list(found)
    if not found:
        return []
    cards, comments = await context.live_docs.read(content.id, content.kind, _read)
    if KINDS[content.kind].is_part:
        content = await context.storage.contents.get(whole_id(content.id))
        cards = dict(await read_places(context, content.id))
    authors = await read_users(context.storage, [held.author_id for held in found])
    shown = []
    for held in found:
        card = cards.get(held.card_id)
        comment = comments.get(held.id) if held.kind == "comment" else None
        needed = card if held.kind == "card" else comment
        if (held.kind == "comment" and card is None) or (not held.is_new and needed is None):
            continue
        shown.append(_thing(content, held, authors, card, comment))
    return shown


def _read(doc: Doc) -> tuple[dict[str, wall.Card], dict[str, wall_talk.Comment]]:
    return {card["id"]: card for card in wall.cards(doc)}, {each["id"]: each for each in wall_talk.comments(doc)}


def _thing(
    content: Content,
    held: Held,
    authors: dict[UserId, User],
    card: wall.Card | None,
    comment: wall_talk.Comment | None,
) -> HeldThing:
    author, is_card = authors[held.author_id], held.kind == "card"
    there = Card(**card) if card is not None else None
    shown = shown_card(held, author, card) if is_card else there
    assert shown is not None
    return HeldThing(
        twinspace_id=content.twinspace_id,
        content_id=held.content_id,
        content_title=content.title,
        content_kind=content.kind,
        kind=held.kind,
        id=held.id,
        revision=held.revision,
        is_new=held.is_new,
        state=held.state,
        reason=held.reason,
        card=shown,
        comment=None if is_card else shown_comment(held, author, comment),
        former=there if is_card else None,
        former_comment=Comment(**comment) if comment is not None else None,
        author_id=author.id,
        author_name=author.display_name,
        school_id=held.school_id,
        held_at_ms=held.held_at_ms,
        place_after=held.fields["after_card_id"] or "" if "after_card_id" in held.fields else None,
    )
