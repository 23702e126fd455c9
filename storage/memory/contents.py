"""Contents and their logs in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace

from storage.memory.rows import DocRows, Rows, add, check_texts, find
from storage.ports import Conflict
from storage.records import (
    Content,
    ContentId,
    LogEntry,
    Rung,
    Sight,
    StoredDoc,
    TeamId,
    TwinspaceId,
    UserId,
)
from storage.visibility import sees


class MemoryContents:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def add(self, content: Content) -> None:
        self._rows.check_open()
        check_texts(content.title, content.kind)
        find(self._rows.twinspaces, content.twinspace_id)
        find(self._rows.users, content.created_by)
        add(self._rows.contents, content.id, content)

    async def get(self, content_id: ContentId) -> Content:
        return find(self._rows.contents, content_id)

    async def of_twinspace(self, twinspace_id: TwinspaceId, sight: Sight | None = None) -> list[Content]:
        here = [content for content in self._rows.contents.values() if content.twinspace_id == twinspace_id]
        seen = [content for content in here if sight is None or sees(sight, content)]
        return sorted(seen, key=lambda content: (content.created_at_ms, content.id))

    async def set_visibility(self, content_id: ContentId, visibility: Rung, team_id: TeamId | None) -> Content:
        self._rows.check_open()
        content = replace(find(self._rows.contents, content_id), visibility=visibility, team_id=team_id)
        self._rows.contents[content_id] = content
        return content

    async def rename(self, content_id: ContentId, title: str, at_ms: int) -> Content:
        self._rows.check_open()
        check_texts(title)
        content = find(self._rows.contents, content_id)
        renamed = replace(content, title=title, changed_at_ms=max(content.changed_at_ms, at_ms))
        self._rows.contents[content_id] = renamed
        return renamed

    async def touch(self, content_id: ContentId, at_ms: int) -> None:
        self._rows.check_open()
        content = find(self._rows.contents, content_id)
        self._rows.contents[content_id] = replace(content, changed_at_ms=max(content.changed_at_ms, at_ms))


class MemoryDocLog:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

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
        self._rows.check_open()
        doc = self._rows.docs.setdefault(content_id, DocRows())
        for update, user_id in entries:
            doc.last_seq += 1
            doc.entries.append(LogEntry(content_id, doc.last_seq, bytes(update), user_id, at_ms))
        doc.writers = {**(writers or {}), **doc.writers}
        return doc.last_seq

    async def load(self, content_id: ContentId) -> StoredDoc:
        doc = self._rows.docs.get(content_id, DocRows())
        return StoredDoc(doc.state, doc.state_seq, tuple(doc.entries), doc.history, dict(doc.writers))

    async def compact(self, content_id: ContentId, state: bytes, seq: int, *, history: bytes | None = None) -> None:
        self._rows.check_open()
        doc = self._rows.docs.get(content_id, DocRows())
        if doc.state_seq == seq and doc.state == state:
            return
        if not doc.state_seq < seq <= doc.last_seq:
            raise Conflict(f"A state up to {seq} fits not between {doc.state_seq} and {doc.last_seq}.")
        doc.state, doc.state_seq, doc.history = bytes(state), seq, history
        doc.entries = [entry for entry in doc.entries if entry.seq > seq]
        self._rows.docs[content_id] = doc

    async def entries(self, content_id: ContentId) -> AsyncIterator[LogEntry]:
        for entry in (await self.load(content_id)).entries:
            yield entry
