"""Captions typed by people: the desks, the lines, the transcript."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, StringConstraints

from hub.lesson.captions import Desk, Mode
from hub.lesson.live_text import MOST_CHARACTERS
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Limit, Payload, Reply, Seq
from storage import records

Tag = Annotated[str, StringConstraints(max_length=16, pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
"""A language, as BCP 47 writes it."""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("is empty")
    return text


CaptionText = Annotated[
    str,
    StringConstraints(min_length=1, max_length=MOST_CHARACTERS),
    STORABLE,
    ONE_LINE,
    AfterValidator(_not_blank),
]


class DeskRef(Payload):
    room_id: Id
    language: Tag


class HandOn(DeskRef):
    user_id: Id


class ShareDesk(DeskRef):
    mode: Mode


class SayCaption(DeskRef):
    line_id: Id
    """Of the line as it was typed; the same again is answered with the stored one."""
    text: CaptionText


class CaptionDesk(Reply):
    language: str
    mode: Mode
    user_ids: list[str]
    holder: str | None
    """Who has the baton, where it goes round."""

    @classmethod
    def of(cls, desk: Desk) -> Self:
        return cls(language=desk.language, mode=desk.mode, user_ids=[*desk.user_ids], holder=desk.holder)


class CaptionDesks(Reply):
    """Announced, too: who captions which language now."""

    room_id: str
    desks: list[CaptionDesk]


class Caption(Reply):
    room_id: str
    seq: int
    language: str
    user_id: str
    display_name: str
    line_id: str
    text: str
    began_at_ms: int
    ended_at_ms: int

    @classmethod
    def of(cls, line: records.Caption, author: records.User) -> Self:
        return cls(
            room_id=line.room_id,
            seq=line.seq,
            language=line.language,
            user_id=line.user_id,
            display_name=author.display_name,
            line_id=line.client_line_id,
            text=line.text,
            began_at_ms=line.began_at_ms,
            ended_at_ms=line.ended_at_ms,
        )


class ReadCaptions(Payload):
    room_id: Id
    language: Tag | None = None
    since: Seq = 0
    from_ms: Seq = 0
    to_ms: Seq | None = None
    limit: Limit = 200


class Captions(Reply):
    captions: list[Caption]
    languages: dict[str, int]
    """How many lines there are of each."""
    more: bool


class TakeTranscript(Payload):
    room_id: Id
    form: Literal["vtt", "txt"]
    language: Tag | None = None
    from_ms: Seq = 0
    """Times in the file count from here; 0: from the first line."""
    to_ms: Seq | None = None
