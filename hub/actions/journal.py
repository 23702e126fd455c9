"""What happened in a TwinSpace: written by the other actions after their commit, read by its members."""

from __future__ import annotations

from hub.access import Act, access_twinspace, read_sight
from hub.audience import tell
from hub.context import Context, Session
from hub.names import outward, read_people
from hub.payloads.journal import Entries, JournalEntry, ReadJournal, RecordedEntry
from storage.records import Item, Json, TwinspaceId, User


async def read_journal(context: Context, session: Session, payload: ReadJournal) -> Entries:
    access = await access_twinspace(context, session.user, TwinspaceId(payload.twinspace_id), Act.READ)
    sight = await read_sight(context, access)
    entries = await context.storage.journal.latest(access.twinspace.id, payload.limit, payload.before, sight)
    hidden = {each.subject_id for each in await context.storage.safety.hidden(access.twinspace.id)}
    entries = [entry for entry in entries if entry.subject_id not in hidden]
    users = await read_people(context, session.user, [entry.user_id for entry in entries if entry.user_id])
    return Entries(
        entries=[JournalEntry.of(entry, users[entry.user_id] if entry.user_id else None) for entry in entries]
    )


async def record(
    context: Context,
    twinspace_id: TwinspaceId,
    verb: str,
    user: User | None,
    subject_id: str,
    details: Json,
    *,
    about: Item | None = None,
) -> None:
    """Write down what was just committed, and tell everybody in the TwinSpace. User None: it happened by itself.

    `about` is the item with the id `subject_id`, where there is one: only who sees it hears of it, now and later.
    """
    entry = await context.storage.journal.record(
        twinspace_id,
        verb=verb,
        user_id=user.id if user else None,
        subject_id=subject_id,
        details=details,
        at_ms=context.now_ms(),
    )
    context.search_index.note_journal(entry)
    shown = JournalEntry.of(entry, await outward(context, user) if user else None)
    announced = RecordedEntry(**shown.model_dump(), twinspace_id=twinspace_id)
    await tell(context, twinspace_id, about, "journal:recorded", announced)
