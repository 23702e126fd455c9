"""What waits before walls, in memory."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from storage.memory.rows import Rows, check_texts, find, stored_json
from storage.ports import Conflict
from storage.records import ContentId, Held, HeldKind, HeldState, SchoolId, TwinspaceId, UserId


class MemoryGate:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def hold(self, held: Held) -> Held:
        self._rows.check_open()
        check_texts(held.id, held.card_id, held.reason)
        find(self._rows.contents, held.content_id)
        find(self._rows.users, held.author_id)
        key = (held.content_id, held.kind, held.id)
        former = self._rows.held_changes.get(key)
        if former is not None and (former.author_id != held.author_id or former.state == "approved"):
            raise Conflict(f"{held.kind} {held.id}")
        row = replace(
            held,
            fields=stored_json(held.fields),
            state="waiting",
            revision=former.revision + 1 if former else 1,
            held_at_ms=former.held_at_ms if former else held.held_at_ms,
        )
        self._rows.held_changes[key] = row
        return row

    async def get(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held:
        return find(self._rows.held_changes, (content_id, kind, held_id))

    async def of_content(self, content_id: ContentId) -> list[Held]:
        return _in_order(held for held in self._rows.held_changes.values() if held.content_id == content_id)

    async def of_school(self, twinspace_ids: Sequence[TwinspaceId], school_id: SchoolId) -> list[Held]:
        return _in_order(
            held
            for held in self._rows.held_changes.values()
            if held.twinspace_id in set(twinspace_ids) and held.school_id == school_id and held.state != "refused"
        )

    async def decide(
        self,
        content_id: ContentId,
        kind: HeldKind,
        held_id: str,
        *,
        revision: int,
        state: HeldState,
        reason: str,
        decided_by: UserId,
        at_ms: int,
    ) -> Held:
        self._rows.check_open()
        check_texts(reason)
        held = find(self._rows.held_changes, (content_id, kind, held_id))
        if held.state != "waiting" or held.revision != revision:
            raise Conflict(f"{kind} {held_id} is {held.state}, revision {held.revision}")
        return self._put(replace(held, state=state, reason=reason, decided_by=decided_by, decided_at_ms=at_ms))

    async def wait_again(self, content_id: ContentId, kind: HeldKind, held_id: str) -> Held:
        held = find(self._rows.held_changes, (content_id, kind, held_id))
        return self._put(replace(held, state="waiting", decided_by=None, decided_at_ms=None))

    async def remove(self, content_id: ContentId, kind: HeldKind, held_id: str) -> None:
        self._rows.check_open()
        self._rows.held_changes.pop((content_id, kind, held_id), None)

    async def remove_of_card(self, content_id: ContentId, card_id: str) -> list[Held]:
        found = [held for held in await self.of_content(content_id) if held.card_id == card_id]
        for held in found:
            await self.remove(content_id, held.kind, held.id)
        return found

    def _put(self, held: Held) -> Held:
        self._rows.held_changes[(held.content_id, held.kind, held.id)] = held
        return held


def _in_order(found: Iterable[Held]) -> list[Held]:
    return sorted(found, key=lambda held: (held.held_at_ms, held.kind, held.id))
