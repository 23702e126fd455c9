"""Chat messages."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from hub.payloads.fields import ChatText, Id, Limit, Payload, Reply, Seq
from storage import records


class Message(Reply):
    seq: int
    twinspace_id: str
    client_message_id: str
    user_id: str
    display_name: str
    school_id: str
    text: str
    posted_at_ms: int
    is_hidden: bool = False
    """A teacher hid it: there is no text."""

    @classmethod
    def of(cls, message: records.Message, author: records.User, *, is_hidden: bool = False) -> Self:
        return cls(
            seq=message.seq,
            twinspace_id=message.twinspace_id,
            client_message_id=message.client_message_id,
            user_id=message.user_id,
            display_name=author.display_name,
            school_id=author.school_id,
            text="" if is_hidden else message.text,
            is_hidden=is_hidden,
            posted_at_ms=message.posted_at_ms,
        )


class Messages(Reply):
    messages: list[Message]


class ReadMessages(Payload):
    twinspace_id: Id
    since: Seq | None = None
    before: Seq | None = None
    limit: Limit = 100

    @model_validator(mode="after")
    def _one_direction(self) -> Self:
        if self.since is not None and self.before is not None:
            raise ValueError("takes since or before, not both")
        return self


class MessagesSince(Payload):
    twinspace_id: Id
    seq: Seq


class PostMessage(Payload):
    twinspace_id: Id
    client_message_id: Id | None = None
    """Made by the client; the same id sent again is answered with the stored message."""
    text: ChatText


class PostMessageEvent(PostMessage):
    client_message_id: Id
