"""Real-time text: lines as they are being written."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StringConstraints

from hub.lesson.live_text import MOST_CHARACTERS, Line
from hub.payloads.chat import Message
from hub.payloads.fields import ONE_LINE, STORABLE, Id, Payload, Reply
from storage.records import User

Language = Annotated[str, StringConstraints(max_length=16, pattern=r"^([a-z]{2,3}(-[A-Za-z0-9]{2,8})?)?$")]
"""A language tag of captions; empty: what somebody says themselves."""
LineText = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS), STORABLE, ONE_LINE]
Typed = Annotated[str, StringConstraints(max_length=MOST_CHARACTERS, pattern=r"^[^\x00-\x1f\x7f]*$")]
"""Part of a line: it is not made NFC, so that places count the same on both sides."""
Place = Annotated[int, Field(ge=0, le=MOST_CHARACTERS)]
Revision = Annotated[int, Field(ge=1, le=1_000_000)]


class TypeText(Payload):
    room_id: Id
    language: Language = ""
    line_id: Id
    revision: Revision
    """1 begins a line; each edit is one more."""
    at: Place
    """In code points, as `removed`."""
    removed: Place
    inserted: Typed


class SayLine(Payload):
    """The whole line, after an edit was lost."""

    room_id: Id
    language: Language = ""
    line_id: Id
    revision: Revision
    text: Typed


class EndText(Payload):
    room_id: Id
    line_id: Id
    text: LineText
    """All of it; when nothing is left of it, the line goes and nothing is said."""


class Ended(Reply):
    message: Message | None


class TextTyped(Reply):
    """Announced to the others in the meeting."""

    room_id: str
    peer_id: str
    user_id: str
    display_name: str
    language: str
    line_id: str
    revision: int
    at: int
    removed: int
    inserted: str


class TextLine(Reply):
    """The whole of an open line; announced, too, when it is said again."""

    room_id: str
    peer_id: str
    user_id: str
    display_name: str
    language: str
    line_id: str
    revision: int
    text: str

    @classmethod
    def of(cls, room_id: str, line: Line, user: User) -> TextLine:
        return cls(
            room_id=room_id,
            peer_id=line.peer_id,
            user_id=user.id,
            display_name=user.display_name,
            language=line.language,
            line_id=line.line_id,
            revision=line.revision,
            text=line.text,
        )


class TextLines(Reply):
    lines: list[TextLine]


class TextEnded(Reply):
    """Announced: the line is finished, and is a message or a caption now, or was taken back."""

    room_id: str
    peer_id: str
    language: str
    line_id: str
