"""What teachers write to each other, in memory."""

from __future__ import annotations

from dataclasses import replace

from storage.memory.rows import Rows, add, check_texts, find
from storage.ports import NotFound
from storage.records import (
    Conversation,
    ConversationId,
    ConversationState,
    DirectMessage,
    UserId,
)


class MemoryConversations:
    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._kept: dict[ConversationId, Conversation] = {}
        self._read: dict[ConversationId, dict[UserId, int]] = {}
        self._messages: dict[ConversationId, list[DirectMessage]] = {}
        self._blocks: set[tuple[UserId, UserId]] = set()

    async def start(self, conversation: Conversation) -> Conversation:
        self._rows.check_open()
        check_texts(conversation.title)
        for user_id in (conversation.created_by, *conversation.user_ids):
            find(self._rows.users, user_id)
        for known in self._kept.values():
            if conversation.pair is not None and known.pair == conversation.pair:
                for user_id in conversation.user_ids:
                    self._read[known.id].setdefault(user_id, 0)
                return self._shown(known)
        add(self._kept, conversation.id, conversation)
        self._read[conversation.id] = dict.fromkeys(conversation.user_ids, 0)
        self._messages[conversation.id] = []
        return conversation

    async def get(self, conversation_id: ConversationId) -> Conversation:
        return self._shown(find(self._kept, conversation_id))

    async def of_user(self, user_id: UserId) -> list[ConversationState]:
        states = []
        for kept in self._kept.values():
            read_seq = self._read[kept.id].get(user_id)
            if read_seq is not None:
                said = [each for each in self._messages[kept.id] if (user_id, each.user_id) not in self._blocks]
                unread = sum(message.seq > read_seq and message.user_id != user_id for message in said)
                states.append(ConversationState(self._shown(kept), said[-1] if said else None, read_seq, unread))
        return sorted(states, key=_liveliest)

    async def unread(self, user_id: UserId) -> int:
        return sum(state.unread for state in await self.of_user(user_id))

    async def started_since(self, user_id: UserId, at_ms: int) -> int:
        return sum(kept.created_by == user_id and kept.created_at_ms >= at_ms for kept in self._kept.values())

    async def append(
        self, conversation_id: ConversationId, *, client_message_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[DirectMessage, bool]:
        self._rows.check_open()
        check_texts(client_message_id, text)
        said = find(self._messages, conversation_id)
        find(self._rows.users, user_id)
        for message in said:
            if (message.user_id, message.client_message_id) == (user_id, client_message_id):
                return message, False
        said.append(DirectMessage(conversation_id, len(said) + 1, client_message_id, user_id, text, at_ms))
        await self.mark_read(conversation_id, user_id, len(said))
        return said[-1], True

    async def messages(
        self, conversation_id: ConversationId, limit: int, before_seq: int | None = None
    ) -> list[DirectMessage]:
        said = self._messages.get(conversation_id, [])
        return [message for message in said if before_seq is None or message.seq < before_seq][-limit:]

    async def erase(self, conversation_id: ConversationId, seq: int) -> None:
        self._rows.check_open()
        said = self._messages.get(conversation_id, [])
        if not 1 <= seq <= len(said):
            raise NotFound(f"{conversation_id}/{seq}")
        said[seq - 1] = replace(said[seq - 1], text="")

    async def mark_read(self, conversation_id: ConversationId, user_id: UserId, seq: int) -> None:
        read = self._read.get(conversation_id, {})
        if user_id in read:
            read[user_id] = max(read[user_id], min(seq, len(self._messages[conversation_id])))

    async def leave(self, conversation_id: ConversationId, user_id: UserId) -> None:
        self._rows.check_open()
        if self._read.get(conversation_id, {}).pop(user_id, None) is None:
            raise NotFound(conversation_id)

    async def block(self, user_id: UserId, blocked_id: UserId, at_ms: int) -> None:
        self._rows.check_open()
        find(self._rows.users, user_id)
        find(self._rows.users, blocked_id)
        self._blocks.add((user_id, blocked_id))

    async def unblock(self, user_id: UserId, blocked_id: UserId) -> None:
        self._rows.check_open()
        self._blocks.discard((user_id, blocked_id))

    async def blocked_by(self, user_id: UserId) -> list[UserId]:
        return sorted(blocked for blocker, blocked in self._blocks if blocker == user_id)

    async def blockers_of(self, user_id: UserId) -> list[UserId]:
        return sorted(blocker for blocker, blocked in self._blocks if blocked == user_id)

    def _shown(self, kept: Conversation) -> Conversation:
        return replace(kept, user_ids=tuple(sorted(self._read[kept.id])))


def _liveliest(state: ConversationState) -> tuple[int, str]:
    latest = state.latest
    return -(latest.sent_at_ms if latest else state.conversation.created_at_ms), state.conversation.id
