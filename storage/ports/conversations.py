"""What teachers write to each other, and whom they don't want to hear from."""

from __future__ import annotations

from typing import Protocol

from storage.records import Conversation, ConversationId, ConversationState, DirectMessage, UserId


class Conversations(Protocol):
    async def start(self, conversation: Conversation) -> Conversation:
        """Of two that are started between the same pair the first one stays: what is stored is returned."""
        ...

    async def get(self, conversation_id: ConversationId) -> Conversation: ...
    async def of_user(self, user_id: UserId) -> list[ConversationState]:
        """The conversations that the user is in, the liveliest first; without what those wrote whom the user blocks."""
        ...

    async def unread(self, user_id: UserId) -> int:
        """Messages of others that the user has not read, in all of them; counted as `of_user` does."""
        ...

    async def started_since(self, user_id: UserId, at_ms: int) -> int:
        """How many conversations the user has started from this time on."""
        ...

    async def append(
        self, conversation_id: ConversationId, *, client_message_id: str, user_id: UserId, text: str, at_ms: int
    ) -> tuple[DirectMessage, bool]:
        """As `Messages.append`; the writer has read everything up to it."""
        ...

    async def messages(
        self, conversation_id: ConversationId, limit: int, before_seq: int | None = None
    ) -> list[DirectMessage]:
        """The newest messages (below `before_seq`), oldest first."""
        ...

    async def erase(self, conversation_id: ConversationId, seq: int) -> None:
        """The text of one message; its place stays. Raise NotFound."""
        ...

    async def mark_read(self, conversation_id: ConversationId, user_id: UserId, seq: int) -> None:
        """Never goes back, and never beyond the newest message."""
        ...

    async def leave(self, conversation_id: ConversationId, user_id: UserId) -> None:
        """Raise NotFound when the user is not in it."""
        ...

    async def block(self, user_id: UserId, blocked_id: UserId, at_ms: int) -> None:
        """Once or many times: the first counts."""
        ...

    async def unblock(self, user_id: UserId, blocked_id: UserId) -> None: ...
    async def blocked_by(self, user_id: UserId) -> list[UserId]:
        """Whom the user blocks, in the order of their ids."""
        ...

    async def blockers_of(self, user_id: UserId) -> list[UserId]:
        """Who blocks the user."""
        ...
