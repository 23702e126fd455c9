"""Contents that nobody may change any more, or some may not for a while, and what schools signed before."""

from __future__ import annotations

from dataclasses import dataclass

from storage.records.ids import ContentId, Json, SchoolId, UserId


@dataclass(frozen=True, slots=True)
class Seal:
    content_id: ContentId
    sealed_by: UserId
    sealed_at_ms: int
    sealed: Json | None = None
    """What it held; None while it is being sealed: nobody writes any more, and the last of it is being stored."""


@dataclass(frozen=True, slots=True)
class ContentLock:
    """Who of those without `moderate` only reads a content for now, though their role may write it."""

    content_id: ContentId
    is_locked: bool = False
    """For all of them."""
    held: tuple[UserId, ...] = ()
    """For these in any case."""
    revision: int = 0
    changed_by: UserId | None = None
    """None: nobody ever locked it."""
    changed_at_ms: int = 0


@dataclass(frozen=True, slots=True)
class SheetSignature:
    """A school says that a sheet, as its digest has it, may be handed in. Counts while that is the present sheet."""

    content_id: ContentId
    school_id: SchoolId
    user_id: UserId
    digest: str
    signed_at_ms: int
