"""The durable form of live documents. How an append reaches the disk is the database's affair."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from functools import partial

from sqlalchemy import Connection, delete, insert, select, update

from storage.ports import Conflict
from storage.records import ContentId, LogEntry, StoredDoc, UserId
from storage.sql.append import Append
from storage.sql.database import HubDatabase
from storage.sql.tables import doc_heads, doc_log, doc_states, doc_writers
from storage.text import storable

_PAGE_ENTRIES = 1_000


class SqlDocLog:
    def __init__(self, database: HubDatabase) -> None:
        self._database = database

    async def append(
        self,
        content_id: ContentId,
        updates: Sequence[bytes],
        *,
        user_id: UserId | None,
        at_ms: int,
        writers: Mapping[int, UserId | None] | None = None,
    ) -> int:
        return await self.append_all(
            content_id, [(update, user_id) for update in updates], at_ms=at_ms, writers=writers
        )

    async def append_all(
        self,
        content_id: ContentId,
        entries: Sequence[tuple[bytes, UserId | None]],
        *,
        at_ms: int,
        writers: Mapping[int, UserId | None] | None = None,
    ) -> int:
        # Checked here, since in the shared commit a wrong value would fail the others' as well.
        storable(content_id)
        bound = dict(writers or {})
        for named in {*(user_id for _, user_id in entries), *bound.values()}:
            if named is not None:
                storable(named)
        append = Append(content_id, [(bytes(update), user_id) for update, user_id in entries], at_ms, bound)
        return await self._database.append(append)

    async def load(self, content_id: ContentId) -> StoredDoc:
        def work(db: Connection) -> StoredDoc:
            row = db.execute(
                select(doc_states.c.state, doc_states.c.seq, doc_states.c.history).where(
                    doc_states.c.content_id == content_id
                )
            ).first()
            state, state_seq, history = (row.state, row.seq, row.history) if row else (None, 0, None)
            writers = db.execute(
                select(doc_writers.c.client_id, doc_writers.c.user_id).where(doc_writers.c.content_id == content_id)
            )
            bound = {client_id: user_id for client_id, user_id in writers}
            return StoredDoc(state, state_seq, tuple(_entries(db, content_id, 0, None)), history, bound)

        return await self._database.read(work)

    async def compact(self, content_id: ContentId, state: bytes, seq: int, *, history: bytes | None = None) -> None:
        def work(db: Connection) -> None:
            # Waits for appends of other processes, and they for this.
            head = select(doc_heads.c.last_seq).where(doc_heads.c.content_id == content_id).with_for_update()
            last_seq = db.execute(head).scalar() or 0
            stored = db.execute(
                select(doc_states.c.seq, doc_states.c.state).where(doc_states.c.content_id == content_id)
            ).first()
            former = stored.seq if stored else None
            if stored and stored.seq == seq and stored.state == state:
                return
            # A state of the same seq stays: it may have been scrubbed of what another process still merges.
            if not (former or 0) < seq <= last_seq:
                raise Conflict(f"A state up to {seq} fits not between {former or 0} and {last_seq}.")
            row = {"seq": seq, "state": state, "history": history}
            if former is None:
                db.execute(insert(doc_states).values(content_id=content_id, **row))
            else:
                db.execute(update(doc_states).where(doc_states.c.content_id == content_id).values(**row))
            db.execute(delete(doc_log).where(doc_log.c.content_id == content_id, doc_log.c.seq <= seq))

        await self._database.write(work)

    async def entries(self, content_id: ContentId) -> AsyncIterator[LogEntry]:
        seq = 0
        while True:
            page = await self._database.read(partial(_entries, content_id=content_id, after=seq, limit=_PAGE_ENTRIES))
            for entry in page:
                yield entry
            if len(page) < _PAGE_ENTRIES:
                return
            seq = page[-1].seq


def _entries(db: Connection, content_id: ContentId, after: int, limit: int | None) -> list[LogEntry]:
    statement = (
        select(doc_log.c.content_id, doc_log.c.seq, doc_log.c.data, doc_log.c.user_id, doc_log.c.written_at_ms)
        .where(doc_log.c.content_id == content_id, doc_log.c.seq > after)
        .order_by(doc_log.c.seq)
        .limit(limit)
    )
    return [LogEntry(*row) for row in db.execute(statement)]
