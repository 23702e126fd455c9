"""What a whiteboard's document does not say by itself: whose hands draw on it, and who only looks on for now."""

from __future__ import annotations

from dataclasses import replace

from crdt_docs.content import whiteboard
from hub.access import Access, Act, access_content
from hub.audience import tell
from hub.content_locks import holds
from hub.context import Context, Session
from hub.errors import Invalid, NotFound
from hub.names import read_people
from hub.payloads.contents import ContentRef
from hub.payloads.whiteboards import BoardLock, BoardLocked, ChangeBoardLock, Drawer, Drawers
from storage.records import Content, ContentId, ContentLock, UserId


async def access_whiteboard(context: Context, session: Session, content_id: str, act: Act) -> tuple[Access, Content]:
    access, content = await access_content(context, session.user, ContentId(content_id), act)
    if content.kind != whiteboard.KIND.name:
        raise NotFound
    return access, content


async def read_drawers(context: Context, session: Session, payload: ContentRef) -> Drawers:
    """Whose client ids they are: the page sees in the document which one put an object there."""
    _, content = await access_whiteboard(context, session, payload.content_id, Act.READ)
    writers = await context.live_docs.writers(content.id)
    people = await read_people(context, session.user, set(writers.values()))
    return Drawers(
        drawers=[
            Drawer(
                client_id=client_id,
                user_id=user_id,
                display_name=people[user_id].display_name,
                school_id=people[user_id].school_id,
            )
            for client_id, user_id in sorted(writers.items())
            if user_id in people
        ]
    )


async def read_lock(context: Context, session: Session, payload: ContentRef) -> BoardLock:
    access, content = await access_whiteboard(context, session, payload.content_id, Act.READ)
    return _shown(access, await context.storage.seals.lock(content.id))


async def change_lock(context: Context, session: Session, payload: ChangeBoardLock) -> BoardLock:
    """When it returns, what those who only read now had sent before is stored, and nothing more of theirs will be."""
    access, content = await access_whiteboard(context, session, payload.content_id, Act.MODERATE)
    members = {member.user_id for member in await context.storage.twinspaces.members(content.twinspace_id)}
    if strangers := sorted({*payload.hold} - members):
        raise Invalid(f"No member of this TwinSpace: {strangers[0]}.", field="hold")

    def change(lock: ContentLock) -> ContentLock:
        held = {*lock.held, *map(UserId, payload.hold)} - {*map(UserId, payload.free)}
        return replace(
            lock,
            is_locked=lock.is_locked if payload.is_locked is None else payload.is_locked,
            held=tuple(sorted(held)),
            changed_by=session.user.id,
            changed_at_ms=context.now_ms(),
        )

    lock = await context.storage.seals.change_lock(content.id, change)
    await context.live_docs.reauthorise(None, content.twinspace_id)
    told = BoardLocked(content_id=content.id, is_locked=lock.is_locked, revision=lock.revision)
    await tell(context, content.twinspace_id, content, "whiteboard:locked", told)
    return _shown(access, lock)


def _shown(access: Access, lock: ContentLock) -> BoardLock:
    moderates = access.may(Act.MODERATE)
    return BoardLock(
        content_id=lock.content_id,
        is_locked=lock.is_locked,
        held=[user_id for user_id in lock.held if moderates or user_id == access.user.id],
        may_write=access.may(Act.WRITE) and not holds(lock, access.user.id, moderates=moderates),
        revision=lock.revision,
    )
