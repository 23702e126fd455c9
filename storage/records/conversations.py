"""What teachers write to each other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import UserId

ConversationId = NewType("ConversationId", str)


@dataclass(frozen=True, slots=True)
class Conversation:
    id: ConversationId
    title: str
    """What a group is called; empty between two."""
    created_by: UserId
    created_at_ms: int
    user_ids: tuple[UserId, ...]
    """Who is in it, in the order of their ids."""
    pair: str | None = None
    """The two ids of a conversation between two, which exists once; None: a group."""


@dataclass(frozen=True, slots=True)
class DirectMessage:
    conversation_id: ConversationId
    seq: int
    """1, 2, 3 … within the conversation, without a hole."""
    client_message_id: str
    user_id: UserId
    text: str
    sent_at_ms: int


@dataclass(frozen=True, slots=True)
class ConversationState:
    """A conversation as one of its people sees it in the list."""

    conversation: Conversation
    latest: DirectMessage | None
    read_seq: int
    unread: int
    """Messages of others behind `read_seq`."""
