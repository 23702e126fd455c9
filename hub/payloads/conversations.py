"""What teachers write to each other."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.payloads.fields import STORABLE, CardTitle, ChatText, Id, Limit, Payload, Reply, Seq
from hub.payloads.people import School

MOST_PEOPLE = 9


class Correspondent(Reply):
    user_id: str
    display_name: str
    school: School


class DirectMessage(Reply):
    conversation_id: str
    seq: int
    client_message_id: str
    user_id: str
    display_name: str
    text: str
    """Empty while it is hidden."""
    sent_at_ms: int
    is_hidden: bool = False


class Conversation(Reply):
    id: str
    title: str
    is_pair: bool
    people: list[Correspondent]
    """Everybody in it but me."""
    latest: DirectMessage | None
    unread: int
    read_seq: int


class Conversations(Reply):
    conversations: list[Conversation]
    unread: int
    """Messages in all of them."""


class DirectMessages(Reply):
    conversation: Conversation
    messages: list[DirectMessage]


class StartConversation(Payload):
    user_ids: Annotated[list[Id], Field(min_length=1, max_length=MOST_PEOPLE)]
    title: CardTitle = ""
    client_message_id: Id
    text: ChatText


class ConversationRef(Payload):
    conversation_id: Id


class ReadDirectMessages(ConversationRef):
    before: Seq | None = None
    limit: Limit = 50


class SendDirectMessage(ConversationRef):
    client_message_id: Id
    text: ChatText


class MarkRead(ConversationRef):
    seq: Seq


class ReportMessage(ConversationRef):
    seq: Seq
    reason: Annotated[str, StringConstraints(min_length=1, max_length=1_000, strip_whitespace=True), STORABLE]


class BlockedPeople(Reply):
    people: list[Correspondent]


class ConversationGone(Reply):
    conversation_id: str


class LetterHidden(Reply):
    """A support service has hidden a message, or shows it again: read the conversation again."""

    conversation_id: str
    seq: int
    is_hidden: bool
