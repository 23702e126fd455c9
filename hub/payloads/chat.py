"""Chat: its lanes, messages, and what is felt about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Literal, Self, get_args

from pydantic import Field, StringConstraints, model_validator

from hub.payloads.fields import ChatText, Id, Limit, Payload, Reply, Seq
from storage import records

Sign = Literal["thumbs_up", "heart", "laugh", "clap", "wow", "question"]
SIGNS: tuple[Sign, ...] = get_args(Sign)
LaneName = Annotated[str, StringConstraints(max_length=80, pattern=r"^(all|staff|(team|room):[A-Za-z0-9_.-]+)$")]
QUOTE_CHARACTERS = 120
MOST_MENTIONS = 20
MOST_FILES = 5


class Quote(Reply):
    """What a message answers, as it is now."""

    seq: int
    user_id: str
    display_name: str
    text: str
    """Its beginning; empty when it was hidden."""


class Reactions(Reply):
    sign: Sign
    user_ids: list[str]


class Message(Reply):
    seq: int
    """1, 2, 3 … within its lane, without a hole."""
    twinspace_id: str
    lane: str
    client_message_id: str
    user_id: str
    display_name: str
    school_id: str
    text: str
    posted_at_ms: int
    edited_at_ms: int | None
    reply: Quote | None
    mentions: list[str]
    material_ids: list[str]
    """Whoever reads it asks for each, and is given those that are open to them."""
    reactions: list[Reactions]
    is_hidden: bool = False
    """A teacher hid it: there is no text."""

    @classmethod
    def of(
        cls,
        message: records.Message,
        author: records.User,
        *,
        quote: Quote | None = None,
        reactions: Sequence[records.Reaction] = (),
        is_hidden: bool = False,
    ) -> Self:
        return cls(
            seq=message.seq,
            twinspace_id=message.twinspace_id,
            lane=message.lane,
            client_message_id=message.client_message_id,
            user_id=message.user_id,
            display_name=author.display_name,
            school_id=author.school_id,
            text="" if is_hidden else message.text,
            posted_at_ms=message.posted_at_ms,
            edited_at_ms=message.edited_at_ms,
            reply=quote,
            mentions=[] if is_hidden else [*message.mentions],
            material_ids=[] if is_hidden else [*message.material_ids],
            reactions=[] if is_hidden else by_sign(reactions),
            is_hidden=is_hidden,
        )


def by_sign(reactions: Sequence[records.Reaction]) -> list[Reactions]:
    """In the fixed order of the signs."""
    found: Mapping[Sign, list[str]] = {
        sign: [each.user_id for each in reactions if each.sign == sign] for sign in SIGNS
    }
    return [Reactions(sign=sign, user_ids=user_ids) for sign, user_ids in found.items() if user_ids]


class Messages(Reply):
    messages: list[Message]


class ReadMessages(Payload):
    twinspace_id: Id
    lane: LaneName = "all"
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
    lane: LaneName = "all"


class PostMessage(Payload):
    twinspace_id: Id
    client_message_id: Id | None = None
    """Made by the client; the same id sent again is answered with the stored message."""
    text: ChatText
    lane: LaneName = "all"
    reply_to: Annotated[int, Field(ge=1, le=2**53 - 1)] | None = None
    mentions: Annotated[list[Id], Field(max_length=MOST_MENTIONS)] = []
    material_ids: Annotated[list[Id], Field(max_length=MOST_FILES)] = []


class PostMessageEvent(PostMessage):
    client_message_id: Id


class MessageRef(Payload):
    twinspace_id: Id
    lane: LaneName = "all"
    seq: Annotated[int, Field(ge=1, le=2**53 - 1)]


class EditMessage(MessageRef):
    text: ChatText


class React(MessageRef):
    sign: Sign | None
    """None takes it back."""


class Reacted(Reply):
    """Announced: everything that is felt about a message now."""

    twinspace_id: str
    lane: str
    seq: int
    reactions: list[Reactions]


class FormerText(Reply):
    text: str
    written_at_ms: int


class FormerTexts(Reply):
    versions: list[FormerText]


class LaneShown(Reply):
    lane: str
    kind: Literal["all", "staff", "team", "room"]
    title: str
    """Of the team or the room; else empty."""
    latest_seq: int
    unread: int


class Lanes(Reply):
    lanes: list[LaneShown]


class MarkRead(Payload):
    twinspace_id: Id
    seq: Seq
    lane: LaneName = "all"
