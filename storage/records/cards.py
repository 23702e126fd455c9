"""What belongs to cards on walls and is not in the wall's document: their files, and who chose what in their polls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import ContentId, SchoolId, TwinspaceId, UserId

CardFileId = NewType("CardFileId", str)


@dataclass(frozen=True, slots=True)
class CardFile:
    """A picture, a file or a recording on a card. It is never changed: a card gets another one."""

    id: CardFileId
    twinspace_id: TwinspaceId
    content_id: ContentId
    card_id: str | None
    """None until it is put on a card."""
    uploaded_by: UserId
    school_id: SchoolId
    blob: str
    filename: str
    media_type: str
    """As its bytes say, whatever it was called."""
    size_bytes: int
    uploaded_at_ms: int
    preview: str | None = None
    width: int = 0
    height: int = 0
    loose_since_ms: int | None = None
    """When the hub first found that no card has it; None: a card has it, or nobody has looked yet."""


@dataclass(frozen=True, slots=True)
class CardVote:
    """What one person chose in a card's poll: the place of the option, from 0."""

    content_id: ContentId
    card_id: str
    user_id: UserId
    school_id: SchoolId
    option: int
    at_ms: int
