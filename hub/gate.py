"""The gate before walls: what a pupil makes is seen by its author and the teachers of the author's school, until one of
these lets it through; only then by everybody.

Whoever may read a Yjs document gets all of it, so nothing that waits is ever in the wall's document, in its log, the
search index or a snapshot: it is a row, and is written into the document when it is let through.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from crdt_docs.content import wall, wall_layout, wall_talk
from crdt_docs.errors import Absent, ContentError
from hub import moderation
from hub.access import Access, Act, acts_of
from hub.content_parts import whole_id
from hub.context import Context
from hub.errors import Conflict, Invalid, NotFound
from hub.names import outward
from hub.notices import notify, tell_desk
from hub.payloads.gate import HeldChanged
from hub.roster import read_users
from hub.rubric_talk import is_closed
from storage import ports
from storage.records import Content, ContentId, Held, HeldKind, SchoolId, TwinspaceId, User, UserId

MOST_HELD = 60
"""Of one author before one wall."""
TRIES = 3


def must_wait(access: Access) -> bool:
    """Whether what this member makes has to be let through: it does for all who may not change others' cards."""
    return not access.may(Act.MODERATE)


async def find(context: Context, content: Content, kind: HeldKind, held_id: str) -> Held | None:
    """What is held under this id, and not on its way any more."""
    try:
        held = await context.storage.gate.get(content.id, kind, held_id)
    except ports.NotFound:
        return None
    if held.state != "approved":
        return held
    await finish(context, held)
    return None


async def hold(
    context: Context,
    content: Content,
    author: User,
    kind: HeldKind,
    held_id: str,
    *,
    card_id: str,
    fields: dict[str, Any],
    is_new: bool,
) -> Held:
    """Let it wait. Raise Invalid when the id is another's, or too much of the author's waits here."""
    own = [held for held in await context.storage.gate.of_content(content.id) if held.author_id == author.id]
    if len(own) >= MOST_HELD and not any((held.kind, held.id) == (kind, held_id) for held in own):
        raise Invalid(f"{MOST_HELD} of yours wait for a teacher here. Wait until they have been looked at.")
    row = Held(
        content_id=content.id,
        kind=kind,
        id=held_id,
        twinspace_id=content.twinspace_id,
        card_id=card_id,
        author_id=author.id,
        school_id=author.school_id,
        is_new=is_new,
        fields=fields,
        state="waiting",
        reason="",
        revision=1,
        held_at_ms=context.now_ms(),
    )
    for _ in range(TRIES):
        try:
            held = await context.storage.gate.hold(row)
        except ports.Conflict:
            former = await find(context, content, kind, held_id)
            if former is not None and former.author_id != author.id:
                raise Invalid(f"There is another {kind} with this id.", field=f"client_{kind}_id") from None
            # Somebody let it through just now: what was a new card is one that is there.
            row = replace(row, is_new=False)
            continue
        await tell(context, [held])
        return held
    raise Conflict("It is being let through at this moment. Try again.")


async def approve(context: Context, by: User, held: Held, revision: int) -> None:
    """Decide, write it into the wall, take it out of the gate. Raise Conflict when somebody else was quicker, or the
    author has changed it since."""
    decided = await _decide(context, by, held, revision, "approved", "")
    try:
        await finish(context, decided)
    except ContentError as error:
        await tell(context, [await context.storage.gate.wait_again(held.content_id, held.kind, held.id)])
        raise Invalid(str(error), field=error.field) from None
    await _note(context, by, held, "approved")


async def refuse(context: Context, by: User, held: Held, revision: int, reason: str) -> None:
    """Say why not. The author is told, may change it, and then it waits again."""
    decided = await _decide(context, by, held, revision, "refused", reason)
    await tell(context, [decided])
    await _note(context, by, held, "refused")
    content = await context.storage.contents.get(whole_id(held.content_id))
    details = {"title": content.title, "kind": content.kind}
    await notify(
        context,
        [held.author_id],
        "refused",
        subject_id=content.id,
        details=details,
        twinspace_id=held.twinspace_id,
    )


