"""What everybody in a room looks at together, in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from storage.memory.rows import Rows, check_texts, find
from storage.records import ContentId, Opening, RoomId, SharedView


class MemorySharedViews:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def get(self, room_id: RoomId) -> SharedView:
        self._rows.check_open()
        return self._rows.shared_views.get(room_id) or SharedView(room_id)

    async def change(self, room_id: RoomId, change: Callable[[SharedView], SharedView]) -> SharedView:
        self._rows.check_open()
        find(self._rows.rooms, room_id)
        former = self._rows.shared_views.get(room_id) or SharedView(room_id)
        changed = change(former)
        if changed == former:
            return former
        check_texts(*changed.spotlight)
        if changed.opened_id is not None:
            find(self._rows.contents, changed.opened_id)
        changed = replace(changed, place=dict(changed.place), revision=former.revision + 1)
        self._rows.shared_views[room_id] = changed
        if changed.opened_id is not None and changed.opened_by is not None and changed.opened_id != former.opened_id:
            opening = Opening(room_id, changed.opened_id, changed.opened_by, changed.opened_at_ms)
            self._rows.openings.append(opening)
        return changed

    async def showing(self, content_id: ContentId) -> list[RoomId]:
        self._rows.check_open()
        return sorted(view.room_id for view in self._rows.shared_views.values() if view.opened_id == content_id)

    async def openings(self, room_id: RoomId, since_ms: int, until_ms: int) -> list[Opening]:
        self._rows.check_open()
        found = [each for each in self._rows.openings if each.room_id == room_id]
        return [each for each in found if since_ms <= each.opened_at_ms <= until_ms]
