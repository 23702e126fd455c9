"""Captions in memory."""

from __future__ import annotations

from storage.memory.rows import Rows, check_texts, find
from storage.ports import NotFound
from storage.records import Caption, RoomId, TwinspaceId, UserId


class MemoryCaptions:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    async def append(
        self,
        room_id: RoomId,
        *,
        twinspace_id: TwinspaceId,
        language: str,
        user_id: UserId,
        client_line_id: str,
        text: str,
        began_at_ms: int,
        ended_at_ms: int,
    ) -> tuple[Caption, bool]:
        self._rows.check_open()
        check_texts(language, client_line_id, text)
        find(self._rows.rooms, room_id)
        find(self._rows.twinspaces, twinspace_id)
        find(self._rows.users, user_id)
        said = self._rows.captions.setdefault(room_id, [])
        for line in said:
            if (line.user_id, line.client_line_id) == (user_id, client_line_id):
                return line, False
        line = Caption(
            room_id, len(said) + 1, twinspace_id, language, user_id, client_line_id, text, began_at_ms, ended_at_ms
        )
        said.append(line)
        return line, True

    async def get(self, room_id: RoomId, seq: int) -> Caption:
        said = self._rows.captions.get(room_id, [])
        if not 1 <= seq <= len(said):
            raise NotFound(f"{room_id}/{seq}")
        return said[seq - 1]

    async def since(
        self,
        room_id: RoomId,
        seq: int,
        limit: int,
        *,
        language: str | None = None,
        from_ms: int = 0,
        to_ms: int | None = None,
    ) -> list[Caption]:
        found = [
            line
            for line in self._between(room_id, from_ms, to_ms)
            if line.seq > seq and (language is None or line.language == language)
        ]
        return found[:limit]

    async def languages(self, room_id: RoomId, from_ms: int = 0, to_ms: int | None = None) -> dict[str, int]:
        said = [line.language for line in self._between(room_id, from_ms, to_ms)]
        return {language: said.count(language) for language in sorted(set(said))}

    async def newer(self, twinspace_id: TwinspaceId, at_ms: int, limit: int, offset: int = 0) -> list[Caption]:
        lines = [line for said in self._rows.captions.values() for line in said]
        found = [line for line in lines if line.twinspace_id == twinspace_id and line.ended_at_ms >= at_ms]
        found.sort(key=lambda line: (line.ended_at_ms, line.room_id, line.seq))
        return found[offset : offset + limit]

    def _between(self, room_id: RoomId, from_ms: int, to_ms: int | None) -> list[Caption]:
        said = self._rows.captions.get(room_id, [])
        return [line for line in said if line.began_at_ms >= from_ms and (to_ms is None or line.began_at_ms < to_ms)]