async def finish(context: Context, held: Held) -> None:
    """Write what was approved into the wall. Doing it again does no harm, so that a hub that was killed between the
    decision and the writing loses nothing: whoever comes by next ends it. Raise ContentError on a full wall."""
    author = await outward(context, await context.storage.users.get_user(held.author_id))
    content = await context.storage.contents.get(held.content_id)
    is_late, at_ms = await is_closed(context, content), context.now_ms()

    def write(doc: Any) -> None:
        if is_late:
            return
        try:
            _put_into(doc, content.kind, held, author, at_ms)
        except Absent:
            # The card was taken off meanwhile; what was to be said of it goes with it.
            return

    await context.live_docs.edit(content.id, content.kind, write, user_id=held.author_id)
    await context.storage.gate.remove(held.content_id, held.kind, held.id)
    await tell(context, [held])


async def clear(context: Context, content_id: ContentId) -> None:
    """Nothing comes any more of what waits here; its authors and those who decide are told."""
    waiting = await context.storage.gate.of_content(content_id)
    for held in waiting:
        await context.storage.gate.remove(content_id, held.kind, held.id)
    await tell(context, waiting)


async def finish_all(context: Context, found: Iterable[Held]) -> list[Held]:
    """The same list without what was on its way."""
    left = []
    for held in found:
        if held.state == "approved":
            await finish(context, held)
        else:
            left.append(held)
    return left


async def tell(context: Context, changed: Iterable[Held]) -> None:
    """The author and those who decide look again; nobody else hears of it."""
    for twinspace_id, content_id, school_id, author_id in {
        (held.twinspace_id, held.content_id, held.school_id, held.author_id): None for held in changed
    }:
        keepers = await gatekeepers(context, twinspace_id, school_id)
        event = HeldChanged(twinspace_id=twinspace_id, content_id=content_id)
        await context.announce.to_members(twinspace_id, {author_id, *keepers}, "held:changed", event)
        await tell_desk(context, keepers, "approval")


async def gatekeepers(context: Context, twinspace_id: TwinspaceId, school_id: SchoolId) -> list[UserId]:
    """The teachers of this school who let things through here."""
    twinspace = await context.storage.twinspaces.get(twinspace_id)
    members = await context.storage.twinspaces.members(twinspace_id)
    keepers = [member.user_id for member in members if Act.GATE in acts_of(member.role, twinspace.phase)]
    users = await read_users(context.storage, keepers)
    return [user_id for user_id in keepers if users[user_id].school_id == school_id]


def may_decide(access: Access, held: Held) -> bool:
    return access.may(Act.GATE) and access.user.school_id == held.school_id


def may_see(access: Access, held: Held) -> bool:
    return held.author_id == access.user.id or may_decide(access, held)


def _put_into(doc: Any, content_kind: str, held: Held, author: User, at_ms: int) -> None:
    who: dict[str, Any] = {"author_id": author.id, "author_name": author.display_name, "school_id": author.school_id}
    fields = dict(held.fields)
    if held.kind == "comment":
        if content_kind == wall.KIND.name:
            wall.get_card(doc, held.card_id)
        if held.is_new:
            wall_talk.add_comment(
                doc, comment_id=held.id, card_id=held.card_id, at_ms=held.held_at_ms, **who, text=fields["text"]
            )
        else:
            wall_talk.change_comment(doc, held.id, text=fields["text"], at_ms=at_ms)
        return
    has_place, after = "after_card_id" in fields, fields.pop("after_card_id", None)
    if not held.is_new:
        wall.change_card(doc, held.id, **fields, at_ms=at_ms)
        return
    is_there = any(card["id"] == held.id for card in wall.cards(doc))
    if not any(section["id"] == fields.get("section") for section in wall_layout.read_sections(doc)):
        # Its column is gone: in none is as good a place.
        fields.pop("section", None)
    wall.add_card(doc, card_id=held.id, **fields, **who, at_ms=held.held_at_ms)
    if has_place and not is_there:
        try:
            wall.move_card(doc, held.id, after, at_ms=at_ms)
        except Absent:
            # The card it was to come after is gone: at the end is as good a place.
            return


async def _decide(context: Context, by: User, held: Held, revision: int, state: Any, reason: str) -> Held:
    try:
        return await context.storage.gate.decide(
            held.content_id,
            held.kind,
            held.id,
            revision=revision,
            state=state,
            reason=reason,
            decided_by=by.id,
            at_ms=context.now_ms(),
        )
    except ports.NotFound:
        raise NotFound from None
    except ports.Conflict:
        raise Conflict("It was changed, or somebody else has decided. Look at it again.") from None


async def _note(context: Context, by: User, held: Held, action: str) -> None:
    await moderation.note(
        context, held.twinspace_id, action, by, kind=held.kind, subject_id=f"{held.content_id}:{held.id}"
    )
