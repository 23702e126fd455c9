"""Chat messages in memory, numbered in each lane of a TwinSpace."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from storage.memory.rows import Rows, check_texts, find
from storage.ports import NotFound
from storage.records import FormerText, Message, Reaction, TwinspaceId, UserId


class MemoryMessages:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def _of(self, twinspace_id: TwinspaceId, lane: str) -> list[Message]:
        return [message for message in self._rows.messages.get(twinspace_id, []) if message.lane == lane]

    async def append(
        self,
        twinspace_id: TwinspaceId,
        *,
        client_message_id: str,
        user_id: UserId,
        text: str,
        at_ms: int,
        lane: str = "all",
        reply_to: int | None = None,
        mentions: Sequence[str] = (),
        material_ids: Sequence[str] = (),
    ) -> tuple[Message, bool]:
        self._rows.check_open()
        check_texts(client_message_id, text, lane, *mentions, *material_ids)
        find(self._rows.twinspaces, twinspace_id)
        find(self._rows.users, user_id)
        said = self._of(twinspace_id, lane)
        for message in said:
            if (message.user_id, message.client_message_id) == (user_id, client_message_id):
                return message, False
        if reply_to is not None and not 1 <= reply_to <= len(said):
            raise NotFound(f"{twinspace_id}/{lane}/{reply_to}")
        message = Message(
            twinspace_id,
            len(said) + 1,
            client_message_id,
            user_id,
            text,
            at_ms,
            lane,
            reply_to,
            tuple(mentions),
            tuple(material_ids),
        )
        self._rows.messages.setdefault(twinspace_id, []).append(message)
        return message, True

    async def get(self, twinspace_id: TwinspaceId, lane: str, seq: int) -> Message:
        said = self._of(twinspace_id, lane)
        if not 1 <= seq <= len(said):
            raise NotFound(f"{twinspace_id}/{lane}/{seq}")
        return said[seq - 1]

    async def since(self, twinspace_id: TwinspaceId, seq: int, limit: int, lane: str = "all") -> list[Message]:
        return self._of(twinspace_id, lane)[max(0, seq) :][:limit]

    async def latest(
        self, twinspace_id: TwinspaceId, limit: int, before_seq: int | None = None, lane: str = "all"
    ) -> list[Message]:
        older = [each for each in self._of(twinspace_id, lane) if before_seq is None or each.seq < before_seq]
        return older[max(0, len(older) - limit) :]

    async def edit(self, twinspace_id: TwinspaceId, lane: str, seq: int, text: str, at_ms: int) -> Message:
        self._rows.check_open()
        check_texts(text)
        former = await self.get(twinspace_id, lane, seq)
        version = FormerText(former.text, former.edited_at_ms or former.posted_at_ms)
        edited = replace(former, text=text, edited_at_ms=at_ms, versions=(*former.versions, version))
        replace_messages(self._rows, lambda each: edited if each is former else each)
        return edited

    async def react(self, twinspace_id: TwinspaceId, lane: str, seq: int, user_id: UserId, sign: str | None) -> None:
        self._rows.check_open()
        check_texts(sign)
        await self.get(twinspace_id, lane, seq)
        find(self._rows.users, user_id)
        key = (twinspace_id, lane, seq, user_id)
        if sign is None:
            self._rows.reactions.pop(key, None)
        else:
            self._rows.reactions[key] = sign

    async def reactions(self, twinspace_id: TwinspaceId, lane: str, seqs: Sequence[int]) -> list[Reaction]:
        return [
            Reaction(seq, user_id, sign)
            for (space, of_lane, seq, user_id), sign in sorted(self._rows.reactions.items())
            if (space, of_lane) == (twinspace_id, lane) and seq in seqs
        ]

    async def lanes(self, twinspace_id: TwinspaceId) -> dict[str, int]:
        return {message.lane: message.seq for message in self._rows.messages.get(twinspace_id, [])}

    async def mark_read(self, user_id: UserId, twinspace_id: TwinspaceId, lane: str, seq: int) -> bool:
        self._rows.check_open()
        find(self._rows.users, user_id)
        find(self._rows.twinspaces, twinspace_id)
        known = self._rows.read_marks.get((user_id, twinspace_id, lane))
        if known is not None and known >= seq:
            return False
        self._rows.read_marks[user_id, twinspace_id, lane] = seq
        return True

    async def unread(self, user_id: UserId, twinspace_id: TwinspaceId) -> dict[str, int]:
        counts: dict[str, int] = {}
        for message in self._rows.messages.get(twinspace_id, []):
            read_seq = self._rows.read_marks.get((user_id, twinspace_id, message.lane), 0)
            if message.user_id != user_id and message.seq > read_seq:
                counts[message.lane] = counts.get(message.lane, 0) + 1
        return counts


def replace_messages(rows: Rows, change: Callable[[Message], Message]) -> None:
    for said in rows.messages.values():
        said[:] = [change(message) for message in said]
