"""What pupils made for a wall and a teacher of their school has not let through yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from storage.records.ids import ContentId, Json, SchoolId, TwinspaceId, UserId

HeldKind = Literal["card", "comment"]
HeldState = Literal["waiting", "refused", "approved"]


@dataclass(frozen=True, slots=True)
class Held:
    """A new card or comment, or other words for one that is there: kept here, and not in the wall's document."""

    content_id: ContentId
    kind: HeldKind
    id: str
    """Of the card or comment that it becomes or changes."""
    twinspace_id: TwinspaceId
    card_id: str
    """The card itself, or the one the comment is on."""
    author_id: UserId
    school_id: SchoolId
    """Whose teachers decide."""
    is_new: bool
    """False: something with this id is on the wall, and stays as it is until this is approved."""
    fields: Json
    """All that a new one says; of a change what is to be other."""
    state: HeldState
    """`approved`: decided, and on its way into the document; the row goes when it is there."""
    reason: str
    """Why it was refused."""
    revision: int
    """Grows with each change by its author: who decides names what they saw."""
    held_at_ms: int
    decided_by: UserId | None = None
    decided_at_ms: int | None = None
