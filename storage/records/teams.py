"""Named groups of a TwinSpace's members, across its schools."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NewType

from storage.records.ids import TwinspaceId, UserId

TeamId = NewType("TeamId", str)


@dataclass(frozen=True, slots=True)
class Team:
    id: TeamId
    twinspace_id: TwinspaceId
    title: str
    user_ids: tuple[UserId, ...]
    """In the order of their ids. Who left the TwinSpace stays in it, and is in the team again after coming back."""
    created_by: UserId
    created_at_ms: int
    revision: int = 1
    """Grows by one with every change."""
